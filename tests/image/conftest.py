from pathlib import Path

import pytest

from tests.image.cards import Card


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)
