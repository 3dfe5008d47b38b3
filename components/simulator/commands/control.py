"""The firmware itself: identity, line numbers, stops, factors, messages."""

from __future__ import annotations

from appliance.components.simulator.dialect import info_lines
from appliance.components.simulator.gcode import Command
from appliance.components.simulator.machine import Handler, Printer


def set_line_number(printer: Printer, command: Command) -> None:
    """Do M110 without a line number of its own; with one, the reader has done it."""
    if command.given("N"):
        printer.guard.last = command.integer("N")
    printer.motion.planner.streaming = False


def firmware_info(printer: Printer, _: Command) -> None:
    """Do M115."""
    for line in info_lines(printer.dialect, printer.options):
        printer.say(line)


def emergency_stop(printer: Printer, _: Command) -> None:
    """Do M112, when it came to its turn in the queue."""
    printer.kill("echo:M112 Shutdown")


def cancel_wait(printer: Printer, _: Command) -> None:
    """Do M108 in its turn: nothing waits any more."""
    printer.heatup_cancelled = True


def keepalive(printer: Printer, command: Command) -> None:
    """Do M113."""
    if command.given("S"):
        printer.busy_interval = max(0, min(command.integer("S"), 60))
    else:
        printer.say(f"echo:M113 S{int(printer.busy_interval)}")


def message(printer: Printer, command: Command) -> None:
    """Do M117."""
    printer.message = command.rest


def feedrate_factor(printer: Printer, command: Command) -> None:
    """Do M220."""
    if command.given("S"):
        printer.motion.feedrate_factor = max(0.01, min(command.number("S") / 100, 9.99))
    else:
        printer.say(f"FR:{round(printer.motion.feedrate_factor * 100)}%")


def flow_factor(printer: Printer, command: Command) -> None:
    """Do M221."""
    motion = printer.motion
    tool = command.integer("T", motion.tool)
    if not 0 <= tool < len(motion.flow_factors):
        printer.say(f"echo:M221 Invalid extruder {tool}")
    elif command.given("S"):
        motion.flow_factors[tool] = command.number("S") / 100
    else:
        printer.say(f"echo:E{tool} Flow: {round(motion.flow_factors[tool] * 100)}%")


HANDLERS: dict[str, Handler] = {
    "M108": cancel_wait,
    "M110": set_line_number,
    "M112": emergency_stop,
    "M113": keepalive,
    "M115": firmware_info,
    "M117": message,
    "M220": feedrate_factor,
    "M221": flow_factor,
}
