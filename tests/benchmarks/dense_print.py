"""A print of 0.1 mm segments on the simulated printer: how often its planner runs dry.

250 lines a second are 85 % of what 115200 baud can carry; with MeatPack it carries 400,
which plain text cannot. The clients ask again as soon as they have an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.api import polled
from tests.benchmarks.appliances import appliance, write_configuration
from tests.benchmarks.figures import Figure, figure, never_above
from tests.benchmarks.gcode import write_dense
from tests.benchmarks.peers import simulated

CLIENTS = 8
SECONDS = 10.0
FILE = "dense.gcode"
DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True)
class Case:
    """One print."""

    baudrate: int
    per_second: float
    clients: int
    meatpack: bool = False

    def __str__(self) -> str:
        packed = ", MeatPack" if self.meatpack else ""
        asked = f", {self.clients} clients" if self.clients else ""
        return f"{self.baudrate} baud, {self.per_second:g} lines/s{packed}{asked}"


CASES = (
    Case(115200, 250, 0),
    Case(115200, 250, CLIENTS),
    Case(250000, 250, 0),
    Case(250000, 250, CLIENTS),
    Case(250000, 500, CLIENTS),
    Case(115200, 400, CLIENTS, meatpack=True),
)


def measure(folder: Path) -> Iterator[Figure]:
    for case in CASES:
        underruns, dry_s = _print(folder, case)
        yield figure(f"underruns, {case}", "", [underruns], never_above(0))
        if underruns:
            yield figure(f"planner dry, {case}", "ms", [dry_s * 1000])


def _print(folder: Path, case: Case) -> tuple[float, float]:
    """Print once; return how often and how many seconds the planner was dry."""
    write_configuration(folder / "config")
    file = folder / "config" / "gcodes" / FILE
    write_dense(file, int(case.per_second * SECONDS), case.per_second)
    options = {"baudrate": case.baudrate, "meatpack": case.meatpack}
    with (
        simulated(folder, **options) as printer,
        appliance(folder, printer.port, case.baudrate) as running,
    ):
        running.wait_for_state("Operational")
        with polled(running, case.clients):
            running.start(FILE)
            running.wait_for_state("Printing")
            running.wait_for_state("Operational", DEADLINE_S)
        planner = printer.planner()
        return planner["underruns"], planner["dry_seconds"]
