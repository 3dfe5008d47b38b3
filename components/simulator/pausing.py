"""Advanced pause: park, wait for a person, load filament, go back (M25, M125, M600)."""

from __future__ import annotations

from appliance.components.simulator.heating import wait_for_heater
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity
from appliance.components.simulator.prompts import PURGE_MORE, Reason
from appliance.components.simulator.waiting import (
    LIFT_FEEDRATE,
    PARK_FEEDRATE,
    PARK_RAISE,
    extrude,
    park_nozzle,
    pass_time,
    synchronize,
    travel,
    wait_for_choice,
    wait_for_user,
)
from appliance.records import dataclass

PARK_RETRACT = 2.0  # mm
RETRACT_FEEDRATE = 60.0  # mm/s
UNLOAD_FEEDRATE = 10.0  # mm/s
LOAD_FEEDRATE = 6.0  # mm/s
PURGE_LENGTH = 50.0  # mm
PURGE_FEEDRATE = 3.0  # mm/s
NOZZLE_TIMEOUT = 45.0  # s without an answer before the hotend is turned off
WINDOW = 1.0  # °C


@dataclass(frozen=True, slots=True)
class Pause:
    """What a pause does on its way out and back, in mm."""

    retract: float = PARK_RETRACT
    unload: float = 0.0
    load: float = 0.0
    purge: float = PARK_RETRACT
    park: tuple[float, float] | None = None
    raise_z: float = PARK_RAISE
    insert: bool = False
    """A person has to change the filament."""


def pause_and_resume(printer: Printer, pause: Pause) -> Activity:
    """Do a whole pause: from parking to the print going on."""
    if printer.pause.active:
        return
    yield from pause_print(printer, pause)
    yield from wait_for_confirmation(printer, insert=pause.insert)
    yield from resume_print(printer, pause)


def pause_print(printer: Printer, pause: Pause) -> Activity:
    """Stop the job, retract, park and unload."""
    motion = printer.motion
    printer.prompts.action("paused")
    printer.prompts.offer(Reason.INFO, "Pause", "Dismiss")
    printer.pause.active = True
    card = printer.card
    printer.pause.sd_job = printer.pause.sd_job or (card is not None and card.printing)
    if card is not None:
        card.printing = False
    printer.job.pause(printer.now)
    yield from synchronize(printer)
    printer.pause.position = motion.position
    if pause.retract and _can_extrude(printer):
        yield from extrude(printer, -pause.retract, RETRACT_FEEDRATE)
    if all(motion.homed):
        yield from park_nozzle(printer, pause.park, pause.raise_z)
    else:
        printer.prompts.notify("Park Failed")
    if pause.unload:
        yield from ensure_hot(printer)
        yield from extrude(printer, -pause.unload, UNLOAD_FEEDRATE)
    yield from pass_time(printer, 0.1)


def _can_extrude(printer: Printer) -> bool:
    motion = printer.motion
    hotend = printer.heaters.tools[motion.tool]
    hotend.update(printer.now)
    return motion.cold_extrusion_allowed or hotend.actual >= motion.min_extrusion


def wait_for_confirmation(printer: Printer, *, insert: bool) -> Activity:
    """Wait for a person; after a while the hotend is turned off until one comes."""
    prompts = printer.prompts
    words = "Insert filament and send M108" if insert else "Send M108 to resume"
    text = "Nozzle Parked"
    while True:
        printer.say(f"echo:{words}")
        prompts.ask(Reason.USER_CONTINUE, text, "Continue")
        if (yield from wait_for_user(printer, NOZZLE_TIMEOUT)):
            return
        yield from _reheat(printer)
        text = "Reheat Done"


def _reheat(printer: Printer) -> Activity:
    """Turn the hotends off, wait for someone who wants them back, and heat again."""
    prompts = printer.prompts
    for tool in printer.heaters.tools:
        tool.update(printer.now)
        tool.idle_off = True
    printer.say("echo:Send M108 to heat nozzle")
    prompts.ask(Reason.USER_CONTINUE, "Heater Timeout", "Reheat")
    yield from wait_for_user(printer)
    prompts.ask(Reason.INFO, "Reheating...")
    _power_back(printer)
    yield from ensure_hot(printer)


def _power_back(printer: Printer) -> None:
    for tool in printer.heaters.tools:
        tool.update(printer.now)
        tool.idle_off = False


def ensure_hot(printer: Printer) -> Activity:
    """Heat the hotend to where it may extrude, even if its target was lower."""
    motion = printer.motion
    hotend = printer.heaters.tools[motion.tool]
    if motion.cold_extrusion_allowed:
        return
    if hotend.target < motion.min_extrusion:
        hotend.set_target(motion.min_extrusion, printer.now)
        printer.watch_heaters()
    printer.heatup_cancelled = False
    hotend.update(printer.now)
    while abs(hotend.actual - hotend.target) > WINDOW and not printer.heatup_cancelled:
        yield printer.now + 1.0
        hotend.update(printer.now)


def resume_print(printer: Printer, pause: Pause) -> Activity:
    """Load and prime, go back to where the print was left, and let it go on."""
    motion = printer.motion
    prompts = printer.prompts
    if not printer.pause.active:
        return
    _power_back(printer)
    yield from load_filament(printer, pause)
    hotend = printer.heaters.tools[motion.tool]
    yield from wait_for_heater(printer, hotend, cooling_too=False)
    yield from extrude(printer, -PARK_RETRACT, RETRACT_FEEDRATE)
    x, y, z, _ = printer.pause.position
    if all(motion.homed):
        now_z, e = motion.position[2:]
        yield from travel(printer, (x, y, now_z, e), PARK_FEEDRATE)
        yield from travel(printer, (x, y, z, e), LIFT_FEEDRATE)
    yield from extrude(printer, PARK_RETRACT, RETRACT_FEEDRATE)
    motion.position = printer.pause.position
    prompts.action("resumed")
    printer.pause.active = False
    prompts.offer(Reason.INFO, "Resuming", "Dismiss")
    printer.job.start(printer.now)
    card = printer.card
    if printer.pause.sd_job and card is not None and card.open:
        card.printing = True
    printer.pause.sd_job = False
    printer.runout.reset()


def load_filament(printer: Printer, pause: Pause) -> Activity:
    """Load, then purge as often as a person asks for more."""
    prompts = printer.prompts
    yield from ensure_hot(printer)
    if pause.load:
        yield from extrude(printer, pause.load, LOAD_FEEDRATE)
    while True:
        if pause.purge:
            yield from extrude(printer, pause.purge, PURGE_FEEDRATE)
        last = "DisableRunout" if printer.runout.tripped else "Continue"
        prompts.ask(Reason.FILAMENT, "Paused", "PurgeMore", last)
        yield from wait_for_choice(printer)
        if prompts.choice != PURGE_MORE:
            break
    if printer.runout.tripped:
        printer.settings.runout_enabled = False
    prompts.end()
