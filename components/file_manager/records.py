"""Metadata, analysis and layers from the plain data that the index keeps.

Written out instead of derived, because a detailed list of 20,000 files builds all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from appliance.domain.analysis import Analysis, Extents, Layer, PrintedObject
from appliance.domain.metadata import FilamentUse, Metadata, Thumbnail

_METADATA = frozenset(field.name for field in fields(Metadata))
_ANALYSIS = frozenset(field.name for field in fields(Analysis))


def metadata_from(data: Mapping[str, Any]) -> Metadata:
    """Build metadata; keys of another version are left out."""
    values = {key: value for key, value in data.items() if key in _METADATA}
    values["filaments"] = tuple(FilamentUse(**item) for item in values.get("filaments", ()))
    values["thumbnails"] = tuple(Thumbnail(**item) for item in values.get("thumbnails", ()))
    values["tools"] = tuple(values.get("tools", ()))
    values["objects"] = tuple(values.get("objects", ()))
    return Metadata(**values)


def analysis_from(data: Mapping[str, Any]) -> Analysis:
    """Build an analysis; keys of another version are left out."""
    values = {key: value for key, value in data.items() if key in _ANALYSIS}
    values["printing"] = _extents(values.get("printing"))
    values["travel"] = _extents(values.get("travel"))
    values["filament_mm"] = tuple(values.get("filament_mm", ()))
    values["filament_cm3"] = tuple(values.get("filament_cm3", ()))
    values["objects"] = tuple(
        PrintedObject(item["name"], _extents(item["extents"]))
        for item in values.get("objects", ())
    )
    return Analysis(**values)


def layers_from(data: Sequence[Mapping[str, Any]]) -> tuple[Layer, ...]:
    """Build the layers."""
    return tuple(Layer(**item) for item in data)


def _extents(data: Mapping[str, float] | None) -> Extents | None:
    return None if data is None else Extents(**data)
