"""What is done when the printer asks for a line again, and when it does so too often.

The window knows which lines go again; here is decided what that tells of the cable, of the
firmware's buffer and of its counter, and when no sending again will help.
"""

from __future__ import annotations

from collections import deque

from appliance.domain.printer import Fault, FaultReason
from appliance.records import dataclass

from .console import Console
from .damage import Damage, Remedy
from .window import Verdict, Window

# The same forgotten line must be asked for so often before it is believed.
UNKNOWN_ASKED = 3


@dataclass(frozen=True, slots=True)
class Lost:
    """Why lines on the way cannot be sent again."""

    fault: Fault
    all_over: bool  # else only their senders have to know: counting anew helps


class Resends:
    """The Resends of one dialogue and what they come to."""

    def __init__(self, console: Console) -> None:
        self.uncertain = False  # whether oks and lines may be out of step after damage
        self._console = console
        self._damage = Damage()
        self._unknown_asked: deque[int] = deque(maxlen=8)

    def forget_damage(self) -> None:
        """Begin to count damaged lines anew."""
        self._damage.forget()

    def noisy(self, window: Window) -> bool:
        """Whether so much has been damaged lately that silence means damage, too."""
        return self._damage.noisy(window.sent)

    def take(
        self,
        window: Window,
        number: int,
        *,
        expected: int | None,
        out_of_order: bool,
        printing: bool,
    ) -> Lost | None:
        """Let the lines from ``number`` on go again; return why not, if they cannot.

        ``expected`` is what the error before the Resend named; ``out_of_order``: it was
        about the sequence; ``printing``: lines of a job are on the way.
        """
        verdict = window.resend(number, out_of_order=out_of_order)
        if verdict is Verdict.AGAIN:
            self.uncertain = True
            return self._damaged(window)
        if verdict is Verdict.LOOP:
            return _over(
                FaultReason.RESEND_LOOP,
                f"The printer asked for line {number} again and again: the cable, or "
                "something near it, disturbs the data too much.",
            )
        if verdict in (Verdict.UNKNOWN, Verdict.RENUMBER):
            self._unknown_asked.append(number)
            if not printing:
                return _lost_count(number)
            if verdict is Verdict.RENUMBER and number == expected and window.rewind():
                return None  # it has not taken the M110 at the beginning of the job
            return self._asked_for_unknown(number)
        return None

    def send_less_ahead(self, window: Window) -> None:
        """Suspect the firmware's buffer before the cable: some hold 64 bytes, or one line."""
        window.shrink()
        window.single_until = 0  # whether it helps shows only with lines ahead
        self._damage.forget()
        limits = f"{window.max_bytes} bytes, {window.max_lines} lines"
        self._console.note(f"Lines arrive damaged: no more than {limits} are sent ahead now.")

    def _damaged(self, window: Window) -> Lost | None:
        damage = self._damage
        remedies = damage.add(window.sent, packed=window.packed, ahead=window.max_lines > 1)
        window.single_until = damage.single_until
        for remedy in remedies:
            match remedy:
                case Remedy.UNPACK:
                    window.unpack()
                    self._console.note(
                        "Lines arrive damaged: they are sent without MeatPack now."
                    )
                case Remedy.SHRINK:
                    self.send_less_ahead(window)
                case Remedy.GIVE_UP:
                    recent, lines = damage.unusable or (0, 0)
                    return _over(
                        FaultReason.RESEND,
                        f"{recent} of the last {lines} lines arrived damaged: the cable, or "
                        "something near it, disturbs the data too much to print.",
                    )
        return None

    def _asked_for_unknown(self, number: int) -> Lost | None:
        """Give up only when it insists: once may be a damaged number, which it says again."""
        if self._unknown_asked.count(number) < UNKNOWN_ASKED:
            return None
        return _over(
            FaultReason.RESEND,
            f"The printer asks for line {number} again, which was printed long ago.",
        )


def _lost_count(number: int) -> Lost:
    fault = Fault(
        FaultReason.RESEND,
        f"The printer has lost count of the lines (it asked for line {number}): whether "
        "the command was executed is not known.",
    )
    return Lost(fault, all_over=False)


def _over(reason: FaultReason, message: str) -> Lost:
    return Lost(Fault(reason, message), all_over=True)
