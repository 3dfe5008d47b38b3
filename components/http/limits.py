"""How often something may happen: several windows at once, per address."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

# Addresses that are remembered; the ones silent for longest are forgotten first.
MAX_ADDRESSES = 4096


class Windows:
    """So many in so many seconds, for each of several spans."""

    def __init__(
        self, limits: Sequence[tuple[int, float]], clock: Callable[[], float]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._longest_s = max(span for _, span in limits)
        self._most = max(count for count, _ in limits)
        self._hits: dict[str, deque[float]] = {}

    def hit(self, address: str) -> float:
        """Count one more and return 0, or return the seconds until one more is allowed."""
        now = self._clock()
        hits = self._hits.pop(address, None) or deque(maxlen=self._most)
        self._hits[address] = hits  # now the youngest
        while hits and now - hits[0] >= self._longest_s:
            hits.popleft()
        wait = max(
            (
                hits[-count] + span - now
                for count, span in self._limits
                if len(hits) >= count and now - hits[-count] < span
            ),
            default=0.0,
        )
        if wait <= 0:
            hits.append(now)
            while len(self._hits) > MAX_ADDRESSES:
                del self._hits[next(iter(self._hits))]
        return max(wait, 0.0)
