"""How long silence is tolerated, by what the printer is busy with. Sans-I/O.

A lost ok must be noticed quickly and cheaply: a probe (M105) after a few seconds without
progress resolves it, whatever was lost. Giving up is slow and deliberate, because a
printer that heats or homes owes nobody an answer.
"""

from __future__ import annotations

import re
from enum import Enum

from appliance.records import dataclass

_BLOCKING = re.compile(
    rb"(?:M(?:109|190|191|116|303|400|226|600|0|1|25|48|125|603|701|702|24|28|29|20|21|500|501|"
    rb"502|997|420|425)|G(?:4|28|29|30|32|33|34|425)|T\d)(?:\D|$)"
)
_DWELL = re.compile(rb"G4\D")
_DWELL_TIME = re.compile(rb"([PS])\s*(\d+(?:\.\d+)?)")

# Seconds without progress after which a probe goes out; a slow move looks the same and a
# probe does no harm there.
PROBES_S = (1.0, 3.0, 8.0, 16.0)
# On a cable that damages much a probe is lost as easily as anything else.
PROBES_NOISY_S = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 13.0, 16.0)
PROBES_BLOCKED_S = (20.0, 40.0, 60.0, 90.0)
SILENCE_S = 30.0
# Homing, probing and heating on firmware that does not say "busy".
SILENCE_BLOCKED_S = 900.0
# The printer answers other things and never the line: it will not.
STALLED_S = 60.0


class Advice(Enum):
    """What to do now."""

    WAIT = "wait"
    PROBE = "probe"
    GIVE_UP = "give_up"


def blocks(text: bytes) -> bool:
    """Whether a command may take minutes before its ok."""
    return _BLOCKING.match(text) is not None


def dwell_s(text: bytes) -> float:
    """Return the seconds of a G4, else 0."""
    if not _DWELL.match(text):
        return 0.0
    for unit, value in _DWELL_TIME.findall(text):
        return float(value) / (1000.0 if unit == b"P" else 1.0)
    return 0.0


@dataclass(slots=True)
class Patience:
    """Watches the progress of the oldest line in flight."""

    heard_at: float = 0.0  # any line
    progress_at: float = 0.0  # an ok, a busy, a heat-up's line, a Resend
    probes: int = 0
    busy_seen: bool = False
    timeouts: int = 0

    def start(self, now: float) -> None:
        """Begin anew, as after opening the port."""
        self.heard_at = self.progress_at = now
        self.probes = 0

    def skip(self, seconds: float) -> None:
        """Leave time out in which nothing could be heard."""
        self.heard_at += seconds
        self.progress_at += seconds

    def heard(self, now: float) -> None:
        """Note a line of any kind."""
        self.heard_at = now

    def progressed(self, now: float, *, busy: bool = False) -> None:
        """Note that the printer works on what it was given."""
        self.heard_at = self.progress_at = now
        self.probes = 0
        self.busy_seen = self.busy_seen or busy

    def advise(
        self, now: float, oldest: bytes | None, *, noisy: bool = False, lossless: bool = False
    ) -> Advice:
        """Say what to do about the line ``oldest`` that is un-acknowledged.

        ``lossless``: nothing gets lost on the way, and the end of the line is told.
        """
        if oldest is None or lossless:
            self.progress_at = max(self.progress_at, self.heard_at)
            return Advice.WAIT
        blocked = blocks(oldest)
        dwell = dwell_s(oldest)
        patient = blocked and not dwell and not self.busy_seen
        silence = now - self.heard_at
        stalled = now - self.progress_at - dwell
        if silence > (SILENCE_BLOCKED_S if patient else SILENCE_S) + dwell:
            return Advice.GIVE_UP
        pauses = PROBES_NOISY_S if noisy else PROBES_S
        if blocked:
            pauses = PROBES_BLOCKED_S
        if self.probes >= len(pauses) and stalled > (
            SILENCE_BLOCKED_S if patient else STALLED_S
        ):
            return Advice.GIVE_UP
        if self.probes < len(pauses) and stalled > pauses[self.probes]:
            self.probes += 1
            self.timeouts += 1
            return Advice.PROBE
        return Advice.WAIT
