"""Firmwares that take less ahead than most, and those that say how much they take."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.components.serial_printer.engine.dialect import MARLIN, UNKNOWN, Dialect
from appliance.components.serial_printer.engine.replies import Ok
from appliance.components.serial_printer.engine.window import Window
from appliance.domain.job import JobResult
from tests.engine_harness import commands, engine, foreign
from tests.serial_printer.files import write, zigzag
from tests.serial_printer.model_marlin import ModelMarlin
from tests.serial_printer.talk import Talk
from tests.simulated import simulated_printer

MOVES = [f"G1 X{number}.125 Y{number}.5 E{number / 10:g} F3000" for number in range(1, 201)]


def print_at_leisure(talk: Talk) -> None:
    """Let everything arrive that was sent before the printer executes a line."""
    while not talk.faults and not (talk.dialogue.idle and talk.firmware.idle):
        while talk.firmware.wire:
            talk.firmware.arrive()
        talk.firmware.execute()
        while talk.firmware.said:
            talk.hear()
        if talk.firmware.idle:
            talk.wait(1.0)


@pytest.mark.parametrize("rx_buffer", [64, 40])
def test_a_print_goes_on_with_less_ahead(rx_buffer: int) -> None:
    firmware = ModelMarlin(rx_buffer=rx_buffer, slots=1)
    talk = Talk(MOVES, firmware)
    try:
        print_at_leisure(talk)
        assert not talk.faults
        assert talk.moves == MOVES
        assert firmware.overruns
        overruns = firmware.overruns
        talk.job.lines += MOVES
        talk.dialogue.pump()
        print_at_leisure(talk)  # one by one
        assert (talk.moves, firmware.overruns) == (MOVES * 2, overruns)
        talk.job.lines += MOVES * 4
        talk.dialogue.pump()
        print_at_leisure(talk)  # ahead once more, then with less
        assert not talk.faults
        assert talk.dialogue.window.max_bytes == 63
        overruns = firmware.overruns
        talk.job.lines += MOVES * 10
        talk.dialogue.pump()
        print_at_leisure(talk)
        assert (talk.moves, firmware.overruns) == (MOVES * 16, overruns)
    finally:
        talk.close()


async def test_a_board_behind_a_real_wire_prints_on_without_losses(tmp_path: Path) -> None:
    content = zigzag(300)
    async with (
        simulated_printer(
            tmp_path, speed=20, rx_buffer=48, bufsize=2, planner=4, baudrate=250_000
        ) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await one.print_file(write(tmp_path / "a.gcode", content))
        assert (await one.ended()).result is JobResult.COMPLETE
        assert foreign(await printer.accepted(since)) == commands(content)
        assert 0 < one.snapshot.health.resend_requests < 15


@pytest.mark.parametrize("dialect", [MARLIN, UNKNOWN])
def test_a_firmware_that_tells_its_slots_gets_as_many_lines(dialect: Dialect) -> None:
    window = Window(dialect)
    window.push(b"G28", 0.0)
    window.acknowledge(Ok(number=1, planner=15, slots=6))
    assert window.max_lines == 7
    window.push(b"G1 X1", 0.0)
    window.acknowledge(Ok(number=2, planner=15, slots=30))
    assert window.max_lines == 8


def test_what_a_person_or_a_bad_experience_limits_is_not_learned_away() -> None:
    window = Window(MARLIN)
    window.limit(2, None)
    window.push(b"G28", 0.0)
    window.acknowledge(Ok(number=1, planner=15, slots=6))
    assert window.max_lines == 2
    window = Window(MARLIN)
    window.shrink()
    window.shrink()
    window.push(b"G28", 0.0)
    window.acknowledge(Ok(number=1, planner=15, slots=6))
    assert (window.max_lines, window.max_bytes) == (1, 63)
