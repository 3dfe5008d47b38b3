"""Let things arrive late and out of turn: GANTRY_LATE=<seed> for the whole run.

On a busy machine an answer, a websocket's message and a file's change come in another order
than on an idle one. A test that looks once too early passes a hundred times and then fails.
Here a part of what is ready to be read is held back for a while, and work for threads begins
late, by chance, so that such a test fails at once.
"""

from __future__ import annotations

import os
import random
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

LATE = os.environ.get("GANTRY_LATE", "")

# A share of what is ready is held back for up to this long [s], a few for much longer.
_SHARE = 0.3
_HELD_S = 0.05
_LONG_SHARE = 0.03
_LONG_S = 0.4
# What is held back is looked at again after [s].
_LOOK_EVERY_S = 0.001


class LateSelector(selectors.EpollSelector):
    """Tells of a file descriptor that is ready, but sometimes later than it is."""

    def __init__(self) -> None:
        super().__init__()
        self._held_until: dict[int, float] = {}
        self._chance = random.Random(LATE)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ends = None if timeout is None else time.monotonic() + timeout
        while True:
            rest = None if ends is None else max(0.0, ends - time.monotonic())
            ready = super().select(rest)
            now = time.monotonic()
            due = [each for each in ready if self._is_due(each[0].fd, now)]
            if due or not ready or (ends is not None and now >= ends):
                return due
            time.sleep(_LOOK_EVERY_S)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        key = super().unregister(fileobj)
        self._held_until.pop(key.fd, None)
        return key

    def _is_due(self, fd: int, now: float) -> bool:
        if (until := self._held_until.get(fd)) is not None:
            if now < until:
                return False
            del self._held_until[fd]
            return True
        held = late(self._chance)
        if held:
            self._held_until[fd] = now + held
        return not held


def late(chance: random.Random) -> float:
    """Return for how long the next thing is held back [s], by chance: mostly not at all."""
    throw = chance.random()
    if throw < _LONG_SHARE:
        return chance.uniform(_HELD_S, _LONG_S)
    return chance.uniform(0.0, _HELD_S) if throw < _SHARE else 0.0


def be_late() -> None:
    """Let every event loop and every pool of threads of this process be late by chance."""
    selectors.DefaultSelector = LateSelector  # type: ignore[assignment, misc]
    chance = random.Random(LATE)
    submit = ThreadPoolExecutor.submit

    def submit_late(
        self: ThreadPoolExecutor, function: Callable[..., Any], /, *args: Any, **named: Any
    ) -> Future[Any]:
        def begin_late() -> Any:
            time.sleep(late(chance))
            return function(*args, **named)

        return submit(self, begin_late)

    ThreadPoolExecutor.submit = submit_late  # type: ignore[assignment, method-assign]
