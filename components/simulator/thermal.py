"""Heaters: how temperatures move, and what the firmware makes of them.

A heater is a first-order lag: at full power it tends to `ambient + rise`, without power
to ambient, both with the time constant `lag`. Near its target the controller takes over
and the error dies out quickly. Everything is solved exactly, so a reading costs the same
after a millisecond and after an hour.
"""

from __future__ import annotations

import math
from enum import StrEnum
from random import Random

from appliance.records import dataclass

HOLD_LAG = 3.0  # s in which the controller removes an error near the target
BAND = 1.5  # °C below the target in which the controller throttles
SENSOR_NOISE = 0.04  # °C, seen as 21.29 .. 21.33 at rest
FULL_POWER = 127  # the firmware's number for it


class HeaterFault(StrEnum):
    """What can be broken about a heater."""

    FAILED = "failed"
    """The element has no effect: no rise after a target was set (`Heating failed`)."""
    STUCK = "stuck"
    """Likewise, but this firmware does not notice it."""
    WELDED = "welded"
    """The element is on whatever the target; this firmware notices MAXTEMP at most."""
    RUNAWAY = "runaway"
    """The element drops out once it was hot (`Thermal Runaway`)."""
    MINTEMP = "mintemp"
    """The sensor is open."""
    MAXTEMP = "maxtemp"
    """The sensor is shorted."""


UNNOTICED = frozenset({HeaterFault.STUCK, HeaterFault.WELDED})


@dataclass(frozen=True, slots=True)
class HeaterKind:
    """The physics and the limits of one kind of heater."""

    max_target: float  # °C, targets above are clamped
    rise: float  # °C above ambient at full power
    lag: float  # s
    window: float  # °C around the target that counts as reached
    residency: float  # s inside the window before a wait ends
    watch_seconds: float  # s within which the temperature has to rise ...
    watch_rise: float  # ... by so many °C
    runaway_seconds: float  # s outside the hysteresis until a runaway
    hysteresis: float  # °C
    max_temperature: float  # °C at which MAXTEMP triggers


HOTEND = HeaterKind(260, 360, 95, 1, 10, 40, 2, 40, 4, 275)
BED = HeaterKind(140, 125, 180, 1, 10, 60, 2, 20, 2, 150)
CHAMBER = HeaterKind(60, 70, 400, 1, 10, 60, 2, 60, 2, 70)


class Heater:
    """One heater with its sensor."""

    def __init__(self, kind: HeaterKind, label: str, ambient: float, noise: Random) -> None:
        self.kind = kind
        self.label = label
        """As Marlin names it in faults: `0`, `bed`, `chamber`."""
        self.ambient = ambient
        self.actual = ambient
        self.target = 0.0
        self.fault: HeaterFault | None = None
        self.idle_off = False
        """The pause took the power away until someone asks for it back."""
        self._noise = noise
        self._at = 0.0
        self._was_hot = False
        self._watch: tuple[float, float] | None = None
        self._outside_since: float | None = None

    def set_target(self, celsius: float, now: float) -> None:
        """Set the target, clamped silently as Marlin does."""
        self.update(now)
        self.target = max(0.0, min(float(celsius), self.kind.max_target))
        self.idle_off = False
        self._was_hot = False
        self._outside_since = None
        self._start_watch(now)

    def place(self, celsius: float, now: float) -> None:
        """Put the heater at a temperature, as a test asks for it."""
        self.update(now)
        self.actual = celsius

    def settle(self, now: float) -> None:
        """Forget target and watches, as a reset does; the metal stays hot."""
        self.set_target(0, now)
        self._watch = None

    @property
    def wanted(self) -> float:
        """The temperature that the controller works for right now."""
        return 0.0 if self.idle_off else self.target

    def update(self, now: float) -> None:
        """Let the time pass until now."""
        seconds = now - self._at
        if seconds <= 0:
            return
        self._at = now
        wanted = self._driven_to()
        if wanted > self.ambient and self.actual < wanted - BAND:
            seconds = self._heat(wanted - BAND, seconds)
        elif wanted < self.actual:
            seconds = self._cool(max(wanted, self.ambient), seconds)
        if seconds > 0 and wanted > self.ambient:
            self.actual = wanted - (wanted - self.actual) * math.exp(-seconds / HOLD_LAG)

    def _driven_to(self) -> float:
        """Return the temperature that the element really works for."""
        match self.fault:
            case HeaterFault.FAILED | HeaterFault.STUCK:
                return 0.0
            case HeaterFault.RUNAWAY if self._was_hot:
                return 0.0
            case HeaterFault.WELDED:
                return self.ambient + self.kind.rise
        return self.wanted

    def _heat(self, until: float, seconds: float) -> float:
        """Heat at full power; return the seconds left when `until` was reached."""
        final = self.ambient + self.kind.rise
        return self._approach(final, until, seconds)

    def _cool(self, until: float, seconds: float) -> float:
        """Cool without power; return the seconds left when `until` was reached."""
        return self._approach(self.ambient - 0.01, until, seconds)

    def _approach(self, final: float, until: float, seconds: float) -> float:
        lag = self.kind.lag
        reach = (until - final) / (self.actual - final) if self.actual != final else 1.0
        if 0 < reach <= 1:
            needed = -lag * math.log(reach)
            if needed <= seconds:
                self.actual = until
                return seconds - needed
        self.actual = final + (self.actual - final) * math.exp(-seconds / lag)
        return 0.0

    def reading(self, now: float) -> float:
        """Return what the sensor shows."""
        self.update(now)
        match self.fault:
            case HeaterFault.MINTEMP:
                return -14.0
            case HeaterFault.MAXTEMP:
                return self.kind.max_temperature + 20
        return self.actual + self._noise.uniform(-SENSOR_NOISE, SENSOR_NOISE)

    def power(self) -> int:
        """Return the drive of the element, 0 to 127."""
        wanted = self.wanted
        if wanted <= 0 or self.actual > wanted + BAND:
            return 0
        if self.actual < wanted - BAND:
            return FULL_POWER
        share = (wanted - self.ambient) / self.kind.rise + (wanted - self.actual) * 0.1
        return max(0, min(FULL_POWER, int(share * FULL_POWER)))

    def in_window(self, now: float) -> bool:
        """Tell whether a wait may count this moment as reached."""
        self.update(now)
        return abs(self.actual - self.target) < self.kind.window

    def _start_watch(self, now: float) -> None:
        """Expect a rise from here on, if there is one to expect."""
        kind = self.kind
        if self.target and self.actual < self.target - (kind.watch_rise + kind.hysteresis + 1):
            self._watch = (now + kind.watch_seconds, self.actual + kind.watch_rise)
        else:
            self._watch = None

    def check(self, now: float) -> str | None:
        """Return the firmware's complaint about this heater, if it has one."""
        reading = self.reading(now)
        if reading >= self.kind.max_temperature:
            return "MAXTEMP triggered"
        if reading <= 0:
            return "MINTEMP triggered"
        if not self.wanted or self.fault in UNNOTICED:
            self._outside_since = None
            return None
        if self._watch is not None and now >= self._watch[0]:
            if self.actual < self._watch[1]:
                return "Heating failed"
            self._start_watch(now)
        return self._check_runaway(now)

    def _check_runaway(self, now: float) -> str | None:
        if self.actual >= self.target - self.kind.hysteresis:
            self._was_hot = True
            self._outside_since = None
        elif self._was_hot:
            if self._outside_since is None:
                self._outside_since = now
            elif now - self._outside_since > self.kind.runaway_seconds:
                return "Thermal Runaway"
        return None
