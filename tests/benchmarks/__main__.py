"""``script/bench [PART...] [--json FILE]``: measure, and print one table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import (
    api,
    dense_print,
    files,
    flat_out,
    latency,
    long_print,
    mqtt,
    push,
    start_up,
    subscriptions,
    wire_rate,
)
from tests.benchmarks.appliances import appliance
from tests.benchmarks.figures import Figure, failed, heading
from tests.benchmarks.peers import answering
from tests.benchmarks.processes import BenchmarkFailed

PARTS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "flat_out": flat_out.measure,
    "wire_rate": wire_rate.measure,
    "dense_print": dense_print.measure,
    "latency": latency.measure,
    "start_up": start_up.measure,
    "long_print": long_print.measure,
    "files": files.measure,
    "api": api.measure,
    "push": push.measure,
    "subscriptions": subscriptions.measure,
    "mqtt": mqtt.measure,
}


def main() -> int:
    """Run the parts that are wanted, or all."""
    options = _options()
    _warm_up()
    print(heading(), flush=True)
    results: dict[str, Any] = {"machine": heading().splitlines()[0], "parts": {}}
    for name in options.parts or PARTS:
        begun = time.monotonic()
        rows = results["parts"][name] = []
        print(f"\n{name}: {(sys.modules[PARTS[name].__module__].__doc__ or '').strip()}")
        for row in _run(name):
            print(row.row(), flush=True)
            rows.append(row.plain())
        print(f"  ({time.monotonic() - begun:.0f} s)", flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0


def _warm_up() -> None:
    """Start everything once, so that all bytecode is there as on an installed system."""
    with (
        tempfile.TemporaryDirectory(prefix="bench", dir="/tmp") as folder,
        answering(Path(folder)) as port,
        appliance(Path(folder), port) as running,
    ):
        running.wait_for_state("Operational")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", choices=[[], *PARTS], help=", ".join(PARTS)
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values there")
    return parser.parse_args()


def _run(name: str) -> Iterator[Figure]:
    """Measure a part in a folder of its own; what fails is shown and stops nothing else."""
    # The path of a Unix socket ends at 107 bytes.
    with tempfile.TemporaryDirectory(prefix="bench", dir="/tmp") as folder:
        try:
            yield from PARTS[name](Path(folder))
        except (BenchmarkFailed, OSError, TimeoutError, subprocess.SubprocessError) as error:
            yield failed(name, str(error) or type(error).__name__)


if __name__ == "__main__":
    sys.exit(main())
