"""A peer behind a serial wire: every byte takes its time, both ways, and nothing else does.

A process of its own, with real-time priority where it may have that, which looks instead
of sleeping when something is about to happen, so that it is late by microseconds. Times
are worked out, not waited for: whoever keeps the wire busy finds it as fast as a real one.
The firmware behind the wire takes a line in no time, or, with ``--pace``, has a planner of
16 blocks that moves through so many lines a second; such a peer sleeps, for its looking
would keep a processor from those who have to bring the next line.

``python -m tests.benchmarks.wired LINK --baudrate N [--advanced] [--meatpack] [--pace N]``
answers a line ``figures`` on its standard input with what it saw between the marks of
`gcode`, and says ``{"emergency": clock}`` when an M112 reaches the pty.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pty
import select
import sys
import time
import tty
from collections import deque
from pathlib import Path

from appliance.components.simulator.meatpack import Unpacker
from appliance.components.simulator.timers import FOREVER
from appliance.components.simulator.wire import Direction
from tests.benchmarks.gcode import BEGIN, END

BLOCKS = 15  # of the planner's 16 one stays empty
BANNER = b"start\necho:Marlin 2.1.2 bench\n"
BOOT_S = 0.05
REPORT = b" T:20.00 /0.00 B:20.00 /0.00 @:0 B@:0\n"
INFO = (
    b"FIRMWARE_NAME:Marlin 2.1.2 bench SOURCE_CODE_URL:none PROTOCOL_VERSION:1.0 "
    b"MACHINE_TYPE:Bench EXTRUDER_COUNT:1\nCap:AUTOREPORT_TEMP:1\nCap:EMERGENCY_PARSER:1\n"
)
# For so long before something happens, and after an ok, the peer looks instead of sleeping.
LOOKS_S = 0.0003
CLOSED_POLL_S = 0.002
_BEGIN, _END = BEGIN.encode(), END.encode()


class Firmware:
    """Takes lines at the moments at which they arrive, and says when it answers what."""

    def __init__(self, *, advanced: bool, pace: float, meatpack: bool) -> None:
        self._advanced = advanced
        self.meatpack = meatpack
        self._block_s = 1.0 / pace if pace else 0.0
        self.begun_at = self.ended_at = 0.0
        self.boot()

    def boot(self) -> None:
        """Begin anew, as after a reset."""
        self.reports = False
        self.lines = 0
        self.underruns = 0
        self.dry_s = 0.0
        self._blocks: deque[float] = deque()  # when each ends
        self._free_at = 0.0  # when the line before was taken
        self._moved_until = 0.0

    def take(self, line: bytes, at: float) -> tuple[float, bytes]:
        """Return when a line that arrived ``at`` is answered, and the answer."""
        at = self._free_at = max(at, self._free_at)
        if _BEGIN in line:
            self.begun_at, self.lines = at, 0
        elif _END in line:
            self.ended_at = at
        self.lines += 1
        if self._block_s and b"G1 X" in line:
            at = self._free_at = self._plan(at)
        if b"M155" in line:
            self.reports = True
        if b"M105" in line:
            return at, b"ok T:20.00 /0.00 B:20.00 /0.00 @:0 B@:0\n"
        ok = b"ok\n"
        if self._advanced and line.startswith(b"N"):
            ok = b"ok %b P%d B3\n" % (line.split(b" ", 1)[0], BLOCKS - len(self._blocks))
        if b"M115" in line:
            return at, INFO + (b"Cap:MEATPACK:1\n" if self.meatpack else b"") + ok
        return at, ok

    def _plan(self, at: float) -> float:
        """Queue a move, once there is a free block; return when that was."""
        blocks = self._blocks
        while blocks and blocks[0] <= at:
            blocks.popleft()
        if len(blocks) >= BLOCKS:
            at = blocks.popleft()
        begin = self._moved_until
        if not blocks:
            if begin:
                self.underruns += 1
                self.dry_s += at - begin
            begin = at
        self._moved_until = begin + self._block_s
        blocks.append(self._moved_until)
        return at


class Peer:
    """The pty and the wire in front of the firmware; a board that resets when opened."""

    def __init__(self, link: Path, baudrate: int, firmware: Firmware, looks_s: float) -> None:
        self._looks_s = looks_s
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        link.symlink_to(os.ttyname(slave))
        os.close(slave)
        os.set_blocking(self._master, False)
        self._firmware = firmware
        self._unpacker = Unpacker(self._say)
        self._in = Direction(baudrate)
        self._out = Direction(baudrate)
        self._partial = b""
        self._closed = True
        self._stopped = False
        self._report_at = FOREVER
        self._look_until = 0.0
        self._measuring = False
        self._said: list[float] = []  # when oks were said that no line has followed yet
        self._answers: list[float] = []
        self._bytes = 0
        self._hang_up = select.poll()
        self._hang_up.register(self._master, 0)

    def serve(self) -> None:
        """Serve until standard input ends."""
        while True:
            if self._closed:
                self._look_for_host()
            readers = [sys.stdin] if self._closed else [sys.stdin, self._master]
            readable, _, _ = select.select(readers, [], [], self._timeout())
            if self._master in readable:
                self._read()
            if sys.stdin in readable and not self._obey():
                return
            self._pass(time.monotonic())

    def _timeout(self) -> float:
        if self._closed:
            return CLOSED_POLL_S
        now = time.monotonic()
        if now < self._look_until:
            return 0.0
        due = min(self._in.next_due(), self._out.next_due(), self._report_at)
        return min(max(due - now - self._looks_s, 0.0), 1.0)

    def _look_for_host(self) -> None:
        if self._hang_up.poll(0):
            return
        self._closed = self._stopped = False
        self._firmware.boot()
        self._in.clear()
        self._out.clear()
        self._partial = b""
        self._unpacker.reset()
        self._measuring = False
        self._report_at = FOREVER
        self._out.put(BANNER, time.monotonic() + BOOT_S)

    def _obey(self) -> bool:
        words = sys.stdin.readline().split()
        if words == ["figures"]:
            _say(self._figures())
        return bool(words)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError:
            self._closed = True
            return
        now = time.monotonic()
        if b"M112" in data and not self._stopped:
            self._stopped = True
            _say({"emergency": now})
        self._in.put(data, now)
        if _BEGIN in data:
            self._measuring = True
            self._said.clear()
            self._answers.clear()
            self._bytes = 0
            return
        if self._measuring:
            self._bytes += len(data)
            self._answers += [now - said_at for said_at in self._said]
            self._said.clear()
            self._measuring = _END not in data

    def _pass(self, now: float) -> None:
        """Let pass what has passed by now, both ways."""
        firmware = self._firmware
        while (piece := self._in.take(now)) is not None:
            *lines, self._partial = (self._partial + self._plain(piece[1])).split(b"\n")
            for line in filter(None, lines):
                at, answer = firmware.take(line, piece[0])
                self._out.put(answer, at)
        if firmware.reports and (self._report_at is FOREVER or now > self._report_at):
            self._report_at = now + 1.0
            self._out.put(REPORT, now)
        while (passed := self._out.take(now)) is not None:
            with contextlib.suppress(OSError):  # nobody has the port open any more
                os.write(self._master, passed[1])
            if passed[1].startswith(b"ok"):
                said_at = time.monotonic()
                self._look_until = said_at + self._looks_s
                if self._measuring:
                    self._said.append(said_at)

    def _plain(self, data: bytes) -> bytes:
        """Return what the firmware reads of bytes off the wire."""
        if not self._firmware.meatpack:
            return data
        ring = bytearray(data)
        text = b""
        while ring:
            text += self._unpacker.take(ring)
        return text

    def _say(self, text: str) -> None:
        self._out.put(text.encode() + b"\n", time.monotonic())

    def _figures(self) -> dict[str, object]:
        firmware = self._firmware
        return {
            "lines": firmware.lines,
            "seconds": firmware.ended_at - firmware.begun_at,
            "bytes": self._bytes,
            "underruns": firmware.underruns,
            "dry_seconds": firmware.dry_s,
            "answers": self._answers,
        }


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("link", type=Path)
    parser.add_argument("--baudrate", type=int, required=True)
    parser.add_argument("--advanced", action="store_true")
    parser.add_argument("--meatpack", action="store_true")
    parser.add_argument("--pace", type=float, default=0.0)
    given = parser.parse_args()
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    firmware = Firmware(advanced=given.advanced, pace=given.pace, meatpack=given.meatpack)
    peer = Peer(given.link, given.baudrate, firmware, 0.0 if given.pace else LOOKS_S)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    peer.serve()


if __name__ == "__main__":
    main()
