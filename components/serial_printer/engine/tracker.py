"""What follows from the commands that the printer has executed: where it is, how it moves.

Fed with every acknowledged line (and, for targets, with every sent one). The firmware's
own reports correct it. Kept lean: a move costs a few microseconds, hundreds of times a
second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy

# Bounded: a number of 400 digits would become infinite, which no JSON can carry.
_WORD = re.compile(rb"([A-Z])\s*([-+]?(?:\d{1,12}(?:\.\d*)?|\.\d+))?")
_MOVE = re.compile(rb"([XYZEF])\s*([-+]?(?:\d{1,12}(?:\.\d*)?|\.\d+))")
_CODE = re.compile(rb"([GMT])(\d+)")
_INCH = 25.4
# No machine has more tools or fans; a file may say anything.
_MOST = 32
# Reports are rounded to hundredths.
_ROUNDED_MM = 0.011

TARGET_COMMANDS = {
    104: "tool",
    109: "tool",
    140: "bed",
    190: "bed",
    141: "chamber",
    191: "chamber",
}


def words(text: bytes) -> dict[str, float | None]:
    """Return the words of a command after its code: ``{"X": 10.0, "Y": None}``."""
    code = _CODE.match(text)
    return {
        letter.decode(): float(value) if value else None
        for letter, value in _WORD.findall(text, code.end() if code is not None else 0)
    }


def code_of(text: bytes) -> tuple[str, int] | None:
    """Return ``("M", 104)`` of a command, or None for what is no G-code."""
    match = _CODE.match(text)
    return (match[1].decode(), int(match[2])) if match else None


class Tracker:
    """The logical state of the machine."""

    def __init__(self) -> None:
        self.x: float | None = None
        self.y: float | None = None
        self.z: float | None = None
        self.e = 0.0
        self.feedrate: float | None = None  # mm/min
        self.absolute = True
        self.absolute_e = True
        self.unit = 1.0
        self.tool = 0
        self.refused_tool: int | None = None  # said just before the ok of its T command
        self.homed: set[str] = set()
        self.steppers_on = False
        self.fans: dict[int, float] = {0: 0.0}
        self.targets: dict[str, float] = {}
        self.feed_factor = 1.0
        self.flow_factors: dict[int, float] = {}
        self.z_offset = 0.0
        self.extruded: dict[int, float] = {}  # net mm per tool since the job began
        self.extruded_before = 0.0  # net mm of all tools in former jobs and between them
        self.height: float | None = None  # Z of the last extruding move
        self.message: str | None = None
        self.progress: float | None = None  # M73 P
        self.left_s: float | None = None  # M73 R

    def ahead(self, on_the_way: Iterable[bytes]) -> Tracker:
        """Return the machine as it will be once those commands are executed."""
        later = copy(self)
        later.extruded = {}
        later.fans = dict(self.fans)
        later.targets = dict(self.targets)
        later.flow_factors = dict(self.flow_factors)
        later.homed = set(self.homed)
        for text in on_the_way:
            later.executed(text)
        return later

    def begin_job(self) -> None:
        """Count filament and height from here on."""
        self.extruded_before = self.extruded_in_all
        self.extruded = {}
        self.height = None
        self.progress = self.left_s = None

    @property
    def extruded_in_all(self) -> float:
        """Net mm of filament since the machine was switched on, by a file or by hand."""
        return self.extruded_before + sum(self.extruded.values())

    def forget(self) -> None:
        """Go back to the power-on state: the board was reset."""
        self.__init__()  # type: ignore[misc]

    def sent(self, text: bytes) -> None:
        """Take note of a target at once; the heater gets it before any ok comes."""
        match = _CODE.match(text)
        if match is None or match[1] != b"M":
            return
        heater = TARGET_COMMANDS.get(int(match[2]))
        if heater is None:
            return
        told = words(text)
        target = told.get("S", told.get("R"))
        if target is None:
            return
        if heater == "tool":
            tool = told.get("T")
            number = self.tool if tool is None else int(tool)
            if not 0 <= number < _MOST:
                return
            heater = f"tool{number}"
        self.targets[heater] = target

    def executed(self, text: bytes) -> None:
        """Take note of a command that the printer has taken."""
        if text.startswith((b"G1 ", b"G0 ", b"G1X", b"G1Y", b"G1E", b"G1F", b"G1Z")):
            self._move(text)
            return
        match = _CODE.match(text)
        if match is None:
            return
        number = int(match[2])
        if match[1] == b"T":
            if number < _MOST and number != self.refused_tool:
                self.tool = number
            self.refused_tool = None
        elif match[1] == b"G":
            if number <= 3:
                self._move(text)
            else:
                self._general(number, text)
        else:
            self._miscellaneous(number, text)

    def position_reported(self, axes: dict[str, float]) -> None:
        """Correct the position by the firmware's own report, where it differs."""
        for axis in "xyze":
            told, known = axes.get(axis), getattr(self, axis)
            if told is not None and (known is None or abs(told - known) > _ROUNDED_MM):
                setattr(self, axis, told)

    def set_fan(self, index: int, share: float) -> None:
        """Take note of a fan's speed, 0..1."""
        if 0 <= index < _MOST:
            self.fans[index] = min(max(share, 0.0), 1.0)

    def set_flow(self, tool: int, factor: float) -> None:
        """Take note of a tool's flow factor; 1 = as sliced."""
        if 0 <= tool < _MOST:
            self.flow_factors[tool] = factor

    def _move(self, text: bytes) -> None:
        unit = self.unit
        extruding = False
        moved = False
        for letter, number in _MOVE.findall(text):
            value = float(number) * unit
            if letter == b"X":
                self.x = value if self.absolute or self.x is None else self.x + value
                moved = True
            elif letter == b"Y":
                self.y = value if self.absolute or self.y is None else self.y + value
                moved = True
            elif letter == b"E":
                delta = value - self.e if self.absolute_e else value
                self.e += delta
                self.extruded[self.tool] = self.extruded.get(self.tool, 0.0) + delta
                extruding = delta > 0
            elif letter == b"F":
                self.feedrate = value
            else:
                self.z = value if self.absolute or self.z is None else self.z + value
        if moved and extruding:
            self.height = self.z
        self.steppers_on = True

    def _general(self, number: int, text: bytes) -> None:
        if number == 90:
            self.absolute = self.absolute_e = True
        elif number == 91:
            self.absolute = self.absolute_e = False
        elif number == 92:
            self._set_position(words(text))
        elif number == 28:
            axes = {axis for axis in "XYZ" if axis in words(text)} or set("XYZ")
            self.homed |= {axis.lower() for axis in axes}
            self.steppers_on = True
            for axis in axes:
                # The firmware reports where it stands; until then the origin is told.
                setattr(self, axis.lower(), 0.0)
        elif number in (20, 21):
            self.unit = _INCH if number == 20 else 1.0

    def _set_position(self, told: dict[str, float | None]) -> None:
        for axis in "XYZE":
            if (value := told.get(axis)) is not None:
                setattr(self, axis.lower(), value * self.unit)

    def _miscellaneous(self, number: int, text: bytes) -> None:
        if number == 82:
            self.absolute_e = True
        elif number == 83:
            self.absolute_e = False
        elif number in (18, 84):
            self._steppers_off(words(text))
        elif number == 17:
            self.steppers_on = True
        elif number in (106, 107):
            told = words(text)
            speed = 0.0 if number == 107 else told.get("S", 255.0)
            self.set_fan(int(told.get("P") or 0), (speed or 0.0) / 255.0)
        elif number in (220, 221):
            self._factor(number, words(text))
        elif number in (290, 851):
            self._offset(number, words(text))
        elif number == 117:
            self.message = text[4:].strip().decode("utf-8", "replace") or None
        elif number == 73:
            self._m73(words(text))

    def _steppers_off(self, told: dict[str, float | None]) -> None:
        if told.get("S"):
            return  # M84 S60 sets the idle time and releases nothing now
        axes = {axis.lower() for axis in told if axis in "XYZE"}
        self.homed = self.homed - axes if axes else set()
        self.steppers_on = bool(axes) and self.steppers_on

    def _factor(self, number: int, told: dict[str, float | None]) -> None:
        percent = told.get("S")
        if percent is None:
            return
        if number == 220:
            self.feed_factor = percent / 100
        else:
            tool = told.get("T")
            self.set_flow(self.tool if tool is None else int(tool), percent / 100)

    def _offset(self, number: int, told: dict[str, float | None]) -> None:
        value = told.get("Z", told.get("S") if number == 290 else None)
        if number == 290 and value is not None:
            self.z_offset += value

    def _m73(self, told: dict[str, float | None]) -> None:
        if (percent := told.get("P")) is not None:
            self.progress = percent / 100
        if (minutes := told.get("R")) is not None:
            self.left_s = minutes * 60
