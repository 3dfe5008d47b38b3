"""The firmware itself: identity, line numbers, stops, factors, messages, the job timer."""

from __future__ import annotations

from appliance.components.simulator.dialect import info_lines
from appliance.components.simulator.gcode import Command
from appliance.components.simulator.job import spell_duration
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity, Handler
from appliance.components.simulator.waiting import pass_time, synchronize


def set_line_number(printer: Printer, command: Command) -> None:
    """Do M110; with a line number of its own the reader has done it."""
    if command.given("N"):
        printer.loop.guard.last = command.integer("N")
    printer.motion.planner.streaming = False


def firmware_info(printer: Printer, _: Command) -> None:
    """Do M115."""
    for line in info_lines(printer.dialect, printer.options):
        printer.say(line)


def emergency(printer: Printer, command: Command) -> None:
    """Do M108, M112 and M876 in their turn.

    A build with the emergency parser has done them when they arrived.
    """
    if printer.options.emergency_parser:
        return
    match command.code:
        case "M108":
            printer.heatup_cancelled = True
            printer.prompts.click()
        case "M112":
            printer.kill("echo:M112 Shutdown")
        case "M876" if command.given("S"):
            printer.prompts.answer(command.integer("S"))


def restart(printer: Printer, command: Command) -> None:
    """Do M999: with nothing to restart it still throws the input away and says so."""
    if not command.flag("S", default=False):
        printer.loop.ask_resend()


def keepalive(printer: Printer, command: Command) -> None:
    """Do M113."""
    if command.given("S"):
        printer.loop.busy_interval = max(0, min(command.integer("S"), 60))
    else:
        printer.say(f"echo:M113 S{int(printer.loop.busy_interval)}")


def message(printer: Printer, command: Command) -> None:
    """Do M117."""
    printer.message = command.rest
    if command.rest:
        printer.prompts.notify(command.rest)


def say(printer: Printer, command: Command) -> None:
    """Do M118: E1 puts `echo:` in front, A1 makes an action of it."""
    text = command.rest
    echo = action = False
    while len(text) > 1 and text[0] in "EAP" and text[1].isdigit():
        echo |= text[:2] == "E1"
        action |= text[:2] == "A1"
        text = text[2:].lstrip(" ")
    text = text.removeprefix("action:") if action else text
    prefix = "echo:" if echo else ""
    printer.say(f"//action:{text}" if action else f"{prefix}{text}")


def build_percent(printer: Printer, command: Command) -> None:
    """Do M73."""
    if command.given("P"):
        printer.progress = max(0, min(command.integer("P"), 100))
    if command.given("R"):
        printer.minutes_left = command.integer("R")


def feedrate_factor(printer: Printer, command: Command) -> None:
    """Do M220."""
    if command.given("S"):
        printer.motion.feedrate_factor = max(0.01, min(command.number("S") / 100, 9.99))
    elif not command.words:
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


def print_time(printer: Printer, _: Command) -> None:
    """Do M31."""
    elapsed = spell_duration(printer.job.seconds(printer.now))
    printer.say(f"echo:Print time: {elapsed}")
    printer.prompts.notify(elapsed)


def start_timer(printer: Printer, _: Command) -> None:
    """Do M75."""
    printer.job.start(printer.now)


def pause_timer(printer: Printer, _: Command) -> None:
    """Do M76: the host is asked to pause as well."""
    printer.job.pause(printer.now)
    printer.prompts.action("pause")


def stop_timer(printer: Printer, _: Command) -> None:
    """Do M77."""
    printer.job.stop(printer.now)


def statistics(printer: Printer, _: Command) -> None:
    """Do M78."""
    for line in printer.job.statistics():
        printer.say(line)


def power_off(printer: Printer, _: Command) -> Activity:
    """Do M81."""
    yield from synchronize(printer)
    printer.heaters.all_off(printer.now)
    printer.job.stop(printer.now)
    printer.set_fan(0, 0)
    yield from pass_time(printer, 1.0)
    printer.prompts.notify(f"{printer.dialect.machine} OFF.")


def babystep(printer: Printer, _: Command) -> None:
    """Do M290: the firmware forgets a line feed, so that the ok is glued to `echo:`."""
    printer.say("echo:", end="")


def objects(printer: Printer, command: Command) -> None:
    """Do M486."""
    cancelling = printer.objects
    if not command.words:
        for line in cancelling.report():
            printer.say(line)
    if command.given("T"):
        cancelling.clear(command.integer("T"))
    if command.has("S"):
        cancelling.enter(command.integer("S", -1))
    if command.has("C"):
        cancelling.cancel(cancelling.active)
    if command.given("P"):
        cancelling.cancel(command.integer("P"))
    if command.given("U"):
        cancelling.restore(command.integer("U"))


def accept(_printer: Printer, _command: Command) -> None:
    """Do what has no effect that a host could see: servos, beeps, LEDs, case lights."""


HANDLERS: dict[str, Handler] = {
    "M31": print_time,
    "M42": accept,
    "M73": build_percent,
    "M75": start_timer,
    "M76": pause_timer,
    "M77": stop_timer,
    "M78": statistics,
    "M81": power_off,
    "M85": accept,
    "M108": emergency,
    "M110": set_line_number,
    "M111": accept,
    "M112": emergency,
    "M113": keepalive,
    "M115": firmware_info,
    "M117": message,
    "M118": say,
    "M220": feedrate_factor,
    "M221": flow_factor,
    "M290": babystep,
    "M300": accept,
    "M486": objects,
    "M876": emergency,
    "M999": restart,
}
