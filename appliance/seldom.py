"""Things that may come by thousands, and are said once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

AGAIN_S = 60.0


class Seldom:
    """Remembers when each of a few things was said last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said_at: dict[Hashable, float] = {}

    def due(self, what: Hashable = None) -> bool:
        """Return whether it is to be said: it was not for a minute."""
        now = self._clock()
        before = self._said_at.get(what)
        if before is not None and now - before < AGAIN_S:
            return False
        self._said_at[what] = now
        return True
