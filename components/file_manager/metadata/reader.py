"""Read what is known about a file from its own bytes; it blocks for some milliseconds."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from appliance.components.file_manager.metadata import bgcode, excerpt, slicers, thumbnails
from appliance.components.file_manager.metadata.bgcode import DamagedFile
from appliance.components.file_manager.metadata.knowledge import Knowledge
from appliance.components.file_manager.metadata.unpack import plain, ufp_picture

_LOGGER = logging.getLogger(__name__)


def read(descriptor: int, suffix: str) -> Knowledge:
    """Read metadata and pictures of an open file with that ending, and close it.

    Of .gcode.gz and .ufp the head alone is read here; their tail is known when the
    background process has unpacked them.
    """
    with os.fdopen(descriptor, "rb"):
        try:
            if suffix == ".bgcode":
                return bgcode.read(descriptor)
            if suffix in {".gcode.gz", ".ufp"}:
                return _of_packed(descriptor, suffix)
        except DamagedFile as error:
            _LOGGER.warning("A file that was read is damaged: %s", error)
            return Knowledge()
        return of_plain(descriptor)


def read_waiting(path: Path, suffix: str) -> Knowledge:
    """Read a file that has no name yet."""
    return read(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), suffix)


def of_plain(descriptor: int) -> Knowledge:
    """Read plain G-code."""
    text = excerpt.take(descriptor)
    return Knowledge(slicers.read(text), thumbnails.find(text.head))


def _of_packed(descriptor: int, suffix: str) -> Knowledge:
    head = b""
    pieces = plain(descriptor, suffix, limit=4 * excerpt.HEAD_BYTES)
    for piece in pieces:
        head += piece
        if len(head) >= excerpt.HEAD_BYTES:
            break
    text = excerpt.Excerpt(head, b"", len(head))
    pictures = thumbnails.find(head)
    if suffix == ".ufp":
        pictures = ufp_picture(descriptor) or pictures
    return Knowledge(slicers.read(text), pictures)
