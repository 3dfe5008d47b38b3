"""What the moves of a file themselves say; a background process finds it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Extents:
    """A box in mm."""

    min_x: float
    min_y: float
    min_z: float
    max_x: float
    max_y: float
    max_z: float

    @property
    def width(self) -> float:
        """Size along X."""
        return self.max_x - self.min_x

    @property
    def depth(self) -> float:
        """Size along Y."""
        return self.max_y - self.min_y

    @property
    def height(self) -> float:
        """Size along Z."""
        return self.max_z - self.min_z


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: where it begins in the file and in time."""

    number: int  # 1 = the first
    position: int  # byte of its first command
    height_mm: float  # Z of the nozzle
    starts_s: float  # seconds since the first move, by the motion model


@dataclass(frozen=True, slots=True)
class PrintedObject:
    """A labelled object of the file (M486 or the slicer's comments)."""

    name: str
    extents: Extents | None = None


class Severity(StrEnum):
    """How bad a finding is; ``BLOCK`` stops a print unless it is forced."""

    INFO = "info"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a file that a person should know before printing it."""

    rule: str  # the name of the rule in docs/lint.md
    severity: Severity
    message: str  # a sentence for a person
    line: int | None = None  # 1 = the first line of the file


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the moves of the file say."""

    estimated_s: float  # by the motion model
    printing: Extents | None  # where filament is laid down; None: nowhere
    travel: Extents | None  # where the nozzle goes at all
    filament_mm: tuple[float, ...] = ()  # per tool
    filament_cm3: tuple[float, ...] = ()
    layer_count: int = 0
    lines: int = 0
    commands: int = 0
    objects: tuple[PrintedObject, ...] = ()
    limits: str = ""  # which limits of a machine the time rests on (a digest)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a machine can do, for the motion model; in mm, s and mm/s. From M503 if known."""

    max_feedrate: Mapping[str, float] = field(
        default_factory=lambda: {"x": 500.0, "y": 500.0, "z": 12.0, "e": 120.0}
    )
    max_acceleration: Mapping[str, float] = field(
        default_factory=lambda: {"x": 1500.0, "y": 1500.0, "z": 100.0, "e": 5000.0}
    )
    acceleration: float = 1000.0  # M204 P: printing moves
    travel_acceleration: float = 1000.0  # M204 T
    retract_acceleration: float = 1000.0  # M204 R
    jerk: Mapping[str, float] = field(
        default_factory=lambda: {"x": 8.0, "y": 8.0, "z": 0.4, "e": 5.0}
    )
    junction_deviation_mm: float | None = None  # replaces the jerk of X, Y and Z
