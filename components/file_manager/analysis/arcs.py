"""Arcs (G2, G3): their length, their extents and the directions at both ends."""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt

from appliance.records import dataclass

_FULL = 2 * pi


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc in the XY plane."""

    centre: tuple[float, float]
    radius: float
    begin: float  # angle of the start
    sweep: float  # positive is counter-clockwise

    @property
    def length(self) -> float:
        """Length along the arc."""
        return abs(self.sweep) * self.radius

    def direction(self, *, at_end: bool) -> tuple[float, float]:
        """Return the unit vector of the motion."""
        angle = self.begin + (self.sweep if at_end else 0.0)
        sign = 1.0 if self.sweep > 0 else -1.0
        return -sin(angle) * sign, cos(angle) * sign

    def corners(self) -> list[tuple[float, float]]:
        """Return the outermost points in X and Y that the arc passes."""
        low, high = sorted((self.begin, self.begin + self.sweep))
        quarter = pi / 2
        first = -int(-low // quarter) if low % quarter else int(low // quarter)
        angles: list[float] = []
        turn = first
        while turn * quarter <= high and len(angles) < 8:
            angles.append(turn * quarter)
            turn += 1
        x, y = self.centre
        return [(x + self.radius * cos(a), y + self.radius * sin(a)) for a in angles]


def arc(
    start: tuple[float, float],
    end: tuple[float, float],
    offset: tuple[float, float] | float,
    *,
    clockwise: bool,
) -> Arc | None:
    """Return the arc by the offset of its centre (I, J) or its radius (R)."""
    if isinstance(offset, float):
        centre = _centre(start, end, offset, clockwise=clockwise)
        if centre is None:
            return None
    else:
        centre = start[0] + offset[0], start[1] + offset[1]
    radius = hypot(start[0] - centre[0], start[1] - centre[1])
    if not 0 < radius < 1e6:
        return None
    begin = atan2(start[1] - centre[1], start[0] - centre[0])
    sweep = atan2(end[1] - centre[1], end[0] - centre[0]) - begin
    if clockwise and sweep >= -1e-9:
        sweep -= _FULL
    elif not clockwise and sweep <= 1e-9:
        sweep += _FULL
    if abs(sweep) > _FULL + 1e-6:
        sweep += _FULL if clockwise else -_FULL
    return Arc(centre, radius, begin, sweep)


def _centre(
    start: tuple[float, float], end: tuple[float, float], radius: float, *, clockwise: bool
) -> tuple[float, float] | None:
    dx, dy = end[0] - start[0], end[1] - start[1]
    chord = hypot(dx, dy)
    if not 0 < chord <= 2 * abs(radius) + 1e-6:
        return None
    height = sqrt(max(radius * radius - chord * chord / 4, 0.0))
    side = -1.0 if clockwise == (radius > 0) else 1.0
    return (
        start[0] + dx / 2 - side * height * dy / chord,
        start[1] + dy / 2 + side * height * dx / chord,
    )
