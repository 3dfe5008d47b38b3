"""What a slicer wrote about a file; read from its head and tail.

It is ready when an upload is answered; what the moves say comes later: see analysis.
"""

from __future__ import annotations

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture that the slicer put into the file, extracted as PNG or JPEG."""

    width: int  # pixels
    height: int
    size: int  # bytes of the picture
    path: str  # below the root of the file, such as "parts/.thumbs/cube-32x32.png"


@dataclass(frozen=True, slots=True)
class FilamentUse:
    """The filament that one tool needs, as far as the slicer says."""

    tool: int
    length_mm: float | None = None
    weight_g: float | None = None
    volume_cm3: float | None = None
    name: str | None = None  # the slicer's filament preset, such as "Generic PLA"
    type: str | None = None  # PLA, PETG, ...
    color: str | None = None  # "#FF8000"
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the slicer wrote about the file; what it did not write is None or empty."""

    slicer: str | None = None
    slicer_version: str | None = None
    estimated_s: float | None = None
    layer_count: int | None = None
    layer_height_mm: float | None = None
    first_layer_height_mm: float | None = None
    object_height_mm: float | None = None
    nozzle_mm: float | None = None
    filament_diameter_mm: float | None = None
    filament_mm: float | None = None  # all tools together
    filament_g: float | None = None
    filaments: tuple[FilamentUse, ...] = ()  # per tool, in the order of the tools
    filament_changes: int | None = None
    first_layer_extruder_c: float | None = None
    first_layer_bed_c: float | None = None
    chamber_c: float | None = None
    tools: tuple[int, ...] = ()  # the tools that the file selects, as far as seen
    printer_vendor: str | None = None
    printer_model: str | None = None
    printer_variant: str | None = None
    flavor: str | None = None  # marlin, marlin2, klipper, reprapfirmware, ... as written
    objects: tuple[str, ...] = ()  # labelled objects, as far as head and tail name them
    gcode_start: int | None = None  # byte of the first command
    gcode_end: int | None = None  # byte after the last command
    thumbnails: tuple[Thumbnail, ...] = ()  # the smallest first
