"""Where the head is and how it moves: toolhead, motion_report, gcode_move, steppers."""

from __future__ import annotations

import math
from typing import Any

from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import limits_of, rounded, setting
from appliance.domain.printer import Snapshot
from appliance.domain.telemetry import Position

# A corner of 90 degrees at this share of the square: Klipper's and Marlin's formula.
_CORNER = math.sqrt(2) - 1


def known(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that have a value: front ends keep their own default for the rest."""
    return {name: value for name, value in fields.items() if value is not None}


def toolhead(scene: Scene) -> dict[str, Any]:
    """Render position and limits; velocities are the firmware's own (M503)."""
    snapshot = scene.snapshot
    lowest, highest = limits_of(snapshot, scene.profile)
    tool = snapshot.motion.tool
    return known(
        {
            "position": coordinates(snapshot.motion.position),
            "homed_axes": snapshot.motion.homed,
            "axis_minimum": lowest,
            "axis_maximum": highest,
            **limits(snapshot),
            "extruder": "extruder" if tool == 0 else f"extruder{tool}",
            "extra_axes": {},
            "status": "Printing" if snapshot.phase.active or snapshot.busy else "Ready",
        }
    )


def limits(snapshot: Snapshot) -> dict[str, float]:
    """Return what the firmware told of its limits; Marlin knows no cruise ratio."""
    return known(
        {
            "max_velocity": max_velocity(snapshot),
            "max_accel": max_accel(snapshot),
            "square_corner_velocity": square_corner_velocity(snapshot),
        }
    )


def motion_report(scene: Scene) -> dict[str, Any]:
    """Render what was measured between two reports of the firmware."""
    motion = scene.snapshot.motion
    return known(
        {
            "live_position": coordinates(motion.position),
            "live_velocity": _rounded(motion.speed),
            "live_extruder_velocity": _rounded(motion.extruder_speed),
        }
    )


def gcode_move(scene: Scene) -> dict[str, Any]:
    """Render how the next move will be understood."""
    motion = scene.snapshot.motion
    flow = motion.flow_factors
    return known(
        {
            "position": coordinates(motion.position),
            "gcode_position": coordinates(motion.position),
            "homing_origin": [0.0, 0.0, round(motion.z_offset, 4), 0.0],
            "speed": None if motion.feedrate is None else round(motion.feedrate * 60, 3),
            "speed_factor": motion.feed_factor,
            "extrude_factor": flow[motion.tool] if motion.tool < len(flow) else None,
            "absolute_coordinates": motion.absolute,
            "absolute_extrude": motion.absolute_e,
        }
    )


def stepper_enable(scene: Scene) -> dict[str, Any]:
    """Render whether the motors hold; the firmware switches them together."""
    extruders = ["extruder", *(f"extruder{n}" for n in range(1, len(scene.profile.extruders)))]
    steppers = ("stepper_x", "stepper_y", "stepper_z", *extruders)
    return {"steppers": dict.fromkeys(steppers, scene.snapshot.motion.steppers_on)}


def query_endstops(scene: Scene) -> dict[str, Any]:
    """Render the endstops as the last M119 found them."""
    return {
        "last_query": {
            name.removesuffix("_min"): int(state == "TRIGGERED")
            for name, state in scene.snapshot.endstops.items()
        }
    }


def coordinates(position: Position | None) -> list[Any] | None:
    """Return x, y, z, e, or None while nobody knows."""
    if position is None:
        return None
    return rounded((position.x, position.y, position.z, position.e))


def max_velocity(snapshot: Snapshot) -> float | None:
    """Return the lower one of M203 X and Y in mm/s."""
    known = [setting(snapshot, "M203", axis) for axis in ("X", "Y")]
    return min((value for value in known if value is not None), default=None)


def max_accel(snapshot: Snapshot) -> float | None:
    """Return M204 P: the acceleration of printing moves in mm/s²."""
    return setting(snapshot, "M204", "P", "S")


def square_corner_velocity(snapshot: Snapshot) -> float | None:
    """Return it from the junction deviation, else the jerk of X (M205), in mm/s."""
    deviation, accel = setting(snapshot, "M205", "J"), max_accel(snapshot)
    if deviation and accel:
        return round(math.sqrt(deviation * accel / _CORNER), 3)
    return setting(snapshot, "M205", "X")


def junction_deviation(velocity: float, accel: float) -> float:
    """Return the junction deviation in mm that stands for a square corner velocity."""
    return velocity**2 * _CORNER / accel


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
