"""Wait for a condition with a deadline: the only place where a test looks at a clock."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar, overload

import pytest

T = TypeVar("T")

# Far more than anything takes on a busy machine: a deadline ends what hangs, it measures
# nothing.
DEADLINE_S = 30.0
_LOOK_EVERY_S = 0.005


@overload
async def eventually(
    condition: Callable[[], Coroutine[Any, Any, T]],
    what: str = "",
    within_s: float = DEADLINE_S,
) -> T: ...


@overload
async def eventually(
    condition: Callable[[], T], what: str = "", within_s: float = DEADLINE_S
) -> T: ...


async def eventually(
    condition: Callable[[], Any], what: str = "", within_s: float = DEADLINE_S
) -> Any:
    """Look until ``condition`` (a function, async or not) is true, and return its value."""
    ends = time.monotonic() + within_s
    while True:
        found = condition()
        value = await found if inspect.isawaitable(found) else found
        if value:
            return value
        if time.monotonic() > ends:
            pytest.fail(_text(condition, what, within_s))
        await asyncio.sleep(_LOOK_EVERY_S)


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
