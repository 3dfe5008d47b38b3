"""The state of the machine that a file drives, and every command that changes it."""

from __future__ import annotations

import re
from collections.abc import Callable

from appliance.components.file_manager.analysis import words
from appliance.components.file_manager.analysis.arcs import arc
from appliance.components.file_manager.analysis.facts import (
    MAX_FOREIGN,
    MAX_OBJECTS,
    Box,
    Facts,
)
from appliance.components.file_manager.analysis.limits import changed
from appliance.components.file_manager.analysis.motion import Planner
from appliance.domain.analysis import Limits

MAX_LAYERS = 20_000
MAX_POINTS = 20_000
# Without marks a layer begins where filament is laid down that much higher than before.
LAYER_STEP_MM = 0.03
_UNKNOWN_TARGET = -1.0
_INCH_MM = 25.4

Step = tuple[float, float, float, float]  # x, y, z to go to and filament to push

_LAYER_MARKS = (
    b";LAYER:",
    b";LAYER_CHANGE",
    b"; layer ",
    b";; --- layer ",
    b"; BEGIN_LAYER_OBJECT",
    b"; <layer ",
    b"; CHANGE_LAYER",
)
_OBJECT_BEGINS = (
    b"; printing object ",
    b";MESH:",
    b"; start printing object, unique label id:",
)
_OBJECT_ENDS = (b"; stop printing object ",)
_ELAPSED = b";TIME_ELAPSED:"
_EXCLUDE_NAME = re.compile(rb"NAME=[\"']?([^\s\"']{1,200})")
_QUOTED = re.compile(rb"A[ \t]?\"([^\"]{1,200})\"|A[ \t]?([^\s\";]{1,200})")


