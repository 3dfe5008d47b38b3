"""How much of what is sent arrives damaged, and what is to be done about it. Sans-I/O.

Counted are the Resends that made lines go again, against the lines sent so far.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

# More Resends than this share of the last lines: the cable is not usable.
# A worse one is known sooner: damage slows everything down, and people wait.
UNUSABLE = ((50, 0.24), (150, 0.12))
# So many in so many lines: whatever is missing has probably been damaged.
RECENT_LINES = 50
NOISY_COUNT = 4
# One damaged bit can shift a packed line as a whole, and the checksum of 8 bits misses one
# such shift in 256; of plain text it sees every single bit.
UNPACK_COUNT = 2
# From so many in RECENT_LINES on, fewer lines are sent ahead.
SHRINK_COUNT = 6


class Remedy(Enum):
    """What helps against damage."""

    UNPACK = "unpack"  # send plain text instead of MeatPack
    SHRINK = "shrink"  # send less ahead: the firmware's buffer may be small
    GIVE_UP = "give_up"  # nothing does


class Damage:
    """The damaged ones among the last lines."""

    def __init__(self) -> None:
        self._at: deque[int] = deque(maxlen=64)  # the count of lines at each
        self._sent = 0

    def forget(self) -> None:
        """Begin to count anew."""
        self._at.clear()

    def noisy(self, sent: int) -> bool:
        """Whether so much has been damaged lately that silence means damage, too."""
        self._sent = sent
        return self._among(RECENT_LINES) >= NOISY_COUNT

    def add(self, sent: int) -> None:
        """Take note of a damaged line, after so many lines sent."""
        self._sent = sent
        self._at.append(sent)

    def remedies(self, *, packed: bool, ahead: bool) -> list[Remedy]:
        """Return what is to be done now; ``ahead``: whether lines may go before an ok."""
        recent = self._among(RECENT_LINES)
        found = []
        if packed and recent >= UNPACK_COUNT:
            found.append(Remedy.UNPACK)
        if ahead and recent >= SHRINK_COUNT:
            found.append(Remedy.SHRINK)
        elif self.verdict is not None:
            found.append(Remedy.GIVE_UP)
        return found

    @property
    def verdict(self) -> str | None:
        """Say how much is damaged when it is too much to print."""
        for lines, share in UNUSABLE:
            recent = self._among(lines)
            if self._sent >= lines and recent > lines * share:
                return f"{recent} of the last {lines} lines arrived damaged"
        return None

    def _among(self, lines: int) -> int:
        return sum(at > self._sent - lines for at in self._at)
