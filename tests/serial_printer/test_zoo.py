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
    HaltedSmoothie,
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


@pytest.mark.parametrize(
    ("kind", "command"), [(Klipper, "FIRMWARE_RESTART"), (HaltedSmoothie, "M999")]
)
@pytest.mark.parametrize("verb", ["connect", "reset"])
async def test_a_halt_is_ended_by_the_firmware_s_own_command(
    tmp_path: Path, kind: type[Klipper | HaltedSmoothie], command: str, verb: str
) -> None:
    animal = kind()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            await one.call("emergency_stop", origin="test")
            await one.until(lambda now: now.link is Link.HALTED)
            assert command not in animal.accepted  # nobody has asked for it yet
            await one.call(verb)
            await one.online()
            await one.send("G28")
            assert animal.accepted.count(command) == 1
            assert "G28" in animal.accepted[animal.accepted.index(command) :]


async def test_klipper_halts_by_itself_and_says_why(tmp_path: Path) -> None:
    animal = Klipper()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            animal.shut_down(b"MCU 'mcu' shutdown: ADC out of range")
            now = await one.until(lambda now: now.link is Link.HALTED)
    assert now.fault is not None
    assert "ADC out of range" in now.fault.message


@pytest.mark.parametrize("halted", [b"", b"MCU 'mcu' shutdown: Timer too close"])
async def test_klipper_is_found_in_the_state_that_it_is_in(
    tmp_path: Path, halted: bytes
) -> None:
    animal = Klipper()
    animal.halted = halted
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            now = await one.until(lambda now: now.link in (Link.ONLINE, Link.HALTED))
    assert now.link is (Link.HALTED if halted else Link.ONLINE)
    assert (now.fault is not None and "Timer too close" in now.fault.message) is bool(halted)


async def test_what_klipper_refuses_ends_the_print_and_not_the_connection(
    tmp_path: Path,
) -> None:
    path = tmp_path / "part.gcode"
    path.write_text("\n".join(["G28", *MOVES, ""]))
    animal = Klipper()
    animal.refuses = b"G1 X10 Y"
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            assert any("Must home" in line for line in await one.send("G1 X10 Y1"))
            assert one.snapshot.fault is None  # a person's command may be refused
            await one.print_file(path)
            job = await one.ended()
            assert one.snapshot.link is Link.ONLINE
    assert job.result is JobResult.FAILED
    assert job.cause is not None
    assert "Must home axis first" in job.cause
    # What was on its way when the refusal came, and the heaters' end.
    assert MOVES[MOVES.index("G1 X10 Y10 E0.50") + 10] not in animal.accepted
    assert "M104 S0" in animal.accepted


async def test_a_klipper_that_begins_anew_ends_the_print(tmp_path: Path) -> None:
    path = tmp_path / "part.gcode"
    path.write_text("\n".join(["G28", *MOVES, "M600", *MOVES, ""]))
    animal = Klipper()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            await one.print_file(path)
            animal.begin_anew()
            job = await one.ended()
            await one.online_again()
    assert job.result is not JobResult.COMPLETE
    assert "restarted" in (job.cause or "")


async def test_whoever_asks_klipper_for_its_state_ends_nothing(tmp_path: Path) -> None:
    animal = Klipper()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            assert any("Ready" in line for line in await one.send("status"))
            await one.send("G28")
            assert "restarted" not in "".join(text for _, text in one.console)
            assert one.snapshot.link is Link.ONLINE


async def test_klipper_takes_commands_longer_than_a_marlin_s_line(tmp_path: Path) -> None:
    long = "START_PRINT " + " ".join(f"PARAMETER_{number}={number}" for number in range(20))
    path = tmp_path / "part.gcode"
    path.write_text("\n".join([long, "G28", "TURN_OFF_HEATERS", ""]))
    animal = Klipper()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            await one.print_file(path)
            job = await one.ended()
    assert job.result is JobResult.COMPLETE
    assert [text for text in animal.accepted if text in (long, "G28")] == [long, "G28"]
