"""The simulated printer: Marlin's main loop over a clock and bytes that come from outside.

Nothing here reads a clock or a device. `receive` hands over bytes at a time, `advance`
lets the time pass, and what the firmware says is collected in `output` with the time at
which it said it. All times are seconds of the machine's own clock.

A command that takes time is a generator, an `Activity`: it yields the time at which it
wants to go on, and is also continued early when `wake` is called.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping

from appliance.components.simulator.autoreport import AutoReport
from appliance.components.simulator.dialect import banner_lines, dialect_named
from appliance.components.simulator.emergency import Emergency, EmergencyParser
from appliance.components.simulator.faults import Faults
from appliance.components.simulator.gcode import Command
from appliance.components.simulator.heaters import Heaters
from appliance.components.simulator.journal import Accepted
from appliance.components.simulator.motion import Motion
from appliance.components.simulator.options import Options
from appliance.components.simulator.serial_input import (
    LineGuard,
    LineRefused,
    SerialInput,
    split_line,
)
from appliance.components.simulator.timers import FOREVER, Timer, Timers

Activity = Generator[float, None, None]
"""Yields the time to continue at."""
Handler = Callable[["Printer", Command], Activity | None]
"""Executes a command: at once (None), or as an activity."""
Queued = tuple[str, str | None, bool]
"""A command's text, its line number as written, and whether it came over the wire."""

PROTECTION_SECONDS = 1.0
MOVES = frozenset({"G0", "G1", "G2", "G3"})
PROCESSING = "processing"


