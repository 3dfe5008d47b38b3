"""The host's own eye on the heaters."""

from __future__ import annotations

from appliance.components.serial_printer.contract import HeaterLimits
from appliance.components.serial_printer.engine.watchdog import Watchdog
from appliance.domain.printer import Fault, FaultReason
from appliance.domain.telemetry import Heater

TICK_S = 0.25


class Watched:
    """A heater that is looked at four times a second and measured once."""

    def __init__(self, watchdog: Watchdog | None = None, name: str = "tool0") -> None:
        self.watchdog = watchdog or Watchdog()
        self.name = name
        self.now = 100.0

    def runs(
        self, seconds: float, start: float, end: float, target: float, power: float = 0.5
    ) -> tuple[float, Fault] | None:
        """Go from ``start`` to ``end`` degrees; return when it was stopped and why."""
        steps = int(seconds)
        for step in range(steps):
            actual = start + (end - start) * step / max(steps - 1, 1)
            for _ in range(4):
                self.now += TICK_S
                heater = Heater(actual, target, power)
                fault = self.watchdog.check({self.name: heater}, self.now)
                if fault is not None:
                    return step, fault
        return None


def test_an_ordinary_print_is_left_alone() -> None:
    watched = Watched()
    assert watched.runs(10, 21, 21, 0, 0) is None
    assert watched.runs(90, 21, 205, 200, 1) is None  # overshoots
    assert watched.runs(600, 205, 200, 200) is None
    assert watched.runs(120, 200, 180, 170, 0) is None  # a lower target
    assert watched.runs(300, 180, 60, 0, 0) is None  # cools down at the end
    assert watched.runs(60, 60, 200, 200, 1) is None  # and heats again


def test_a_heater_above_what_the_machine_allows() -> None:
    watchdog = Watchdog()
    watchdog.maximum = {"tool0": 260.0}
    watched = Watched(watchdog)
    assert watched.runs(60, 250, 268, 260) is None
    stopped = watched.runs(60, 271, 275, 260)
    assert stopped is not None
    assert stopped[0] <= 5
    assert stopped[1].reason is FaultReason.WATCHDOG
    assert stopped[1].halted
    assert "tool0" in stopped[1].message


def test_one_wrong_number_stops_no_print() -> None:
    """A flipped bit makes 619 of 219; the next report is right again."""
    watchdog = Watchdog()
    watchdog.maximum = {"tool0": 260.0}
    watched = Watched(watchdog)
    assert watched.runs(200, 219, 219, 220) is None
    for _ in range(20):
        assert watched.runs(1, 619, 619, 220) is None
        assert watched.runs(1, 219, 219, 220) is None


def test_a_heater_that_runs_away_from_its_target() -> None:
    watched = Watched()
    assert watched.runs(200, 200, 200, 200) is None
    stopped = watched.runs(100, 200, 260, 200)
    assert stopped is not None
    assert 200 + 15 < 200 + 60 * stopped[0] / 99 < 200 + 25


def test_a_heater_that_was_turned_off_may_be_hot() -> None:
    watched = Watched()
    assert watched.runs(200, 240, 238, 0, 0) is None


def test_full_power_without_effect() -> None:
    watched = Watched()
    stopped = watched.runs(200, 25, 25.5, 200, 1)
    assert stopped is not None
    assert 60 <= stopped[0] <= 65
    assert "does not get warmer" in stopped[1].message


def test_slow_beds_are_no_fault() -> None:
    watched = Watched(name="bed")
    assert watched.runs(2160, 20, 110, 115, 1) is None  # 2.5 degrees a minute
    cautious = Watchdog()
    cautious.limits = HeaterLimits(rise=1.0, rise_s=60)
    assert Watched(cautious, "bed").runs(3600, 20, 85, 115, 1) is None


def test_one_wrong_number_does_not_look_like_a_heater_that_gets_no_warmer() -> None:
    watched = Watched(name="bed")
    assert watched.runs(30, 20, 22, 100, 1) is None
    assert watched.runs(1, 62, 62, 100, 1) is None  # 22, damaged
    assert watched.runs(300, 22, 40, 100, 1) is None


def test_firmware_that_tells_no_power_is_not_judged_by_it() -> None:
    watched = Watched()
    for _ in range(1000):
        watched.now += TICK_S
        heater = Heater(25.0, 200.0, None)
        assert watched.watchdog.check({"tool0": heater}, watched.now) is None


def test_it_can_be_switched_off() -> None:
    watchdog = Watchdog()
    watchdog.maximum = {"tool0": 260.0}
    watchdog.limits = HeaterLimits(enabled=False)
    assert Watched(watchdog).runs(60, 500, 500, 0) is None


def test_sensors_are_only_read() -> None:
    watchdog = Watchdog()
    assert Watched(watchdog, "board").runs(60, 500, 500, 0) is None


def test_heaters_left_on() -> None:
    watchdog = Watchdog()
    hot = {"tool0": Heater(200.0, 200.0)}
    cold = {"tool0": Heater(200.0, 0.0)}

    def left_on(heaters: dict[str, Heater], now: float, *, busy: bool = False) -> bool:
        return watchdog.left_on(heaters, busy=busy, after_s=1800, now=now)

    assert not left_on(hot, 0)
    assert not left_on(hot, 1799)
    assert not left_on(hot, 1799.5, busy=True)  # begins anew
    assert not left_on(hot, 1800)
    assert not left_on(cold, 3000)
    assert not left_on(hot, 3001)
    assert left_on(hot, 4802)
    assert not left_on(hot, 4803)  # said once
    assert not watchdog.left_on(hot, busy=False, after_s=0, now=99999)


def test_a_heater_is_not_judged_by_time_in_which_nobody_looked() -> None:
    watched = Watched()
    assert watched.runs(5, 50, 55, 200, 1) is None
    watched.now += 1000.0
    watched.watchdog.skip(1000.0)
    assert watched.runs(60, 56, 200, 200, 1) is None  # and what it sees first is old
    assert watched.runs(600, 56, 56, 200, 1) is not None
