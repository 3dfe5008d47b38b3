"""A board on a cable: the printer, the wire to it, its clock and its faults.

Sans I/O like the printer itself, but in seconds of the real clock: the machine's clock
runs `speed` times as fast.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.components.simulator.commands import HANDLERS
from appliance.components.simulator.faults import HEATER_FAULTS, OFF, Disturbance, Faults
from appliance.components.simulator.journal import Accepted
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.options import Options
from appliance.components.simulator.timers import FOREVER
from appliance.components.simulator.wire import Direction

FLOOD_SECONDS = 0.02
# Due times go to the real clock and back; what they lose on the way must not make a call
# come a hair too early, and again, and again.
ROUNDING = 1e-6  # s of the machine


class Board:
    """Everything behind the serial port."""

    def __init__(self, options: Options, accepted: Accepted, origin: float) -> None:
        self.options = options
        self.accepted = accepted
        self.faults = Faults()
        self.printer = Printer(options, HANDLERS, accepted, self.faults)
        self.disturbance = Disturbance(self.faults, options.seed)
        self.disconnected: Callable[[float], None] | None = None
        """Called with seconds when the fault `disconnect_after` strikes."""
        self.opened = 0
        self.open = False
        self._boots_on_open = options.reset_on_open
        self._origin = origin
        self._speed = options.speed
        self._now = origin
        self._in = Direction(options.baudrate)
        self._out = Direction(options.baudrate)
        self._flood_at = FOREVER
        self._deadlines: dict[str, int] = {}
        if options.reset_on_open:
            self.printer.running = False
        else:
            self.printer.run_silently()

    # The clocks

    def _machine(self, real: float) -> float:
        return (real - self._origin) * self._speed + ROUNDING

    def _real(self, machine: float) -> float:
        return self._origin + machine / self._speed

    def next_due(self) -> float:
        """Return when something will happen by itself (real clock)."""
        return min(
            FOREVER if self._hung() else self._real(self.printer.next_due()),
            self._in.next_due(),
            self._out.next_due(),
            self._flood_at,
        )

    def advance(self, now: float) -> None:
        """Let everything happen up to now, in order."""
        self._now = max(self._now, now)
        while (arrived := self._in.take(now)) is not None:
            self._deliver(*arrived)
        if not self._hung():
            self.printer.advance(self._machine(now))
            self._collect()
        if self._flood_at <= now:
            self._flood()

    # The cable

    @property
    def room(self) -> int:
        """Bytes that may be taken from the host now; a native USB port holds it up."""
        if self.options.baudrate:
            return self._in.room
        if not self.printer.running or self._hung():
            return self.options.rx_buffer
        return self.printer.loop.input.room

    def host_wrote(self, data: bytes, now: float) -> None:
        """Take bytes that the host has written."""
        if self.faults.disturb_input:
            data = self.disturbance.incoming(data)
        self._in.put(data, now)
        self.advance(now)

    def _deliver(self, at: float, data: bytes) -> None:
        if self._hung():
            return
        self.printer.receive(data, self._machine(at))
        self._collect()
        if self._deadlines:
            self._strike()

    def take_output(self, now: float) -> bytes:
        """Return the bytes that have reached the host by now."""
        pieces = []
        while (piece := self._out.take(now)) is not None:
            pieces.append(piece[1])
        return b"".join(pieces)

    def _collect(self) -> None:
        """Put what the printer has said on the wire."""
        printer = self.printer
        if not printer.output:
            return
        if self.open:
            if self.faults.disturb_output:
                for at, data in printer.output:
                    self._out.put(self.disturbance.outgoing(data), self._real(at))
            elif self.options.baudrate:
                for at, data in printer.output:
                    self._out.put(data, self._real(at))
            else:
                self._out.put(b"".join([data for _, data in printer.output]), self._now)
        printer.output.clear()

    # The port

    def host_opened(self, now: float) -> None:
        """Notice that the host has opened the port; DTR resets boards wired so."""
        self.open = True
        self.opened += 1
        halted = self.printer.killed and self.options.revive_on_open
        if self._boots_on_open or halted:
            self._boots_on_open = self.options.reset_on_open
            self.reset(now)
        self._send_junk()

    def host_closed(self) -> None:
        """Notice that nobody has the port open: what is said now is lost."""
        self.open = False
        self._out.clear()

    def reset(self, now: float) -> None:
        """Reset the board."""
        self._in.clear()
        self.advance(now)
        self.printer.power_up()
        if self.faults.silence == "now":
            self.faults.silence = "off"

    def pull_cable(self, *, power: bool) -> None:
        """Lose what is on the wire; with the power the board is dead until it is opened."""
        self.open = False
        self._in.clear()
        self._out.clear()
        if power:
            self.printer.power_down()
            self._boots_on_open = True

    # Faults

    def set_fault(self, name: str, value: object, now: float) -> None:
        """Switch a fault, and start what it starts."""
        self.advance(now)
        self.faults.set(name, value)
        if name in HEATER_FAULTS:
            heater = getattr(self.faults, name)
            heater = "" if heater in OFF else heater
            self.printer.heaters.break_heater(HEATER_FAULTS[name], heater, self.printer.now)
            self.printer.watch_heaters()
        elif name in {"disconnect_after", "reset_after", "silence"}:
            self._arm(name)
        elif name == "flood":
            self._flood_at = now if self.faults.flood else FOREVER
        elif name in {"garbage", "endless_line"} and self.open:
            self._send_junk()
        elif name == "busy_forever":
            self.printer.loop.wake()
        self.advance(now)

    def _arm(self, name: str) -> None:
        """Count lines from here to the moment at which a fault strikes."""
        value = str(getattr(self.faults, name))
        if value.isdigit() and int(value):
            self._deadlines[name] = self.accepted.count + int(value)
        else:
            self._deadlines.pop(name, None)

    def _strike(self) -> None:
        for name, line in list(self._deadlines.items()):
            if self.accepted.count < line:
                continue
            del self._deadlines[name]
            if name == "silence":
                self.faults.silence = "now"
            elif name == "reset_after":
                self.faults.reset_after = 0
                self.reset(self._now)
            else:
                self.faults.disconnect_after = 0
                if self.disconnected is not None:
                    self.disconnected(self.faults.disconnect_seconds)

    def _hung(self) -> bool:
        return self.faults.silence == "now"

    def _send_junk(self) -> None:
        faults = self.faults
        if faults.garbage:
            self._out.put(self.disturbance.garbage(faults.garbage), self._now)
            faults.garbage = 0
        if faults.endless_line:
            self._out.put(b"x" * faults.endless_line, self._now)
            faults.endless_line = 0

    def _flood(self) -> None:
        if self.open:
            length = max(1, int(self.faults.flood * FLOOD_SECONDS))
            self._out.put(self.disturbance.garbage(length), self._now)
        self._flood_at = self._now + FLOOD_SECONDS
