"""What a scan finds out about a file, independent of any printer."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from appliance.records import dataclass

# More is noise: what counts is that something is there, how often, and where first.
MAX_COMMANDS = 300
MAX_FOREIGN = 5
MAX_OBJECTS = 500


@dataclass(slots=True)
class Box:
    """A growing box; for every side the line that reached it."""

    low: list[float] = field(default_factory=lambda: [9e9, 9e9, 9e9])
    high: list[float] = field(default_factory=lambda: [-9e9, -9e9, -9e9])
    low_lines: list[int] = field(default_factory=lambda: [0, 0, 0])
    high_lines: list[int] = field(default_factory=lambda: [0, 0, 0])

    @property
    def empty(self) -> bool:
        """Whether nothing was put in."""
        return self.low[0] > self.high[0]

    def add(self, other: Box) -> None:
        """Grow so that ``other`` is inside."""
        for axis in range(3):
            if other.low[axis] < self.low[axis]:
                self.low[axis] = other.low[axis]
                self.low_lines[axis] = other.low_lines[axis]
            if other.high[axis] > self.high[axis]:
                self.high[axis] = other.high[axis]
                self.high_lines[axis] = other.high_lines[axis]

    def plain(self) -> dict[str, Any] | None:
        """Return the box for JSON; None if it is empty."""
        if self.empty:
            return None
        return {
            "low": [round(value, 4) for value in self.low],
            "high": [round(value, 4) for value in self.high],
            "low_lines": self.low_lines,
            "high_lines": self.high_lines,
        }


@dataclass(slots=True)
class Facts:
    """Everything that the safety lint asks about."""

    commands: dict[str, list[int]] = field(default_factory=dict)  # code: [count, first line]
    foreign: list[tuple[int, str]] = field(default_factory=list)  # (line, text) of no G-code
    foreign_count: int = 0
    first_move: int | None = None  # line
    first_homing: int | None = None
    unhomed_move: int | None = None  # the first move before any homing
    # heater: [highest target, its line]; heaters are tool0.., bed, chamber
    temperatures: dict[str, list[float]] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)  # at the end
    # tool: [lowest target while it extruded, line]; -1 = none was set before
    extrusions: dict[int, list[float]] = field(default_factory=dict)
    tools: dict[int, int] = field(default_factory=dict)  # tool: first line that selects it
    start: Box = field(default_factory=Box)  # filament laid down before the first layer
    body: Box = field(default_factory=Box)  # and from then on
    travel: Box = field(default_factory=Box)
    layers_marked: bool = False  # whether comments say where layers begin
    absolute_seen: bool = False

    def count(self, code: str, line: int) -> None:
        """Count a command."""
        known = self.commands.get(code)
        if known is not None:
            known[0] += 1
        elif len(self.commands) < MAX_COMMANDS:
            self.commands[code] = [1, line]

    def heat(self, heater: str, target: float, line: int) -> None:
        """Note a target temperature."""
        self.targets[heater] = target
        highest = self.temperatures.get(heater)
        if highest is None or target > highest[0]:
            self.temperatures[heater] = [target, line]

    def extrude(self, tool: int, target: float, line: int) -> None:
        """Note an extrusion at a target temperature that was not seen with it yet."""
        lowest = self.extrusions.get(tool)
        if lowest is None or target < lowest[0]:
            self.extrusions[tool] = [target, line]

    def plain(self) -> dict[str, Any]:
        """Return the facts for JSON."""
        return {
            "commands": self.commands,
            "foreign": self.foreign,
            "foreign_count": self.foreign_count,
            "first_move": self.first_move,
            "first_homing": self.first_homing,
            "unhomed_move": self.unhomed_move,
            "temperatures": self.temperatures,
            "targets": self.targets,
            "extrusions": self.extrusions,
            "tools": self.tools,
            "start": self.start.plain(),
            "body": self.body.plain(),
            "travel": self.travel.plain(),
        }
