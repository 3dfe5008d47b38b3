"""What was measured, and the table and the JSON that show it."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Side(Enum):
    """On which side of its bar a figure should be."""

    AT_MOST = "<="
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure should reach. Other programs only ever make it worse: the best run counts.

    ``always``: every run has to reach it, as for counts of what must not happen.
    """

    side: Side
    limit: float
    always: bool = False

    def met(self, values: Sequence[float]) -> bool:
        reached = [
            value <= self.limit if self.side is Side.AT_MOST else value >= self.limit
            for value in values
        ]
        return all(reached) if self.always else any(reached)

    def __str__(self) -> str:
        return f"{self.side.value} {self.limit:g}"


def at_most(limit: float) -> Bar:
    return Bar(Side.AT_MOST, limit)


def at_least(limit: float) -> Bar:
    return Bar(Side.AT_LEAST, limit)


def never_above(limit: float) -> Bar:
    return Bar(Side.AT_MOST, limit, always=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: the values of its runs, or why there are none."""

    name: str
    unit: str
    values: tuple[float, ...]
    bar: Bar | None = None
    failure: str | None = None

    def row(self) -> str:
        if self.failure is not None:
            return f"  {self.name:<58} {self.failure}"
        low, high = min(self.values), max(self.values)
        columns = (low, statistics.median(self.values), high)
        shown = "".join(f"{_short(value):>10}" for value in columns)
        return f"  {self.name:<58}{shown}  {self.unit:<9}{self._verdict()}".rstrip()

    def _verdict(self) -> str:
        if self.bar is None:
            return ""
        return f"{self.bar!s:<9}{'' if self.bar.met(self.values) else 'MISSED'}"

    def plain(self) -> dict[str, Any]:
        """Return the row for JSON."""
        row: dict[str, Any] = {"name": self.name, "unit": self.unit}
        if self.failure is not None:
            return {**row, "failure": self.failure}
        row["values"] = list(self.values)
        if self.bar is not None:
            row |= {"bar": str(self.bar), "met": self.bar.met(self.values)}
        return row


def figure(name: str, unit: str, values: Iterable[float], bar: Bar | None = None) -> Figure:
    """Return a row; without a single value it says so."""
    known = tuple(values)
    return Figure(name, unit, known, bar, None if known else "nothing was measured")


def failed(name: str, why: str) -> Figure:
    """Return the row of something that could not be measured."""
    return Figure(name, "", (), failure=f"failed: {why}")


def heading() -> str:
    """Return what stands above the table: on which machine, how busy, and the columns."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    machine = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    columns = "".join(f"{name:>10}" for name in ("min", "median", "max"))
    return f"{machine}; load average {load}\n{'':<60}{columns}  {'unit':<9}bar"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> str:
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"
