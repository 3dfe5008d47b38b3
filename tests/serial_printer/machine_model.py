"""A machine that only counts: the reference for everything that follows G-code's state.

Written from Marlin's documentation, without any code of the engine. It keeps what the
next command depends on, and every move that pushed filament.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

INCH = 25.4


class Push(NamedTuple):
    """Filament that was pushed on the way to a place, rounded to what nobody sees."""

    x: float
    y: float
    z: float
    length: float


def word_values(line: str) -> tuple[str, dict[str, float]]:
    """Split ``G1 X10 F300`` into its code and its words."""
    code, *rest = line.split()
    return code, {word[0]: float(word[1:] or "nan") for word in rest}


@dataclass
class Machine:
    """What a printer is in between two commands."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    e: float = 0.0
    feedrate: float = 1500.0  # mm/min
    absolute: bool = True
    absolute_e: bool = True
    unit: float = 1.0
    tool: int = 0
    targets: dict[str, float] = field(default_factory=dict)
    fans: dict[int, int] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)
    shift: dict[str, float] = field(default_factory=lambda: dict.fromkeys("xyz", 0.0))

    def run(self, *lines: str) -> Machine:
        for line in lines:
            self._execute(*word_values(line))
        return self

    def state(self) -> dict[str, object]:
        """Everything that the next command of a file depends on."""
        return {
            "x": round(self.x, 3),
            "y": round(self.y, 3),
            "z": round(self.z, 3),
            "e": round(self.e, 3),
            "feedrate": round(self.feedrate, 2),
            "absolute": self.absolute,
            "absolute_e": self.absolute_e,
            "unit": self.unit,
            "tool": self.tool,
            "targets": {name: value for name, value in self.targets.items() if value},
            "fans": {index: speed for index, speed in self.fans.items() if speed},
            "shift": {axis: round(value, 3) for axis, value in self.shift.items()},
        }

    def _execute(self, code: str, words: dict[str, float]) -> None:  # noqa: C901 - a table
        match code:
            case "G0" | "G1" | "G2" | "G3":
                self._move(words)
            case "G20":
                self.unit = INCH
            case "G21":
                self.unit = 1.0
            case "G90" | "G91":
                self.absolute = self.absolute_e = code == "G90"
            case "M82" | "M83":
                self.absolute_e = code == "M82"
            case "G92":
                self._set_position(words)
            case "M104" | "M109":
                tool = int(words.get("T", self.tool))
                self.targets[f"tool{tool}"] = words["S"]
            case "M140" | "M190":
                self.targets["bed"] = words["S"]
            case "M106":
                self.fans[int(words.get("P", 0))] = int(words.get("S", 255))
            case "M107":
                self.fans[int(words.get("P", 0))] = 0
            case _ if code.startswith("T"):
                self.tool = int(code[1:])

    def _set_position(self, words: dict[str, float]) -> None:
        for letter in "XYZE":
            if letter in words:
                value = words[letter] * self.unit
                axis = letter.lower()
                if axis != "e":  # where the bed is does not change
                    self.shift[axis] += getattr(self, axis) - value
                setattr(self, axis, value)

    def _move(self, words: dict[str, float]) -> None:
        if "F" in words:
            self.feedrate = words["F"] * self.unit
        for letter in "XYZ":
            if letter in words:
                value = words[letter] * self.unit
                start = 0.0 if self.absolute else getattr(self, letter.lower())
                setattr(self, letter.lower(), start + value)
        if "E" in words:
            value = words["E"] * self.unit
            before = self.e
            self.e = value if self.absolute_e else self.e + value
            if self.e > before:
                self.pushes.append(
                    Push(
                        round(self.x + self.shift["x"], 3),
                        round(self.y + self.shift["y"], 3),
                        round(self.z + self.shift["z"], 3),
                        round(self.e - before, 3),
                    )
                )
