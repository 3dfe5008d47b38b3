"""After a damaged line the next ones go one by one: a Marlin cuts what is still coming in."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.components.serial_printer.engine.dialect import MARLIN
from appliance.components.serial_printer.engine.replies import PLAIN_OK
from appliance.components.serial_printer.engine.window import CAREFUL_LINES, Window
from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.zoo import CuttingMarlin

MOVES = [f"G1 X{number % 50} Y{number * 7 % 60} E{number * 0.05:.2f}" for number in range(600)]
SIZE = 30


def most_ahead(window: Window, lines: int) -> int:
    """Send so many lines, as many at once as there is room for; return the most on the way."""
    most = 0
    for _ in range(lines):
        while window.room(SIZE):
            window.push(b"G1 X1", 0.0)
        most = max(most, len(window.in_flight))
        window.acknowledge(PLAIN_OK)
    return most


def damage_one(window: Window) -> None:
    """Lose the oldest line on the way and bring it through."""
    while not window.empty:
        window.acknowledge(PLAIN_OK)
    line = window.push(b"G1 X1", 0.0)
    assert line.number is not None
    window.resend(line.number, out_of_order=False)
    window.acknowledge(PLAIN_OK)  # that of the Resend
    assert window.next_again(0.0) is line
    window.acknowledge(PLAIN_OK)
    assert not window.recovering


def test_lines_go_ahead_again_after_a_while_and_later_after_each_further_error() -> None:
    window = Window(MARLIN)
    assert most_ahead(window, 20) == MARLIN.window
    for pause in (CAREFUL_LINES, 2 * CAREFUL_LINES, 4 * CAREFUL_LINES):
        damage_one(window)
        assert most_ahead(window, pause - 2) == 1
        assert most_ahead(window, 20) == MARLIN.window


def test_errors_in_a_row_count_as_one() -> None:
    window = Window(MARLIN)
    for _ in range(5):
        damage_one(window)
    assert most_ahead(window, CAREFUL_LINES - 2) == 1
    assert most_ahead(window, 20) == MARLIN.window


def test_lines_that_go_again_go_one_by_one_as_well() -> None:
    window = Window(MARLIN)
    lines = [window.push(b"G1 X1", 0.0) for _ in range(4)]
    assert lines[0].number is not None
    window.resend(lines[0].number, out_of_order=False)
    window.acknowledge(PLAIN_OK)
    for line in lines:
        assert window.next_again(0.0) is line
        assert window.next_again(0.0) is None
        window.acknowledge(PLAIN_OK)


@pytest.mark.parametrize("seed", range(3))
async def test_hardly_a_piece_of_a_line_is_taken_for_a_command(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "part.gcode"
    path.write_text("\n".join(["G28", "G90", "M82", *MOVES, ""]))
    animal = CuttingMarlin(0.02, seed)
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            await one.print_file(path)
            job = await one.ended()
    assert job.result is JobResult.COMPLETE, job.cause
    assert animal.resends > 3
    # Only at the first error was anything sent ahead.
    assert len(animal.pieces) <= 1
    for piece in animal.pieces:
        animal.accepted.remove(piece)
    assert [line for line in animal.accepted if line.startswith("G1 X")] == MOVES
