"""The API as the tests reach it: each test asks about the first and the second printer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.components.moonraker_api.served import Served, serve


@pytest.fixture(params=["first", "second"])
async def served(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    """Run the API; the printer is offline."""
    async with serve(tmp_path) as running:
        yield running.on_second() if request.param == "second" else running


@pytest.fixture
async def ready(served: Served) -> Served:
    """Run the API with a printer that is ready."""
    await served.into("ready")
    return served
