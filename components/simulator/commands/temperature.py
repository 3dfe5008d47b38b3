"""Heaters and fans: targets, waits, reports."""

from __future__ import annotations

from appliance.components.simulator.gcode import Command
from appliance.components.simulator.machine import Activity, Handler, Printer
from appliance.components.simulator.thermal import Heater

REPORT_SECONDS = 1.0
LOOK_SECONDS = 0.2  # how often a wait looks at its heater
HYSTERESIS = 3.0  # °C that a heater may leave its target by without starting anew
COOLING_WINDOW = 60.0  # s in which a wait for cooling has to see ...
COOLING_SLOPE = 1.5  # ... so many °C, or it gives up


def report(printer: Printer, _: Command) -> None:
    """Do M105: the ok stands before the temperatures, without N, P and B."""
    printer.answer("ok" + printer.heaters.report(printer.now, printer.motion.tool))


def autoreport(printer: Printer, command: Command) -> None:
    """Do M155."""
    if command.given("S"):
        printer.temperature_report.start(command.integer("S"))


def set_hotend(printer: Printer, command: Command) -> None:
    """Do M104."""
    heater = _hotend(printer, command)
    if heater is not None and command.given("S"):
        _set(printer, heater, command.number("S"))


def wait_hotend(printer: Printer, command: Command) -> Activity | None:
    """Do M109: wait for heating with S, for cooling as well with R."""
    heater = _hotend(printer, command)
    return None if heater is None else _set_and_wait(printer, command, heater)


def set_bed(printer: Printer, command: Command) -> None:
    """Do M140."""
    if command.given("S"):
        _set(printer, printer.heaters.bed, command.number("S"))
        _announce(printer, "Bed", printer.heaters.bed)


def wait_bed(printer: Printer, command: Command) -> Activity | None:
    """Do M190."""
    return _set_and_wait(printer, command, printer.heaters.bed, "Bed")


def _hotend(printer: Printer, command: Command) -> Heater | None:
    """Find the hotend that T names, or the active one; complain about others."""
    index = command.integer("T", printer.motion.tool)
    if 0 <= index < len(printer.heaters.tools):
        return printer.heaters.tools[index]
    printer.say(f"echo:{command.code} Invalid extruder {index}")
    return None


def _set(printer: Printer, heater: Heater, celsius: float) -> None:
    heater.set_target(celsius, printer.now)
    printer.watch_heaters()


def _announce(printer: Printer, name: str, heater: Heater) -> None:
    heating = heater.target > heater.actual
    printer.say(f"//action:notification {name} {'Heating' if heating else 'Cooling'}...")


def _set_and_wait(
    printer: Printer, command: Command, heater: Heater, name: str | None = None
) -> Activity | None:
    cooling_too = command.given("R")
    if command.given("S") or cooling_too:
        _set(printer, heater, command.number("R" if cooling_too else "S"))
    if name is not None:
        _announce(printer, name, heater)
    return wait_for_heater(printer, heater, cooling_too=cooling_too)


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
            _report_wait(printer, heater, inside_since)
            next_report = now + REPORT_SECONDS
        if heater.in_window(now):
            inside_since = now if inside_since is None else inside_since
        elif abs(heater.actual - heater.target) > HYSTERESIS:
            inside_since = None
        if inside_since is not None and now >= inside_since + heater.kind.residency:
            return
        yield min(next_report, now + LOOK_SECONDS)


def _report_wait(printer: Printer, heater: Heater, inside_since: float | None) -> None:
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
            _report_wait(printer, heater, None)
            next_report = printer.now + REPORT_SECONDS
        if printer.now >= window_end:
            if before - heater.actual < COOLING_SLOPE:
                return
            window_end, before = printer.now + COOLING_WINDOW, heater.actual
        yield next_report
        heater.update(printer.now)


def set_fan(printer: Printer, command: Command) -> None:
    """Do M106."""
    _set_fan(printer, command.integer("P"), command.integer("S", 255))


def fan_off(printer: Printer, command: Command) -> None:
    """Do M107."""
    _set_fan(printer, command.integer("P"), 0)


def _set_fan(printer: Printer, index: int, speed: int) -> None:
    if 0 <= index < len(printer.fans):
        printer.fans[index] = max(0, min(speed, 255))
        printer.say(f"M106 P{index} S{printer.fans[index]}")


HANDLERS: dict[str, Handler] = {
    "M104": set_hotend,
    "M105": report,
    "M106": set_fan,
    "M107": fan_off,
    "M109": wait_hotend,
    "M140": set_bed,
    "M155": autoreport,
    "M190": wait_bed,
}
