from __future__ import annotations

import io
import logging
import queue
import stat
import threading
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import logs
from appliance.logs import LOG_FILE, Redactor, logging_to, visible

_LOGGER = logging.getLogger("tests.logs")


def logged(folder: Path, message: str, *args: object, secrets: tuple[str, ...] = ()) -> str:
    stream = io.StringIO()
    with logging_to(folder, Redactor(secrets), stream=stream):
        _LOGGER.info(message, *args)
    text = (folder / LOG_FILE).read_text()
    assert stream.getvalue() == text
    return text


def test_a_line_goes_to_the_stream_and_to_the_file(tmp_path: Path) -> None:
    text = logged(tmp_path / "logs", "printed %d files", 3)
    assert text.endswith(" INFO    [tests.logs] printed 3 files\n")
    assert not stat.S_IMODE((tmp_path / "logs").stat().st_mode) & 0o007


def test_the_level_counts(tmp_path: Path) -> None:
    stream = io.StringIO()
    with logging_to(tmp_path, Redactor(), "warning", stream):
        _LOGGER.info("not this")
        _LOGGER.warning("but this")
    assert "not this" not in stream.getvalue()
    assert "but this" in stream.getvalue()


def test_secrets_are_hidden_in_messages_and_tracebacks(tmp_path: Path) -> None:
    stream = io.StringIO()
    redactor = Redactor(["swordfish"])
    with logging_to(tmp_path, redactor, stream=stream):
        redactor.add("later-one", "swordfish-2")
        _LOGGER.info("it is %s", "swordfish-2 and later-one")
        _LOGGER.error("failed", exc_info=ValueError("not swordfish"))
    text = stream.getvalue()
    assert "it is <secret> and <secret>" in text
    assert "ValueError: not <secret>" in text
    assert "swordfish" not in text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("GET /api?apikey=ABC&x=1", "GET /api?apikey=<secret>&x=1"),
        ("/websocket?token=a.b-c", "/websocket?token=<secret>"),
        ("?access_token=xyz", "?access_token=<secret>"),
        ("X-Api-Key: ABCDEF", "X-Api-Key: <secret>"),
        ("{'Authorization': 'Bearer abc.def'}", "{'Authorization': 'Bearer <secret>'}"),
        ("authorization=Basic Zm9v", "authorization=Basic <secret>"),
        ("nothing here: x=1", "nothing here: x=1"),
    ],
)
def test_credentials_in_urls_and_headers_are_hidden(text: str, cleaned: str) -> None:
    assert Redactor().clean(text) == cleaned


@given(st.text(), st.lists(st.text(min_size=4), max_size=4))
def test_no_secret_is_left(text: str, secrets: list[str]) -> None:
    hostile = text + "".join(secrets) + text
    cleaned = Redactor(secrets).clean(hostile)
    for secret in secrets:
        assert secret not in cleaned.replace("<secret>", "\0") or secret in "<secret>"


def test_a_message_cannot_forge_a_line_or_drive_a_terminal(tmp_path: Path) -> None:
    text = logged(
        tmp_path, "printer says %s", "ok\n2026 ERROR forged\x1b[2J\x9b\u202e\r\u2028x"
    )
    assert text.count("\n") == 1
    assert "ok\\n2026 ERROR forged\\x1b[2J\\x9b\\u202e\\r\\u2028x" in text


@given(st.text())
def test_what_is_visible_is_harmless(text: str) -> None:
    assert not {c for c in visible(text) if c < " " or "\x7f" <= c <= "\x9f" or c == "\u202e"}


def test_writing_does_not_hold_up_who_logs(tmp_path: Path) -> None:
    """A stream that hangs must not stop the caller: the call returns before it goes on."""

    class Hanging(io.StringIO):
        go_on = threading.Event()

        def write(self, text: str) -> int:
            assert self.go_on.wait(30)
            return super().write(text)

    stream = Hanging()
    with logging_to(tmp_path, Redactor(), stream=stream):
        _LOGGER.info("one")
        _LOGGER.info("two")
        Hanging.go_on.set()
    assert stream.getvalue().count("\n") == 2


def test_a_full_queue_drops_lines_and_no_caller_fails() -> None:
    full: queue.Queue[logging.LogRecord] = queue.Queue(1)
    handler = logs._Queue(full)
    for number in range(3):
        handler.handle(logging.makeLogRecord({"msg": f"{number}"}))
    assert full.get_nowait().getMessage() == "0"


def test_warnings_are_logged(tmp_path: Path) -> None:
    stream = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with logging_to(tmp_path, Redactor(), stream=stream):
            warnings.warn("old thing", DeprecationWarning, stacklevel=1)
    assert "old thing" in stream.getvalue()


def test_without_a_folder_there_is_still_the_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    stream = io.StringIO()
    with logging_to(tmp_path / "file" / "logs", Redactor(), stream=stream):
        _LOGGER.info("hello")
    assert "hello" in stream.getvalue()
    assert "No log file" in capsys.readouterr().err


def test_a_full_disk_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "gantry.log").symlink_to("/dev/full")
    with logging_to(tmp_path, Redactor(), stream=io.StringIO()):
        for number in range(5):
            _LOGGER.info("line %s", number)
    said = capsys.readouterr().err
    assert (said.count("\n"), "No space left" in said) == (1, True)


def test_nothing_of_it_stays(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = list(root.handlers), root.level, threading.active_count()
    with logging_to(tmp_path, Redactor(), "debug", io.StringIO()):
        assert threading.active_count() > before[2]
    assert (list(root.handlers), root.level, threading.active_count()) == before
