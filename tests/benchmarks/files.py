"""Files: CPU of metadata, analysis and uploads; long lists; holds of the event loop."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from appliance.components.file_manager.analysis.work import Order
from appliance.components.file_manager.analyst import _run as run_analysis
from appliance.components.file_manager.metadata.reader import read_waiting
from appliance.domain.analysis import Limits
from appliance.domain.files import GCODES, Item
from tests.benchmarks.figures import Figure, at_most
from tests.components.file_manager.conftest import open_shop

GCODE = Path(__file__).parents[1] / "data" / "gcode"
MEGABYTE = 1_000_000
MANY = 20_000
RUNS = 5
PROBE_S = 0.005


def measure(folder: Path) -> Iterator[Figure]:
    """Measure everything in ``folder``."""
    large = _large_file(folder / "large.gcode", 100 * MEGABYTE)
    yield _metadata(large)
    yield asyncio.run(_analysis(folder))
    yield asyncio.run(_upload(folder / "upload", large))
    yield from asyncio.run(_lists(folder / "lists"))
    yield from asyncio.run(_lags(folder / "lags", large))


def _large_file(path: Path, size: int) -> Path:
    """Write a file of a real slicer whose moves were repeated up to that size."""
    text = (GCODE / "tile-prusaslicer-2.5.0.gcode").read_bytes()
    head, mark, rest = text.partition(b";LAYER_CHANGE")
    moves, end, tail = rest.partition(b"M104 S0")
    with path.open("wb") as file:
        file.write(head)
        while file.tell() < size:
            file.write(mark + moves)
        file.write(end + tail)
    return path


def _cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _metadata(path: Path) -> Figure:
    values = []
    for _ in range(RUNS):
        before = _cpu_s()
        read_waiting(path, ".gcode")
        values.append((_cpu_s() - before) * 1000)
    return Figure("metadata of a file of 100 MB, CPU", "ms", tuple(values), at_most(50))


async def _analysis(folder: Path) -> Figure:
    path = _large_file(folder / "analysed.gcode", 20 * MEGABYTE)
    megabytes = path.stat().st_size / MEGABYTE
    values = []
    for _ in range(3):
        before = _cpu_s(resource.RUSAGE_CHILDREN)
        descriptor = os.open(path, os.O_RDONLY)
        result = await run_analysis(Order(".gcode", Limits()), descriptor, 600)
        os.close(descriptor)
        assert result.analysis is not None
        values.append((_cpu_s(resource.RUSAGE_CHILDREN) - before) / megabytes)
    return Figure("analysis, with its process, CPU", "s/MB", tuple(values), at_most(0.275))


async def _blocks(path: Path, repeats: int = 1) -> AsyncIterator[bytes]:
    """Yield a file as a socket would: in pieces, giving others their turn."""
    for _ in range(repeats):
        with path.open("rb") as file:
            while block := file.read(256 * 1024):
                yield block
                await asyncio.sleep(0)


async def _upload(folder: Path, path: Path) -> Figure:
    folder.mkdir()
    shop, disk, database = await open_shop(folder)
    shop.service._intake._room.limit = 10**10
    values = []
    for _ in range(RUNS):
        before = _cpu_s()
        await shop.service.receive(GCODES, "large.gcode", _blocks(path))
        values.append(_cpu_s() - before)
    await database.close()
    await disk.close()
    return Figure("upload of 100 MB below HTTP, CPU", "s", tuple(values), at_most(0.4))


async def _lists(folder: Path) -> list[Figure]:
    (folder / "gcodes").mkdir(parents=True)
    text = (GCODE / "tile-slic3r-1.3.0.gcode").read_bytes()[:2000]
    for number in range(MANY):
        sub = folder / "gcodes" / f"folder {number % 200}"
        sub.mkdir(exist_ok=True)
        (sub / f"part {number}.gcode").write_bytes(text)
    started = time.perf_counter()
    shop, disk, database = await open_shop(folder)
    scanned = time.perf_counter() - started
    rich = read_waiting(GCODE / "tile-prusaslicer-2.5.0.gcode", ".gcode").metadata
    rows = [
        replace(row, metadata=rich)
        for file in (await shop.service.tree()).files
        if (row := await shop.library.row(file.path)) is not None
    ]
    await shop.index.put_files(rows)
    again = time.perf_counter()
    await shop.watcher.compare()
    compared = time.perf_counter() - again
    gc.collect()
    figures = [
        await _timed("list 20,000 files", shop.service.tree, at_most_ms=300),
        await _timed("list them with metadata", lambda: shop.service.tree(details=True)),
        await _timed("list a folder of 100", lambda: shop.service.folder(path="folder 7")),
        Figure("index 20,000 new files", "s", (scanned,)),
        Figure("compare 20,000 files with the index", "ms", (compared * 1000,)),
    ]
    await database.close()
    await disk.close()
    return figures


async def _timed(
    name: str, work: Callable[[], Awaitable[object]], at_most_ms: float | None = None
) -> Figure:
    values = []
    for _ in range(RUNS):
        started = time.perf_counter()
        await work()
        values.append((time.perf_counter() - started) * 1000)
    bar = None if at_most_ms is None else at_most(at_most_ms)
    return Figure(name, "ms", tuple(values), bar)


async def _lags(folder: Path, path: Path) -> list[Figure]:
    """Hold a probe against the event loop while much is done."""
    folder.mkdir()
    shop, disk, database = await open_shop(folder)
    shop.service._intake._room.limit = 10**10

    async def upload() -> None:
        await shop.service.receive(GCODES, "large.gcode", _blocks(path, 5))

    async def analyse() -> None:
        descriptor = os.open(path, os.O_RDONLY)
        await run_analysis(Order(".gcode", Limits()), descriptor, 600)
        os.close(descriptor)

    async def pack() -> None:
        items = [Item(GCODES, "large.gcode"), Item(GCODES, "again.gcode")]
        await shop.service.copy(items[0], items[1])
        await shop.service.zip(items, Item(GCODES, "all.zip"))

    figures = []
    for name, work in (
        ("upload of 500 MB", upload),
        ("analysis of 100 MB", analyse),
        ("copy and zip of 1 GB", pack),
    ):
        with _neighbour() as noise:
            lag = await _lag(work)
            beside = noise()
        figures += [
            Figure(f"longest hold of the loop, {name}", "ms", (lag,), at_most(50)),
            Figure("  and of an idle process beside it", "ms", (beside,)),
        ]
    await database.close()
    await disk.close()
    return figures


@contextmanager
def _neighbour() -> Iterator[Callable[[], float]]:
    """Run an idle process with the same probe: what it feels is the machine, not us."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.files"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield lambda: float(process.communicate()[0])


async def _lag(work: Callable[[], Awaitable[None]]) -> float:
    """Return how late the probe was at worst, in ms."""
    worst = 0.0

    async def probe() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PROBE_S)
            worst = max(worst, time.perf_counter() - before - PROBE_S)

    task = asyncio.create_task(probe())
    await work()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return worst * 1000


if __name__ == "__main__":
    print(asyncio.run(_lag(lambda: asyncio.to_thread(sys.stdin.read))))
