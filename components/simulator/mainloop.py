"""Marlin's main loop: take lines in while there are slots, execute them one by one.

A command that takes time is a generator, an `Activity`: it yields the time at which it
wants to go on, and is also continued early when `wake` is called. While one runs, lines
are still taken into the free slots and errors in them answered, as in Marlin.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING

from appliance.components.simulator.emergency import Emergency, EmergencyParser
from appliance.components.simulator.gcode import Command
from appliance.components.simulator.meatpack import Unpacker
from appliance.components.simulator.serial_input import (
    LineGuard,
    LineRefused,
    SerialInput,
    split_line,
)
from appliance.components.simulator.timers import FOREVER

if TYPE_CHECKING:
    from appliance.components.simulator.machine import Printer

Activity = Generator[float, None, None]
"""Yields the time to continue at."""
Handler = Callable[["Printer", Command], Activity | None]
"""Executes a command: at once (None), or as an activity."""
Queued = tuple[str, str | None, bool]
"""A command's text, its line number as written, and whether it came over the wire."""

MOVES = frozenset({"G0", "G1", "G2", "G3"})
PROCESSING = "processing"
FILE_PRINTED = "M1001"  # what Marlin queues for itself behind the last line of a card's file
CARD_LINES = 500  # taken from a card before the world outside gets its turn
CARD_PAUSE = 0.001  # s of the machine until the next of them


