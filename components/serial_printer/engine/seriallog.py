"""The raw dialogue in a rotating file, for the day when a cable must be blamed.

Off by default. Lines go to a bounded queue and a thread writes them: a slow disk loses
lines of the log, never time of the print.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from pathlib import Path
from typing import TextIO

MAX_BYTES = 10 * 1024 * 1024
QUEUED = 10_000


class SerialLog:
    """Writes ``<time> <direction> <line>``; the former file is kept as ``.1``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.Queue[str | None] = queue.Queue(QUEUED)
        self._offset = time.time() - time.monotonic()
        self._thread = threading.Thread(target=self._write, name="serial-log", daemon=True)
        self._thread.start()

    def note(self, at: float, direction: str, text: str | bytes) -> None:
        """Queue a line; one too many is dropped."""
        line = text if isinstance(text, str) else text.decode("utf-8", "replace")
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(f"{at + self._offset:.4f} {direction} {line}\n")

    def close(self) -> None:
        """Write what is queued and end; blocking, for a thread."""
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)
        self._thread.join(2.0)

    def _write(self) -> None:
        while True:
            try:
                if not self._write_one_file():
                    return
            except OSError:
                time.sleep(5.0)  # a full disk: what is queued is lost first

    def _write_one_file(self) -> bool:
        """Write until the file is full (True) or the log is closed (False)."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            while file.tell() < MAX_BYTES:
                if not self._write_waiting(file):
                    return False
        self._path.replace(self._path.with_suffix(".log.1"))
        return True

    def _write_waiting(self, file: TextIO) -> bool:
        line = self._queue.get()
        if line is None:
            return False
        file.write(line)
        if self._queue.empty():
            file.flush()
        return True
