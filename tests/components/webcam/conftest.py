"""Where the sockets of cameras of this machine are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the appliance a folder for its sockets.

    The path of a Unix socket ends at 107 bytes; pytest's folders may be longer.
    """
    folder = Path(tempfile.mkdtemp(prefix="camera"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)
