"""Firmwares that are not Marlin, as far as a serial host meets them.

Each animal does what the firmware's own source says it does with line numbers, errors and
acknowledgements (see the firmware's file named in its docstring), over a real pty. They
know nothing of our engine; a share of the lines they read is damaged on the way.
"""

from __future__ import annotations

import asyncio
import os
import pty
import random
import re
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NUMBERED = re.compile(rb"N(-?\d+)\s*(.*?)\*(\d+)\s*$")


class Animal:
    """A firmware on a pty; subclasses answer complete lines."""

    line_end = b"\n"
    banner: tuple[bytes, ...] = ()
    info = b""

    def __init__(self, damage: float = 0.0, seed: int = 1) -> None:
        self.accepted: list[str] = []
        self.last = 0
        self.resends = 0
        self._damage = damage
        self._random = random.Random(seed)
        self._rest = b""
        self._write: Callable[[bytes], object] = lambda data: None

    @contextmanager
    def on(self, link: Path) -> Iterator[str]:
        """Live on a pty, reachable at ``link``."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        link.symlink_to(os.ttyname(slave))
        loop = asyncio.get_running_loop()
        self._write = lambda data: os.write(master, data)
        loop.add_reader(master, lambda: self.receive(os.read(master, 4096)))
        try:
            yield str(link)
        finally:
            loop.remove_reader(master)
            os.close(master)
            os.close(slave)
            link.unlink()

    def receive(self, data: bytes) -> None:
        """Take bytes; damage some lines as a bad cable does."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.strip():
                self.line(self._damaged(line.strip()))

    def line(self, line: bytes) -> None:
        """Answer one line."""
        raise NotImplementedError

    def say(self, *lines: bytes) -> None:
        """Send lines."""
        self._write(b"".join(line + self.line_end for line in lines))

    def execute(self, text: bytes) -> list[bytes]:
        """Execute a command and return what is said before its ok."""
        if text == b"M115":
            return [self.info]
        if not text.startswith((b"M105", b"M110")):
            self.accepted.append(text.decode())
        return []

    def _damaged(self, line: bytes) -> bytes:
        # A line without a number cannot be told to be damaged by any firmware.
        if not line.startswith(b"N") or self._random.random() >= self._damage:
            return line
        at = self._random.randrange(2, len(line))
        return line[:at] + bytes([line[at] ^ 0x10]) + line[at + 1 :]


def unframe(line: bytes) -> tuple[int, bytes] | None:
    """Return number and text of a numbered line, None if its sum is wrong."""
    match = _NUMBERED.match(line)
    if match is None:
        return None
    total = 0
    for byte in line[: line.rindex(b"*")]:
        total ^= byte
    return (int(match[1]), match[2].strip()) if total == int(match[3]) else None


class Checked(Animal):
    """What all firmwares that count lines have in common."""

    def line(self, line: bytes) -> None:
        if not line.startswith(b"N"):
            self.answer(None, line.split(b"*")[0].strip())
            return
        framed = unframe(line)
        if framed is None:
            self.refuse("checksum", self.last + 1)
            return
        number, text = framed
        if text.startswith(b"M110"):
            self.last = number
            self.answer(number, b"M110")
        elif number != self.last + 1:
            self.wrong_number(number)
        else:
            self.last = number
            self.answer(number, text)

    def wrong_number(self, number: int) -> None:
        """Answer a line out of order."""
        self.refuse("number", self.last + 1)

    def answer(self, number: int | None, text: bytes) -> None:
        """Execute and acknowledge."""
        said = self.execute(text)
        if text == b"M105":
            self.say(self.temperatures())
        else:
            self.say(*said, b"ok")

    def refuse(self, reason: str, wanted: int) -> None:
        """Ask for a line again."""
        raise NotImplementedError

    def temperatures(self) -> bytes:
        """M105's whole answer."""
        return b"ok T:21.0 /0.0 B:21.0 /0.0 T0:21.0 /0.0 @:0 B@:0"


