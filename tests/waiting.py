"""Wait for a condition with a deadline: the only place where a test looks at a clock."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

T = TypeVar("T")

# Far more than anything takes on a busy machine: a deadline ends what hangs, it measures
# nothing.
DEADLINE_S = 30.0
_LOOK_EVERY_S = 0.005


async def eventually(
    condition: Callable[[], T | Awaitable[T]], what: str = "", within_s: float = DEADLINE_S
) -> T:
    """Look until ``condition`` (a function, async or not) is true, and return its value."""
    ends = time.monotonic() + within_s
    while True:
        found = condition()
        value: T = await found if inspect.isawaitable(found) else found
        if value:
            return value
        if time.monotonic() > ends:
            pytest.fail(_text(condition, what, within_s))
        await asyncio.sleep(_LOOK_EVERY_S)


async def eventually_answers(
    ask: Callable[[], Awaitable[T]], what: str = "", within_s: float = DEADLINE_S
) -> T:
    """Ask (an async function) until the answer is true, and return it."""
    ends = time.monotonic() + within_s
    while not (value := await ask()):
        if time.monotonic() > ends:
            pytest.fail(_text(ask, what, within_s))
        await asyncio.sleep(_LOOK_EVERY_S)
    return value


def eventually_sync(
    condition: Callable[[], T], what: str = "", within_s: float = DEADLINE_S
) -> T:
    """Look until ``condition`` is true outside an event loop, and return its value."""
    ends = time.monotonic() + within_s
    while True:
        if value := condition():
            return value
        if time.monotonic() > ends:
            pytest.fail(_text(condition, what, within_s))
        time.sleep(_LOOK_EVERY_S)


@asynccontextmanager
async def deadline(what: str = "", within_s: float = DEADLINE_S) -> AsyncIterator[None]:
    """Fail the test if the block is not done in time."""
    try:
        async with asyncio.timeout(within_s):
            yield
    except TimeoutError:
        pytest.fail(f"not within {within_s:g} s: {what or 'the block'}")


def _text(condition: Callable[[], object], what: str, within_s: float) -> str:
    return f"not within {within_s:g} s: {what or inspect.getsource(condition).strip()}"
