"""Logging: to stderr and to a rotating file, without secrets, without blocking the loop.

A record is made and queued where it happens; a thread of its own renders, cleans and writes
it. Text from outside (a printer, a client) cannot forge lines or drive a terminal, because
control characters are made visible.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import queue
import re
import sys
from collections.abc import Iterable, Iterator
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from typing import TextIO

from appliance.config.report import HIDDEN, SHORTEST_SECRET
from appliance.interfaces import Key

LOG_FILE = "gantry.log"
FILE_BYTES = 2_000_000
FILES_KEPT = 5
# Full means that the disk hangs: then lines are dropped rather than memory used up.
QUEUE_LENGTH = 10_000

_FORMAT = "%(asctime)s %(levelname)-7s [%(name)s] %(message)s"
# Credentials that stand in URLs and headers, whoever made them.
_IN_TEXT = re.compile(
    r"(?i)((?:[?&;\s\"']|\b)(?:api_?key|access_token|refresh_token|oneshot_token|token)=)[^\s&\"';]+"
    r"|((?:x-api-key|authorization)[\"']?\s*[:=]\s*[\"']?(?:bearer\s+|basic\s+)?)[^\s\"',}]+"
)
# The password of an address: http://user:password@camera.local/.
_IN_ADDRESS = re.compile(r"(://[^\s/@:\"'<>]*:)[^\s/@\"'<>]+(?=@)")
# C0 and C1 controls, line separators, and what turns the direction of text.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Redactor:
    """Knows what must not be shown, and takes it out of text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Never show these from now on."""
        self._secrets.update(each for each in secrets if len(each) >= SHORTEST_SECRET)
        longest_first = sorted(self._secrets, key=len, reverse=True)
        if longest_first:
            self._pattern = re.compile("|".join(re.escape(each) for each in longest_first))

    def clean(self, text: str) -> str:
        """Return ``text`` without secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(HIDDEN, text)
        if "=" in text or ":" in text:
            text = _IN_TEXT.sub(lambda match: f"{match[1] or match[2]}{HIDDEN}", text)
        if "://" in text:
            text = _IN_ADDRESS.sub(rf"\1{HIDDEN}", text)
        return text


REDACTOR: Key[Redactor] = Key("redactor")


class _Formatter(logging.Formatter):
    """Renders a record on one line (and its traceback below), cleaned."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_FORMAT)
        self._redactor = redactor

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - of logging
        record.message = visible(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


class _Queue(QueueHandler):
    """Queues a record with its message made and its traceback as text."""

    _render = logging.Formatter()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        record = copy.copy(record)
        record.msg, record.args = record.getMessage(), None
        if record.exc_info:
            record.exc_text = self._render.formatException(record.exc_info)
            record.exc_info = None
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(queue.Full):
            self.queue.put_nowait(record)


class _File(RotatingFileHandler):
    """Says once when the disk takes nothing: a lost line is worth no traceback each time."""

    _failing = _told = False

    def emit(self, record: logging.LogRecord) -> None:
        self._failing = False
        super().emit(record)
        self._told = self._failing

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - of logging
        self._failing = True
        if not self._told:
            error = sys.exc_info()[1]
            print(f"The log file cannot be written: {error}", file=sys.stderr)  # noqa: T201

    def close(self) -> None:
        with contextlib.suppress(OSError):  # what it could not write before
            super().close()


def visible(text: str) -> str:
    """Return ``text`` with its control characters written as escapes."""
    return _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


@contextlib.contextmanager
def logging_to(
    directory: Path, redactor: Redactor, level: str = "info", stream: TextIO | None = None
) -> Iterator[None]:
    """Log to ``stream`` (stderr) and to ``directory`` until the end of the block."""
    handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stderr)]
    try:
        directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        file = directory / LOG_FILE
        handlers.append(_File(file, "a", FILE_BYTES, FILES_KEPT, encoding="utf-8", delay=True))
    except OSError as error:
        print(f"No log file: {error}", file=sys.stderr)  # noqa: T201 - there is no log yet
    for handler in handlers:
        handler.setFormatter(_Formatter(redactor))
    records: queue.Queue[logging.LogRecord] = queue.Queue(QUEUE_LENGTH)
    queued = _Queue(records)
    listener = QueueListener(records, *handlers)
    root = logging.getLogger()
    root.addHandler(queued)
    level_before = root.level
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
    listener.start()
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(queued)
        root.setLevel(level_before)
        listener.stop()  # writes what is queued
        for handler in handlers:
            handler.close()
