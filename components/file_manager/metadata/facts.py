"""Metadata in the making: what every family of slicers is read into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TypeVar

from appliance.components.file_manager.metadata.comments import Comments
from appliance.components.file_manager.metadata.excerpt import Excerpt
from appliance.domain.metadata import FilamentUse, Metadata
from appliance.records import dataclass

T = TypeVar("T")

SCRIPT_BYTES = 32 * 1024
MAX_TOOLS = 64
MAX_OBJECTS = 200
# Larger than anything that is printed: a placeholder or nonsense.
_ABSURD = 1e9


@dataclass(slots=True)
class Source:
    """What a reader of a family works on."""

    excerpt: Excerpt
    comments: Comments

    @property
    def head(self) -> bytes:
        """The head of the file."""
        return self.excerpt.head

    @property
    def start_script(self) -> bytes:
        """The first commands, behind the pictures and the header."""
        start = self.excerpt.gcode_start or 0
        return self.excerpt.head[start : start + SCRIPT_BYTES]

    @property
    def tail(self) -> bytes:
        """The tail of the file."""
        return self.excerpt.tail


@dataclass(slots=True)
class Facts:
    """What was found; per tool where a slicer writes lists."""

    slicer: str | None = None
    slicer_version: str | None = None
    estimated_s: float | None = None
    layer_count: int | None = None
    layer_height_mm: float | None = None
    first_layer_height_mm: float | None = None
    object_height_mm: float | None = None
    nozzle_mm: float | None = None
    filament_diameter_mm: float | None = None
    filament_mm: float | None = None
    filament_g: float | None = None
    filament_changes: int | None = None
    first_layer_extruder_c: float | None = None
    first_layer_bed_c: float | None = None
    chamber_c: float | None = None
    printer_vendor: str | None = None
    printer_model: str | None = None
    printer_variant: str | None = None
    flavor: str | None = None
    lengths_mm: Sequence[float] = ()
    weights_g: Sequence[float] = ()
    volumes_cm3: Sequence[float] = ()
    names: Sequence[str] = ()
    types: Sequence[str] = ()
    colors: Sequence[str] = ()
    temperatures_c: Sequence[float] = ()
    objects: Sequence[str] = ()
    tools: Sequence[int] = field(default_factory=tuple)

    def metadata(self, start: int | None = None, end: int | None = None) -> Metadata:
        """Return the metadata; sums and lists are derived, nonsense is dropped."""
        lengths = [value if value >= 0 else 0.0 for value in self.lengths_mm[:MAX_TOOLS]]
        weights = [value if value >= 0 else 0.0 for value in self.weights_g[:MAX_TOOLS]]
        used = tuple(tool for tool, length in enumerate(lengths) if length > 0)
        return Metadata(
            slicer=self.slicer,
            slicer_version=self.slicer_version,
            estimated_s=_sane(self.estimated_s),
            layer_count=_whole(self.layer_count),
            layer_height_mm=_sane(self.layer_height_mm),
            first_layer_height_mm=_sane(self.first_layer_height_mm),
            object_height_mm=_sane(self.object_height_mm),
            nozzle_mm=_sane(self.nozzle_mm),
            filament_diameter_mm=_sane(self.filament_diameter_mm),
            filament_mm=_sane(self.filament_mm) or _sum(lengths),
            filament_g=_sane(self.filament_g) or _sum(weights),
            filaments=self._filaments(lengths, weights),
            filament_changes=self.filament_changes,
            first_layer_extruder_c=_sane(self.first_layer_extruder_c, zero=True),
            first_layer_bed_c=_sane(self.first_layer_bed_c, zero=True),
            chamber_c=_sane(self.chamber_c, zero=True),
            tools=tuple(self.tools[:MAX_TOOLS]) or used,
            printer_vendor=self.printer_vendor,
            printer_model=self.printer_model,
            printer_variant=self.printer_variant,
            flavor=self.flavor,
            objects=tuple(self.objects[:MAX_OBJECTS]),
            gcode_start=start,
            gcode_end=end,
        )

    def _filaments(
        self, lengths: Sequence[float], weights: Sequence[float]
    ) -> tuple[FilamentUse, ...]:
        count = min(
            max(len(lengths), len(weights), len(self.types), len(self.names)), MAX_TOOLS
        )
        return tuple(
            FilamentUse(
                tool,
                _at(lengths, tool),
                _at(weights, tool),
                _at(self.volumes_cm3, tool),
                _at(self.names, tool),
                _at(self.types, tool),
                _at(self.colors, tool),
                _at(self.temperatures_c, tool),
            )
            for tool in range(count)
        )


def _at(values: Sequence[T], index: int) -> T | None:
    return values[index] if index < len(values) else None


def _sane(value: float | None, *, zero: bool = False) -> float | None:
    if value is None or not 0 <= value < _ABSURD or (value == 0 and not zero):
        return None
    return value


def _whole(value: int | None) -> int | None:
    return value if value is not None and 0 < value < _ABSURD else None


def _sum(values: Sequence[float]) -> float | None:
    total = sum(values)
    return total if 0 < total < _ABSURD else None
