"""Which lines are on their way, which are acknowledged, which must go again.

Sans-I/O: lines go in, framed bytes come out; replies go in, acknowledged lines come out.
The window is bounded by bytes (the firmware's receive buffer) and by lines (its command
slots). A Resend rewinds to the wanted line; until that line is known to have arrived
nothing else follows it, because whatever was on the wire ahead of it will draw Resends
of its own (Marlin throws its whole input away on any error).

An ok that names its line (ADVANCED_OK, Repetier) acknowledges that line and all before
it, so a lost ok costs nothing. A plain ok acknowledges the oldest line; lost and doubled
ones are healed by M105, whose ok is unmistakable (``ok T:``): what was sent before it has
been executed, what was sent after it has not.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from itertools import islice

from appliance.records import dataclass

from .dialect import MARLIN, Dialect
from .framing import frame, frame_reset, frame_tight
from .meatpack import afresh, pack, plain, unpacked
from .replies import Ok

# Lines that can be asked for again. The firmware can only miss what is in its buffers;
# far more is kept for a link that was dropped and taken up again.
HISTORY = 256
# Older lines than these are not believed to be missing: the buffers of no board and no
# driver hold so many. Who asks for one has lost its counter.
REACH = 128
# With several M105 on the way, those so far back had an answer that was lost.
PROBE_REACH = 48
# The same line asked for so often in a row: this cable carries nothing.
MAX_REPEATS = 10
# Some boards have no more than this for what they have not read yet.
SMALL_BUFFER = 63
# More lines than these are not sent ahead, however many slots a firmware has.
MOST_LINES = 8


class Line:
    """One line on the wire. Not frozen: it is made once per line of a print."""

    __slots__ = (
        "acknowledged",
        "data",
        "doubled",
        "end",
        "number",
        "owner",
        "probe",
        "sent_at",
        "text",
    )

    def __init__(
        self,
        number: int | None,
        text: bytes,
        data: bytes,
        owner: object = None,
        end: int = 0,
    ) -> None:
        self.number = number  # None: sent without one, outside the sequence
        self.text = text
        self.data = data
        self.owner = owner  # the command it belongs to; None for a file's line
        self.end = end  # for a file's line: the byte after it
        self.probe = text.startswith(b"M105")
        self.acknowledged = False
        self.doubled = False  # sent again although it may have arrived
        self.sent_at = 0.0


class Verdict(Enum):
    """What a Resend comes to."""

    AGAIN = "again"  # lines will go out again
    STALE = "stale"  # an echo of lines thrown away before; nothing to do
    NOTHING = "nothing"  # the firmware wants what was not sent yet
    RENUMBER = "renumber"  # its counter is not ours: M110 is needed
    UNKNOWN = "unknown"  # a line that is no longer known
    LOOP = "loop"  # the same line too often


@dataclass(frozen=True, slots=True)
class Counts:
    """What the window counted since the connection was made."""

    sent: int
    again: int
    requests: int


class Window:
    """The lines between us and the printer."""

    def __init__(self, dialect: Dialect = MARLIN) -> None:
        self.dialect = dialect
        self.max_lines = dialect.window
        self.max_bytes = dialect.rx_buffer
        self.most_lines = MOST_LINES  # may be learned, no more
        self.number = 1  # of the next new line
        self.advanced = False  # oks name their lines
        self.packed = False  # lines go out in MeatPack
        self._was_packed = False  # no more, since the cable damages lines
        self.sent = 0
        self.again = 0
        self.requests = 0
        self._flight: deque[Line] = deque()
        self._bytes = 0
        self._history: deque[Line] = deque(maxlen=HISTORY)
        self._again: deque[Line] = deque()
        self._probes: deque[Line] = deque()  # whose ``ok T:`` has not come
        self._recovering: int | None = None
        self._stale = 0
        self._repeats = 0
        self._swallow = False
        self._resetting = False  # an M110 is on its way
        self._telling: Line | None = None  # whose ok answers for all before it
        self._waived = False  # one line may follow though the one before has no answer
        self.single_until = 0  # the count of lines up to which they go one by one

    def adopt(self, dialect: Dialect) -> None:
        """Go on with another dialect's limits."""
        self.dialect = dialect
        self.limit(dialect.window, dialect.rx_buffer)
        if dialect.tells_slots:
            self.most_lines = MOST_LINES

    def limit(self, lines: int | None, size: int | None) -> None:
        """Send no more lines or bytes ahead than that, whatever the oks tell."""
        if lines is not None:
            self.max_lines = self.most_lines = lines
        if size is not None:
            self.max_bytes = size

    def shrink(self) -> None:
        """Send less ahead: first for a small receive buffer, then one line at a time."""
        if self.max_bytes > SMALL_BUFFER:
            self.limit(min(self.max_lines, 2), SMALL_BUFFER)
        else:
            self.limit(1, None)

    def reset(self, number: int = 1) -> None:
        """Forget everything on the way; ``number`` is the next line's."""
        self.number = number
        self._flight.clear()
        self._again.clear()
        self._history.clear()
        self._probes.clear()
        self._bytes = 0
        self._recovering = None
        self._stale = self._repeats = 0
        self._swallow = False
        self._resetting = False
        self._waived = False
        self._telling = None
        self._was_packed = False

    def unpack(self) -> None:
        """Send everything in plain text from now on, what must go again included."""
        self.packed, self._was_packed = False, True
        self._reframe()

    @property
    def counts(self) -> Counts:
        """What was counted so far."""
        return Counts(self.sent, self.again, self.requests)

    @property
    def empty(self) -> bool:
        """Whether nothing is on the way or waits to go again."""
        return not self._flight and not self._again

    @property
    def oldest(self) -> Line | None:
        """The line whose execution the printer is busy with."""
        return self._flight[0] if self._flight else None

    @property
    def in_flight(self) -> tuple[Line, ...]:
        """The lines sent and not acknowledged."""
        return tuple(self._flight)

    @property
    def unanswered(self) -> tuple[Line, ...]:
        """The lines of which nobody knows that they arrived, also those to go again."""
        return tuple(line for line in (*self._flight, *self._again) if not line.acknowledged)

    @property
    def bytes_in_flight(self) -> int:
        """Bytes sent and not acknowledged."""
        return self._bytes

    @property
    def recovering(self) -> bool:
        """Whether a Resend is being answered."""
        return self._recovering is not None or bool(self._again)

    def room(self, size: int) -> bool:
        """Whether a line of ``size`` bytes more fits now."""
        if self._recovering is not None or self._again or self._resetting:
            return False
        if not self._flight:
            return True  # one line always goes, however long
        if self._single:
            return False
        return len(self._flight) < self.max_lines and self._bytes + size <= self.max_bytes

    @property
    def _single(self) -> bool:
        """Whether lines go one by one now."""
        return self.max_lines == 1 or self.sent < self.single_until

    def push(
        self,
        text: bytes,
        now: float,
        owner: object = None,
        end: int = 0,
        *,
        in_step: bool = False,
    ) -> Line:
        """Take a new line on its way; its ``data`` is to be written now.

        ``in_step``: with what a decoder of MeatPack needs that may have lost its state.
        """
        if self.dialect.numbered:
            data = self._framed(self.number, text, in_step=in_step)
            line = Line(self.number, text, data, owner, end)
            self.number += 1
            self._history.append(line)
        else:
            line = Line(None, text, text + b"\n", owner, end)
        self._fly(line, now)
        return line

    def push_reset(self, number: int, now: float, owner: object = None) -> Line:
        """Take an M110 on its way, after which ``number + 1`` is the next line's number.

        Only for an empty window: what was sent before can no longer be asked for. Nothing
        goes out before its ok: Marlin sets the counter once more when it executes M110,
        and would ask for lines again that it has queued meanwhile.
        """
        self.reset(number + 1)
        data = frame_reset(number)
        line = Line(number, b"M110", pack(data) if self.packed else data, owner)
        self._history.append(line)
        self._fly(line, now)
        self._resetting = True
        return line

    def push_bare(self, text: bytes, now: float, owner: object = None) -> Line:
        """Take a line outside the sequence on its way: an emergency command.

        It acts at once, is queued by the firmware all the same, and gets an ok in turn.
        """
        data = text + b"\n"
        line = Line(None, text, plain(data) if self.packed else data, owner)
        self._fly(line, now)
        return line

    def next_again(self, now: float) -> Line | None:
        """Return the next line that must go again and may go now."""
        if not self._again:
            return None
        if self._recovering is not None:
            if self._again[0].number != self._recovering:
                return None  # wait until the first one has arrived
        elif self._flight and self._single:
            if not self._waived:
                return None
            self.tells(self._again[0])
        elif self._flight and (
            len(self._flight) >= self.max_lines
            or self._bytes + len(self._again[0].data) > self.max_bytes
        ):
            return None
        self._waived = False
        line = self._again.popleft()
        first = line.number is not None and line.number == self._recovering
        if line.number is not None and first and (self.packed or self._was_packed):
            line.data = self._framed(line.number, line.text, in_step=True)
        self.again += 1
        self._fly(line, now)
        return line

    def _framed(self, number: int, text: bytes, *, in_step: bool) -> bytes:
        if self.packed:
            return (afresh if in_step else pack)(frame_tight(number, text))
        data = frame(number, text)
        return unpacked(data) if in_step and self._was_packed else data

    def _reframe(self) -> None:
        """Bring what must go again, and is not on the way, into plain text."""
        for line in self._again if self._was_packed else ():
            if line.number is not None:
                line.data = frame(line.number, line.text)

    def acknowledge(self, ok: Ok) -> list[Line]:
        """Take an ok; return the lines that it acknowledges, oldest first."""
        if self._swallow:
            self._swallow = False
            if ok.number is None and ok.readings is None and ok.planner is None:
                return []
        if ok.number is not None:
            self.advanced = True
            if ok.slots is not None and ok.slots >= self.max_lines:
                # So many are free beside the one that is acknowledged.
                self.max_lines = min(ok.slots + 1, self.most_lines)
            return self._acknowledge_number(ok.number)
        if ok.readings is not None:
            return self._acknowledge_probe()
        if self.advanced and self._flight and self._flight[0].number is not None:
            return []  # a bare ok where numbered ones are usual belongs to no line
        if self._telling is not None:
            return self._acknowledge_all()
        return self._take(1)

    def tells(self, line: Line) -> None:
        """Believe the next ok to be that of ``line``, sent when all was silent for long.

        Firmware takes it only after all before it; else it asks for what it has missed.
        """
        self._telling = line

    def _acknowledge_all(self) -> list[Line]:
        line, self._telling = self._telling, None
        if line is None or line not in self._flight:
            return self._take(1)
        return self._take(self._flight.index(line) + 1)

    def other_line(self) -> None:
        """Note that a line came which is no ok: the ok of a Resend is not to follow."""
        self._swallow = False

    def resend(self, number: int, *, out_of_order: bool) -> Verdict:
        """Take a Resend; ``out_of_order``: the error before it named the sequence."""
        self.requests += 1
        self._telling = None
        self._swallow = self.dialect.ok_after_resend
        number = self._unwrap(number)
        if number >= self.number:
            return Verdict.NOTHING if number == self.number else Verdict.RENUMBER
        if number < self.number - REACH:
            return Verdict.UNKNOWN
        lines = self._since(number)
        if lines is None:
            return Verdict.UNKNOWN if self._history else Verdict.RENUMBER
        if out_of_order and self._echoed(lines[0]):
            return Verdict.STALE
        self._repeats = self._repeats + 1 if number == self._recovering else 1
        if self._repeats > MAX_REPEATS:
            return Verdict.LOOP
        ahead = sum(1 for line in self._flight if line.number is None or line.number > number)
        self._flight = deque(self._arrived_before(number))
        self._bytes = sum(len(line.data) for line in self._flight)
        self._probes = deque(probe for probe in self._probes if (probe.number or 0) < number)
        self._again = deque(lines)
        self._reframe()
        self._stale = max(self._stale, ahead)
        self._recovering = number
        return Verdict.AGAIN

    def _echoed(self, line: Line) -> bool:
        """Whether lines thrown away before made it ask for this one once more.

        Or the second copy of the line before, when nothing was sent after this one: if it is
        missing all the same, a probe will tell.
        """
        if line.number == self._recovering and self._stale > 0:
            self._stale -= 1
            return True
        if line is not self._history[-1] or self.dialect.silent_duplicates:
            return False
        before = self._history[-2] if len(self._history) > 1 else None
        if before is None or not before.doubled:
            line.doubled = True
            return False
        before.doubled = False
        return True

    def rewind(self) -> bool:
        """Begin again with the M110 that the firmware has not taken, if there is one.

        It counts higher than we do, twice told: so it has refused the M110 and whatever
        was sent since, all of which has lower numbers.
        """
        if not self._history or self._history[0].text != b"M110":
            return False
        self._repeats = self._repeats + 1 if self._recovering == self._history[0].number else 1
        if self._repeats > MAX_REPEATS:
            return False
        self._flight.clear()
        self._probes.clear()
        self._bytes = 0
        self._again = deque(self._history)
        self._reframe()
        self._recovering = self._history[0].number
        self._resetting = True
        return True

    def _arrived_before(self, number: int) -> list[Line]:
        """Return the lines whose oks are still to come when ``number`` is asked for.

        Who asks for it has taken all before it, also those that a damaged Resend named.
        """
        lines = [*self._flight, *(line for line in self._again if not line.acknowledged)]
        before = [line for line in lines if line.number is not None and line.number < number]
        return sorted(before, key=lambda line: line.number or 0)

    def plausible(self, number: int) -> bool:
        """Whether the firmware can be asking for that line: it has seen no more than these."""
        first = next((line.number for line in self._flight if line.number is not None), None)
        if self._recovering is not None:
            first = min(first or self._recovering, self._recovering)
        if first is None:
            first = self.number
        return first <= self._unwrap(number) <= self.number

    def release(self) -> None:
        """Stop waiting for the line asked for: let the following ones go as a probe.

        Where lines go one by one it is one: an ok was lost, and its own answers for both.
        """
        self._waived = True
        self._resetting = False
        self._recovering = None
        self._repeats = 0

    def drop(self) -> list[Line]:
        """Give up what is on the way; return it, oldest first."""
        lines = [*self._flight, *self._again]
        self._flight.clear()
        self._again.clear()
        self._probes.clear()
        self._bytes = 0
        self._recovering = None
        return [line for line in lines if not line.acknowledged]

    def forgive(self) -> list[Line]:
        """Treat the oldest line as acknowledged: an ok was surely lost."""
        return self._take(1)

    def forget_probes(self) -> None:
        """Expect no more answers to the M105 that were sent so far: they were lost."""
        self._probes.clear()

    def _fly(self, line: Line, now: float) -> None:
        line.sent_at = now
        self._flight.append(line)
        if line.probe:
            self._probes.append(line)
        self._bytes += len(line.data)
        self.sent += 1

    def _take(self, count: int) -> list[Line]:
        taken = []
        for _ in range(min(count, len(self._flight))):
            line = self._flight.popleft()
            self._bytes -= len(line.data)
            self._resetting = False
            if line.number is not None and line.number == self._recovering:
                self._recovered()
            if not line.acknowledged:
                line.acknowledged = True
                taken.append(line)
        return taken

    def _recovered(self) -> None:
        self._recovering = None
        self._repeats = self._stale = 0

    def _acknowledge_number(self, number: int) -> list[Line]:
        number = self._unwrap(number)
        count = 0
        for index, line in enumerate(self._flight):
            if line.number is None:
                continue
            if line.number > number:
                break
            count = index + 1
        taken = self._take(count)
        if self._recovering is not None and number >= self._recovering:
            taken += self._forget_again(number)
        return taken

    def _forget_again(self, number: int) -> list[Line]:
        """Return the lines that have arrived after all (the Resend was garbled)."""
        self._recovered()
        arrived = []
        while self._again and (self._again[0].number or 0) <= number:
            line = self._again.popleft()
            if not line.acknowledged:
                line.acknowledged = True
                arrived.append(line)
        return arrived

    def _acknowledge_probe(self) -> list[Line]:
        probes = self._probes
        while len(probes) > 1 and (probes[0].number or 0) < self.number - PROBE_REACH:
            probes.popleft()
        if not probes:
            return []
        probe = probes.popleft()
        if probe not in self._flight:
            self._put_back(probe)
            return []
        return self._take(self._flight.index(probe) + 1)

    def _put_back(self, probe: Line) -> None:
        """Take back what doubled oks acknowledged too early: all that came after it."""
        if probe.number is None or self.recovering or self._history[0].number is None:
            return
        if any(line.number is None for line in self._flight):
            return
        first = (self._flight[0].number if self._flight else None) or self.number
        early = [line for line in self._history if probe.number < (line.number or 0) < first]
        self._flight.extendleft(reversed(early))
        self._bytes += sum(len(line.data) for line in early)

    def _since(self, number: int) -> list[Line] | None:
        """Return the lines from ``number`` on, or None if that one is forgotten."""
        if not self._history or (self._history[0].number or 0) > number:
            return None
        first = len(self._history) - (self.number - number)
        return list(islice(self._history, max(first, 0), None))

    def _unwrap(self, number: int) -> int:
        """Undo the firmware's modulus: the nearest number to ours."""
        modulus = self.dialect.line_number_modulus
        if modulus is None:
            return number
        base = self.number - self.number % modulus
        return min(
            (base + number + turn * modulus for turn in (-1, 0, 1)),
            key=lambda candidate: abs(candidate - self.number),
        )
