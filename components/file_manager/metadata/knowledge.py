"""What was read from a file: the metadata, and the pictures that came with it."""

from __future__ import annotations

from dataclasses import field

from appliance.domain.metadata import Metadata
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture from a file, as PNG or JPEG."""

    width: int
    height: int
    data: bytes
    ending: str = ".png"  # or ".jpg"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Metadata and pictures of a file; the thumbnails in the metadata are still to come."""

    metadata: Metadata = field(default_factory=Metadata)
    pictures: tuple[Picture, ...] = ()
