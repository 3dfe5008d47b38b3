"""How long moves take: trapezoids with look-ahead, as a firmware plans them.

A move is a distance, a speed and an acceleration; between two moves the speed is bounded by
jerk or junction deviation. Moves are collected and planned in batches: first backwards, so
that every move can brake for the next one, then forwards, summing the time.
"""

# ruff: noqa: FURB136, PLR1730 - a comparison takes a fifth of the time of min() and max()

from __future__ import annotations

from math import sqrt

from appliance.domain.analysis import Limits

# So many moves are planned at once. A batch ends at a standstill, which a firmware with its
# short look-ahead does not do; 4,096 moves take minutes, the halt some hundredths of a second.
BATCH = 4096
# Two moves whose directions differ less than that do not slow down at all.
STRAIGHT = 0.999999


class Planner:
    """Sums the time of moves."""

    def __init__(self, limits: Limits) -> None:
        self.seconds = 0.0  # of everything planned so far
        self.moves: list[tuple[float, float, float, float]] = []
        # (index of a move, number of a mark): the time there is wanted
        self.marks: list[tuple[int, int]] = []
        self.marked: dict[int, float] = {}
        self.set_limits(limits)

    def set_limits(self, limits: Limits) -> None:
        """Take the limits that hold from now on."""
        self.limits = limits
        self.jerk_xy = min(limits.jerk.get("x", 8.0), limits.jerk.get("y", 8.0))
        self.deviation = limits.junction_deviation_mm
        feedrate, acceleration = limits.max_feedrate, limits.max_acceleration
        self.speed_xy = min(feedrate.get("x", 500.0), feedrate.get("y", 500.0))
        self.acceleration_xy = min(acceleration.get("x", 9e9), acceleration.get("y", 9e9))
        self.printing = max(min(limits.acceleration, self.acceleration_xy), 1.0)
        self.travel = max(min(limits.travel_acceleration, self.acceleration_xy), 1.0)

    def pause(self, seconds: float = 0.0) -> None:
        """Come to a standstill, and wait there."""
        self.plan()
        self.seconds += seconds

    def mark(self, number: int) -> None:
        """Remember the time at this moment under ``number``."""
        self.marks.append((len(self.moves), number))

    def axis_move(self, distance: float, speed: float, axis: str) -> None:
        """Move one axis alone (Z, or E as in a retraction), from and to its jerk."""
        limits = self.limits
        speed = max(min(speed, limits.max_feedrate.get(axis, speed)), 0.01)
        acceleration = limits.max_acceleration.get(axis, limits.acceleration)
        wanted = limits.retract_acceleration if axis == "e" else limits.travel_acceleration
        acceleration = max(min(acceleration, wanted), 1.0)
        start = min(limits.jerk.get(axis, 1.0) / 2, speed)
        self.moves.append(
            (distance, start * start, speed * speed, 2 * acceleration * distance)
        )

    def plan(self) -> None:
        """Plan what was collected, up to a standstill."""
        moves = self.moves
        if not moves:
            self._resolve_marks([])
            return
        entries = []
        behind = 0.0  # square of the speed at the end of the move
        for _, entry, _, braking in reversed(moves):
            highest = behind + braking
            behind = entry if entry < highest else highest
            entries.append(behind)
        entries.reverse()
        entries.append(0.0)
        times = [0.0] if self.marks else None
        total = 0.0
        speed2 = entries[0]
        following = iter(entries)
        next(following)
        for (distance, _, nominal2, gain), wanted2 in zip(moves, following, strict=False):
            reachable2 = speed2 + gain
            leaving2 = wanted2 if wanted2 < reachable2 else reachable2
            peak2 = (speed2 + leaving2 + gain) * 0.5
            if peak2 > nominal2:
                peak2 = nominal2
            # v = at: what speeding up and braking takes, and the rest at the peak
            speed, leaving, peak = sqrt(speed2), sqrt(leaving2), sqrt(peak2)
            per_gain = 2.0 * distance / gain  # one over the acceleration
            ramps = (2.0 * peak2 - speed2 - leaving2) * per_gain * 0.5
            total += (2.0 * peak - speed - leaving) * per_gain
            if distance > ramps:
                total += (distance - ramps) / peak
            if times is not None:
                times.append(total)
            speed2 = leaving2
        moves.clear()
        self._resolve_marks(times or [])
        self.seconds += total

    def _resolve_marks(self, times: list[float]) -> None:
        for index, number in self.marks:
            self.marked[number] = self.seconds + (times[index] if index < len(times) else 0.0)
        self.marks.clear()
