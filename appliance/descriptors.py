"""How many files and connections this process may have open, and what if there are no more."""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
from typing import Any

from appliance.seldom import Seldom

_LOGGER = logging.getLogger(__name__)

ENOUGH = 8192
_NONE_LEFT = (errno.EMFILE, errno.ENFILE)


def may_be_open() -> int:
    """Return how many files and connections the system lets us have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return ENOUGH if soft == resource.RLIM_INFINITY else soft


def allow_enough() -> None:
    """Raise the limit as far as we may: what shells give is meant for programs of 1990."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if may_be_open() < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class SayOnce:
    """Handles errors of an event loop: asyncio tells each connection that it cannot accept."""

    def __init__(self) -> None:
        self._seldom = Seldom()

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log the error; that nothing can be opened any more once a minute."""
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in _NONE_LEFT:
            loop.default_exception_handler(context)
            return
        if self._seldom.due():
            _LOGGER.error("%s (%s)", error.strerror, context.get("message"))
