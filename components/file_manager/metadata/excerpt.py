"""The head and the tail of a G-code file: all that is read, whatever the size."""

from __future__ import annotations

import os
import re

from appliance.records import dataclass

# Slicers write their settings and pictures here; measured on files of every family.
HEAD_BYTES = 1024 * 1024
TAIL_BYTES = 256 * 1024

_COMMAND = re.compile(rb"^[ \t]*[GMT]\d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Head and tail; for a short file the head is all and the tail its end."""

    head: bytes
    tail: bytes
    size: int

    @property
    def parts(self) -> tuple[bytes, ...]:
        """Head and tail without what they share."""
        shared = len(self.head) + len(self.tail) - self.size
        return (
            (self.head,)
            if shared >= len(self.tail)
            else (self.head, self.tail[max(shared, 0) :])
        )

    @property
    def gcode_start(self) -> int | None:
        """Byte of the first command."""
        found = _COMMAND.search(self.head)
        return found.start() if found else None

    @property
    def gcode_end(self) -> int | None:
        """Byte after the last command, its line end included."""
        start = len(self.tail)
        while start > 0:
            start = self.tail.rfind(b"\n", 0, start - 1) + 1
            if _COMMAND.match(self.tail, start):
                end = self.tail.find(b"\n", start)
                length = len(self.tail) if end < 0 else end + 1
                return self.size - len(self.tail) + length
        return None


def take(descriptor: int) -> Excerpt:
    """Read head and tail of an open file."""
    size = os.fstat(descriptor).st_size
    head = os.pread(descriptor, HEAD_BYTES, 0)
    if size <= HEAD_BYTES:
        return Excerpt(head, head[-TAIL_BYTES:], size)
    return Excerpt(head, os.pread(descriptor, TAIL_BYTES, max(size - TAIL_BYTES, 0)), size)