class Printer:
    """A printer that speaks Marlin."""

    def __init__(
        self,
        options: Options,
        handlers: Mapping[str, Handler],
        accepted: Accepted | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.options = options
        self.dialect = dialect_named(options.firmware)
        self.accepted = Accepted(None) if accepted is None else accepted
        self.faults = Faults() if faults is None else faults
        self.now = 0.0
        self.output: list[tuple[float, bytes]] = []
        self.heaters = Heaters(options)
        self.motion = Motion(options)
        self.timers = Timers()
        self.temperature_report = AutoReport(self, self.report_temperatures)
        self.position_report = AutoReport(self, self.report_position)
        self.input = SerialInput(options.rx_buffer)
        self.fans = [0, 0]
        self.message = ""
        self.boots = 0
        self.oks = 0
        self.resends = 0
        self.received = 0
        self._handlers = handlers
        self._emergencies = EmergencyParser() if options.emergency_parser else None
        self._forget()

    def _forget(self) -> None:
        """Lose everything that a reset loses."""
        self.timers.clear()
        self.temperature_report.stop()
        self.position_report.stop()
        self.guard = LineGuard()
        self.queue: deque[Queued] = deque()
        self.input.clear()
        if self._emergencies is not None:
            self._emergencies.reset()
        self.heaters.all_off(self.now)
        self.motion.reset()
        self.fans = [0] * len(self.fans)
        self.message = ""
        self.killed = False
        self.running = False
        self.busy_state = PROCESSING
        self.busy_interval = 2.0
        self.numbered = False
        """The command being executed came with a line number, so from a print."""
        self.heatup_cancelled = False
        self._ok_due = True
        self._protection: Timer | None = None
        self._activity: Activity | None = None
        self._wake = FOREVER
        self._busy_due = FOREVER

    # The outside world

    def power_up(self) -> None:
        """Start the firmware: after a reset, or when the power comes back."""
        self._forget()
        self.boots += 1
        self.timers.at(self.now + self.options.boot_seconds, self._boot)

    def run_silently(self) -> None:
        """Be a printer that was switched on long before anyone opened its port."""
        self.boots += 1
        self.running = True

    def _boot(self) -> None:
        for line in banner_lines(self.dialect, self.options):
            self.say(line)
        self.running = True
        self.watch_heaters()

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes off the wire at a time."""
        self.advance(now)
        self.received += len(data)
        if not self.running:
            return
        if self._emergencies is not None:
            for emergency in self._emergencies.feed(data):
                self._act_at_once(emergency)
        self.input.store(data)
        self._work()

    def advance(self, now: float) -> None:
        """Let the time pass until now."""
        while (due := self.next_due()) <= now:
            self.now = max(self.now, due)
            self._run_due()
        self.now = max(self.now, now)

    def next_due(self) -> float:
        """Return when something will happen without any byte from outside."""
        return min(self._wake, self._busy_due, self.timers.next_due())

    def _run_due(self) -> None:
        self.timers.run(self.now)
        if self._busy_due <= self.now:
            self.say(f"echo:busy: {self.busy_state}")
            self._busy_due = self.now + self.busy_interval
        if self._wake <= self.now:
            self._continue()
        self._work()

    @property
    def busy(self) -> str | None:
        """What the command that holds up the queue is doing, if one does."""
        return None if self._activity is None else self.busy_state

    # What the firmware says

    def say(self, text: str, end: str = "\n") -> None:
        """Say one line."""
        self.output.append((self.now, (text + end).encode("latin-1", "replace")))

    def say_ok(self, number: str | None = None) -> None:
        """Say that a command is done."""
        self.oks += 1
        if self.options.advanced_ok:
            free = self.motion.planner.free(self.now)
            slots = self.options.bufsize - len(self.queue)
            line = "" if number is None else f" N{number}"
            self.say(f"ok{line} P{free} B{slots}")
        else:
            self.say("ok")

    def answer(self, text: str) -> None:
        """Say a line that stands for this command's ok, as that of M105 does."""
        self.oks += 1
        self.say(text)
        self._ok_due = False

    def ask_resend(self) -> None:
        """Throw the input away and ask for the line after the last good one."""
        self.input.clear()
        self.resends += 1
        self.say(f"Resend: {self.guard.last + 1}")
        if not self.faults.resend_without_ok:
            self.oks += 1
            self.say("ok")

    def report_temperatures(self) -> None:
        """Say the temperatures, as the automatic report does."""
        self.say(self.heaters.report(self.now, self.motion.tool))

    def report_position(self) -> None:
        """Say the position."""
        self.say(self.motion.report())

    # The main loop

    def _work(self) -> None:
        """Take lines in and execute commands until nothing is left to do now."""
        while self.running:
            self._take_lines()
            if self._activity is not None or not self.queue:
                return
            self._execute(*self.queue[0])

    def _take_lines(self) -> None:
        queue = self.queue
        while len(queue) < self.options.bufsize:
            line = self.input.next_line()
            if line is None:
                return
            try:
                admitted = self.guard.admit(
                    line, saving=False, forgiving=self.faults.duplicates == "silent"
                )
            except LineRefused as refusal:
                self.say(str(refusal))
                self.ask_resend()
                return
            if admitted:
                text, number = split_line(line)
                if self._emergencies is None and number is None:
                    self._act_early(text)
                queue.append((text, number, True))

    def _execute(self, text: str, number: str | None, from_wire: bool) -> None:
        if from_wire:
            self.accepted.add(text)
        self._ok_due = from_wire
        self.numbered = number is not None
        command = Command(text)
        handler = self._handlers.get(command.code)
        if handler is None:
            self.say(self.dialect.unknown_command.format(text=text))
            activity = None
        else:
            activity = handler(self, command)
        if self.faults.busy_forever:
            activity = self._never_end(activity)
        if activity is None:
            self._finish()
            return
        if command.code not in MOVES:
            self.motion.planner.streaming = False
        self.busy_state = PROCESSING
        self._activity = activity
        if self.busy_interval:
            self._busy_due = self.now + self.busy_interval
        self._continue()

    def _never_end(self, activity: Activity | None) -> Activity:
        """Hang in a command until the fault is switched off."""
        if activity is not None:
            yield from activity
        while self.faults.busy_forever:
            yield FOREVER

    def _continue(self) -> None:
        """Let the running command go on."""
        self._wake = FOREVER
        activity = self._activity
        if activity is None:
            return
        try:
            self._wake = next(activity)
        except StopIteration:
            self._activity = None
            self._busy_due = FOREVER
            self._finish()

    def _finish(self) -> None:
        """Send the ok of the command at the head of the queue and drop it."""
        if self.running and self.queue:
            if self._ok_due:
                self.say_ok(self.queue[0][1])
            self.queue.popleft()

    def wake(self) -> None:
        """Let the running command look at the world again at once."""
        if self._activity is not None:
            self._wake = self.now

    # Emergencies

    def _act_at_once(self, emergency: Emergency) -> None:
        match emergency.code:
            case "M108":
                self.heatup_cancelled = True
                self.wake()
            case "M112":
                self.kill("echo:M112 Shutdown")
            case "M410":
                self.quickstop()
        self._run_due()

    def _act_early(self, text: str) -> None:
        """Act on a critical command as it is queued: builds without the parser do that."""
        code = text[:4]
        if code in {"M108", "M410", "M112"}:
            self._act_at_once(Emergency(code))

    def quickstop(self) -> None:
        """Stop all motion at once."""
        self.motion.stop_here(self.now)
        self.wake()

    def kill(self, reason: str) -> None:
        """Halt for good: only a reset brings the firmware back."""
        self.say(reason)
        self.say("Error:Printer halted. kill() called!")
        self.say("//action:poweroff")
        self.heaters.all_off(self.now)
        self.motion.stop_here(self.now)
        self.fans = [0] * len(self.fans)
        self.timers.clear()
        self._protection = None
        self._activity = None
        self._wake = self._busy_due = FOREVER
        self.queue.clear()
        self.killed = True
        self.running = False

    # Thermal protection

    def watch_heaters(self) -> None:
        """Check the heaters from now on, as long as one is on or broken."""
        if self._protection is None and self.running and self.heaters.need_watching():
            self._protection = self.timers.at(self.now + PROTECTION_SECONDS, self._protect)

    def _protect(self) -> None:
        self._protection = None
        complaint = self.heaters.complaint(self.now)
        if complaint is not None:
            self.kill(complaint)
        else:
            self.watch_heaters()
