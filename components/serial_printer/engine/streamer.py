"""A G-code file as a stream of commands, read ahead in blocks by a thread.

The event loop never touches the disk: a thread keeps a few blocks ready, and when they
run out `next` says so and a callback tells when there is more. Offsets count the bytes of
the file, comments and line ends included, so that progress is what people see.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from appliance.records import dataclass

from .framing import fit
from .marks import OBJECT_COMMAND, Mark, read, read_object_command

# 32 KiB are a thousand lines: seconds of printing, and little memory on a small board.
BLOCK = 32 * 1024
BLOCKS_AHEAD = 3
# No firmware takes lines of that length; a file with one is no G-code.
MAX_LINE = 64 * 1024
_E = ord("E")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the file; ``end`` is the offset of the byte after its line."""

    text: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The file is over."""

    size: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The file cannot be read any further."""

    reason: str


class Starved:
    """No block is ready; the callback tells when one is."""


STARVED = Starved()
TOO_LONG = Broken("a line is longer than 64 KiB; this is no G-code")

Item = Command | Mark | Ended | Broken | Starved


class FileStreamer:
    """Reads ``path`` from byte ``start``; `next` never blocks."""

    def __init__(self, path: Path, on_ready: Callable[[], None], *, start: int = 0) -> None:
        # The file is opened here and now: a rename or a removal later changes nothing.
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        self.size = os.fstat(self._fd).st_size
        self._on_ready = on_ready
        self._blocks: deque[bytes | OSError] = deque()
        self._offset = start  # of the byte after what was cut into lines
        self._block = b""
        self._at = 0
        self._first = start == 0
        self._names_objects = False  # by Klipper's commands
        self._wanted = threading.Semaphore(BLOCKS_AHEAD)
        self._closed = False
        self._starved = False
        self._mark: bytes | None = None
        self._delivered = threading.Event()
        self._thread = threading.Thread(
            target=self._read_ahead, args=(start,), name="gcode-reader", daemon=True
        )
        self._thread.start()

    def next(self) -> Item:
        """Return the next command or mark, the end, or `STARVED`."""
        if self._mark is not None:
            comment, self._mark = self._mark, None
            if (mark := self._read(comment)) is not None:
                return mark
        while True:
            end = self._block.find(b"\n", self._at)
            if end < 0:
                item = self._refill()
                if item is not None:
                    return item
                continue
            line = self._block[self._at : end]
            self._offset += end + 1 - self._at
            self._at = end + 1
            item = self._item(line)
            if item is not None:
                return item

    def wait(self) -> None:
        """Block until more is ready; only for a thread that reads by itself."""
        while not self._blocks:
            self._delivered.wait()
            self._delivered.clear()

    def close(self) -> None:
        """End the reader; safe to call twice."""
        self._closed = True
        self._wanted.release()
        self._thread.join()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _item(self, line: bytes) -> Item | None:
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        code, mark, comment = line.partition(b";")
        if mark:
            if code.endswith(b"\\"):  # an escaped semicolon belongs to the text
                code, mark, comment = line.replace(b"\\;", b"\x00").partition(b";")
                code = code.replace(b"\x00", b";")
            stripped = code.strip()
            if not stripped:
                return self._read(comment)
            self._mark = comment or None
        else:
            stripped = code.strip()
            if not stripped:
                return None
        if len(stripped) > MAX_LINE:
            return TOO_LONG
        if stripped[0] == _E and stripped.startswith(OBJECT_COMMAND):
            self._names_objects = True
            return read_object_command(stripped)
        text = fit(stripped)
        return Command(text, self._offset) if text else None

    def _read(self, comment: bytes) -> Mark | None:
        """Return what a comment marks; objects that commands name have no other names."""
        mark = read(comment)
        if mark is not None and self._names_objects and (mark.object_name or mark.object_end):
            return None
        return mark

    def _refill(self) -> Item | None:
        """Take the next block; the unfinished line at the end of the present one stays."""
        rest = self._block[self._at :]
        if not self._blocks:
            self._starved = True
            # The reader may have delivered between the look and the flag.
            if not self._blocks:
                return STARVED
        self._starved = False
        block = self._blocks.popleft()
        self._wanted.release()
        if isinstance(block, OSError):
            return Broken(block.strerror or str(block))
        if not block:
            self._blocks.append(b"")  # asked again, the answer is the same
            if rest:
                self._block, self._at = rest + b"\n", 0
                self._offset -= 1  # the line feed that we add is not in the file
                return None
            return Ended(self._offset)
        if len(rest) > MAX_LINE:
            return TOO_LONG
        self._block, self._at = rest + block, 0
        return None

    def _read_ahead(self, start: int) -> None:
        offset = start
        while True:
            self._wanted.acquire()
            if self._closed:
                return
            block: bytes | OSError
            try:
                # A carriage return ends a line as well, alone or before a line feed.
                block = os.pread(self._fd, BLOCK, offset).replace(b"\r", b"\n")
            except OSError as error:
                block = error
            self._blocks.append(block)
            self._delivered.set()
            if self._starved and not self._closed:
                self._on_ready()
            if isinstance(block, OSError) or not block:
                return
            offset += len(block)
