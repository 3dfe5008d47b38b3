"""What commands wait for: time, the planner, a person."""

from __future__ import annotations

from collections.abc import Generator

from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import PROCESSING, Activity
from appliance.components.simulator.planner import Point
from appliance.components.simulator.timers import FOREVER

PAUSED_FOR_USER = "paused for user"
PARK_EDGE = 10.0  # mm from the left and from the back of the bed
PARK_RAISE = 20.0  # mm
PARK_FEEDRATE = 100.0  # mm/s
LIFT_FEEDRATE = 5.0  # mm/s


def pass_time(printer: Printer, seconds: float) -> Activity:
    """Wait so long, whatever wakes the command up in between."""
    end = printer.now + seconds
    while printer.now < end:
        yield end


def synchronize(printer: Printer) -> Activity:
    """Wait until all moves are over."""
    planner = printer.motion.planner
    while planner.retire(printer.now):
        yield planner.last_end()


def travel(printer: Printer, target: Point, feedrate: float) -> Activity:
    """Move to a place (machine mm) at a feedrate (mm/s) and wait until it is reached."""
    yield from synchronize(printer)
    printer.motion.move(printer.now, target, feedrate)
    yield from synchronize(printer)


def extrude(printer: Printer, length: float, feedrate: float) -> Activity:
    """Move filament (mm, mm/s) without touching the position that the print knows."""
    position = printer.motion.position
    x, y, z, e = position
    yield from travel(printer, (x, y, z, e + length), feedrate)
    printer.motion.position = position


def park_nozzle(
    printer: Printer, place: tuple[float, float] | None = None, lift: float = PARK_RAISE
) -> Activity:
    """Lift the nozzle and bring it to its parking place, and report where it is."""
    motion = printer.motion
    x, y, z, e = motion.position
    lifted = min(z + lift, motion.volume[2])
    park_x, park_y = place or (PARK_EDGE, motion.volume[1] - PARK_EDGE)
    yield from travel(printer, (x, y, lifted, e), LIFT_FEEDRATE)
    yield from travel(printer, (park_x, park_y, lifted, e), PARK_FEEDRATE)
    printer.report_position()


def wait_for_user(printer: Printer, seconds: float = FOREVER) -> Generator[float, None, bool]:
    """Wait for a click, M108 or the prompt's answer, so long at most; tell if one came."""
    prompts = printer.prompts
    end = printer.now + seconds
    prompts.waiting = True
    printer.loop.busy_state = PAUSED_FOR_USER
    while prompts.waiting and printer.now < end:
        yield end
    answered = not prompts.waiting
    prompts.waiting = False
    printer.loop.busy_state = PROCESSING
    return answered


def wait_for_choice(printer: Printer) -> Activity:
    """Wait until a button of the prompt is chosen; M108 does not do."""
    prompts = printer.prompts
    prompts.choosing = True
    printer.loop.busy_state = PAUSED_FOR_USER
    while prompts.choosing:
        yield FOREVER
    printer.loop.busy_state = PROCESSING
