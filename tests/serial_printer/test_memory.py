"""A pause is undone exactly: whatever was done in it, the file goes on as if nothing was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.memory import Memory, fill, remember, restore
from appliance.components.serial_printer.engine.tracker import Tracker
from tests.serial_printer.gcode_strategies import ANY, PLAIN
from tests.serial_printer.machine_model import Machine


def both(lines: list[str]) -> tuple[Machine, Tracker]:
    """Run lines on the reference and on the tracker."""
    machine = Machine()
    tracker = Tracker()
    tracker.x = tracker.y = tracker.z = 0.0
    for line in ["G1 F1500", "M104 S0", "M140 S0", *lines]:
        machine.run(line)
        tracker.sent(line.encode())
        tracker.executed(line.encode())
    return machine, tracker


@given(st.lists(ANY, max_size=25), st.lists(ANY, max_size=12))
def test_a_pause_is_undone(before: list[str], meanwhile: list[str]) -> None:
    machine, tracker = both(before)
    wanted = machine.state()
    memory = remember(tracker)
    for line in meanwhile:
        machine.run(line)
        tracker.sent(line.encode())
        tracker.executed(line.encode())
    for line in restore(memory, tracker):
        machine.run(line)
        tracker.executed(line.encode())
    found = machine.state()
    for axis in "xyz":  # a hundredth is not worth a move
        assert found.pop(axis) == pytest.approx(wanted.pop(axis), abs=0.0111)
    assert found == wanted


@given(st.lists(PLAIN, max_size=25))
def test_nothing_is_sent_when_nothing_was_done(before: list[str]) -> None:
    _, tracker = both(before)
    assert restore(remember(tracker), tracker) == []


def test_the_head_goes_back_sideways_first_then_down() -> None:
    _, tracker = both(["G1 X100 Y50 Z0.2 E5 F1800"])
    memory = remember(tracker)
    for line in ("G91", "G1 Z10", "G90", "G1 X0 Y200 F6000"):
        tracker.executed(line.encode())
    assert restore(memory, tracker) == [
        "G90",
        "G0 X100 Y50 F6000",
        "G0 Z0.2 F600",
        "G92 E5",
        "G90",
        "M82",
        "G1 F1800",
    ]


def test_heaters_are_all_on_before_any_is_waited_for() -> None:
    _, tracker = both(["M104 S200", "M140 S60", "M104 T1 S190"])
    memory = remember(tracker)
    for line in ("M104 S0", "M140 S0", "M104 T1 S0"):
        tracker.sent(line.encode())
    assert restore(memory, tracker) == [
        "M140 S60",
        "M104 S200",
        "M104 T1 S190",
        "M190 S60",
        "M109 S200",
    ]


def test_nothing_moves_when_the_place_is_not_known() -> None:
    tracker = Tracker()
    memory = remember(tracker)
    tracker.executed(b"G1 X5")
    assert not any(line.startswith("G0") for line in restore(memory, tracker))


def test_scripts_are_filled_with_the_place_of_the_pause() -> None:
    _, tracker = both(["G1 X10 Y20 Z0.4 E2 F1200", "M104 S205", "M140 S60", "M106 S255"])
    script = (
        "G1 X{pause_x} Y{pause_y} Z{pause_z+10} F{pause_f}",
        "M104 S{pause_t0-20}",
        "M140 S{pause_bed}",
        "M106 S{pause_fan}",
        "G92 E{pause_e}",
        "T{pause_tool}",
        "M117 {unknown} text",
    )
    assert fill(script, remember(tracker).slots()) == [
        "G1 X10 Y20 Z10.4 F1200",
        "M104 S185",
        "M140 S60",
        "M106 S255",
        "G92 E2",
        "T0",
        "M117 {unknown} text",
    ]


def test_a_line_whose_slot_is_not_known_is_left_out() -> None:
    slots = remember(Tracker()).slots()
    assert fill(("G28 X", "G1 X{pause_x}", "G1 E{pause_e}"), slots) == ["G28 X", "G1 E0"]


def test_a_memory_is_frozen() -> None:
    memory = remember(Tracker())
    with pytest.raises(AttributeError):
        memory.x = 1.0  # type: ignore[misc]
    assert isinstance(memory, Memory)
