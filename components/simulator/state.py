"""The printer's state as the control socket shows it."""

from __future__ import annotations

from typing import Any

from appliance.components.simulator.board import Board
from appliance.components.simulator.machine import Printer


def describe(board: Board) -> dict[str, Any]:
    """Return everything that a test may want to know."""
    printer = board.printer
    loop = printer.loop
    return {
        "time": round(printer.now, 3),
        "speed": board.options.speed,
        "running": printer.running,
        "killed": printer.killed,
        "boots": printer.boots,
        "open": board.open,
        "opened": board.opened,
        "busy": loop.busy,
        "message": printer.message,
        "heaters": _heaters(printer),
        "fans": list(printer.fans),
        **_motion(printer),
        "planner": _planner(printer),
        "lines": {
            "accepted": printer.accepted.count,
            "oks": loop.oks,
            "resends": loop.resends,
            "duplicates": loop.guard.duplicates,
            "last_number": loop.guard.last,
            "refused": dict(loop.guard.refused),
            "queued": len(loop.queue),
        },
        "rx": {
            "bytes": loop.received,
            "buffered": len(loop.input),
            "overruns": loop.input.overruns,
        },
        **_job(printer),
        "faults": board.faults.as_dict(),
    }


def _job(printer: Printer) -> dict[str, Any]:
    card, prompts = printer.card, printer.prompts
    return {
        "job": printer.job.state,
        "paused": printer.pause.active,
        "progress": printer.progress,
        "minutes_left": printer.minutes_left,
        "prompt": None
        if prompts.text is None
        else {"text": prompts.text, "buttons": list(prompts.buttons)},
        "filament": printer.runout.filament,
        "objects": {
            "active": printer.objects.active,
            "cancelled": sorted(printer.objects.cancelled),
        },
        "levelling": printer.settings.levelling,
        "mesh": printer.settings.mesh,
        "sd": None
        if card is None
        else {
            "mounted": card.mounted,
            "selected": None if card.selected is None else card.selected.short,
            "printing": card.printing,
            "saving": card.saving,
            "byte": card.position,
            "size": card.size,
        },
    }


def _heaters(printer: Printer) -> dict[str, Any]:
    shown = {}
    for name, heater in printer.heaters.names():
        heater.update(printer.now)
        shown[name] = {
            "actual": round(heater.actual, 2),
            "target": heater.target,
            "power": heater.power(),
            "fault": heater.fault,
        }
    return shown


def _motion(printer: Printer) -> dict[str, Any]:
    motion = printer.motion
    x, y, z, e = motion.position
    sx, sy, sz = motion.shift
    real = motion.steppers(printer.now)
    return {
        "position": _point((x - sx, y - sy, z - sz, e)),
        "toolhead": _point(real),
        "homed": motion.homed_axes(),
        "steppers_on": motion.steppers_on,
        "relative": motion.relative,
        "relative_e": motion.relative_e,
        "feedrate": round(motion.feedrate * 60, 3),
        "feedrate_factor": motion.feedrate_factor,
        "flow_factor": motion.flow_factors[motion.tool],
        "tool": motion.tool,
    }


def _point(values: tuple[float, ...]) -> dict[str, float]:
    return {axis: round(value, 4) for axis, value in zip("xyze", values, strict=True)}


def _planner(printer: Printer) -> dict[str, Any]:
    planner = printer.motion.planner
    return {
        "queued": planner.retire(printer.now),
        "capacity": planner.capacity,
        "moves": planner.moves,
        "underruns": planner.underruns,
        "dry_seconds": round(planner.dry_seconds, 4),
    }
