"""The loop around a board: the pty, the control socket and the real clock.

A plain select: its timeout counts microseconds, where epoll rounds up to a millisecond,
which at 250000 baud is the time of 25 bytes.
"""

from __future__ import annotations

import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from appliance.components.simulator.board import Board
from appliance.components.simulator.control import ControlSocket
from appliance.components.simulator.journal import Accepted
from appliance.components.simulator.options import Process
from appliance.components.simulator.panel import press, print_file
from appliance.components.simulator.pty_port import PtyPort
from appliance.components.simulator.state import describe
from appliance.components.simulator.timers import FOREVER

OPEN_POLL = 0.02  # s between looks for someone who opens the port
UNREAD = 65536  # bytes that wait for a host which does not read, before they are dropped
READ = 4096


class Simulator:
    """The process: one board at one port."""

    def __init__(self, process: Process) -> None:
        self.clock = time.monotonic
        self._process = process
        self._accepted = Accepted(process.accepted)
        self._board = Board(process.options, self._accepted, self.clock())
        self._board.disconnected = self._unplug
        for name, value in process.faults.items():
            self._board.set_fault(name, value, self.clock())
        self._port = PtyPort(process.link)
        self._control = (
            None if process.control is None else ControlSocket(process.control, self._answer)
        )
        self._unwritten = b""
        self._stopped = False
        self._replug: tuple[float, Path | None] | None = None
        self._alone_since = self.clock()
        # A signal must end the select; Python wakes it through this pair.
        self._wakeup, self._waker = socket.socketpair()
        self._wakeup.setblocking(False)
        self._waker.setblocking(False)

    def plug_in(self) -> None:
        """Make the port; an OSError says why it cannot be made."""
        self._port.plug_in()

    def run(self) -> None:
        """Run until a signal, or until nobody has been at the port for long enough."""
        signal.set_wakeup_fd(self._waker.fileno())
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            sys.stdout.write(f"ready {self._port.link}\n")
            sys.stdout.flush()
            while not self._stopped:
                self._turn()
        finally:
            self._close()

    def _close(self) -> None:
        self._port.unplug()
        if self._control is not None:
            self._control.close()
        self._board.printer.close()
        self._accepted.close()
        signal.set_wakeup_fd(-1)
        self._wakeup.close()
        self._waker.close()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped = True

    def _turn(self) -> None:
        """Wait for something, and do it."""
        board = self._board
        port = self._port
        readers = [self._wakeup.fileno()]
        if self._control is not None:
            readers += self._control.readers()
        if board.open and board.room > 0:
            readers.append(port.master)
        writers = [port.master] if board.open and self._unwritten else []
        timeout = self._timeout()
        readable, writable, _ = select.select(readers, writers, [], timeout)
        now = self.clock()
        if readable:
            self._read(readable, now)
        board.advance(now)
        self._deliver(now, retry=bool(writable))
        self._look_at_port(now)

    def _timeout(self) -> float | None:
        due = self._board.next_due()
        now = self.clock()
        if self._replug is not None:
            due = min(due, self._replug[0])
        elif not self._board.open or (self._board.room <= 0 and not self._unwritten):
            due = min(due, now + OPEN_POLL)
        return None if due == FOREVER else max(0.0, due - now)

    def _read(self, readable: list[int], now: float) -> None:
        for descriptor in readable:
            if descriptor == self._port.master:
                data = self._port.read(min(READ, self._board.room))
                if data is None:
                    self._closed(now)
                elif data:
                    self._board.host_wrote(data, now)
            elif descriptor == self._wakeup.fileno():
                self._wakeup.recv(64)
            elif self._control is not None:
                self._control.serve(descriptor)

    def _deliver(self, now: float, *, retry: bool) -> None:
        """Give the host what has left the wire; a host that does not read loses it."""
        output = self._board.take_output(now)
        self._accepted.flush()
        if not output and not retry:
            return
        if not self._board.open:
            self._unwritten = b""
            return
        output = self._unwritten + output if self._unwritten else output
        written = self._port.write(output)
        self._unwritten = output[written:][-UNREAD:]

    def _look_at_port(self, now: float) -> None:
        """Notice who opens and closes the port, and bring it back when it was unplugged."""
        if self._replug is not None:
            if now >= self._replug[0]:
                self._plug_in(now)
            return
        if not self._board.open:
            if self._port.held():
                self._board.host_opened(now)
                self._alone_since = FOREVER
            elif self._process.idle_exit and now - self._alone_since > self._process.idle_exit:
                self._stopped = True
        elif self._board.room <= 0 and not self._port.held():
            # With a full ring nobody reads the terminal, so its hang-up goes unseen.
            self._closed(now)

    def _closed(self, now: float) -> None:
        self._board.host_closed()
        self._port.discard_unread()
        self._unwritten = b""
        self._alone_since = now

    # What hands can do

    def _unplug(
        self, seconds: float, link: Path | None = None, *, power: bool = False
    ) -> None:
        if self._port.plugged:
            self._board.pull_cable(power=power)
            self._unwritten = b""
            self._port.unplug()
        self._replug = (self.clock() + seconds, link)

    def _plug_in(self, now: float) -> None:
        assert self._replug is not None
        _, link = self._replug
        self._replug = None
        self._port.plug_in(link)
        self._alone_since = now

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what a control request asks for."""
        now = self.clock()
        board = self._board
        board.advance(now)
        match request.get("do"):
            case "state":
                link = str(self._port.link) if self._port.plugged else None
                return {**describe(board), "link": link}
            case "accepted":
                first, lines = self._accepted.since(int(request.get("since", 0)))
                return {"first": first, "count": self._accepted.count, "lines": lines}
            case "reset":
                board.reset(now)
            case "unplug":
                self._unplug_as_asked(request)
            case "fault":
                for name, value in dict(request["set"]).items():
                    board.set_fault(name, value, now)
            case "temperature":
                heater = board.printer.heaters.named(request["heater"])
                heater.place(float(request["actual"]), board.printer.now)
            case "press":
                press(board.printer, str(request["what"]))
            case "panel_print":
                print_file(board.printer, str(request["file"]))
            case other:
                message = f"no request {other!r}"
                raise ValueError(message)
        board.advance(now)
        return {"done": True}

    def _unplug_as_asked(self, request: dict[str, Any]) -> None:
        link = request.get("link")
        other = None if link is None else Path(link).absolute()
        if other is not None and not other.parent.is_dir():
            message = f"there is no folder {other.parent}"
            raise ValueError(message)
        if other is not None and other.exists() and not other.is_symlink():
            message = f"{other} exists and is no link"
            raise ValueError(message)
        seconds = float(request.get("seconds", 1.0))
        self._unplug(seconds, other, power=bool(request.get("power", False)))
