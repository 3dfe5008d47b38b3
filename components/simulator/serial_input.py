"""The receiving side of the firmware: RX ring, lines, line numbers and checksums."""

from __future__ import annotations

import re
from functools import reduce
from operator import xor
from typing import Protocol

MAX_LINE = 95  # characters of a command that Marlin keeps; the rest of the line is dropped
_KEPT_RAW = 4096  # bytes of an endless line that are remembered at all
_NUMBER = re.compile(rb"[ ]*N[ ]*([-+]?\d+)?")
_INTEGER = re.compile(rb"[ ]*([-+]?\d+)")
_SPECIAL = re.compile(rb"[;\\\x08]")
_M29 = re.compile(rb"M29(?!\d)")


class Unpacker(Protocol):
    """Something between the ring and the line reader that unpacks bytes."""

    def take(self, ring: bytearray) -> bytes:
        """Unpack bytes off the front of the ring, up to the end of a line at most."""


class SerialInput:
    """The RX ring and the line under construction behind it."""

    def __init__(self, size: int, unpacker: Unpacker | None = None) -> None:
        self.capacity = size - 1
        """Bytes the ring holds: one place stays empty."""
        self.overruns = 0
        """Bytes lost because the ring was full."""
        self._ring = bytearray()
        self._partial = bytearray()
        self._unpacker = unpacker

    def __len__(self) -> int:
        return len(self._ring)

    @property
    def room(self) -> int:
        """Bytes that the ring still takes."""
        return self.capacity - len(self._ring)

    def store(self, data: bytes) -> None:
        """Put bytes off the wire into the ring; those without room are lost."""
        room = self.capacity - len(self._ring)
        if len(data) > room:
            self.overruns += len(data) - room
            data = data[:room]
        self._ring += data

    def clear(self) -> None:
        """Throw away everything received, as Marlin does on a line error."""
        self._ring.clear()
        self._partial.clear()

    def next_line(self) -> bytes | None:
        """Take the next line that is not empty out of the ring, without its comment."""
        while True:
            line = self._raw_line()
            if line is None:
                return None
            if _SPECIAL.search(line):
                line = _without_comment(line)
            if line:
                return line[:MAX_LINE]

    def _raw_line(self) -> bytes | None:
        ring = self._ring
        if self._unpacker is not None:
            return self._unpacked_line(self._unpacker)
        end = _end_of_line(ring)
        if end < 0:
            if ring:
                self._keep(ring)
                ring.clear()
            return None
        if self._partial:
            self._keep(ring[:end])
            line = bytes(self._partial)
            self._partial.clear()
        else:
            line = bytes(ring[:end])
        del ring[: end + 1]
        return line

    def _unpacked_line(self, unpacker: Unpacker) -> bytes | None:
        text = unpacker.take(self._ring)
        while text:
            end = _end_of_line(text)
            if end >= 0:
                self._keep(text[:end])
                line = bytes(self._partial)
                self._partial.clear()
                self._keep(text[end + 1 :])
                return line
            self._keep(text)
            text = unpacker.take(self._ring)
        return None

    def _keep(self, data: bytes | bytearray) -> None:
        self._partial += data[: max(0, _KEPT_RAW - len(self._partial))]


def _end_of_line(data: bytes | bytearray) -> int:
    """Return where the first carriage return or line feed stands, or -1."""
    end = data.find(b"\n")
    if b"\r" in data:
        carriage_return = data.find(b"\r")
        if end < 0 or carriage_return < end:
            return carriage_return
    return end


def _without_comment(line: bytes) -> bytes:
    """Apply backspaces and escapes and cut at the first unescaped semicolon."""
    kept = bytearray()
    escaped = False
    for byte in line:
        if escaped:
            escaped = False
        elif byte == 0x5C:
            escaped = True
            continue
        elif byte == 0x3B:
            break
        if byte == 0x08:
            del kept[-1:]
        else:
            kept.append(byte)
    return bytes(kept)


class LineRefused(Exception):
    """A line that the firmware wants to see again; says why in the firmware's words."""


class LineGuard:
    """Line numbers and checksums, with the counters that tests want."""

    def __init__(self) -> None:
        self.last = 0
        self.duplicates = 0
        self.refused = {"checksum": 0, "number": 0, "missing": 0}

    def admit(self, line: bytes, *, saving: bool, forgiving: bool = True) -> bool:
        """Check one line; False for a duplicate to be dropped without a word.

        Raises LineRefused for a line that has to be sent again. A firmware that is not
        forgiving refuses duplicates as well.
        """
        match = _NUMBER.match(line)
        if match is None:
            if saving and not _M29.search(line):
                raise self._refusal("missing", "No Checksum with line number")
            return True
        number = int(match[1] or 0)
        sets_number = b"M110" in line
        if sets_number:
            number = self._number_of_m110(line, match.end(), number)
        elif number != self.last + 1:
            if forgiving and self.last - 1 <= number <= self.last:
                self.duplicates += 1
                return False
            raise self._refusal("number", "Line Number is not Last Line Number+1")
        star = line.rfind(b"*")
        if star < 0:
            raise self._refusal("missing", "No Checksum with line number")
        start = line.find(b"N")
        given = _INTEGER.match(line, star + 1)
        if (int(given[1]) if given else 0) != reduce(xor, line[start:star], 0):
            raise self._refusal("checksum", "checksum mismatch")
        self.last = number
        return True

    def _refusal(self, kind: str, words: str) -> LineRefused:
        self.refused[kind] += 1
        return LineRefused(f"Error:{words}, Last Line: {self.last}")

    @staticmethod
    def _number_of_m110(line: bytes, after: int, number: int) -> int:
        """Return the number that an M110 sets: that of its N, or else the line's own."""
        second = line.find(b"N", after)
        if second < 0:
            return number
        match = _INTEGER.match(line, second + 1)
        return int(match[1]) if match else 0


def split_line(line: bytes) -> tuple[str, str | None]:
    """Split an admitted line into the command's text and its line number as written.

    The number is None where the ok must not repeat it: without a number, or with blanks
    before it.
    """
    nul = line.find(0)
    if nul >= 0:
        line = line[:nul]
    number: str | None = None
    match = _NUMBER.match(line)
    if match is not None and match[1] is not None:
        text = line[match.end() :]
        if line[0] == 0x4E:  # N
            number = match[1].decode("ascii")
    else:
        text = line
    star = text.find(b"*")
    if star >= 0:
        text = text[:star]
    return text.strip(b" ").decode("latin-1"), number
