"""The tracked machine is the real one, whatever the file says."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.tracker import Tracker, code_of, words
from tests.serial_printer.gcode_strategies import ANY, SHIFTS
from tests.serial_printer.machine_model import Machine


def tracked(*lines: str) -> Tracker:
    tracker = Tracker()
    tracker.x = tracker.y = tracker.z = 0.0
    for line in lines:
        tracker.sent(line.encode())
        tracker.executed(line.encode())
    return tracker


@given(st.lists(st.one_of(ANY, SHIFTS), max_size=30))
def test_it_follows_the_machine(lines: list[str]) -> None:
    machine = Machine().run(*lines)
    tracker = tracked(*lines)
    for axis in "xyze":
        assert getattr(tracker, axis) == pytest.approx(getattr(machine, axis), abs=1e-6)
    assert tracker.absolute == machine.absolute
    assert tracker.absolute_e == machine.absolute_e
    assert tracker.tool == machine.tool
    assert tracker.unit == machine.unit
    assert tracker.targets == machine.targets
    for index, speed in machine.fans.items():
        assert tracker.fans[index] * 255 == pytest.approx(speed)
    if any(line.startswith(("G0", "G1")) and " F" in line for line in lines):
        assert tracker.feedrate == pytest.approx(machine.feedrate)
    pushed = sum(push.length for push in machine.pushes)
    assert sum(tracker.extruded.values()) <= pushed + 1e-3 * len(lines) + 1e-6


@given(st.one_of(st.binary(max_size=80), st.lists(st.sampled_from(
    [b"G1", b" ", b"X", b"E", b"M106", b" P", b"M221", b" T", b"S", b"-", b".", b"T", b"G92",
     b"9" * 5, b"9" * 400, b"M104", b"M73", b"M117 ", b"\xff", b"M84", b"M290 Z"]
), max_size=8).map(b"".join)))  # fmt: skip
@example(b"M106 P999999999 S255")
@example(b"M221 T999999999 S90")
@example(b"M106 P-3 S9")
@example(b"G1 X" + b"9" * 400)
def test_a_hostile_line_neither_raises_nor_grows_anything(line: bytes) -> None:
    tracker = Tracker()
    tracker.sent(line)
    tracker.executed(line)
    assert max(tracker.fans) < 100
    assert max(tracker.flow_factors, default=0) < 100
    assert min(tracker.fans) >= 0
    assert tracker.tool < 100
    json.dumps([tracker.x, tracker.y, tracker.z, tracker.e, tracker.feedrate,
                tracker.progress, tracker.left_s, tracker.targets, tracker.feed_factor],
               allow_nan=False)  # fmt: skip


def test_fans_and_factors() -> None:
    tracker = tracked("M106", "M106 P1 S127", "M220 S150", "M221 S95", "M221 T1 S90")
    assert tracker.fans == {0: 1.0, 1: 127 / 255}
    assert tracker.feed_factor == 1.5
    assert tracker.flow_factors == {0: 0.95, 1: 0.9}
    tracker.executed(b"M107 P1")
    assert tracker.fans[1] == 0


def test_homing_and_motors() -> None:
    tracker = tracked("G28 X Y")
    assert tracker.homed == {"x", "y"}
    assert tracker.steppers_on
    tracker.executed(b"G28")
    assert tracker.homed == {"x", "y", "z"}
    tracker.executed(b"M84 S60")  # only sets the time-out
    assert tracker.homed == {"x", "y", "z"}
    tracker.executed(b"M84 X")
    assert tracker.homed == {"y", "z"}
    tracker.executed(b"M84")
    assert tracker.homed == set()
    assert not tracker.steppers_on


def test_what_slicers_tell_the_display() -> None:
    tracker = tracked("M73 P37 R12", "M117 Layer 3 of 9", "M290 Z0.05", "M290 Z-0.02")
    assert tracker.progress == 0.37
    assert tracker.left_s == 720
    assert tracker.message == "Layer 3 of 9"
    assert tracker.z_offset == pytest.approx(0.03)
    tracker.executed(b"M117")
    assert tracker.message is None


def test_the_height_is_that_of_what_was_printed_last() -> None:
    tracker = tracked("G1 Z0.2", "G1 X10 Y0 E1", "G1 Z0.6", "G1 X50")
    assert tracker.height == 0.2


def test_a_report_corrects_and_does_not_round() -> None:
    tracker = tracked("G1 X10.1234 Y5 Z0.2 E1.23456")
    tracker.position_reported({"x": 10.12, "y": 7.0, "z": 0.2, "e": 1.23})
    assert (tracker.x, tracker.y, tracker.z) == (10.1234, 7.0, 0.2)
    assert tracker.e == 1.23456


def test_words_and_codes() -> None:
    assert words(b"G28 X Y1.5") == {"X": None, "Y": 1.5}
    assert words(b"M104 T1 S200") == {"T": 1.0, "S": 200.0}
    assert code_of(b"M0104") == ("M", 104)
    assert code_of(b"; x") is None
    assert code_of(b"@pause") is None


def test_filament_is_counted_through_jobs_and_by_hand() -> None:
    tracker = Tracker()
    for line in (b"M83", b"G1 E10 F300", b"T1", b"G1 E5 F300"):
        tracker.executed(line)
    tracker.begin_job()
    tracker.executed(b"G1 E2.5 F300")
    assert (tracker.extruded, tracker.extruded_in_all) == ({1: 2.5}, 17.5)
    tracker.forget()
    assert tracker.extruded_in_all == 0.0