class Machine:
    """Position, modes, temperatures; and what is found out on the way."""

    def __init__(self, limits: Limits) -> None:
        self.planner = Planner(limits)
        self.facts = Facts()
        self.comments = (*_LAYER_MARKS, *_OBJECT_BEGINS, *_OBJECT_ENDS, _ELAPSED)
        self.line = 0
        self.x = self.y = self.z = self.e = 0.0
        self.ox = self.oy = self.oz = 0.0  # of G92
        self.speed = 25.0
        self.direction_x = self.direction_y = self.pace = 0.0
        self.absolute = self.absolute_e = True
        self.scale = 1.0
        self.plain = True  # whether the fast loop may do linear moves itself
        self.watch = True  # whether the next extrusion is to be looked at
        self.tool = 0
        self.extruded = self.most_extruded = 0.0  # of the present tool
        self.filament: dict[int, tuple[float, float]] = {}
        self.layer_z = _UNKNOWN_TARGET
        self.top_z = _UNKNOWN_TARGET
        self.layers: list[tuple[int, float]] = []  # (byte, height)
        self.box = Box()  # of what is printed between two changes of object
        self.way = self.facts.travel
        self.objects: dict[str, Box] = {}
        self.named: dict[float, str] = {}
        self.labelled = -1.0  # number of the present object
        self.object: str | None = None
        self.remaining: list[tuple[int, float]] = []  # M73: (byte, seconds left)
        self.elapsed: list[tuple[int, float]] = []  # TIME_ELAPSED: (byte, seconds)
        self._block = b""
        self._position = self._cursor = 0
        self._homed = False
        self._commands = self._table()

    def begin_block(self, block: bytes, position: int) -> None:
        """Take note of the block that is gone through now."""
        self._block, self._position, self._cursor = block, position, 0

    def finish(self) -> None:
        """Close what is open at the end of the file."""
        self.planner.plan()
        self._change_object(None)
        self._put_filament()

    def other(self, text: bytes) -> Step | None:
        """Do a line that is no plain move; return where a linear move in it goes."""
        if text.startswith(b";"):
            self._comment(text)
            return None
        found = words.command(text)
        if found is None:
            self._foreign(text)
            return None
        code, rest = found
        self.facts.count(code, self.line)
        handler = self._commands.get(code)
        if handler is not None:
            return handler(rest)
        if code[0] == "T":
            self._select(int(code[1:].partition(".")[0]))
        return None

    def odd_move(self, x: bytes, y: bytes, z: bytes, e: bytes, f: bytes) -> Step | None:
        """Return where a linear move goes while the modes are not the usual ones."""
        found: dict[str, float | None] = {}
        for letter, text in zip("XYZEF", (x, y, z, e, f), strict=True):
            if text:
                found[letter] = float(text)
        return self._linear(found)

    def printing_at(self, height: float) -> float:
        """Take note that filament is laid down at another height than before."""
        if height < self.box.low[2]:
            self.box.low[2] = height
            self.box.low_lines[2] = self.line
        if height > self.box.high[2]:
            self.box.high[2] = height
            self.box.high_lines[2] = self.line
        if not self.facts.layers_marked:
            if len(self.layers) == 1 and height < self.top_z - LAYER_STEP_MM:
                self.layers.clear()  # what was above was a purge line
                self.top_z = _UNKNOWN_TARGET
            if height > self.top_z + LAYER_STEP_MM:
                self._layer(self._near_height(height), height)
        elif self.layers and self.layers[-1][1] < 0:
            self.layers[-1] = (self.layers[-1][0], height)
        self.layer_z = height
        return height

    def travel_to(self, x: float, y: float) -> None:
        """Widen the box of all moves."""
        for axis, value in ((0, x), (1, y)):
            if value < self.way.low[axis]:
                self.way.low[axis] = value
                self.way.low_lines[axis] = self.line
            if value > self.way.high[axis]:
                self.way.high[axis] = value
                self.way.high_lines[axis] = self.line
        self._moved()

    def travel_at(self, z: float) -> None:
        """Widen the box of all moves in Z."""
        if z < self.way.low[2]:
            self.way.low[2] = z
            self.way.low_lines[2] = self.line
        if z > self.way.high[2]:
            self.way.high[2] = z
            self.way.high_lines[2] = self.line
        self._moved()

    def first_extrusion(self) -> bool:
        """Look at an extrusion after a change of tool or temperature; not at the next."""
        target = self.facts.targets.get(f"tool{self.tool}", _UNKNOWN_TARGET)
        self.facts.extrude(self.tool, target, self.line)
        self._moved()
        self.watch = False
        return False

    def _moved(self) -> None:
        facts = self.facts
        if facts.first_move is None:
            facts.first_move = self.line
        if not self._homed and facts.unhomed_move is None:
            facts.unhomed_move = self.line

    def _comment(self, text: bytes) -> None:
        if text.startswith(_LAYER_MARKS):
            if not self.facts.layers_marked:
                self.facts.layers_marked = True
                self._change_object(None)
                self.facts.start.add(self.facts.body)
                self.facts.body = Box()
                self.layers.clear()
            self._layer(self._offset(text), -1.0)
        elif text.startswith(_ELAPSED):
            value = words.words(b"S" + text[len(_ELAPSED) :])["S"]
            if value is not None and len(self.elapsed) < MAX_POINTS:
                self.elapsed.append((self._offset(text), value))
        elif text.startswith(_OBJECT_ENDS):
            self._change_object(None)
        else:
            self._change_object(_object_name(text))

    def _foreign(self, text: bytes) -> None:
        """Take note of a line that is no G-code: a macro of another firmware."""
        text = text.strip()
        if not text:
            return
        if text.startswith((b"EXCLUDE_OBJECT_START", b"EXCLUDE_OBJECT_END")):
            match = _EXCLUDE_NAME.search(text)
            starts = text.startswith(b"EXCLUDE_OBJECT_START")
            self._change_object(_text(match.group(1)) if match and starts else None)
        self.facts.foreign_count += 1
        if len(self.facts.foreign) < MAX_FOREIGN:
            self.facts.foreign.append((self.line, _text(text[:80])))

    def _layer(self, position: int, height: float) -> None:
        if len(self.layers) < MAX_LAYERS:
            self.planner.mark(-len(self.layers) - 1)
            self.layers.append((position, height))
        if height >= 0:
            self.top_z = height

    def _offset(self, text: bytes) -> int:
        """Return the byte of a line of the present block; lines come in order."""
        found = self._block.find(text, self._cursor)
        if found < 0:
            return self._position + self._cursor
        self._cursor = found + 1
        return self._position + found

    def _near_height(self, height: float) -> int:
        """Return the byte of the line that went to that height, as far as it is found."""
        number = f"{height - self.oz:.6f}".rstrip("0").rstrip(".")
        for text in (b"Z" + number.encode(), b"Z" + number.lstrip("0").encode()):
            found = self._block.find(text, self._cursor)
            if found >= 0:
                start = self._block.rfind(b"\n", 0, found) + 1
                self._cursor = found + 1
                return self._position + start
        return self._position + self._cursor

    def _change_object(self, name: str | None) -> None:
        """Put the box of what was printed since the last change where it belongs."""
        if not self.box.empty:
            self.facts.body.add(self.box)
            name_it = self.object in self.objects or len(self.objects) < MAX_OBJECTS
            if self.object is not None and name_it:
                self.objects.setdefault(self.object, Box()).add(self.box)
            self.box = Box()
            self.layer_z = _UNKNOWN_TARGET
        self.object = name

    def _linear(self, found: dict[str, float | None]) -> Step | None:
        feedrate = found.get("F")
        if feedrate is not None and feedrate > 0:
            self.speed = feedrate * self.scale / 60.0
        x = self._target(found.get("X"), self.x, self.ox)
        y = self._target(found.get("Y"), self.y, self.oy)
        z = self._target(found.get("Z"), self.z, self.oz)
        return x, y, z, self._push(found.get("E"))

    def _target(self, value: float | None, present: float, offset: float) -> float:
        if value is None:
            return present
        value *= self.scale
        return value + offset if self.absolute else present + value

    def _push(self, value: float | None) -> float:
        if value is None:
            return 0.0
        value *= self.scale
        if not self.absolute_e:
            return value
        pushed, self.e = value - self.e, value
        return pushed

    def _put_filament(self) -> None:
        self.filament[self.tool] = (self.extruded, self.most_extruded)

    def _select(self, tool: int) -> None:
        if tool > 255:
            return  # T1000 and the like are Prusa's special codes
        self.facts.tools.setdefault(tool, self.line)
        if tool == self.tool:
            return
        self.planner.pause()
        self._put_filament()
        self.tool = tool
        self.extruded, self.most_extruded = self.filament.get(tool, (0.0, 0.0))
        self.pace = 0.0
        self.watch = True

    def _table(self) -> dict[str, Callable[[bytes], Step | None]]:
        table: dict[str, Callable[[bytes], Step | None]] = {
            "G0": self._g1,
            "G1": self._g1,
            "G2": lambda rest: self._arc(rest, clockwise=True),
            "G3": lambda rest: self._arc(rest, clockwise=False),
            "G4": self._dwell,
            "G20": lambda _: self._units(_INCH_MM),
            "G21": lambda _: self._units(1.0),
            "G28": self._home,
            "G90": lambda _: self._modes(absolute=True, absolute_e=True),
            "G91": lambda _: self._modes(absolute=False, absolute_e=False),
            "G92": self._set_position,
            "M82": lambda _: self._modes(absolute_e=True),
            "M83": lambda _: self._modes(absolute_e=False),
            "M73": self._progress,
            "M486": self._label,
        }
        for code in ("M201", "M203", "M204", "M205"):
            table[code] = lambda rest, code=code: self._limit(code, rest)  # type: ignore[misc]
        for code, heater in (("M140", "bed"), ("M190", "bed"), ("M141", "chamber"),
                             ("M191", "chamber"), ("M104", ""), ("M109", "")):  # fmt: skip
            table[code] = lambda rest, heater=heater: self._heat(rest, heater)  # type: ignore[misc]
        return table

    def _g1(self, rest: bytes) -> Step | None:
        return self._linear(words.words(rest))

    def _arc(self, rest: bytes, *, clockwise: bool) -> Step | None:
        found = words.words(rest)
        step = self._linear(found)
        if step is None:
            return None
        x, y, z, pushed = step
        radius = words.value(found, "R")
        offset: tuple[float, float] | float = (
            radius * self.scale
            if radius is not None
            else (
                (found.get("I") or 0.0) * self.scale,
                (found.get("J") or 0.0) * self.scale,
            )
        )
        way = arc((self.x, self.y), (x, y), offset, clockwise=clockwise)
        if way is None:
            return step  # as a line: the firmware refuses it, or draws a line
        planner = self.planner
        speed = min(self.speed, planner.speed_xy)
        acceleration = planner.printing if pushed > 0 else planner.travel
        entry = min(self.pace, speed, planner.jerk_xy)
        planner.moves.append(
            (way.length, entry * entry, speed * speed, 2 * acceleration * way.length)
        )
        for corner in ((self.x, self.y), (x, y), *way.corners()):
            if pushed > 0:
                self._printed_at(*corner)
            else:
                self.travel_to(*corner)
        if pushed > 0 and z != self.layer_z:
            self.printing_at(z)
        if pushed > 0 and self.watch:
            self.first_extrusion()
        self.extruded += pushed
        self.most_extruded = max(self.most_extruded, self.extruded)
        self.direction_x, self.direction_y = way.direction(at_end=True)
        self.x, self.y, self.z, self.pace = x, y, z, speed
        return None

    def _printed_at(self, x: float, y: float) -> None:
        for axis, value in ((0, x), (1, y)):
            if value < self.box.low[axis]:
                self.box.low[axis] = value
                self.box.low_lines[axis] = self.line
            if value > self.box.high[axis]:
                self.box.high[axis] = value
                self.box.high_lines[axis] = self.line

    def _dwell(self, rest: bytes) -> None:
        found = words.words(rest)
        seconds = (found.get("S") or 0.0) + (found.get("P") or 0.0) / 1000.0
        self.planner.pause(min(max(seconds, 0.0), 86400.0))
        self.pace = 0.0

    def _home(self, rest: bytes) -> None:
        axes = [axis for axis in words.words(rest) if axis in "XYZ"] or ["X", "Y", "Z"]
        self.planner.pause()
        for axis in axes:
            setattr(self, axis.lower(), 0.0)
            setattr(self, "o" + axis.lower(), 0.0)
        self._homed = True
        self.pace = 0.0
        if self.facts.first_homing is None:
            self.facts.first_homing = self.line

    def _units(self, scale: float) -> None:
        self.scale = scale
        self._modes()

    def _modes(self, *, absolute: bool | None = None, absolute_e: bool | None = None) -> None:
        if absolute is not None:
            self.absolute = absolute
        if absolute_e is not None:
            self.absolute_e = absolute_e
        self.plain = self.absolute and self.scale == 1.0

    def _set_position(self, rest: bytes) -> None:
        found = words.words(rest)
        for axis, present in (("X", self.x), ("Y", self.y), ("Z", self.z)):
            value = found.get(axis)
            if value is not None:
                setattr(self, "o" + axis.lower(), present - value * self.scale)
        value = found.get("E")
        if value is not None:
            self.e = value * self.scale

    def _heat(self, rest: bytes, heater: str) -> None:
        found = words.words(rest)
        target = words.value(found, "S", "R")
        if not heater:
            tool = words.value(found, "T")
            heater = f"tool{int(tool) if tool is not None and 0 <= tool < 256 else self.tool}"
            self.watch = True
        if target is not None:
            self.facts.heat(heater, target, self.line)

    def _progress(self, rest: bytes) -> None:
        minutes = words.words(rest).get("R")
        if minutes is None or len(self.remaining) >= MAX_POINTS:
            return
        left = minutes * 60.0
        if not self.remaining or self.remaining[-1][1] != left:
            self.remaining.append((self._offset(b"M73" + rest), left))

    def _limit(self, code: str, rest: bytes) -> None:
        self.planner.set_limits(changed(self.planner.limits, code, words.words(rest)))

    def _label(self, rest: bytes) -> None:
        found = words.words(rest)
        number = found.get("S")
        match = _QUOTED.search(rest)
        name = _text(match.group(1) or match.group(2)) if match is not None else None
        if number is None:  # "M486 S0" and "M486 A<name>" on lines of their own
            if name is not None and self.object is not None:
                self.named[self.labelled] = self.object = name
            return
        self.labelled = number
        if name is not None:
            self.named[number] = name
        self._change_object(
            None if number < 0 else self.named.get(number, f"object {number:.0f}")
        )


def _object_name(text: bytes) -> str | None:
    for prefix in _OBJECT_BEGINS:
        if text.startswith(prefix):
            # As the engine calls it: the copies of an object are objects of their own.
            name = _text(text[len(prefix) :]).strip()[:200]
            return None if name in {"", "NONMESH"} else name
    return None


def _text(text: bytes) -> str:
    return text.decode("utf-8", "replace")