class CuttingMarlin(Checked):
    """Marlin 2, queue.cpp, at the worst moment: it throws its input away as it refuses a line.

    What is still coming in of the next line is its text without the number, and no firmware
    asks a line without a number for a checksum (seen on a real Marlin at 250000 baud).
    """

    info = b"FIRMWARE_NAME:Marlin 2.1.2 PROTOCOL_VERSION:1.0 MACHINE_TYPE:Cutter"

    def __init__(self, damage: float = 0.0, seed: int = 1) -> None:
        super().__init__(damage, seed)
        self.pieces: list[str] = []

    def receive(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        while lines:
            before = self.resends
            if line := lines.pop(0).strip():
                self.line(self._damaged(line))
            if self.resends != before and (framed := unframe(lines[0] if lines else b"")):
                self._cut(framed[1])
                lines.clear()

    def _cut(self, text: bytes) -> None:
        self.pieces.append(text.decode())
        self.answer(None, text)

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        text = (
            b"Error:checksum mismatch, Last Line: %d"
            if reason == "checksum"
            else b"Error:Line Number is not Last Line Number+1, Last Line: %d"
        )
        self.say(text % (wanted - 1), b"Resend: %d" % wanted, b"ok")


class PrusaMk3(Checked):
    """Prusa-Firmware, Firmware/cmdqueue.cpp: duplicates are not silent, two names in M115."""

    banner: tuple[bytes, ...] = (b"start", b"echo: 3.13.0-6876")
    info = (
        b"FIRMWARE_NAME:Prusa-Firmware 3.13.0 based on Marlin "
        b"FIRMWARE_URL:https://github.com/prusa3d/Prusa-Firmware PROTOCOL_VERSION:1.0 "
        b"MACHINE_TYPE:Prusa i3 MK3S EXTRUDER_COUNT:1"
    )

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        text = (
            b"Error:checksum mismatch, Last Line: %d"
            if reason == "checksum"
            else b"Error:Line Number is not Last Line Number+1, Last Line: %d"
        )
        self.say(text % (wanted - 1), b"Resend: %d" % wanted, b"ok")

    def temperatures(self) -> bytes:
        return b"ok T:21.2 /0.0 B:21.0 /0.0 T0:21.2 /0.0 @:0 B@:0 P:0.0 A:26.4"


class Repetier(Checked):
    """Repetier-Firmware, src/ArduinoAVR/Repetier/gcode.cpp: ok with number, skip, wait."""

    info = (
        b"FIRMWARE_NAME:Repetier_1.0.4 FIRMWARE_URL:https://github.com/repetier "
        b"PROTOCOL_VERSION:1.0 MACHINE_TYPE:Mendel EXTRUDER_COUNT:1 REPETIER_PROTOCOL:3"
    )

    def wrong_number(self, number: int) -> None:
        if self.last - 40 <= number <= self.last:
            self.say(b"skip %d" % number, b"ok %d" % number)
        else:
            self.refuse("number", self.last + 1)

    def answer(self, number: int | None, text: bytes) -> None:
        said = self.execute(text)
        if text == b"M105":
            self.say(b"ok" if number is None else b"ok %d" % number, b"T:21.00 B:21.00 @:0")
        else:
            self.say(*said, b"ok" if number is None else b"ok %d" % number)

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        said = [] if reason == "checksum" else [b"Error:expected line %d got more" % wanted]
        self.say(*said, b"", b"Resend:%d" % wanted, b"ok")


class Smoothie(Checked):
    """Smoothieware, GcodeDispatch.cpp: ``rs N<n>`` and nothing else."""

    line_end = b"\r\n"
    info = (
        b"FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org, "
        b"X-SOURCE_CODE_URL:https://github.com/Smoothieware/Smoothieware, "
        b"FIRMWARE_VERSION:edge-1, PROTOCOL_VERSION:1.0"
    )

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        self.say(b"rs N%d" % wanted)

    def temperatures(self) -> bytes:
        return b"ok T:21.0 /0.0 @0 B:21.0 /0.0 @0"


class Teacup(Checked):
    """Teacup, gcode_parse.c: ``rs N<n>`` with words behind it."""

    info = (
        b"FIRMWARE_NAME:Teacup FIRMWARE_URL:http://github.com/traumflug PROTOCOL_VERSION:1.0"
    )

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        self.say(b"rs N%d Expected %s" % (wanted, reason.encode()))

    def temperatures(self) -> bytes:
        return b"ok T:21.0 B:21.0"


class Malyan(PrusaMk3):
    """Malyan M200: its M115 has names of its own."""

    info = b"NAME: Malyan\tVER: 2.9\tMODEL: M200\tHW: HA02"
    banner = ()


class Klipper(Animal):
    """Klipper on its pty, as klippy of 2026-08 was recorded there (with no board behind it).

    Line numbers and sums are dropped, never a Resend; ``!!`` refuses a command; after a halt
    it says why until FIRMWARE_RESTART, which it answers before it begins anew.
    """

    halt_words = (
        b"// %b",
        b"// Once the underlying issue is corrected, use the",
        b'// "FIRMWARE_RESTART" command to reset the firmware, reload the',
        b"// config, and restart the host software.",
        b"// Printer is shutdown",
    )

    def __init__(self, damage: float = 0.0, seed: int = 1) -> None:
        super().__init__(damage, seed)
        self.halted = b""  # why it stands still
        self.refuses = b""  # the beginning of lines that it refuses

    def line(self, line: bytes) -> None:
        text = re.sub(rb"^N\d+\s*", b"", line).split(b"*")[0].strip()
        if text == b"M115":
            self.say(b"ok FIRMWARE_NAME:Klipper FIRMWARE_VERSION:v0.13.0")
        elif text == b"M105":
            self.say(b"ok B:21.0 /0.0 T0:21.0 /0.0")
        elif text == b"FIRMWARE_RESTART":
            self.accepted.append(text.decode())
            self.say(b"ok")
            self.begin_anew()
        elif text.startswith(b"M112"):
            self.shut_down(b"Shutdown due to M112 command")
        elif self.halted:
            state = (b"// Klipper state: Not ready",) if text == b"STATUS" else ()
            self.say(*self._halt_words(), *state, b"!! " + self.halted, b"ok")
        elif self.refuses and text.startswith(self.refuses):
            self.say(b"!! Must home axis first: 10.000 0.000 0.000 [0.000]", b"ok")
        elif text.upper() == b"STATUS":
            self.say(b"// Klipper state: Ready", b"ok")
        elif text.startswith((b"M220", b"M221", b"G", b"M1")):
            self.say(*self.execute(text), b"ok")
        else:
            self.accepted.append(text.decode())
            self.say(b'// Unknown command:"%b"' % text, b"ok")

    def shut_down(self, reason: bytes) -> None:
        """Stand still; it says so by itself."""
        self.halted = reason
        self.say(b"// Klipper state: Shutdown", *self._halt_words(), b"!! " + reason)

    def begin_anew(self) -> None:
        """Restart as FIRMWARE_RESTART does, whoever has sent that."""
        self.halted = b""
        self.say(b"// Klipper state: Ready")

    def _halt_words(self) -> list[bytes]:
        first, *others = self.halt_words
        return [first % self.halted, *others]


class HaltedSmoothie(Smoothie):
    """Smoothieware after M112, GcodeDispatch.cpp: it answers ``!!`` to all but M999."""

    def __init__(self, damage: float = 0.0, seed: int = 1) -> None:
        super().__init__(damage, seed)
        self.halted = False

    def line(self, line: bytes) -> None:
        if line.startswith(b"M112"):
            self.halted = True
            self.say(b"ok Emergency Stop Requested - M999 required to exit HALT state")
        elif self.halted and line.startswith(b"M999"):
            self.halted = False
            self.accepted.append("M999")
            self.say(b"WARNING: After HALT you should HOME as position is currently unknown")
            self.say(b"ok")
        elif self.halted:
            self.say(b"!!")
        else:
            super().line(line)


class RepRapFirmware(Checked):
    """RepRapFirmware over USB in Marlin's mode: words about the sum, no ok, no sequence."""

    info = b"FIRMWARE_NAME: RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.5.1"

    def wrong_number(self, number: int) -> None:
        # No check of the sequence was found in its source: whatever comes is executed.
        self.last = number

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        self.say(b"rs  Checksum error on line %d" % wanted)


class Grbl(Animal):
    """grbl 1.1: no numbers, no M codes to speak of; a banner that gives it away."""

    def line(self, line: bytes) -> None:
        self.say(b"Grbl 1.1h ['$' for help]", b"error:20")
