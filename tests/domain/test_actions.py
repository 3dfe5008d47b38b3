"""What is wished of a printer, as the G-code that does it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain import actions
from appliance.domain.printer import Axis, Extruder, Profile
from appliance.domain.telemetry import Motion
from appliance.errors import InvalidRequest
from tests.serial_printer.machine_model import Machine

PROFILE = Profile()
TWO = replace(PROFILE, extruders=(Extruder(), Extruder()))
MM = st.floats(-200, 200).map(lambda value: round(value, 3))


def machine(motion: Motion) -> Machine:
    start = Machine(x=10, y=20, z=5, e=7, absolute=motion.absolute)
    start.absolute_e = motion.absolute_e
    return start


MOTIONS = st.builds(Motion, absolute=st.booleans(), absolute_e=st.booleans())


@given(MOTIONS, st.dictionaries(st.sampled_from("xyz"), MM, min_size=1), st.booleans())
def test_a_jog_moves_there_and_leaves_the_mode(
    motion: Motion, distances: dict[str, float], absolute: bool
) -> None:
    moved = machine(motion).run(*actions.jog(motion, PROFILE, distances, absolute=absolute))
    for axis, start in (("x", 10), ("y", 20), ("z", 5)):
        distance = distances.get(axis)
        wanted = start if distance is None else distance + (0 if absolute else start)
        assert getattr(moved, axis) == pytest.approx(wanted, abs=1e-4)
    assert moved.absolute == motion.absolute
    assert moved.pushes == []


@given(MOTIONS, MM)
def test_extruding_pushes_so_much_and_leaves_the_mode(motion: Motion, amount: float) -> None:
    pushed = machine(motion).run(*actions.extrude(motion, PROFILE, amount))
    assert pushed.e == pytest.approx(7 + amount, abs=1e-4)
    assert pushed.absolute_e == motion.absolute_e
    assert pushed.absolute == motion.absolute


def test_an_inverted_axis_jogs_the_other_way() -> None:
    axes = {**PROFILE.axes, "y": Axis(3000, inverted=True)}
    profile = replace(PROFILE, axes=axes)
    lines = actions.jog(Motion(), profile, {"y": 10})
    assert lines == ["G91", "G0 Y-10 F3000", "G90"]
    assert actions.jog(Motion(), profile, {"y": 10}, absolute=True) == ["G90", "G0 Y10 F3000"]


def test_the_slowest_axis_sets_the_speed() -> None:
    assert "F200" in actions.jog(Motion(), PROFILE, {"x": 1, "z": 1})[1]
    assert "F999" in actions.jog(Motion(), PROFILE, {"x": 1}, speed=999)[1]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (actions.home(), ["G28"]),
        (actions.home(["z", "x"]), ["G28 X Z"]),
        (actions.set_target(PROFILE, "tool0", 200), ["M104 S200"]),
        (actions.set_target(TWO, "tool1", 190.5), ["M104 T1 S190.5"]),
        (actions.set_target(PROFILE, "bed", 60), ["M140 S60"]),
        (actions.set_target(PROFILE, "chamber", 40), ["M141 S40"]),
        (actions.cool_down(TWO), ["M104 T0 S0", "M104 T1 S0", "M140 S0"]),
        (actions.select_tool(TWO, 1), ["T1"]),
        (actions.set_fan(0.5), ["M106 S128"]),
        (actions.set_fan(1, 1), ["M106 P1 S255"]),
        (actions.set_fan(0), ["M107"]),
        (actions.set_feed_factor(1.25), ["M220 S125"]),
        (actions.set_flow_factor(0.95), ["M221 S95"]),
        (actions.set_flow_factor(0.95, 1), ["M221 T1 S95"]),
        (actions.babystep(-0.05), ["M290 Z-0.05"]),
        (actions.motors_off(), ["M84"]),
    ],
)
def test_commands(lines: list[str], wanted: list[str]) -> None:
    assert lines == wanted


@pytest.mark.parametrize(
    "wish",
    [
        lambda: actions.jog(Motion(), PROFILE, {}),
        lambda: actions.jog(Motion(), PROFILE, {"e": 5}),
        lambda: actions.home(["x", "q"]),
        lambda: actions.home([]),
        lambda: actions.set_target(PROFILE, "tool0", 999),
        lambda: actions.set_target(PROFILE, "tool0", -1),
        lambda: actions.set_target(PROFILE, "tool0", float("nan")),
        lambda: actions.set_target(PROFILE, "toolx", 20),
        lambda: actions.set_target(PROFILE, "lamp", 20),
        lambda: actions.set_target(TWO, "tool7", 20),
        lambda: actions.select_tool(PROFILE, 1),
        lambda: actions.set_fan(1.1),
        lambda: actions.set_fan(float("nan")),
        lambda: actions.set_feed_factor(0),
        lambda: actions.set_flow_factor(99),
        lambda: actions.babystep(5),
        lambda: actions.babystep(float("nan")),
        lambda: actions.jog(Motion(), PROFILE, {"x": float("nan")}),
        lambda: actions.jog(Motion(), PROFILE, {"x": float("inf")}),
        lambda: actions.jog(Motion(), PROFILE, {"x": 1}, speed=float("nan")),
        lambda: actions.extrude(Motion(), PROFILE, float("inf")),
    ],
)
def test_wishes_that_make_no_sense(wish: object) -> None:
    with pytest.raises(InvalidRequest):
        wish()  # type: ignore[operator]


@given(st.floats(-1e9, 1e9))
def test_numbers_are_written_as_firmware_reads_them(value: float) -> None:
    text = actions.number(value)
    assert "e" not in text.lower()
    assert not text.endswith(".")
    assert text != "-0"
    assert float(text) == pytest.approx(value, abs=1e-5)
