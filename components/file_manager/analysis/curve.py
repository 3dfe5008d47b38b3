"""The time left by the position in the file: what the slicer wrote, else what we measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# As many as a job carries along.
POINTS = 200
# With fewer values of M73 the motion model knows better: it counts in whole minutes.
ENOUGH_MINUTES = 20

Point = tuple[int, float]  # byte, seconds


def time_curve(
    remaining: Sequence[Point],
    elapsed: Sequence[Point],
    own: Sequence[Point] = (),
    total_s: float | None = None,
) -> tuple[Point, ...]:
    """Return (byte, seconds left), rising bytes, from the best of three.

    ``remaining`` is by M73, ``elapsed`` by Cura's TIME_ELAPSED, ``own`` (seconds left) by the
    motion model; that is scaled to ``total_s``, what the slicer says the print takes.
    """
    if len(remaining) >= ENOUGH_MINUTES or (remaining and not own):
        points: Iterable[Point] = remaining
        if own:
            points = [*remaining, own[-1]]
    elif len(elapsed) >= 3:
        total = elapsed[-1][1]
        points = [(0, total), *((byte, total - done) for byte, done in elapsed)]
    else:
        points = _scaled(own, total_s)
    return tuple(_thinned(_falling(points)))


def _scaled(own: Sequence[Point], total_s: float | None) -> Iterable[Point]:
    if not own or total_s is None or own[0][1] <= 0:
        return own
    scale = total_s / own[0][1]
    # A slicer that is so far off measured something else.
    return [(byte, left * scale) for byte, left in own] if 0.4 < scale < 2.5 else own


def _falling(points: Iterable[Point]) -> list[Point]:
    """Return the points with rising bytes and time left that never grows."""
    result: list[Point] = []
    for byte, left in points:
        seconds = max(round(left, 1), 0.0)
        if result and (byte <= result[-1][0] or seconds > result[-1][1]):
            continue
        result.append((byte, seconds))
    return result


def _thinned(points: list[Point]) -> list[Point]:
    if len(points) <= POINTS:
        return points
    step = (len(points) - 1) / (POINTS - 1)
    return [points[round(index * step)] for index in range(POINTS)]