class MainLoop:
    """The command queue and what is being executed from it."""

    def __init__(self, printer: Printer, handlers: Mapping[str, Handler]) -> None:
        options = printer.options
        self._printer = printer
        self._handlers = handlers
        self._slots = options.bufsize
        self._emergencies = EmergencyParser() if options.emergency_parser else None
        self._unpacker = Unpacker(printer.say) if options.meatpack else None
        self.input = SerialInput(options.rx_buffer, self._unpacker)
        self.received = 0
        self.oks = 0
        self.resends = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything, as a reset does."""
        self.guard = LineGuard()
        self.queue: deque[Queued] = deque()
        self.injected: deque[str] = deque()
        self.input.clear()
        if self._emergencies is not None:
            self._emergencies.reset()
        if self._unpacker is not None:
            self._unpacker.reset()
        self.busy_state = PROCESSING
        self.busy_interval = 2.0
        self.numbered = False
        """The command being executed came with a line number, so from a print."""
        self._from_queue = True
        self._ok_due = True
        self._activity: Activity | None = None
        self._wake = FOREVER
        self._busy_due = FOREVER

    def stop(self) -> None:
        """Drop everything that is to be executed."""
        self.queue.clear()
        self.injected.clear()
        self._activity = None
        self._wake = self._busy_due = FOREVER

    # Bytes in

    def receive(self, data: bytes) -> None:
        """Take bytes off the wire."""
        self.received += len(data)
        card = self._printer.card
        if self._emergencies is not None and (card is None or not card.saving):
            for emergency in self._emergencies.feed(data):
                self._printer.act_at_once(emergency)
                # Before the line itself is in the queue, as in an interrupt.
                self._printer.advance(self._printer.now)
        self.input.store(data)
        self.work()

    def _take_lines(self) -> None:
        """Fill the slots, from the wire first and then from the card."""
        queue = self.queue
        printer = self._printer
        while printer.running and len(queue) < self._slots:
            line = self.input.next_line()
            if line is None:
                break
            saving = printer.card is not None and printer.card.saving
            forgiving = printer.faults.duplicates == "silent"
            try:
                admitted = self.guard.admit(line, saving=saving, forgiving=forgiving)
            except LineRefused as refusal:
                printer.say(str(refusal))
                self.ask_resend()
                break
            if admitted:
                text, number = split_line(line)
                if self._emergencies is None and number is None:
                    self._act_early(text)
                queue.append((text, number, True))
        if printer.card is not None and printer.card.printing:
            self._take_card_lines()

    def _take_card_lines(self) -> None:
        card = self._printer.card
        assert card is not None
        while card.printing and len(self.queue) < self._slots:
            line = card.read_line()
            if line is None:
                card.printing = False
                self.queue.append((FILE_PRINTED, None, False))
                return
            text, _ = split_line(line.partition(b";")[0].strip())
            if text:
                self.queue.append((text, None, False))

    def _act_early(self, text: str) -> None:
        """Act on a critical command as it is queued: builds without the parser do that."""
        code = text[:4]
        if code in {"M108", "M410", "M112"}:
            self._printer.act_at_once(Emergency(code))

    # Execution

    def next_due(self) -> float:
        """Return when the running command goes on or says that it is busy."""
        return min(self._wake, self._busy_due)

    def run_due(self) -> None:
        """Do what is due now."""
        printer = self._printer
        if self._busy_due <= printer.now:
            printer.say(f"echo:busy: {self.busy_state}")
            self._busy_due = printer.now + self.busy_interval
        if self._wake <= printer.now:
            self._continue()
        self.work()

    def work(self) -> None:
        """Take lines in and execute commands until nothing is left to do now."""
        executed = 0
        while self._printer.running:
            self._take_lines()
            if self._activity is not None:
                return
            if self.injected:
                self._execute(self.injected.popleft(), None, queued=False)
            elif not self.queue:
                return
            else:
                text, number, from_wire = self.queue[0]
                executed += not from_wire
                if executed > CARD_LINES:
                    self._wake = self._printer.now + CARD_PAUSE
                    return
                self._ok_due = from_wire
                self._execute(text, number)

    def _execute(self, text: str, number: str | None, *, queued: bool = True) -> None:
        printer = self._printer
        self._from_queue = queued
        self.numbered = number is not None
        if queued and self._ok_due:
            printer.accepted.add(text)
            self._hang_at(text)
        command = Command(text)
        if queued and self._ok_due and self._save(command):
            return
        handler = self._handlers.get(command.code)
        if handler is None:
            printer.say(printer.dialect.unknown_command.format(text=text))
            activity = None
        else:
            activity = handler(printer, command)
        if printer.faults.busy_forever:
            activity = self._never_end(activity)
        if activity is None:
            self._finish()
            return
        if command.code not in MOVES:
            printer.motion.planner.streaming = False
        self._begin(activity)

    def _begin(self, activity: Activity) -> None:
        self.busy_state = PROCESSING
        self._activity = activity
        if self.busy_interval:
            self._busy_due = self._printer.now + self.busy_interval
        self._continue()

    def drop_card_lines(self) -> None:
        """Forget the lines of the card that wait in the slots."""
        running = self.queue.popleft() if self.queue and self._from_queue else None
        self.queue = deque(item for item in self.queue if item[2])
        if running is not None:
            self.queue.appendleft(running)

    def abort(self, activity: Activity) -> None:
        """Drop the queue and do something else instead, as ending a print does."""
        self.stop()
        self._from_queue = False
        self._begin(activity)

    def _save(self, command: Command) -> bool:
        """Write a command to the card instead of executing it, if one is being saved."""
        card = self._printer.card
        if card is None or not card.saving or command.code == "M29":
            return False
        card.write(command.text)
        if self._printer.faults.busy_forever:
            self._begin(self._never_end(None))
        else:
            self._finish()
        return True

    def _hang_at(self, text: str) -> None:
        faults = self._printer.faults
        if faults.busy_at != "off" and text.startswith(faults.busy_at):
            faults.busy_at, faults.busy_forever = "off", True

    def _never_end(self, activity: Activity | None) -> Activity:
        """Hang in a command until the fault is switched off."""
        if activity is not None:
            yield from activity
        while self._printer.faults.busy_forever:
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
        """Say the ok of the command that is done and free its slot."""
        if not self._from_queue or not self._printer.running or not self.queue:
            return
        if self._ok_due:
            self.say_ok(self.queue[0][1])
        self.queue.popleft()

    def wake(self) -> None:
        """Let the running command look at the world again at once."""
        if self._activity is not None:
            self._wake = self._printer.now

    def inject(self, text: str) -> None:
        """Execute a command of the firmware's own before anything else in the queue."""
        self.injected.append(text)
        if self._activity is None:
            # Not from here: what injects may itself be in the middle of a command.
            self._wake = self._printer.now

    @property
    def busy(self) -> str | None:
        """What the command that holds up the queue is doing, if one does."""
        return None if self._activity is None else self.busy_state

    # Answers

    def say_ok(self, number: str | None = None) -> None:
        """Say that a command is done."""
        self.oks += 1
        printer = self._printer
        if printer.options.advanced_ok:
            free = printer.motion.planner.free(printer.now)
            line = "" if number is None else f" N{number}"
            printer.say(f"ok{line} P{free} B{self._slots - len(self.queue)}")
        else:
            printer.say("ok")

    def answer(self, text: str) -> None:
        """Say a line that stands for this command's ok, as that of M105 does."""
        self.oks += 1
        self._printer.say(text)
        self._ok_due = False

    def ask_resend(self) -> None:
        """Throw the input away and ask for the line after the last good one."""
        self.input.clear()
        self.resends += 1
        self._printer.say(f"Resend: {self.guard.last + 1}")
        if not self._printer.faults.resend_without_ok:
            self.oks += 1
            self._printer.say("ok")
