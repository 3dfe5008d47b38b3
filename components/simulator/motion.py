"""Where the toolhead is told to be: modes, units, offsets, limits and factors."""

from __future__ import annotations

from appliance.components.simulator.options import Options
from appliance.components.simulator.planner import Planner, Point
from appliance.components.simulator.settings import Settings

AXES = "XYZE"
MM_PER_INCH = 25.4
COLD_EXTRUSION = 170.0  # °C below which nothing is extruded
LONGEST_EXTRUSION = 200.0  # mm in one move


class Motion:
    """The commanded position and everything that interprets a motion command."""

    def __init__(self, options: Options, settings: Settings) -> None:
        self.volume = options.volume
        self.settings = settings
        self.planner = Planner(options.planner, settings)
        self._tools = options.extruders
        self.stops = 0
        """How often the motion was stopped at once."""
        self.reset()

    def reset(self) -> None:
        """Return to the state after power-up."""
        self.position: Point = (0.0, 0.0, 0.0, 0.0)
        """Commanded position in machine coordinates, mm."""
        self.shift = [0.0, 0.0, 0.0]
        """What G92 added, mm."""
        self.relative = False
        self.relative_e = False
        self.unit = 1.0
        """mm in one unit of a coordinate."""
        self.feedrate = 25.0
        """mm/s of moves that name none."""
        self.homed = [False, False, False]
        self.steppers_on = False
        self.retracted = False
        """Firmware retraction (G10) is in effect."""
        self.feedrate_factor = 1.0
        self.flow_factors = [1.0] * self._tools
        self.min_extrusion = COLD_EXTRUSION
        self.cold_extrusion_allowed = False
        self.soft_endstops = True
        self.tool = 0
        self.planner.clear()

    def target(self, words: dict[str, float]) -> Point:
        """Work out where a motion command wants to go (machine mm), endstops obeyed."""
        x, y, z, e = self.position
        if "X" in words:
            x = self._coordinate(0, x, words["X"])
        if "Y" in words:
            y = self._coordinate(1, y, words["Y"])
        if "Z" in words:
            z = self._coordinate(2, z, words["Z"])
        if "E" in words:
            e = words["E"] * self.unit + (e if self.relative_e else 0.0)
        if "F" in words and words["F"] > 0:
            self.feedrate = words["F"] * self.unit / 60.0
        return x, y, z, e

    def _coordinate(self, axis: int, current: float, value: float) -> float:
        value *= self.unit
        value += current if self.relative else self.shift[axis]
        if self.soft_endstops and self.homed[axis]:
            return min(max(value, 0.0), self.volume[axis])
        return value

    def move(self, now: float, target: Point, feedrate: float | None = None) -> None:
        """Queue the way to a target; the caller has seen to a free place."""
        speed = (self.feedrate if feedrate is None else feedrate) * self.feedrate_factor
        self.planner.add(now, self.position, target, speed)
        self.position = target
        self.steppers_on = True

    def skip(self, target: Point) -> None:
        """Keep the extruder in step with a move of a cancelled object that is left out."""
        self.place(3, target[3])

    def set_position(self, axis: int, value: float) -> None:
        """Declare the current place to have a coordinate (G92), in mm."""
        if axis == 3:
            self.position = (*self.position[:3], value)
        else:
            self.shift[axis] = self.position[axis] - value

    def place(self, axis: int, value: float) -> None:
        """Put an axis at a machine coordinate without a move (homing, probing)."""
        position = list(self.position)
        position[axis] = value
        self.position = (position[0], position[1], position[2], position[3])

    def stop_here(self, now: float) -> None:
        """Drop all moves; the toolhead stays where it is (M410)."""
        self.position = self.planner.where(now, self.position)
        self.planner.clear()
        self.stops += 1

    def steppers(self, now: float) -> Point:
        """Return where the toolhead really is, mm."""
        return self.planner.where(now, self.position)

    def report(self, place: Point | None = None) -> str:
        """Return a position as M114 shows it; without one, where the queued moves end."""
        x, y, z, e = place or self.position
        sx, sy, sz = self.shift
        per_x, per_y, per_z, _ = self.settings.steps_per_mm
        return (
            f"X:{x - sx:.2f} Y:{y - sy:.2f} Z:{z - sz:.2f} E:{e:.2f}"
            f" Count X:{round(x * per_x)} Y:{round(y * per_y)} Z:{round(z * per_z)}"
        )

    def detailed_report(self) -> list[str]:
        """Return the lines of M114 D, none of which is the position of M114."""
        place = self.position
        shifted = [p - s for p, s in zip(place, self.shift, strict=False)]
        steps = [p * per for p, per in zip(place, self.settings.steps_per_mm, strict=True)]
        plain = " ".join(f"{axis}: {p:.3f}" for axis, p in zip("XYZ", place, strict=False))
        return [
            "",
            "Logical: "
            + " ".join(f"{a}: {p:.3f}" for a, p in zip("XYZ", shifted, strict=True)),
            f"Raw:     {plain}",
            f"Leveled: {plain}",
            f"UnLevel: {plain}",
            "Stepper: "
            + " ".join(f"{a}: {round(p)}" for a, p in zip(AXES, steps, strict=True)),
            f"FromStp: {plain} E: {place[3]:.3f}",
            "Diff:    " + " ".join(f"{axis}: 0.000" for axis in AXES),
        ]

    def homed_axes(self) -> str:
        """Return the letters of the homed axes."""
        return "".join(
            letter for letter, known in zip("XYZ", self.homed, strict=True) if known
        )
