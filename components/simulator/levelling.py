"""The bed's surface as the probe finds it."""

from __future__ import annotations

from random import Random

GRID = 3  # points in each direction
Mesh = list[list[float]]
"""Z by row (Y) and column (X), mm."""


def probe_bed(random: Random) -> Mesh:
    """Return a plausible measurement: a slight tilt and some unevenness."""
    tilt_x, tilt_y = random.uniform(-0.1, 0.1), random.uniform(-0.1, 0.1)
    middle = GRID // 2
    return [
        [
            round(
                tilt_x * (column - middle)
                + tilt_y * (row - middle)
                + random.uniform(-0.08, 0.08),
                3,
            )
            for column in range(GRID)
        ]
        for row in range(GRID)
    ]


def grid_lines(mesh: Mesh) -> list[str]:
    """Print a mesh the way Marlin's bilinear levelling does."""
    lines = ["Bilinear Leveling Grid:"]
    lines.append(" ".join(["", *(f"{column:>6}" for column in range(len(mesh[0])))]))
    for row, values in enumerate(mesh):
        lines.append(" ".join([f"{row:2}", *(f"{z:+.3f}" for z in values)]))
    lines.append("")
    return lines
