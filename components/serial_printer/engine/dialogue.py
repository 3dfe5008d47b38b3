"""The talk with one open port: three lanes in, acknowledged lines and replies out.

Everything here is plain calls between the file descriptor and the window; nothing waits.
Lanes: emergency commands go at once and around the window; commands (from people, scripts
and polls) go before the lines of the job.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from appliance.domain.printer import Fault, FaultReason

from .answers import collect, may_be_ok, reported
from .console import JOB, Console
from .dialect import UNKNOWN, Dialect
from .faults import Classified, Severity, classify
from .line_errors import LineErrors, Suspect, likely
from .lines import LineSplitter, clean
from .meatpack import plain
from .outbox import Command, JobSource, Outbox
from .patience import Advice, Patience
from .port import Port
from .probing import ORIGIN, ask_at_once, question, upload_at_once, worth_asking
from .replies import (
    PLAIN_OK,
    Busy,
    Ok,
    Problem,
    Reply,
    Resend,
    Started,
    Temperatures,
    Wait,
    parse,
)
from .resends import Resends
from .window import Line, Window

EMERGENCY = (b"M112", b"M108", b"M410", b"M876")


class Listener(Protocol):
    """Who hears what the dialogue learns."""

    def replied(self, reply: Reply, text: str) -> None:
        """Hear a line of the printer that is not an ok or a Resend."""

    def sent(self, text: bytes) -> None:
        """Hear of a line that went out."""

    def executed(self, text: bytes) -> None:
        """Hear of a line that was acknowledged."""

    def failed(self, fault: Fault) -> None:
        """Hear that the dialogue cannot go on."""


class Dialogue:
    """One connection's talk."""

    def __init__(self, console: Console, listener: Listener) -> None:
        self.window = Window(UNKNOWN)
        self.patience = Patience()
        self.outbox = Outbox()
        self.resends = Resends(console)
        self.console = console
        self.job: JobSource | None = None
        self.bytes_sent = 0
        self.bytes_received = 0
        self.planner_free: int | None = None
        self.latencies: deque[float] = deque(maxlen=1000)
        self._listener = listener
        self._port: Port | None = None
        self._splitter = LineSplitter()
        self._errors = LineErrors()
        self._empty: list[Callable[[], None]] = []
        # While a connection is being made, oks answer the hello and belong to no line.
        self.on_hello: Callable[[], None] | None = None

    # -- life

    def open(self, port: Port, dialect: Dialect = UNKNOWN) -> None:
        """Begin with a freshly opened port."""
        self._port = port
        self.window = Window(dialect)
        self._begin()

    def reopen(self, port: Port) -> None:
        """Go on with the same window: the firmware has kept its state."""
        self._port = port
        self._begin()

    def close(self, fault: Fault | None) -> None:
        """End the talk; whoever waits for a command learns why."""
        if self._port is not None:
            self._port.close()
            self._port = None
        self._fail_commands(fault)
        self.outbox.forget_job()
        self.job = None
        self._empty.clear()

    def restart(self, fault: Fault) -> None:
        """Forget everything on the way: the board was reset."""
        self._fail_commands(fault)
        self.window.reset()
        self.window.packed = False  # the board has forgotten that, too
        self.outbox.forget_job()
        self.resends.forget_damage()

    def start_over(self, fault: Fault) -> None:
        """Give up every line on the way and count anew; their senders learn ``fault``."""
        self._fail_commands(fault)
        self.window.drop()
        self.outbox.forget_job()
        self.resends.forget_damage()
        self.renumber()

    @property
    def is_open(self) -> bool:
        """Whether there is a port to talk to."""
        return self._port is not None

    @property
    def idle(self) -> bool:
        """Whether nothing is on the way and nothing waits to be sent."""
        return self.window.empty and self.outbox.empty

    def when_empty(self, then: Callable[[], None]) -> None:
        """Call ``then`` once nothing is on the way, or now."""
        if self.window.empty:
            then()
        else:
            self._empty.append(then)

    # -- sending

    def send(self, *commands: Command) -> None:
        """Queue commands before the lines of the job.

        The line numbers are ours: an M110 of somebody else would make the firmware drop or
        repeat lines, so it is answered here.
        """
        for command in commands:
            if not command.text.startswith(b"M110"):
                self.outbox.put(command)
                continue
            self.console.note("M110 is not sent: Gantry counts the lines itself.")
            command.done(None)
        self.pump()

    def has_queued(self, text: bytes) -> bool:
        """Whether the same command waits or is on its way already."""
        return self.outbox.has(text) or any(
            line.text == text for line in self.window.in_flight
        )

    def send_now(self, text: bytes, origin: str) -> None:
        """Send an emergency command around the queue and the window."""
        if self._port is None:
            return
        line = self.window.push_bare(text, time.monotonic())
        self.console.sent(text, origin)
        self._port.write_urgent(line.data)
        self.bytes_sent += len(line.data)

    def renumber(self, number: int = 0) -> None:
        """Tell the firmware that ``number + 1`` comes next (M110); the window is empty."""
        if self._port is None or not self.window.dialect.numbered:
            return
        command = Command(b"M110", "handshake", poll=True)
        line = self.window.push_reset(number, time.monotonic(), command)
        self.console.sent(line.data.rstrip(), "handshake")
        self._port.write(line.data)

    def write_line(self, text: bytes) -> None:
        """Write a line outside of window and queue: the last words before a halt."""
        data = text + b"\n"
        self.console.sent(text.strip(), "gantry")
        self.write_raw(plain(data) if self.window.packed else data)

    def write_raw(self, data: bytes) -> None:
        """Write bytes as they are: hellos and protocol switches."""
        if self._port is not None:
            self._port.write(data)
            self.bytes_sent += len(data)

    def pump(self) -> None:
        """Send whatever may go now; the heart of the hot path."""
        port = self._port
        if port is None:
            return
        window = self.window
        take_next = self.outbox.take_next
        now = time.monotonic()
        out: list[bytes] = []
        while True:
            line = window.next_again(now)
            if line is None:
                line = take_next(window, self.job, now)
                if line is None:
                    break
                self._tell_sent(line)
            out.append(line.data)
        if out:
            data = b"".join(out)
            self.bytes_sent += len(data)
            if self.job is not None:
                self.job.sending()
            port.write(data)

    def _tell_sent(self, line: Line) -> None:
        text, owner = line.text, line.owner
        if owner is None:
            self.console.sent(text, JOB)
            if text[0] == 77:  # M: targets count from the moment of sending
                self._listener.sent(text)
        elif isinstance(owner, Command):
            self.console.sent(text, owner.origin)
            self._listener.sent(text)

    @property
    def underway(self) -> list[bytes]:
        """What was sent, or read to be sent, and is not known to be executed."""
        lines = [line.text for line in self.window.unanswered]
        held = self.outbox.held
        return lines if held is None else [*lines, held]

    def clear_commands(self, origin: str) -> None:
        """Drop queued commands of that origin that were not sent yet; who waits is told."""
        fault = Fault(FaultReason.CONNECTION, "The print was cancelled.")
        for command in self.outbox.drop(origin):
            command.done(fault)

    def acknowledge(self) -> None:
        """Take the oldest line for executed: a person sees that the printer waits."""
        now = time.monotonic()
        self.window.release()
        self.patience.progressed(now)
        self._forgive(now)
        self.pump()

    # -- receiving

    def received(self, data: bytes) -> None:
        """Take bytes of the port."""
        now = time.monotonic()
        self.bytes_received += len(data)
        self.patience.heard(now)
        for raw in self._splitter.feed(data):
            if raw == b"ok":
                self._ok(PLAIN_OK, "ok", now)
                continue
            text = clean(raw)
            if text:
                self._take(parse(text), text, now)
            if self._port is None:
                return
        self.pump()

    def _take(self, reply: Reply, text: str, now: float) -> None:
        if isinstance(reply, Ok):
            self._ok(reply, text, now)
            return
        if self.on_hello is None and may_be_ok(reply, text, self.window):
            self._ok(PLAIN_OK, text, now)
            return
        expected = self._errors.take_expected()
        if self.on_hello is not None:
            self.console.received(text, quiet=False)
            self._listener.replied(reply, text)
            return
        suspect = self._errors.take_suspect()
        if isinstance(reply, Resend):
            self.console.received(text, quiet=False)
            number = likely(reply.number, expected, self.window.plausible)
            self._resend(number, now, expected)
            return
        if suspect is not None:
            self._problem_listener(suspect.problem, suspect.text)
            if self._port is None:
                return
        if expected is not None:  # the Resend after the error was garbled on its way
            self._resend(expected, now, expected)
        else:
            self.window.other_line()
        self._told(reply, text, now)

    def _told(self, reply: Reply, text: str, now: float) -> None:
        """Take a line that is neither an ok nor a Resend."""
        self.console.received(text, quiet=False)
        if isinstance(reply, Problem):
            self._problem(text, now)
            return
        if isinstance(reply, Busy):
            self.patience.progressed(now, busy=True)
        elif isinstance(reply, Temperatures) and reply.waiting:
            self.patience.progressed(now)
        elif isinstance(reply, Wait):
            self._idle_wait(now)
        elif isinstance(reply, Started):
            self.patience.start(now)
        oldest = self.window.oldest
        if not reported(reply, oldest):
            collect(text, oldest)
        self._listener.replied(reply, text)

    def _ok(self, ok: Ok, text: str, now: float) -> None:
        expected = None
        if self._errors.pending:
            expected = self._errors.take_expected()
            suspect = self._errors.take_suspect()
            if suspect is not None:
                self._problem_listener(suspect.problem, suspect.text)
                if self._port is None:
                    return
        if self.on_hello is not None:
            self.console.received(text, quiet=False)
            self.on_hello()
            return
        if expected is not None and ok == PLAIN_OK:
            self._resend(expected, now, expected)  # the Resend was lost, and this is its ok
            if self._port is None:
                return
        self._answered(ok, text, now)

    def _answered(self, ok: Ok, text: str, now: float) -> None:
        """Take an ok of a line."""
        if ok.planner is not None:
            self.planner_free = ok.planner
        lines = self.window.acknowledge(ok)
        self.patience.progressed(now)
        self.console.received(text, quiet=bool(lines) and lines[0].owner is None)
        if ok.readings is not None or ok.position or ok.before or ok.info is not None:
            if ok.readings is None:
                collect(ok.before or text, self.window.oldest)
            self._listener.replied(ok, text)
        for line in lines:
            self._acknowledged(line, now, text)
        if self.resends.uncertain and not self.window.recovering:
            self.resends.uncertain = False
            if worth_asking(self.window, self.job):
                self.outbox.put_first(question())
        if self._empty:
            self._look_for_end()

    def _look_for_end(self) -> None:
        if self._empty and self.window.empty:
            waiting, self._empty = self._empty, []
            for then in waiting:
                then()

    def _acknowledged(self, line: Line, now: float, text: str) -> None:
        self.latencies.append(now - line.sent_at)
        self._listener.executed(line.text)
        owner = line.owner
        if owner is None:
            if self.job is not None and line.number is not None:
                self.job.acknowledged(line)
        elif isinstance(owner, Command):
            if len(text) > 2:
                owner.answers.append(text)
            owner.done(None)

    def _resend(self, number: int, now: float, expected: int | None) -> None:
        """Send again; ``expected`` is what the error before it named."""
        self.patience.progressed(now)
        lost = self.resends.take(
            self.window,
            number,
            expected=expected,
            out_of_order=self._errors.take_out_of_order(),
            printing=self.job is not None,
        )
        if lost is None:
            return
        if lost.all_over:
            self._listener.failed(lost.fault)
        else:
            self._fail_flight(lost.fault)
            self.renumber()

    def _problem(self, text: str, now: float) -> None:
        dialect, oldest = self.window.dialect, self.window.oldest
        of_the_file = self.job is not None and oldest is not None and oldest.owner is None
        problem = classify(
            text,
            unknown_is_fatal=dialect.unknown_error_is_fatal,
            refusal_is_fatal=dialect.refusal_ends_job and of_the_file,
        )
        if problem.severity is Severity.LINE:
            self._errors.announce(problem)
            return
        collect(text, oldest)
        if problem.severity is Severity.FATAL:
            self._errors.suspect(Suspect(problem, text, now))
        else:
            self._problem_listener(problem, text)

    def _problem_listener(self, problem: Classified, text: str) -> None:
        if problem.fault is not None:
            self._listener.failed(problem.fault)
        else:
            self._listener.replied(Problem(text), text)

    def _idle_wait(self, now: float) -> None:
        """Repetier says that it has nothing to do: whatever is on the way was lost."""
        oldest = self.window.oldest
        if not self.window.dialect.wait_is_idle or oldest is None:
            return
        if now - oldest.sent_at > 1.0:
            self._forgive(now)

    def _forgive(self, now: float) -> None:
        for line in self.window.forgive():
            self._acknowledged(line, now, "")
        self._look_for_end()

    # -- time

    def tick(self, now: float) -> None:
        """Look after lost answers; called a few times a second."""
        if self._port is None:
            return
        meant = self._errors.take_meant(now)
        if meant is not None:
            self._problem_listener(meant.problem, meant.text)
            return
        oldest = self.window.oldest
        waited_for = oldest.text if oldest is not None else None
        advice = self.patience.advise(
            now,
            waited_for,
            noisy=self.resends.noisy(self.window),
            lossless=self.window.dialect.lossless,
        )
        if advice is Advice.PROBE:
            self.window.release()
            self.pump()
            if not any(line.sent_at >= now for line in self.window.in_flight):
                self._probe(now)
        elif advice is Advice.GIVE_UP:
            fault = Fault(
                FaultReason.TIMEOUT,
                "The printer has stopped answering.",
                "Check its power and its cable, then connect again.",
            )
            self._listener.failed(fault)

    def _probe(self, now: float) -> None:
        """Send a line past the window: its answer tells what else has arrived."""
        if self._port is None:
            return
        if self.job is not None and self.job.uploading:
            line = upload_at_once(self.window, self.outbox, self.job, now)
            if line is None:
                self._forgive(now)
                self.pump()
                return
            self.console.sent(line.text, JOB)
        else:
            if self.window.packed and self.patience.probes > 1:
                # A decoder that has lost its state answers nothing: packed lines have no end.
                self.window.unpack()
                self.console.note("No answer: lines are sent without MeatPack now.")
            line = ask_at_once(self.window, now)
            self.console.sent(line.text, ORIGIN)
        self._port.write(line.data)

    def _begin(self) -> None:
        now = time.monotonic()
        self._splitter.reset()
        self._errors = LineErrors()
        self.patience = Patience()
        self.patience.start(now)
        self.resends.forget_damage()

    def _fail_flight(self, fault: Fault) -> None:
        """Tell whoever waits that nobody knows what became of the lines on the way."""
        for line in self.window.drop():
            if isinstance(line.owner, Command):
                line.owner.done(fault)

    def _fail_commands(self, fault: Fault | None) -> None:
        gone = fault or Fault(
            FaultReason.CONNECTION, "The connection to the printer was closed."
        )
        owners = [line.owner for line in self.window.drop()]
        for owner in [*owners, *self.outbox.drop_all()]:
            if isinstance(owner, Command):
                owner.done(gone)
