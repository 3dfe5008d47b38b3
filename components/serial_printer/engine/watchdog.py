"""The host's own eye on the heaters. Sans-I/O: temperatures and a clock in, faults out.

The firmware's protection is the first line; this one acts when the firmware does not: a
heater far above its target, above what the machine allows, or at full power and not
rising. It also notices heaters that were left on with nobody printing.
"""

from __future__ import annotations

from collections.abc import Mapping

from appliance.components.serial_printer.contract import HeaterLimits
from appliance.domain.printer import Fault, FaultReason
from appliance.domain.telemetry import Heater
from appliance.records import dataclass

# A heater cools slowly after its target was lowered: only what rises again is a fault.
_SETTLE_S = 90.0
_FULL_POWER = 0.95
# Reports come every second or two; one of them may be damaged on its way.
_CONFIRM_S = 3.0
_CHECKED = ("tool", "bed", "chamber")


@dataclass(slots=True)
class _Watch:
    target: float = 0.0
    changed_at: float = 0.0
    lowest: float = 0.0  # since the target changed
    rise_from: float = 0.0
    rise_since: float | None = None
    too_hot_since: float | None = None


class Watchdog:
    """Watches all heaters of one printer."""

    def __init__(self) -> None:
        self.limits = HeaterLimits()
        self.maximum: Mapping[str, float] = {}
        self._watches: dict[str, _Watch] = {}
        self._idle_since: float | None = None

    def reset(self) -> None:
        """Forget what was seen, as after a reconnect."""
        self._watches.clear()
        self._idle_since = None

    def skip(self, seconds: float) -> None:
        """Leave time out: what was measured before it says nothing about its end."""
        for watch in self._watches.values():
            watch.changed_at += seconds
            if watch.rise_since is not None:
                watch.rise_since += seconds
            if watch.too_hot_since is not None:
                watch.too_hot_since += seconds

    def check(self, heaters: Mapping[str, Heater], now: float) -> Fault | None:
        """Return the fault of the first heater that misbehaves."""
        if not self.limits.enabled:
            return None
        for name, heater in heaters.items():
            if name.startswith(_CHECKED) and heater.actual is not None:
                message = self._check_one(name, heater.actual, heater, now)
                if message is not None:
                    return Fault(
                        FaultReason.WATCHDOG,
                        message,
                        "The printer was stopped. Check the heater, its sensor and their "
                        "wires.",
                        halted=True,
                    )
        return None

    def left_on(
        self, heaters: Mapping[str, Heater], *, busy: bool, after_s: float, now: float
    ) -> bool:
        """Whether heaters have been on for ``after_s`` with nothing going on."""
        if busy or not after_s or not any(heater.target for heater in heaters.values()):
            self._idle_since = None
            return False
        if self._idle_since is None:
            self._idle_since = now
        if now - self._idle_since < after_s:
            return False
        self._idle_since = None
        return True

    def _check_one(self, name: str, actual: float, heater: Heater, now: float) -> str | None:
        target = heater.target or 0.0
        watch = self._watches.get(name)
        if watch is None or watch.target != target:
            watch = self._watches[name] = _Watch(target, now, actual, actual)
        too_hot = self._too_hot(name, actual, target, watch, now)
        if too_hot is None:
            watch.too_hot_since = None
            return self._check_rise(name, actual, target, heater.power, watch, now)
        if watch.too_hot_since is None:
            watch.too_hot_since = now
        return too_hot if now - watch.too_hot_since >= _CONFIRM_S else None

    def _too_hot(
        self, name: str, actual: float, target: float, watch: _Watch, now: float
    ) -> str | None:
        limits = self.limits
        maximum = self.maximum.get(name)
        if maximum is not None and actual > maximum + limits.above_max:
            return f"{name} is at {actual:.0f} degrees, its limit is {maximum:.0f}."
        watch.lowest = min(watch.lowest, actual)
        settled = now - watch.changed_at > _SETTLE_S
        high = max(target, watch.lowest) + limits.above_target
        if target and settled and actual > high:
            return f"{name} is at {actual:.0f} degrees, its target is {target:.0f}."
        return None

    def _check_rise(
        self,
        name: str,
        actual: float,
        target: float,
        power: float | None,
        watch: _Watch,
        now: float,
    ) -> str | None:
        heating = target > 0 and actual < target - self.limits.above_target
        if not heating or power is None or power < _FULL_POWER:
            watch.rise_since = None
            return None
        if watch.rise_since is None or actual >= watch.rise_from + self.limits.rise:
            watch.rise_since, watch.rise_from = now, actual
            return None
        watch.rise_from = min(watch.rise_from, actual)  # the last one may have been damaged
        if now - watch.rise_since > self.limits.rise_s:
            return (
                f"{name} is heated at full power and does not get warmer "
                f"({actual:.0f} degrees)."
            )
        return None
