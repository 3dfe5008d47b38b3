"""Stops that wait for a person: M0, M1, M125, M600 and filament commands."""

from __future__ import annotations

import re

from appliance.components.simulator.gcode import Command
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity, Handler
from appliance.components.simulator.pausing import (
    LOAD_FEEDRATE,
    PARK_RETRACT,
    PURGE_LENGTH,
    UNLOAD_FEEDRATE,
    Pause,
    ensure_hot,
    pause_and_resume,
)
from appliance.components.simulator.prompts import Reason
from appliance.components.simulator.timers import FOREVER
from appliance.components.simulator.waiting import (
    PARK_EDGE,
    PARK_RAISE,
    extrude,
    synchronize,
    wait_for_user,
)

_ARGUMENTS = re.compile(r"(?:[SP][ ]*[\d.]+[ ]*)*")


def stop(printer: Printer, command: Command) -> Activity:
    """Do M0 and M1: wait for a person, for S seconds or P milliseconds at most."""
    seconds = FOREVER
    if command.given("P"):
        seconds = command.number("P") / 1000
    if command.given("S"):
        seconds = command.number("S")
    arguments = _ARGUMENTS.match(command.rest)
    text = command.rest[arguments.end() :] if arguments else command.rest
    yield from synchronize(printer)
    if text:
        printer.say(f"echo:{text}")
    printer.prompts.ask(Reason.USER_CONTINUE, text or f"{command.code} Stop", "Continue")
    yield from wait_for_user(printer, seconds or FOREVER)


def _park(printer: Printer, command: Command) -> tuple[float, float]:
    return (
        command.number("X", PARK_EDGE),
        command.number("Y", printer.motion.volume[1] - PARK_EDGE),
    )


def park(printer: Printer, command: Command) -> Activity:
    """Do M125."""
    retract = abs(command.number("L", PARK_RETRACT))
    return pause_and_resume(
        printer,
        Pause(
            retract=retract,
            purge=retract,
            park=_park(printer, command),
            raise_z=command.number("Z", PARK_RAISE),
        ),
    )


def change_filament(printer: Printer, command: Command) -> Activity:
    """Do M600."""
    settings = printer.settings
    return pause_and_resume(
        printer,
        Pause(
            retract=abs(command.number("E", PARK_RETRACT)),
            unload=abs(command.number("U", settings.unload_length)),
            load=abs(command.number("L", settings.load_length)),
            purge=PURGE_LENGTH,
            park=_park(printer, command),
            raise_z=command.number("Z", PARK_RAISE),
            insert=True,
        ),
    )


def load(printer: Printer, command: Command) -> Activity:
    """Do M701."""
    length = command.number("L", printer.settings.load_length or PURGE_LENGTH)
    yield from ensure_hot(printer)
    yield from extrude(printer, abs(length), LOAD_FEEDRATE)


def unload(printer: Printer, command: Command) -> Activity:
    """Do M702."""
    yield from ensure_hot(printer)
    length = command.number("U", printer.settings.unload_length)
    yield from extrude(printer, -abs(length), UNLOAD_FEEDRATE)


HANDLERS: dict[str, Handler] = {
    "M0": stop,
    "M1": stop,
    "M125": park,
    "M600": change_filament,
    "M701": load,
    "M702": unload,
}
