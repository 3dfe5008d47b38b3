"""After a damaged line the next ones go one by one: a Marlin cuts what is still coming in."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.components.serial_printer.engine.damage import SINGLE_LINES, Damage, Remedy
from appliance.components.serial_printer.engine.dialect import MARLIN
from appliance.components.serial_printer.engine.replies import PLAIN_OK
from appliance.components.serial_printer.engine.window import Window
from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.zoo import CuttingMarlin

MOVES = [f"G1 X{number % 50} Y{number * 7 % 60} E{number * 0.05:.2f}" for number in range(600)]
SIZE = 30


def most_ahead(window: Window) -> int:
    """Send as many lines as there is room for and return how many that are."""
    while window.room(SIZE):
        window.push(b"G1 X1", 0.0)
    most = len(window.in_flight)
    while not window.empty:
        window.acknowledge(PLAIN_OK)
    return most


def test_lines_go_one_by_one_up_to_a_count() -> None:
    window = Window(MARLIN)
    assert most_ahead(window) == MARLIN.window
    window.single_until = window.sent + 3
    assert [most_ahead(window) for _ in range(4)] == [1, 1, MARLIN.window, MARLIN.window]


def test_lines_that_go_again_go_one_by_one_as_well() -> None:
    window = Window(MARLIN)
    lines = [window.push(b"G1 X1", 0.0) for _ in range(4)]
    assert lines[0].number is not None
    window.resend(lines[0].number, out_of_order=False)
    window.single_until = 100
    window.acknowledge(PLAIN_OK)
    for line in lines:
        assert window.next_again(0.0) is line
        assert window.next_again(0.0) is None
        window.acknowledge(PLAIN_OK)


def test_after_each_time_of_damage_they_go_one_by_one_for_longer() -> None:
    damage = Damage()
    sent = 500
    for pause in (SINGLE_LINES, 2 * SINGLE_LINES, 4 * SINGLE_LINES):
        for _ in range(3):  # in a row they are one time
            assert damage.add(sent, packed=False, ahead=True) == []
            sent += 90
        assert damage.single_until == sent - 90 + pause
        sent = damage.single_until + 5000  # a good cable, but for that


def test_what_arrives_one_by_one_only_is_a_small_buffer() -> None:
    damage = Damage()
    assert damage.add(20, packed=False, ahead=True) == []
    soon = damage.single_until + 10
    assert damage.add(soon, packed=False, ahead=True) == [Remedy.SHRINK]
    noise = Damage()
    for sent in (20, 400, 800):  # noise comes whatever is sent ahead
        assert noise.add(sent, packed=False, ahead=True) == []
    assert noise.add(noise.single_until + 10, packed=False, ahead=True) == []
    assert Damage().add(20, packed=False, ahead=False) == []


def test_of_much_damage_packing_ends_first_and_then_the_print() -> None:
    damage = Damage()
    found = [damage.add(sent, packed=True, ahead=False) for sent in range(60, 150, 3)]
    assert found[0] == []
    assert found[1] == [Remedy.UNPACK]
    assert Remedy.GIVE_UP in found[-1]
    assert damage.unusable is not None
    assert damage.unusable[1] == 50


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
    assert animal.resends > 8
    # Only at the first damage was anything sent ahead; then each Resend would cut a line.
    assert len(animal.pieces) <= 3
    for piece in animal.pieces:
        if piece.startswith("G1"):
            animal.accepted.remove(piece)
    assert [line for line in animal.accepted if line.startswith("G1 X")] == MOVES
