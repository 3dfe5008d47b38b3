"""What a printer object is rendered from: one moment of one printer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from appliance.domain.macros import Macro
from appliance.domain.printer import Profile, Snapshot
from appliance.domain.telemetry import TemperatureSample
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class HostLoad:
    """How busy the computer is."""

    load: float  # of the last minute
    cpu_s: float  # CPU seconds of this process
    memory_free_kb: int


@dataclass(frozen=True, slots=True)
class ObjectOutline:
    """The outline of an object of the running job, from above."""

    name: str
    center: tuple[float, float]
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that renderers may look at."""

    snapshot: Snapshot
    profile: Profile
    entry: Mapping[str, Any] = field(default_factory=dict)  # of `printer:`
    macros: Mapping[str, Macro] = field(default_factory=dict)
    samples: Sequence[TemperatureSample] = ()
    dismissed: str | None = None  # the last job, once a person has put it away
    gcodes: str = ""  # absolute path of the G-code folder
    load: HostLoad | None = None
    outlines: tuple[ObjectOutline, ...] = ()
    saved_mesh: str = "default"  # the name that people gave the mesh in the firmware
