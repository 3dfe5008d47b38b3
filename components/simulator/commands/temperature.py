"""Heaters and fans: targets, waits, reports."""

from __future__ import annotations

from appliance.components.simulator.gcode import Command
from appliance.components.simulator.heating import set_target, wait_for_heater
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity, Handler
from appliance.components.simulator.thermal import Heater
from appliance.components.simulator.waiting import pass_time

JOB_TARGET = 85.0  # °C of a hotend, half of what extrudes, above which a job runs
AUTOTUNE_CYCLE = 4.0  # s
AUTOTUNE_REPORT = 2.0  # s


def report(printer: Printer, _: Command) -> None:
    """Do M105: the ok stands before the temperatures, without N, P and B."""
    printer.loop.answer("ok" + printer.heaters.report(printer.now, printer.motion.tool))


def autoreport(printer: Printer, command: Command) -> None:
    """Do M155."""
    if command.given("S"):
        printer.temperature_report.start(command.integer("S"))


def set_hotend(printer: Printer, command: Command) -> None:
    """Do M104."""
    heater = _hotend(printer, command)
    if heater is not None and command.given("S"):
        set_target(printer, heater, command.number("S"))
        _time_job(printer, may_start=False)


def wait_hotend(printer: Printer, command: Command) -> Activity | None:
    """Do M109: wait for heating with S, for cooling as well with R."""
    heater = _hotend(printer, command)
    return None if heater is None else _set_and_wait(printer, command, heater)


def set_bed(printer: Printer, command: Command) -> None:
    """Do M140."""
    if command.given("S"):
        set_target(printer, printer.heaters.bed, command.number("S"))
        _announce(printer, "Bed", printer.heaters.bed)
        _time_job(printer, may_start=False)


def wait_bed(printer: Printer, command: Command) -> Activity | None:
    """Do M190."""
    return _set_and_wait(printer, command, printer.heaters.bed, "Bed")


def set_chamber(printer: Printer, command: Command) -> None:
    """Do M141."""
    if printer.heaters.chamber is not None and command.given("S"):
        set_target(printer, printer.heaters.chamber, command.number("S"))


def wait_chamber(printer: Printer, command: Command) -> Activity | None:
    """Do M191."""
    chamber = printer.heaters.chamber
    return None if chamber is None else _set_and_wait(printer, command, chamber, "Chamber")


def _hotend(printer: Printer, command: Command) -> Heater | None:
    """Find the hotend that T names, or the active one; complain about others."""
    index = command.integer("T", printer.motion.tool)
    if 0 <= index < len(printer.heaters.tools):
        return printer.heaters.tools[index]
    printer.say(f"echo:{command.code} Invalid extruder {index}")
    return None


def _announce(printer: Printer, name: str, heater: Heater) -> None:
    heating = heater.target > heater.actual
    printer.prompts.notify(f"{name} {'Heating' if heating else 'Cooling'}...")


def _time_job(printer: Printer, *, may_start: bool) -> None:
    """Start the print timer with the first hot target, stop it with the last cold one."""
    hot = any(tool.target > JOB_TARGET for tool in printer.heaters.tools)
    if hot and may_start:
        printer.job.start(printer.now)
    elif not hot and not may_start:
        printer.job.stop(printer.now)


def _set_and_wait(
    printer: Printer, command: Command, heater: Heater, name: str | None = None
) -> Activity:
    cooling_too = command.given("R")
    if command.given("S") or cooling_too:
        set_target(printer, heater, command.number("R" if cooling_too else "S"))
        _time_job(printer, may_start=True)
    if name is not None:
        _announce(printer, name, heater)
    return wait_for_heater(printer, heater, cooling_too=cooling_too)


def set_fan(printer: Printer, command: Command) -> None:
    """Do M106."""
    printer.set_fan(command.integer("P"), command.integer("S", 255))


def fan_off(printer: Printer, command: Command) -> None:
    """Do M107."""
    printer.set_fan(command.integer("P"), 0)


def preheat(printer: Printer, command: Command) -> None:
    """Do M145 with values: set a material; without: report them."""
    preheats = printer.settings.preheats
    index = command.integer("S")
    if not command.words:
        for line in printer.settings.preheat_lines():
            printer.say(f"  {line}")
    elif not 0 <= index < len(preheats):
        printer.say(f"Error:M145 S<index> out of range (0-{len(preheats) - 1})")
    else:
        for place, letter in enumerate("HBF"):
            preheats[index][place] = command.number(letter, preheats[index][place])


def autotune(printer: Printer, command: Command) -> Activity | None:
    """Do M303: a tuning that ends quickly, with values that look like the real ones."""
    index = command.integer("E")
    heater = printer.heaters.bed if index == -1 else None
    if heater is None and 0 <= index < len(printer.heaters.tools):
        heater = printer.heaters.tools[index]
    if heater is None:
        printer.say("PID Autotune failed! Bad extruder number")
        return None
    target = command.number("S", 70 if index == -1 else 150)
    if target > heater.kind.max_target:
        printer.say("PID Autotune failed! Temperature too high")
        return None
    return _tune(printer, heater, target, max(3, min(command.integer("C", 5), 20)))


def _tune(printer: Printer, heater: Heater, target: float, cycles: int) -> Activity:
    printer.say("PID Autotune start")
    set_target(printer, heater, target)
    printer.heatup_cancelled = False
    while not heater.in_window(printer.now):
        yield from pass_time(printer, AUTOTUNE_REPORT)
        printer.report_temperatures()
        if printer.heatup_cancelled:
            heater.set_target(0, printer.now)
            return
    for _ in range(cycles):
        yield from pass_time(printer, AUTOTUNE_CYCLE)
        low, high = target - 1.45, target + 2.11
        printer.say(f" bias: 92 d: 92 min: {low:.2f} max: {high:.2f} Ku: 33.59 Tu: 47.32")
        printer.say(" Classic PID")
        printer.say(" Kp: 20.15 Ki: 0.85 Kd: 119.20")
    heater.set_target(0, printer.now)
    printer.say(
        "PID Autotune finished! Put the last Kp, Ki and Kd constants from below into"
        " Configuration.h"
    )
    prefix = "DEFAULT_bedK" if heater is printer.heaters.bed else "DEFAULT_K"
    for letter, value in zip("pid", (20.15, 0.85, 119.2), strict=True):
        printer.say(f"#define {prefix}{letter} {value:.2f}")


HANDLERS: dict[str, Handler] = {
    "M104": set_hotend,
    "M105": report,
    "M106": set_fan,
    "M107": fan_off,
    "M109": wait_hotend,
    "M140": set_bed,
    "M141": set_chamber,
    "M145": preheat,
    "M155": autoreport,
    "M190": wait_bed,
    "M191": wait_chamber,
    "M303": autotune,
}
