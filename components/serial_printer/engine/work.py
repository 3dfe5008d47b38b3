"""The phase of a job that takes time: one coroutine, and the next one cancels it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from .execution import Interrupted

_LOGGER = logging.getLogger(__name__)


class Work:
    """What is being done now."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._task: asyncio.Task[None] | None = None

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work`` from now on, and nothing that was begun before."""
        self.end()
        self._task = asyncio.get_running_loop().create_task(work)
        self._task.add_done_callback(self._ended)

    def end(self) -> None:
        """Cancel what is being done, unless it is what calls."""
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Hear of an end; `Interrupted` means that somebody else ended the job."""
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and not isinstance(error, Interrupted):
            _LOGGER.error("A phase of the job failed", exc_info=error)
            self._failed(error)
