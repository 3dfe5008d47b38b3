"""The engine among firmwares that are not Marlin."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.job import JobResult
from appliance.domain.machine import Link
from appliance.domain.printer import FaultReason
from tests.engine_harness import engine
from tests.serial_printer.zoo import (
    Animal,
    Grbl,
    Klipper,
    Malyan,
    PrusaMk3,
    Repetier,
    RepRapFirmware,
    Smoothie,
    Teacup,
)

MOVES = [f"G1 X{number % 50} Y{number * 7 % 60} E{number * 0.05:.2f}" for number in range(400)]

ANIMALS = [
    (PrusaMk3, "prusa", 0.02),
    (Repetier, "repetier", 0.02),
    (Smoothie, "smoothieware", 0.02),
    (Teacup, "teacup", 0.02),
    (Malyan, "malyan", 0.02),
    (RepRapFirmware, "reprapfirmware", 0.0),
    (Klipper, "klipper", 0.0),
]


@pytest.mark.parametrize(("kind", "dialect", "damage"), ANIMALS, ids=[a[1] for a in ANIMALS])
async def test_it_is_recognised_and_printed_on_without_loss(
    tmp_path: Path, kind: type[Animal], dialect: str, damage: float
) -> None:
    path = tmp_path / "part.gcode"
    path.write_text("\n".join(["G28", "G90", "M82", *MOVES, ""]))
    animal = kind(damage)
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            assert one.snapshot.firmware is not None
            assert one.snapshot.firmware.profile == dialect
            await one.print_file(path)
            job = await one.ended()
    assert job.result is JobResult.COMPLETE, job.cause
    assert [line for line in animal.accepted if line.startswith("G1 X")] == MOVES
    assert bool(animal.resends) is bool(damage)


async def test_grbl_is_refused_with_the_reason(tmp_path: Path) -> None:
    with Grbl().on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            now = await one.until(lambda now: now.link is Link.FAILED)
    assert now.fault is not None
    assert now.fault.reason is FaultReason.UNSUPPORTED
    assert "grbl" in now.fault.message
