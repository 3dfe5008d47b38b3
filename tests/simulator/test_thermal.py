from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.thermal import BED, HOTEND, Heater, HeaterFault

AMBIENT = 21.3


def heater() -> Heater:
    return Heater(HOTEND, "0", AMBIENT, Random(1))


def test_it_heats_holds_and_cools() -> None:
    hotend = heater()
    hotend.set_target(200, 0)
    assert hotend.power() == 127
    hotend.update(30)
    assert AMBIENT + 50 < hotend.actual < 150
    hotend.update(200)
    assert hotend.actual == pytest.approx(200, abs=0.1)
    assert 0 < hotend.power() < 127
    hotend.set_target(0, 200)
    assert hotend.power() == 0
    hotend.update(300)
    assert 50 < hotend.actual < 150
    hotend.update(3000)
    assert hotend.actual == pytest.approx(AMBIENT, abs=0.1)


@given(
    st.floats(0, 260),
    st.floats(0, 300),
    st.lists(st.floats(0.01, 50), min_size=1, max_size=20),
)
def test_the_temperature_does_not_depend_on_how_often_one_looks(
    target: float, start: float, steps: list[float]
) -> None:
    watched, left_alone = heater(), heater()
    for one in (watched, left_alone):
        one.place(start, 0)
        one.set_target(target, 0)
    now = 0.0
    for step in steps:
        now += step
        watched.update(now)
    left_alone.update(now)
    assert watched.actual == pytest.approx(left_alone.actual, abs=0.01)
    assert min(start, AMBIENT) - 0.1 <= watched.actual <= max(start, target, AMBIENT) + 0.1


def test_targets_are_clamped_silently() -> None:
    hotend = heater()
    hotend.set_target(999, 0)
    assert hotend.target == HOTEND.max_target
    hotend.set_target(-5, 0)
    assert hotend.target == 0


def complaint_within(one: Heater, start: float, seconds: float) -> tuple[float, str] | None:
    now = start
    while now < start + seconds:
        now += 1
        words = one.check(now)
        if words:
            return now - start, words
    return None


def test_a_healthy_heater_draws_no_complaint() -> None:
    hotend = heater()
    hotend.set_target(240, 0)
    assert complaint_within(hotend, 0, 600) is None
    hotend.set_target(180, 600)
    assert complaint_within(hotend, 600, 600) is None


def test_no_rise_is_heating_failed() -> None:
    hotend = heater()
    hotend.fault = HeaterFault.FAILED
    hotend.set_target(200, 0)
    assert complaint_within(hotend, 0, 600) == (HOTEND.watch_seconds, "Heating failed")


def test_a_hot_heater_that_drops_is_a_runaway() -> None:
    bed = Heater(BED, "bed", AMBIENT, Random(1))
    bed.fault = HeaterFault.RUNAWAY
    bed.set_target(60, 0)
    found = complaint_within(bed, 0, 600)
    assert found is not None
    assert found[1] == "Thermal Runaway"
    assert found[0] > BED.runaway_seconds


def test_what_this_firmware_does_not_notice_is_left_to_the_host() -> None:
    hotend = heater()
    hotend.fault = HeaterFault.STUCK
    hotend.set_target(200, 0)
    assert complaint_within(hotend, 0, 600) is None
    assert hotend.actual == pytest.approx(AMBIENT, abs=0.1)
    hotend.fault = HeaterFault.WELDED
    hotend.set_target(100, 600)
    found = complaint_within(hotend, 600, 600)
    assert found is not None
    assert found[1] == "MAXTEMP triggered"


def test_a_broken_sensor_is_seen_at_once() -> None:
    hotend = heater()
    hotend.fault = HeaterFault.MINTEMP
    assert hotend.check(1) == "MINTEMP triggered"
    hotend.fault = HeaterFault.MAXTEMP
    assert hotend.check(2) == "MAXTEMP triggered"
