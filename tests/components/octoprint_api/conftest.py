"""The API as the tests reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.components.octoprint_api.served import Served, serve


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """Run the API with one printer that is offline."""
    async with serve(tmp_path) as running:
        yield running


@pytest.fixture
async def online(served: Served) -> Served:
    """Run the API with one printer that is ready."""
    served.printer.come_online()
    return served
