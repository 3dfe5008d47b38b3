"""Waiting for a heater, with the reports that Marlin makes meanwhile."""

from __future__ import annotations

from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity
from appliance.components.simulator.thermal import Heater

REPORT_SECONDS = 1.0
LOOK_SECONDS = 0.2  # how often a wait looks at its heater
HYSTERESIS = 3.0  # °C that a heater may leave its target by without starting anew
COOLING_WINDOW = 60.0  # s in which a wait for cooling has to see ...
COOLING_SLOPE = 1.5  # ... so many °C, or it gives up


def set_target(printer: Printer, heater: Heater, celsius: float) -> None:
    """Set a target and watch over it."""
    heater.set_target(celsius, printer.now)
    printer.watch_heaters()


def wait_for_heater(printer: Printer, heater: Heater, *, cooling_too: bool) -> Activity:
    """Wait until a heater has stayed at its target, reporting every second."""
    printer.heatup_cancelled = False
    heater.update(printer.now)
    if heater.actual > heater.target + heater.kind.window:
        if cooling_too:
            yield from _wait_for_cooling(printer, heater)
        return
    inside_since: float | None = None
    next_report = printer.now
    while not printer.heatup_cancelled and heater.target:
        now = printer.now
        if now >= next_report:
            _report(printer, heater, inside_since)
            next_report = now + REPORT_SECONDS
        if heater.in_window(now):
            inside_since = now if inside_since is None else inside_since
        elif abs(heater.actual - heater.target) > HYSTERESIS:
            inside_since = None
        if inside_since is not None and now >= inside_since + heater.kind.residency:
            return
        yield min(next_report, now + LOOK_SECONDS)


def _report(printer: Printer, heater: Heater, inside_since: float | None) -> None:
    """Say the temperatures and W: the seconds left in the window, or ? outside of it."""
    left = "?"
    if inside_since is not None:
        left = str(max(0, int(heater.kind.residency - (printer.now - inside_since))))
    printer.say(f"{printer.heaters.report(printer.now, printer.motion.tool)} W:{left}")


def _wait_for_cooling(printer: Printer, heater: Heater) -> Activity:
    """Wait for a heater to cool to its target, as long as it visibly does."""
    window_end, before = printer.now + COOLING_WINDOW, heater.actual
    next_report = printer.now
    while heater.actual > heater.target + heater.kind.window and not printer.heatup_cancelled:
        if printer.now >= next_report:
            _report(printer, heater, None)
            next_report = printer.now + REPORT_SECONDS
        if printer.now >= window_end:
            if before - heater.actual < COOLING_SLOPE:
                return
            window_end, before = printer.now + COOLING_WINDOW, heater.actual
        yield next_report
        heater.update(printer.now)
