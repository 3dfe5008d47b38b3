"""Every fault of the cable, with and without ADVANCED_OK: intact, or not called complete.

The invariant: the moves that the printer accepted are those of the file, in order, each
once; and a job is complete only when all of them were. GANTRY_THOROUGH=20 runs the matrix
with twenty seeds; the default is one.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from pathlib import Path

import pytest

from appliance.domain.job import Job, JobPhase, JobResult
from appliance.errors import DomainError
from tests.engine_harness import EngineProcess, commands, engine, motion
from tests.serial_printer.files import write, zigzag
from tests.simulated import SimulatedPrinter, simulated_printer
from tests.thoroughness import THOROUGH

LINES = 150
CONTENT = zigzag(LINES)
Disturb = Callable[
    [EngineProcess, SimulatedPrinter, random.Random], Coroutine[object, object, None]
]


async def nothing(
    one: EngineProcess, printer: SimulatedPrinter, chance: random.Random
) -> None:
    """Let the faults of the cable do their work alone."""


async def pause_and_resume(
    one: EngineProcess, printer: SimulatedPrinter, chance: random.Random
) -> None:
    for _ in range(2):
        await one.printed(chance.randrange(LINES - 40))
        await one.pause()
        await one.until(lambda now: now.phase in (JobPhase.PAUSED, JobPhase.NONE))
        if one.snapshot.phase is JobPhase.PAUSED:
            await one.resume()


async def cancel(one: EngineProcess, printer: SimulatedPrinter, chance: random.Random) -> None:
    await one.printed(chance.randrange(LINES - 40))
    await one.cancel()


async def ask(one: EngineProcess, printer: SimulatedPrinter, chance: random.Random) -> None:
    for _ in range(8):
        await one.call("send", lines=["M119", "M105"], origin="test", wait=True)


async def reset(one: EngineProcess, printer: SimulatedPrinter, chance: random.Random) -> None:
    await one.printed(chance.randrange(LINES - 40))
    await printer.control({"do": "reset"})


async def unplug(one: EngineProcess, printer: SimulatedPrinter, chance: random.Random) -> None:
    await one.printed(chance.randrange(LINES - 40))
    await printer.control({"do": "unplug", "seconds": 0.1})


@dataclass(frozen=True)
class Case:
    """One row of the matrix."""

    name: str
    faults: Mapping[str, float] = field(default_factory=dict)
    disturb: Disturb = nothing
    result: JobResult = JobResult.COMPLETE


DIRTY = {"corrupt_lines": 0.01, "lost_ok": 0.005}
CASES = (
    Case("noise up 1e-5", {"noise_in": 1e-5}),
    Case("noise up 1e-4", {"noise_in": 1e-4}),
    Case("noise down 1e-5", {"noise_out": 1e-5}),
    Case("noise down 1e-4", {"noise_out": 1e-4}),
    Case("noise both ways 1e-4", {"noise_in": 1e-4, "noise_out": 1e-4}),
    Case("1 % corrupted lines and 0.5 % lost oks", DIRTY),
    Case("doubled oks", {"doubled_ok": 0.03}),
    Case("glued oks", {"glued_ok": 0.05}),
    Case("lost lines of the printer", {"lost_line_out": 0.01}),
    Case("Resend without ok", {"corrupt_lines": 0.02, "resend_without_ok": 1}),
    Case("commands between", DIRTY, ask),
    Case("pause and resume", DIRTY, pause_and_resume),
    Case("cancel", DIRTY, cancel, JobResult.CANCELLED),
    Case("reset", DIRTY, reset, JobResult.INTERRUPTED),
    Case("unplug", DIRTY, unplug, JobResult.INTERRUPTED),
)
WORST = {"noise_in": 1e-3, "noise_out": 1e-3}
CALM = dict.fromkeys({name for case in CASES for name in case.faults} | set(WORST), 0)


def undetectable(found: str, sent: str) -> bool:
    """Whether an XOR sum cannot tell these apart: two flipped bits of one weight."""
    if len(found) != len(sent):
        return False
    flips = [ord(a) ^ ord(b) for a, b in zip(found, sent, strict=True) if a != b]
    return len(flips) == 2 and reduce(xor, flips, 0) == 0


def followed(accepted: Sequence[str], wanted: Sequence[str]) -> int:
    """Return how many of the wanted lines were executed; fail on any other move.

    What noise makes of a line that lost its number is an unknown command, never a move.
    """
    at = 0
    for line in accepted:
        if at < len(wanted) and (line == wanted[at] or undetectable(line, wanted[at])):
            at += 1
        elif motion([line]) and not line.startswith("G92 E"):
            pytest.fail(f"{line!r} came in place of {wanted[at : at + 1]} ({at})")
    return at


async def run(
    case: Case, one: EngineProcess, printer: SimulatedPrinter, path: Path, seed: int
) -> tuple[Job, int]:
    """Print once with that fault; return the job and how many lines were executed."""
    await one.online()
    one.events.clear()
    since = len(await printer.accepted())
    await printer.fault(**case.faults)
    await one.print_file(path)
    disturbing = asyncio.create_task(case.disturb(one, printer, random.Random(seed)))
    try:
        job = await one.ended(within_s=90)
    finally:
        await printer.fault(**CALM)
        disturbing.cancel()
        await asyncio.gather(disturbing, return_exceptions=True)
    if job.result is JobResult.INTERRUPTED:
        await one.online_again()
    return job, followed(await printer.accepted(since), commands(CONTENT))


@pytest.mark.timeout(120 + 120 * THOROUGH)
@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("advanced_ok", [True, False], ids=["advanced_ok", "plain_ok"])
async def test_the_matrix(tmp_path: Path, advanced_ok: bool, part: int) -> None:
    path = write(tmp_path / "a.gcode", CONTENT)
    for seed in range(THOROUGH):
        async with (
            simulated_printer(
                tmp_path, speed=100, advanced_ok=advanced_ok, seed=seed, name=f"p{seed}"
            ) as printer,
            engine(tmp_path, port=printer.port, name=f"e{seed}") as one,
        ):
            for case in CASES[part::2]:
                job, printed = await run(case, one, printer, path, seed)
                told = f"{case.name}, seed {seed}: {job.result}, {job.cause}, {printed}"
                if job.result is JobResult.COMPLETE:
                    assert printed == len(commands(CONTENT)), told
                # Whoever is quick is done before the disturbance.
                assert job.result in (case.result, JobResult.COMPLETE), told
                assert (job.cause is None) == (job.result is JobResult.COMPLETE), told


@pytest.mark.timeout(60 + 120 * THOROUGH)
@pytest.mark.parametrize("advanced_ok", [True, False], ids=["advanced_ok", "plain_ok"])
async def test_a_cable_that_carries_nothing_ends_the_job_with_a_reason(
    tmp_path: Path, advanced_ok: bool
) -> None:
    """One flipped bit in a thousand: a quarter of all lines."""
    path = write(tmp_path / "a.gcode", zigzag(20_000))
    for seed in range(THOROUGH):
        async with (
            simulated_printer(
                tmp_path, speed=40, advanced_ok=advanced_ok, seed=seed, name=f"p{seed}"
            ) as printer,
            engine(tmp_path, port=printer.port, name=f"e{seed}") as one,
        ):
            await one.online()
            await printer.fault(**WORST)
            try:
                await one.print_file(path)
            except DomainError:
                continue  # refused at once
            job = await one.ended(within_s=120)
            assert job.result in (JobResult.FAILED, JobResult.INTERRUPTED)
            assert job.line < 1000
            assert job.cause
