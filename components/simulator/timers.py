"""What the firmware does by the clock: a heap of calls to make at given times."""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

FOREVER = math.inf
"""The time of something that no clock will end."""


class Timer:
    """One call to make, unless it is cancelled before."""

    __slots__ = ("call", "cancelled")

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.cancelled = False

    def cancel(self) -> None:
        """Forget the call."""
        self.cancelled = True


class Timers:
    """The calls to make, soonest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = count()

    def at(self, time: float, call: Callable[[], None]) -> Timer:
        """Call at a time of the machine's clock."""
        timer = Timer(call)
        heappush(self._heap, (time, next(self._order), timer))
        return timer

    def next_due(self) -> float:
        """Return the time of the next call."""
        heap = self._heap
        while heap and heap[0][2].cancelled:
            heappop(heap)
        return heap[0][0] if heap else FOREVER

    def run(self, now: float) -> None:
        """Make every call that is due."""
        while self.next_due() <= now:
            timer = heappop(self._heap)[2]
            timer.cancelled = True
            timer.call()

    def clear(self) -> None:
        """Forget all calls."""
        self._heap.clear()
