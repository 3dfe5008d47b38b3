"""A folder for sockets."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """The path of a Unix socket ends at 107 bytes; pytest's folders may be longer."""
    folder = Path(tempfile.mkdtemp(prefix="short"))
    yield folder
    shutil.rmtree(folder)
