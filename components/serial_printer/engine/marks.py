"""What slicers say in comments about the line that follows: layers, heights, objects.

Comments never reach the printer; the streamer hands them here. One function per comment,
called only for comments, so that a plain line costs nothing.
"""

from __future__ import annotations

import re

from appliance.records import dataclass

_LAYER = re.compile(rb"LAYER:\s*(-?\d{1,9})\b")
_LAYER_COUNT = re.compile(
    rb"(?:LAYER_COUNT|LAYERS|total layers count|total layer number|layer_count)"
    rb"\s*[:=]\s*(\d{1,9})\b",
    re.IGNORECASE,
)
_HEIGHT = re.compile(rb"(?:Z|Z_HEIGHT):\s*(\d{1,6}(?:\.\d+)?)\s*$")
_OBJECT_START = re.compile(
    rb"printing object\s+(?P<prusa>.+)|MESH:(?P<cura>.+)|start printing object, "
    rb"unique label id:\s*(?P<bambu>\d+)"
)
_OBJECT_END = re.compile(rb"stop printing object|MESH:NONMESH")
# Klipper's commands for it, which no other firmware knows and whose outlines are longer
# than any line buffer: what they say is the host's business.
OBJECT_COMMAND = b"EXCLUDE_OBJECT_"
_OBJECT_NAME = re.compile(rb"EXCLUDE_OBJECT_START\b.*?\bNAME\s*=\s*\"?([^\s\"]+)")
_CHANGE = (b"LAYER_CHANGE", b"CHANGE_LAYER", b"BEFORE_LAYER_CHANGE")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one comment says; only the fields that it tells are set."""

    layer: int | None = None  # 1 = the first
    next_layer: bool = False
    layers: int | None = None  # of the whole file
    height_mm: float | None = None
    object_name: str | None = None
    object_end: bool = False


def read(comment: bytes) -> Mark | None:
    """Return what ``comment`` (without its ``;``) marks, or None."""
    text = comment.strip()
    if not text:
        return None
    first = text[:1]
    if first in b"LlZtC" and (mark := _read_layer(text)) is not None:
        return mark
    if first in b"psM":
        return _read_object(text)
    return None


def read_object_command(command: bytes) -> Mark | None:
    """Return what one of Klipper's ``EXCLUDE_OBJECT_`` commands in a file marks, or None."""
    if match := _OBJECT_NAME.match(command):
        return Mark(object_name=match[1].decode("utf-8", "replace")[:200])
    if command.startswith(b"EXCLUDE_OBJECT_END"):
        return Mark(object_end=True)
    return None


def _read_layer(text: bytes) -> Mark | None:
    if text in _CHANGE[:2]:
        return Mark(next_layer=True)
    if match := _LAYER_COUNT.match(text):
        return Mark(layers=int(match[1]))
    if match := _LAYER.match(text):
        return Mark(layer=int(match[1]) + 1)
    if match := _HEIGHT.match(text):
        return Mark(height_mm=float(match[1]))
    return None


def _read_object(text: bytes) -> Mark | None:
    if _OBJECT_END.match(text):
        return Mark(object_end=True)
    if match := _OBJECT_START.match(text):
        name = match["prusa"] or match["cura"] or match["bambu"]
        return Mark(object_name=name.decode("utf-8", "replace").strip()[:200])
    return None
