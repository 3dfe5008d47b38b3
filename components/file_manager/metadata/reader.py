"""Read what is known about a file from its own bytes."""

from __future__ import annotations

import os
from pathlib import Path

from appliance.components.file_manager.metadata import excerpt
from appliance.components.file_manager.metadata.knowledge import Knowledge
from appliance.domain.files import Metadata


def read(descriptor: int, name: str) -> Knowledge | None:
    """Read metadata and pictures of an open file called ``name``, and close it."""
    del name
    with os.fdopen(descriptor, "rb"):
        text = excerpt.take(descriptor)
    return Knowledge(Metadata(gcode_start=text.gcode_start, gcode_end=text.gcode_end))


def read_waiting(path: Path, name: str) -> Knowledge | None:
    """Read a file that is not called ``name`` yet."""
    return read(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), name)
