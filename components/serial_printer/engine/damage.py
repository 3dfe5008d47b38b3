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
# After a damaged line so many go one by one, after every further such time twice as many.
# Marlin throws its input away while the next line is still coming in, and takes what is left
# of that one for a command: its number may be gone, and "G1 X10 E5" alone moves (seen on a
# real Marlin at about one error in a hundred, with lines sent ahead).
SINGLE_LINES = 1000
MOST_SINGLE = 64_000
# Lines that arrive one by one, and not so soon as they are sent ahead: the buffer is small.
SOON_LINES = 300


class Remedy(Enum):
    """What helps against damage, beside sending line by line."""

    UNPACK = "unpack"  # send plain text instead of MeatPack
    SHRINK = "shrink"  # send less ahead: the firmware's buffer is small
    GIVE_UP = "give_up"  # nothing does


class Damage:
    """The damaged ones among the last lines."""

    def __init__(self) -> None:
        self._at: deque[int] = deque(maxlen=64)  # the count of lines at each
        self.forget()

    def forget(self) -> None:
        """Begin to count anew."""
        self._at.clear()
        self._sent = 0
        self.single_until = 0  # the count of lines up to which they are to go one by one
        self._single_since = 0
        self._single_lines = SINGLE_LINES

    def noisy(self, sent: int) -> bool:
        """Whether so much has been damaged lately that silence means damage, too."""
        self._sent = sent
        return self._among(RECENT_LINES) >= NOISY_COUNT

    def add(self, sent: int, *, packed: bool, ahead: bool) -> list[Remedy]:
        """Take note of a damaged line after so many sent; return what is to be done now.

        ``ahead``: whether several lines may be on their way.
        """
        self._sent = sent
        found = []
        only_ahead = self._only_ahead(sent)
        self._at.append(sent)
        if sent >= self.single_until:  # else it was one more in the same time of damage
            if self.single_until:
                self._single_lines = min(self._single_lines * 2, MOST_SINGLE)
            self._single_since = sent
        self.single_until = sent + self._single_lines
        if packed and self._among(RECENT_LINES) >= UNPACK_COUNT:
            found.append(Remedy.UNPACK)
        if ahead and (only_ahead or self._among(RECENT_LINES) >= SHRINK_COUNT):
            found.append(Remedy.SHRINK)
        elif self.unusable is not None:
            found.append(Remedy.GIVE_UP)
        return found

    @property
    def unusable(self) -> tuple[int, int] | None:
        """How many of so many last lines were damaged, when that is too much to print."""
        for lines, share in UNUSABLE:
            recent = self._among(lines)
            if self._sent >= lines and recent > lines * share:
                return recent, lines
        return None

    def _only_ahead(self, sent: int) -> bool:
        """Whether all went well line by line, and does not since several are sent again."""
        if not self._at or not 0 <= sent - self.single_until < SOON_LINES:
            return False
        return self._at[-1] <= self._single_since + RECENT_LINES

    def _among(self, lines: int) -> int:
        return sum(at > self._sent - lines for at in self._at)
