"""What holds for every test: it leaves nothing behind."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.lateness import LATE, be_late
from tests.leaks import Belongings, adopt_orphans, left_behind, tasks_left_behind
from tests.ports import free_port
from tests.thoroughness import THOROUGH

# A slow machine is no reason to fail, and what failed once must fail again: the usual run
# tries the same examples each time, a thorough one (tests/thoroughness.py) looks for others.
settings.register_profile(
    "gantry",
    deadline=None,
    derandomize=THOROUGH == 1,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("gantry")


def pytest_configure() -> None:
    adopt_orphans()
    if LATE:
        be_late()


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread, an open file or a process."""
    before = Belongings.now()
    yield
    leaks = left_behind(before)
    if leaks:
        pytest.fail("left behind:\n  " + "\n  ".join(leaks))


@pytest.fixture
def unused_tcp_port() -> int:
    """As that of pytest-asyncio, but a port that no connection takes meanwhile."""
    return free_port()


@pytest.fixture
async def no_task_left_behind() -> AsyncIterator[None]:
    """Fail a test that leaves a task running in its event loop."""
    yield
    leaks = await tasks_left_behind()
    if leaks:
        pytest.fail("left behind:\n  " + "\n  ".join(leaks))


@pytest.fixture(autouse=True)
def nothing_left_running(nothing_left_behind: None, request: pytest.FixtureRequest) -> None:
    """Watch the event loop of tests that have one."""
    function = getattr(request, "function", None)
    if function is not None and inspect.iscoroutinefunction(inspect.unwrap(function)):
        request.getfixturevalue("no_task_left_behind")
