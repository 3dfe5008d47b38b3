"""What was measured or tracked on a printer. A value that nobody knows is None or absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Heater:
    """A heater, or a sensor when it can have no target.

    Keys in a snapshot: ``tool0``.. ``toolN``, ``bed``, ``chamber``; other sensors by their
    plain name (``ambient``, ``pinda``, ``board``, ``probe``, ``cooler``, ``redundant``).
    """

    actual: float | None = None  # degrees Celsius
    target: float | None = None  # degrees Celsius; 0 = off
    power: float | None = None  # 0..1 of full power


@dataclass(frozen=True, slots=True)
class Position:
    """A position in mm, as the firmware counts it (logical coordinates)."""

    x: float
    y: float
    z: float
    e: float


@dataclass(frozen=True, slots=True)
class Motion:
    """How and where the print head moves."""

    position: Position | None = None
    homed: str = ""  # letters of the homed axes, such as "xyz"
    absolute: bool = True  # G90
    absolute_e: bool = True  # M82
    feedrate: float | None = None  # mm/s, the last F
    speed: float | None = None  # mm/s measured between reports
    extruder_speed: float | None = None  # mm/s of filament
    feed_factor: float | None = 1.0  # M220
    flow_factors: tuple[float, ...] = (1.0,)  # M221 per tool
    z_offset: float = 0.0  # mm of babysteps and probe offset changed since connect
    tool: int = 0
    steppers_on: bool = False
    extruded_mm: float = 0.0  # net, of all tools, in jobs and by hand, since the connection


@dataclass(frozen=True, slots=True)
class Area:
    """A box in mm."""

    min_x: float
    min_y: float
    min_z: float
    max_x: float
    max_y: float
    max_z: float


@dataclass(frozen=True, slots=True)
class Firmware:
    """What the firmware said about itself."""

    name: str  # FIRMWARE_NAME as told
    profile: str  # which of our profiles is used: marlin, prusa, repetier, ...
    machine: str | None = None
    uuid: str | None = None
    extruders: int | None = None
    capabilities: Mapping[str, bool] = field(default_factory=dict)
    area: Area | None = None
    # M503 by command: {"M203": {"X": 500.0, ...}}; several M301 etc. keep the last.
    settings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    info: Mapping[str, str] = field(default_factory=dict)  # every KEY:value of M115


@dataclass(frozen=True, slots=True)
class Mesh:
    """A bed mesh as reported by G29 or M420 V1; rows from the front (lowest Y)."""

    points: tuple[tuple[float, ...], ...]
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the printer; answered by the index of a button (M876 S<i>)."""

    text: str
    buttons: tuple[str, ...] = ()

    @property
    def continues(self) -> int:
        """The index of the button that lets the printer go on; firmware has it last."""
        names = [label.lower() for label in self.buttons]
        known = (at for at, name in enumerate(names) if name in ("continue", "resume"))
        return next(known, max(len(names) - 1, 0))


@dataclass(frozen=True, slots=True)
class SdFile:
    """A file on the printer's own card. ``name`` is the key that M23 takes."""

    name: str
    size: int | None = None
    display: str | None = None
    modified: float | None = None


@dataclass(frozen=True, slots=True)
class SdCard:
    """The printer's own card."""

    supported: bool = False
    ready: bool = False
    files: tuple[SdFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SerialHealth:
    """How well the cable works, counted since the connection was opened."""

    lines_sent: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    resends: int = 0  # lines sent again because the firmware asked
    resend_requests: int = 0
    timeouts: int = 0
    ok_latency_ms: float | None = None  # mean of the last lines, from written to ok
    ok_latency_p99_ms: float | None = None
    window_lines: int = 1
    window_bytes: int = 0
    planner_free: int | None = None  # from ADVANCED_OK
    meatpack: bool = False
    reconnects: int = 0

    @property
    def resend_ratio(self) -> float:
        """Share of the lines that had to be sent again."""
        return self.resends / self.lines_sent if self.lines_sent else 0.0


@dataclass(frozen=True, slots=True)
class TemperatureSample:
    """All heaters at one moment."""

    time: float  # unix seconds
    heaters: Mapping[str, Heater]
