"""The printer's state as the control socket shows it."""

from __future__ import annotations

from typing import Any

from appliance.components.simulator.board import Board
from appliance.components.simulator.machine import Printer


def describe(board: Board) -> dict[str, Any]:
    """Return everything that a test may want to know."""
    printer = board.printer
    return {
        "time": round(printer.now, 3),
        "speed": board.options.speed,
        "running": printer.running,
        "killed": printer.killed,
        "boots": printer.boots,
        "open": board.open,
        "opened": board.opened,
        "busy": printer.busy,
        "message": printer.message,
        "heaters": _heaters(printer),
        "fans": list(printer.fans),
        **_motion(printer),
        "planner": _planner(printer),
        "lines": {
            "accepted": printer.accepted.count,
            "oks": printer.oks,
            "resends": printer.resends,
            "duplicates": printer.guard.duplicates,
            "last_number": printer.guard.last,
            "refused": dict(printer.guard.refused),
            "queued": len(printer.queue),
        },
        "rx": {
            "bytes": printer.received,
            "buffered": len(printer.input),
            "overruns": printer.input.overruns,
        },
        "faults": board.faults.as_dict(),
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
