"""What a pause remembers of the machine, and the lines that bring it back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from appliance.domain.actions import number
from appliance.records import dataclass

from .tracker import Tracker

# {pause_z} or, with arithmetic of the template, {pause_z+5}.
_SLOT = re.compile(r"\{(pause_[a-z0-9_]+)([+-]\d+(?:\.\d+)?)?\}")
# Nobody sees a difference of a hundredth of a millimetre, and reports are rounded to it.
_SAME_MM = 0.011


@dataclass(frozen=True, slots=True)
class Memory:
    """The machine at the moment of a pause."""

    x: float | None
    y: float | None
    z: float | None
    e: float
    feedrate: float | None
    absolute: bool
    absolute_e: bool
    tool: int
    targets: Mapping[str, float]
    fans: Mapping[int, float]
    unit: float = 1.0  # mm in one unit of the file: 25.4 after G20

    def slots(self) -> dict[str, str]:
        """Return the values of the slots that a script may hold."""
        values = {
            "pause_x": self.x,
            "pause_y": self.y,
            "pause_z": self.z,
            "pause_e": self.e,
            "pause_f": self.feedrate,
            "pause_tool": float(self.tool),
            "pause_bed": self.targets.get("bed", 0.0),
            "pause_fan": self.fans.get(0, 0.0) * 255,
        }
        values |= {f"pause_t{n}": self.targets.get(f"tool{n}", 0.0) for n in range(8)}
        return {name: number(value) for name, value in values.items() if value is not None}


def remember(tracker: Tracker) -> Memory:
    """Remember the machine as it stands."""
    return Memory(
        tracker.x,
        tracker.y,
        tracker.z,
        tracker.e,
        tracker.feedrate,
        tracker.absolute,
        tracker.absolute_e,
        tracker.tool,
        dict(tracker.targets),
        dict(tracker.fans),
        tracker.unit,
    )


def restore(memory: Memory, tracker: Tracker) -> list[str]:
    """Return the lines that bring back what has changed since; none when nothing has."""
    lines = _restore_heat(memory, tracker)
    if tracker.tool != memory.tool:
        lines.append(f"T{memory.tool}")
    moves = _restore_position(memory, tracker)
    lines += moves
    if moves or tracker.e != memory.e:
        lines.append(f"G92 E{number(memory.e)}")
    if moves or tracker.absolute != memory.absolute:
        lines.append("G90" if memory.absolute else "G91")
    if moves or tracker.absolute_e != memory.absolute_e or tracker.absolute != memory.absolute:
        lines.append("M82" if memory.absolute_e else "M83")
    if memory.feedrate is not None and (moves or tracker.feedrate != memory.feedrate):
        lines.append(f"G1 F{number(memory.feedrate)}")
    lines += _restore_fans(memory, tracker)
    return _in_millimetres(lines, memory, tracker)


def fill(script: tuple[str, ...], slots: Mapping[str, str]) -> list[str]:
    """Fill the slots of a script; a line whose slot has no value is left out."""

    def value(match: re.Match[str]) -> str:
        return number(float(slots[match[1]]) + float(match[2] or 0))

    return [
        _SLOT.sub(value, line)
        for line in script
        if all(name in slots for name, _ in _SLOT.findall(line))
    ]


def _in_millimetres(lines: list[str], memory: Memory, tracker: Tracker) -> list[str]:
    """Put the lines, which count in mm, between changes of the unit where it is another."""
    if lines and tracker.unit != 1:
        lines = ["G21", *lines]
    if tracker.unit != memory.unit or (lines and memory.unit != 1):
        lines = [*lines, "G21" if memory.unit == 1 else "G20"]
    return lines


def _restore_fans(memory: Memory, tracker: Tracker) -> list[str]:
    return [
        f"M106 P{index} S{round(speed * 255)}"
        for index in sorted({*memory.fans, *tracker.fans})
        if tracker.fans.get(index, 0.0) != (speed := memory.fans.get(index, 0.0))
    ]


def _restore_heat(memory: Memory, tracker: Tracker) -> list[str]:
    lines: list[str] = []
    waits: list[str] = []
    for heater in sorted({*memory.targets, *tracker.targets}):
        target = memory.targets.get(heater, 0.0)
        if tracker.targets.get(heater, 0.0) == target:
            continue
        if heater.startswith("tool"):
            # Without a T it means the tool that is active now.
            tool = f"T{heater[4:]} " if heater != f"tool{tracker.tool}" else ""
            lines.append(f"M104 {tool}S{number(target)}")
            if target and heater == f"tool{memory.tool}":
                waits.append(f"M109 {tool}S{number(target)}")
        elif heater == "bed":
            lines.append(f"M140 S{number(target)}")
            if target:
                waits.append(f"M190 S{number(target)}")
        elif heater == "chamber":
            lines.append(f"M141 S{number(target)}")
    return lines + waits


def _restore_position(memory: Memory, tracker: Tracker) -> list[str]:
    """Go back over the part: sideways first, then down, so that nothing is knocked over."""
    if None in (memory.x, memory.y, memory.z, tracker.x, tracker.y, tracker.z):
        return []
    sideways = abs(tracker.x - memory.x) > _SAME_MM or abs(tracker.y - memory.y) > _SAME_MM  # type: ignore[operator]
    vertical = abs(tracker.z - memory.z) > _SAME_MM  # type: ignore[operator]
    if not sideways and not vertical:
        return []
    lines = ["G90"]
    if sideways:
        lines.append(f"G0 X{number(memory.x)} Y{number(memory.y)} F6000")  # type: ignore[arg-type]
    if vertical:
        lines.append(f"G0 Z{number(memory.z)} F600")  # type: ignore[arg-type]
    return lines
