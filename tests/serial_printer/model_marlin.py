"""Marlin's serial input in 150 lines: the reference for the window, stepped by hand.

Written from the recordings in tests/transcripts (line errors, duplicates, overrun), it
shares no code with the simulator or the engine. Bytes wait on the wire until they
`arrive`; commands wait in the slots until they are `execute`d; replies wait in `said`.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from functools import reduce
from operator import xor

_NUMBERED = re.compile(rb"N\s*(\d+)\s*(.*)", re.DOTALL)
_M110 = re.compile(rb"M110(?:\s*N(\d+))?")


@dataclass
class ModelMarlin:
    """A board that executes nothing and remembers all."""

    advanced_ok: bool = False
    rx_buffer: int = 127
    slots: int = 4
    ok_after_resend: bool = True
    silent_duplicates: bool = True
    accepted: list[str] = field(default_factory=list)  # in the order of execution
    said: deque[bytes] = field(default_factory=deque)
    last: int = 0
    wire: bytearray = field(default_factory=bytearray)
    overruns: int = 0
    _run_on: bool = False  # the line end of the last line was damaged
    _ring: bytearray = field(default_factory=bytearray)
    _line: bytearray = field(default_factory=bytearray)
    _queue: deque[tuple[int | None, str]] = field(default_factory=deque)

    @property
    def idle(self) -> bool:
        """Whether nothing happens any more by itself."""
        return not (self.wire or self._ring or self._queue or self.said)

    def write(self, data: bytes) -> None:
        """Put bytes on the wire."""
        self.wire += data

    def arrive(self, *, flip: int | None = None) -> None:
        """Let the next line on the wire arrive, with one bit of it flipped if wanted.

        One bit a line: two of the same weight are more than an XOR sum can notice.
        """
        end = self.wire.find(b"\n") + 1 or len(self.wire)
        data = bytearray(self.wire[:end])
        del self.wire[:end]
        if flip is not None and data and not self._run_on:
            data[flip // 8 % len(data)] ^= 1 << flip % 8
        self._run_on = not data.endswith((b"\n", b"\r"))
        room = self.rx_buffer - len(self._ring)
        self.overruns += max(len(data) - room, 0)
        self._ring += data[:room]
        self._read()

    def execute(self) -> None:
        """Execute the oldest command and say ok."""
        if not self._queue:
            return
        number, text = self._queue.popleft()
        self.accepted.append(text)
        if text.startswith("M105"):
            self.said.append(b"ok T:21.33 /0.00 B:21.29 /0.00 @:0 B@:0")
        elif self.advanced_ok:
            told = b"" if number is None else b" N%d" % number
            self.said.append(b"ok%b P15 B%d" % (told, self.slots - 1 - len(self._queue)))
        else:
            self.said.append(b"ok")
        self._read()

    def restart(self) -> None:
        """Lose everything, as after a reset."""
        self._ring.clear()
        self._line.clear()
        self._queue.clear()
        self.last = 0

    def _read(self) -> None:
        """Take whole lines out of the ring while there are slots."""
        while len(self._queue) < self.slots and self._ring:
            byte = self._ring.pop(0)
            if byte not in (0x0A, 0x0D):
                self._line.append(byte)
            elif self._line:
                line = bytes(self._line)
                self._line.clear()
                self._take(line[:95])

    def _take(self, line: bytes) -> None:
        line = line.split(b"\0", 1)[0].split(b";", 1)[0]
        match = _NUMBERED.match(line)
        if match is None:
            if line.strip():
                self._queue.append((None, line.decode("latin-1").strip()))
            return
        number, rest = int(match[1]), match[2]
        body, star, told = line.rpartition(b"*")
        reset = _M110.match(rest)
        if reset is None and number != self.last + 1:
            if self.silent_duplicates and self.last - 1 <= number <= self.last:
                return
            self._refuse("Line Number is not Last Line Number+1")
        elif not star:
            self._refuse("No Checksum with line number")
        elif not told.isdigit() or int(told) != reduce(xor, body, 0):
            self._refuse("checksum mismatch")
        else:
            self.last = number
            if reset is not None and reset[1]:
                self.last = int(reset[1])
            self._queue.append((number, rest.rpartition(b"*")[0].decode("latin-1").strip()))

    def _refuse(self, words: str) -> None:
        """Throw the input away and ask for the next line."""
        self._ring.clear()
        self._line.clear()
        self.said.append(f"Error:{words}, Last Line: {self.last}".encode())
        self.said.append(b"Resend: %d" % (self.last + 1))
        if self.ok_after_resend:
            self.said.append(b"ok")
