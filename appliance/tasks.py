"""Background work: every task is known, named, and its failure is reported.

``spawn`` runs something once. ``supervise`` runs something for ever and starts it again
with growing pauses when it fails. Both end with the appliance.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
# A run that lasted this long was healthy: the next failure starts with a short pause.
HEALTHY_AFTER_S = 60.0


class Tasks:
    """The tasks of the appliance."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run ``work`` in the background; an exception is logged with its name."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def supervise(
        self, work: Callable[[], Coroutine[Any, Any, None]], name: str
    ) -> asyncio.Task[None]:
        """Run ``work`` again whenever it raises, after 1 s, 2 s, ... 60 s."""
        return self.spawn(self._supervised(work, name), name)

    async def stop(self) -> None:
        """Cancel everything and wait for it."""
        while self._tasks:
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks.difference_update(tasks)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.error("Task '%s' failed", task.get_name(), exc_info=error)

    async def _supervised(
        self, work: Callable[[], Coroutine[Any, Any, None]], name: str
    ) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_S
        while True:
            started = loop.time()
            try:
                await work()
            except Exception:  # reported, and tried again
                if loop.time() - started > HEALTHY_AFTER_S:
                    pause = FIRST_PAUSE_S
                _LOGGER.exception("'%s' failed, starting it again in %.0f s", name, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            else:
                return
