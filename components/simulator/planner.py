"""The motion planner: a bounded queue of moves, each with its place in time.

Moves are not simulated step by step. Each gets the time that it takes at its feedrate,
plus what the changes of speed at its ends cost under the acceleration and jerk limits.
"""

from __future__ import annotations

from collections import deque
from math import sqrt

from appliance.components.simulator.settings import Settings

Point = tuple[float, float, float, float]
"""X, Y, Z and E in millimetres."""

FIRST_MOVE_DELAY = 0.1  # s that Marlin holds the first move back, hoping for more
SHORTEST_MOVE = 1e-4  # mm: less is no step of any motor
SLOWEST = 0.05  # mm/s, whatever the limits are set to
WEAKEST = 1.0  # mm/s²
ENOUGH_TO_START = 3  # moves that end that delay


class Planner:
    """The queue of moves."""

    def __init__(self, size: int, limits: Settings) -> None:
        self.capacity = size - 1
        """Moves that fit: one block of the ring stays empty."""
        self.limits = limits
        self.underruns = 0
        self.dry_seconds = 0.0
        self.moves = 0
        self.streaming = False
        """A print stream feeds the queue, so that an empty queue counts as an underrun."""
        # start and end in time, start and end in space
        self._blocks: deque[tuple[float, float, Point, Point]] = deque()
        self._end = 0.0
        self._held_until = 0.0
        self._velocity = (0.0, 0.0, 0.0)
        self._speed = 0.0

    def retire(self, now: float) -> int:
        """Drop the moves that are over; return how many are left."""
        blocks = self._blocks
        while blocks and blocks[0][1] <= now:
            blocks.popleft()
        return len(blocks)

    def free(self, now: float) -> int:
        """Return the number of moves that still fit (ADVANCED_OK's P)."""
        return self.capacity - self.retire(now)

    def next_end(self) -> float:
        """Return the time at which the oldest move ends, to wait for a free place."""
        return self._blocks[0][1] if self._blocks else 0.0

    def last_end(self) -> float:
        """Return the time at which the queue runs dry."""
        return self._end if self._blocks else 0.0

    def add(self, now: float, start: Point, end: Point, feedrate: float) -> None:
        """Queue a straight move at a feedrate (mm/s); the caller has seen to the room."""
        seconds = self._duration(start, end, feedrate)
        if not seconds:
            return
        begin = self._end
        if not self._blocks:
            if self.streaming and now > begin:
                self.underruns += 1
                self.dry_seconds += now - begin
            begin = self._held_until = now + FIRST_MOVE_DELAY
        elif now < self._held_until and len(self._blocks) + 1 >= ENOUGH_TO_START:
            self._pull_forward(self._held_until - now)
            begin = self._end
        self._end = begin + seconds
        self._blocks.append((begin, self._end, start, end))
        self.moves += 1

    def _pull_forward(self, seconds: float) -> None:
        """Start what was held back now instead of later."""
        self._held_until = 0.0
        self._end -= seconds
        self._blocks = deque((a - seconds, b - seconds, p, q) for a, b, p, q in self._blocks)

    def _duration(self, start: Point, end: Point, feedrate: float) -> float:
        """Return the seconds that a move takes, with its share of speeding up and down."""
        dx = end[0] - start[0]
        dy = end[1] - start[1]
        dz = end[2] - start[2]
        de = end[3] - start[3]
        limits = self.limits
        acceleration = limits.acceleration if de else limits.travel_acceleration
        distance = sqrt(dx * dx + dy * dy + dz * dz)
        if distance < SHORTEST_MOVE:
            distance = abs(de)
            if distance < SHORTEST_MOVE:
                return 0.0
            dx = dy = dz = 0.0
            acceleration = limits.retract_acceleration
        inverse = 1.0 / distance
        speed = feedrate
        top = limits.max_feedrate
        if abs(dz) >= SHORTEST_MOVE:
            share = abs(dz) * inverse
            speed = min(speed, top[2] / share)
            acceleration = min(acceleration, limits.max_acceleration[2] / share)
        if abs(de) >= SHORTEST_MOVE:
            speed = min(speed, top[3] / (abs(de) * inverse))
        if dx and speed > top[0]:
            speed = min(speed, top[0] / (abs(dx) * inverse))
        if dy and speed > top[1]:
            speed = min(speed, top[1] / (abs(dy) * inverse))
        speed = max(speed, SLOWEST)
        acceleration = max(acceleration, WEAKEST)
        velocity = (dx * inverse * speed, dy * inverse * speed, dz * inverse * speed)
        junction = self._junction(velocity, speed)
        lost = speed - junction
        self._velocity = velocity
        self._speed = speed
        room = 2.0 * acceleration * distance
        if junction * junction + room < speed * speed:
            reached = sqrt(junction * junction + room)
            return 2.0 * distance / (junction + reached)
        return distance / speed + lost * lost / (acceleration * speed)

    def _junction(self, velocity: tuple[float, float, float], speed: float) -> float:
        """Return the speed (mm/s) that the corner into this move allows."""
        if not self._blocks:
            return 0.0
        last = self._velocity
        jerk = self.limits.jerk
        slowest = min(speed, self._speed)
        jump = max(abs(velocity[0] - last[0]), abs(velocity[1] - last[1]))
        if jump > jerk[0]:
            slowest *= jerk[0] / jump
        rise = abs(velocity[2] - last[2])
        if rise > jerk[2]:
            slowest = min(slowest, slowest * jerk[2] / rise)
        return slowest

    def where(self, now: float, resting: Point) -> Point:
        """Return where the steppers are; `resting` is where they are without moves."""
        if not self.retire(now):
            return resting
        begin, end, start, target = self._blocks[0]
        if now <= begin:
            return start
        share = (now - begin) / (end - begin)
        return (
            start[0] + (target[0] - start[0]) * share,
            start[1] + (target[1] - start[1]) * share,
            start[2] + (target[2] - start[2]) * share,
            start[3] + (target[3] - start[3]) * share,
        )

    def clear(self) -> None:
        """Throw all moves away."""
        self._blocks.clear()
        self._end = 0.0
        self.streaming = False
