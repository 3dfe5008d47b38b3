"""Waiting for a temperature on the host's side, and offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.heatwait import HeatWait
from appliance.domain.telemetry import Heater


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        (b"M109 S200", HeatWait("tool1", 200.0, False, b"M104 S200")),
        (b"M109 T0 S200", HeatWait("tool0", 200.0, False, b"M104 T0 S200")),
        (b"M109 R180", HeatWait("tool1", 180.0, True, b"M104 S180")),
        (b"M190 S60", HeatWait("bed", 60.0, False, b"M140 S60")),
        (b"M190R55", HeatWait("bed", 55.0, True, b"M140S55")),
        (b"M191 S40", HeatWait("chamber", 40.0, False, b"M141 S40")),
        (b"M109", None),
        (b"M104 S200", None),
        (b"G28", None),
        (b"garbage", None),
    ],
)
def test_forms(text: bytes, wait: HeatWait | None) -> None:
    assert HeatWait.of(text, tool=1) == wait


def test_heating_ends_near_the_target_and_cooling_only_where_it_is_waited_for() -> None:
    heating = HeatWait("bed", 60.0, False, b"")
    assert not heating.reached({"bed": Heater(57.9, 60.0)})
    assert heating.reached({"bed": Heater(58.0, 60.0)})
    assert heating.reached({"bed": Heater(90.0, 60.0)})
    cooling = HeatWait("bed", 60.0, True, b"")
    assert not cooling.reached({"bed": Heater(90.0, 60.0)})
    assert cooling.reached({"bed": Heater(61.5, 60.0)})


def test_a_heater_that_nobody_measures_is_never_hot() -> None:
    wait = HeatWait("bed", 60.0, False, b"")
    assert not wait.reached({})
    assert not wait.reached({"bed": Heater(None, 60.0)})


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (b"M104 S200", b"M104 S205"),
        (b"M109 S200", b"M109 S205"),
        (b"M104 T0 S200", b"M104 T0 S205"),
        (b"M104 T1 S200", b"M104 T1 S190"),
        (b"M140 S60", b"M140 S57.5"),
        (b"M190 R60.5", b"M190 R58"),
        (b"M104 S0", b"M104 S0"),  # off stays off
        (b"M141 S40", b"M141 S40"),
        (b"M106 S200", b"M106 S200"),
        (b"G1 X5", b"G1 X5"),
    ],
)
def test_offsets(text: bytes, sent: bytes) -> None:
    offsets = {"tool0": 5.0, "tool1": -10.0, "bed": -2.5}
    assert HeatWait.with_offset(text, offsets, tool=0) == sent


def test_an_offset_never_makes_a_target_negative() -> None:
    assert HeatWait.with_offset(b"M104 S3", {"tool0": -50.0}, tool=0) == b"M104 S0"


@given(st.binary(max_size=40))
def test_no_line_raises(text: bytes) -> None:
    for line in (text, b"M109" + text, b"M190 " + text):
        HeatWait.of(line, 0)
        HeatWait.with_offset(line, {"tool0": 5.0, "bed": 1.0}, 0)
