"""An object is left out, and the rest of the print never notices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.exclusion import Exclusion
from appliance.components.serial_printer.engine.tracker import Tracker
from tests.serial_printer.gcode_strategies import ANY, SHIFTS
from tests.serial_printer.machine_model import Machine

ENOUGH = ["G1 X50 Y50 Z1 F1500"]


def printed(before: list[str], flying: list[str], left_out: list[str]) -> tuple[Machine, int]:
    """Print with an object left out; return the machine and the pushes before it."""
    machine = Machine()
    tracker = Tracker()
    exclusion = Exclusion()
    for line in before:
        machine.run(line)
        tracker.sent(line.encode())
        tracker.executed(line.encode())
    # What is on the way when the object begins is executed all the same.
    exclusion.begin(tracker, [line.encode() for line in flying])
    for line in flying:
        machine.run(line)
        tracker.sent(line.encode())
        tracker.executed(line.encode())
    pushes = len(machine.pushes)
    for line in left_out:
        for kept in exclusion.filter(line.encode()):
            machine.run(kept.decode())
    for kept in exclusion.end():
        machine.run(kept.decode())
    return machine, pushes


LINES = st.one_of(ANY, ANY, SHIFTS)


@given(st.lists(LINES, max_size=15), st.lists(LINES, max_size=4), st.lists(LINES, max_size=15))
def test_the_machine_stands_as_if_nothing_was_left_out(
    before: list[str], flying: list[str], left_out: list[str]
) -> None:
    before = [*ENOUGH, *before]
    whole = Machine().run(*before, *flying, *left_out)
    machine, pushes = printed(before, flying, left_out)
    assert machine.state() == whole.state()
    assert machine.pushes[pushes:] == []


def test_two_objects_in_a_row_are_one_gap() -> None:
    exclusion = Exclusion()
    tracker = Tracker()
    exclusion.begin(tracker, [])
    assert exclusion.filter(b"G1 X10 Y10 E1 F1200") == []
    exclusion.begin(tracker, [b"G1 X99"])  # a second begin changes nothing
    assert exclusion.filter(b"G1 X20 E2") == []
    lines = exclusion.end()
    assert b"G0 X20 Y10 F6000" in lines
    assert b"G92 E2" in lines
    assert b"G1 F1200" in lines
    assert not exclusion.active


@pytest.mark.parametrize("line", ["M104 S200", "M106 S9", "M117 hi", "G21", "T1", "M204"])
def test_what_reaches_beyond_the_object_is_sent(line: str) -> None:
    exclusion = Exclusion()
    exclusion.begin(Tracker(), [])
    assert exclusion.filter(line.encode()) == [line.encode()]


@pytest.mark.parametrize("line", ["G1 X5 E1", "G0 X5", "G2 X1 Y1 I1 J1 E2", "G4 P100", "G10"])
def test_what_belongs_to_the_object_is_not(line: str) -> None:
    exclusion = Exclusion()
    exclusion.begin(Tracker(), [])
    assert exclusion.filter(line.encode()) == []
