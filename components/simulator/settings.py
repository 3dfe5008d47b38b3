"""What the firmware keeps in its EEPROM, and how M503 reports it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, field, fields
from typing import Any

from appliance.records import dataclass

Section = tuple[str, list[str]]
"""A title of M503 and the commands under it."""

_ADVANCED = (
    "B<min_segment_time_us> S<min_feedrate> T<min_travel_feedrate>"
    " X<max_jerk> Y<max_jerk> Z<max_jerk> E<max_jerk>"
)


@dataclass(slots=True)
class Settings:
    """Marlin's settings with the defaults of the recorded build; axes in the order XYZE."""

    steps_per_mm: list[float] = field(default_factory=lambda: [80.0, 80.0, 400.0, 500.0])
    max_feedrate: list[float] = field(default_factory=lambda: [300.0, 300.0, 5.0, 25.0])
    """mm/s"""
    max_acceleration: list[float] = field(
        default_factory=lambda: [3000.0, 3000.0, 100.0, 10000.0]
    )
    """mm/s²"""
    acceleration: float = 3000.0
    retract_acceleration: float = 3000.0
    travel_acceleration: float = 3000.0
    jerk: list[float] = field(default_factory=lambda: [10.0, 10.0, 0.3, 5.0])
    """mm/s"""
    min_segment_time: float = 20000.0
    """µs"""
    min_feedrate: float = 0.0
    min_travel_feedrate: float = 0.0
    home_offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    filament_diameter: float = 1.75
    volumetric: bool = False
    levelling: bool = False
    fade_height: float = 10.0
    mesh: list[list[float]] | None = None
    """Z offsets by row (Y) and column (X), mm; None without a valid mesh."""
    preheats: list[list[float]] = field(
        default_factory=lambda: [[180.0, 70.0, 0.0], [240.0, 110.0, 0.0]]
    )
    """Hotend °C, bed °C and fan (0 to 255) of each material."""
    hotend_pid: list[float] = field(default_factory=lambda: [22.2, 1.08, 114.0])
    bed_pid: list[float] = field(default_factory=lambda: [10.0, 0.02, 305.4])
    retract: list[float] = field(default_factory=lambda: [3.0, 2700.0, 0.0])
    """Length mm, feedrate mm/min, lift mm."""
    recover: list[float] = field(default_factory=lambda: [0.0, 480.0])
    auto_retract: bool = False
    probe_offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    load_length: float = 0.0
    unload_length: float = 100.0
    runout_enabled: bool = True
    linear_advance: float = 0.0

    def dump(self) -> dict[str, Any]:
        """Return all values, as the EEPROM keeps them."""
        return asdict(self)

    def load(self, values: dict[str, Any]) -> None:
        """Take over the values that an EEPROM holds; unknown ones are left alone."""
        known = {item.name for item in fields(self)}
        for name, value in values.items():
            if name in known:
                setattr(self, name, value)

    def reset(self) -> None:
        """Return to the hard-coded defaults."""
        self.load(Settings().dump())

    def sections(self) -> Iterator[Section]:
        """Report everything, in the order of M503."""
        yield "Linear Units", ["G21 ; (mm)"]
        yield "Temperature Units", ["M149 C ; Units in Celsius"]
        state = "" if self.volumetric else " (Disabled)"
        yield f"Filament settings{state}", [self.line("M200")]
        yield "Steps per unit", [self.line("M92")]
        yield "Max feedrates (units/s)", [self.line("M203")]
        yield "Max Acceleration (units/s2)", [self.line("M201")]
        yield (
            "Acceleration (units/s2) (P<print-accel> R<retract-accel> T<travel-accel>)",
            [self.line("M204")],
        )
        yield f"Advanced ({_ADVANCED})", [self.line("M205")]
        yield "Home offset", [self.line("M206")]
        yield "Auto Bed Leveling", [self.line("M420"), *self.mesh_lines()]
        yield "Material heatup parameters", self.preheat_lines()
        yield "Hotend PID", [self.line("M301")]
        yield "Bed PID", [self.line("M304")]
        yield "Retract (S<length> F<feedrate> Z<lift>)", [self.line("M207")]
        yield "Recover (S<length> F<feedrate>)", [self.line("M208")]
        yield "Auto-Retract (S<enable>)", [self.line("M209")]
        yield "Z-Probe Offset", [self.line("M851")]
        yield "Linear Advance", [self.line("M900")]
        yield "Filament load/unload", [self.line("M603")]
        yield "Filament runout sensor", [self.line("M412")]

    def line(self, code: str) -> str:
        """Return the command that restores one group of settings."""
        return f"{code} {self._motion_values().get(code) or self._other_values()[code]}"

    def _motion_values(self) -> dict[str, str]:
        slow = [self.min_segment_time, self.min_feedrate, self.min_travel_feedrate]
        accelerations = [
            self.acceleration,
            self.retract_acceleration,
            self.travel_acceleration,
        ]
        return {
            "M92": _axes("XYZE", self.steps_per_mm),
            "M201": _axes("XYZE", self.max_acceleration),
            "M203": _axes("XYZE", self.max_feedrate),
            "M204": _axes("PRT", accelerations),
            "M205": f"{_axes('BST', slow)} {_axes('XYZE', self.jerk)}",
            "M206": _axes("XYZ", self.home_offset),
            "M851": f"{_axes('XYZ', self.probe_offset)} ; (mm)",
            "M900": f"K{self.linear_advance:.2f}",
        }

    def _other_values(self) -> dict[str, str]:
        levelling = f"S{int(self.levelling)} Z{self.fade_height:.2f}"
        return {
            "M200": f"S{int(self.volumetric)} D{self.filament_diameter:.2f}",
            "M207": _axes("SFZ", self.retract),
            "M208": _axes("SF", self.recover),
            "M209": f"S{int(self.auto_retract)}",
            "M301": _axes("PID", self.hotend_pid),
            "M304": _axes("PID", self.bed_pid),
            "M412": f"S{int(self.runout_enabled)} ; Sensor {_on(self.runout_enabled)}",
            "M420": f"{levelling} ; Leveling {_on(self.levelling)}",
            "M603": f"L{self.load_length:.2f} U{self.unload_length:.2f} ; (mm)",
        }

    def preheat_lines(self) -> list[str]:
        """Return the M145 of every material."""
        return [
            f"M145 S{index} {_axes('HB', values[:2])} F{int(values[2])}"
            for index, values in enumerate(self.preheats)
        ]

    def mesh_lines(self) -> list[str]:
        """Return the commands that restore the mesh."""
        return [
            f"G29 W I{column} J{row} Z{z:.5f}"
            for row, values in enumerate(self.mesh or [])
            for column, z in enumerate(values)
        ]


def _axes(letters: str, values: list[float]) -> str:
    return " ".join(
        f"{letter}{value:.2f}" for letter, value in zip(letters, values, strict=True)
    )


def _on(switch: object) -> str:
    return "ON" if switch else "OFF"
