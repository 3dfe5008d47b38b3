"""The machine itself: its state, its mesh, its board, its sensors, the host."""

from __future__ import annotations

from typing import Any

from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import (
    klippy_state,
    limits_of,
    setting,
    state_message,
)


def webhooks(scene: Scene) -> dict[str, Any]:
    """Render the gate of every front end."""
    return {
        "state": klippy_state(scene.snapshot),
        "state_message": state_message(scene.snapshot),
    }


def bed_mesh(scene: Scene) -> dict[str, Any]:
    """Render the mesh that G29 or M420 V1 told; the firmware keeps one: one profile.

    Marlin does not say where its points lie: without that they are spread over the bed.
    """
    mesh = scene.snapshot.mesh
    if mesh is None or not mesh.points:
        return {
            "profile_name": "",
            "mesh_min": [0.0, 0.0],
            "mesh_max": [0.0, 0.0],
            "probed_matrix": [[]],
            "mesh_matrix": [[]],
            "profiles": {},
        }
    lowest, highest = limits_of(scene.snapshot, scene.profile)
    low, high = lowest[:2], highest[:2]
    if mesh.area is not None:
        low, high = [mesh.area.min_x, mesh.area.min_y], [mesh.area.max_x, mesh.area.max_y]
    points = [list(row) for row in mesh.points]
    return {
        "profile_name": scene.saved_mesh,
        "mesh_min": low,
        "mesh_max": high,
        "probed_matrix": points,
        "mesh_matrix": points,
        "profiles": {
            scene.saved_mesh: {
                "points": points,
                "mesh_params": {
                    "min_x": low[0],
                    "max_x": high[0],
                    "min_y": low[1],
                    "max_y": high[1],
                    "x_count": len(points[0]),
                    "y_count": len(points),
                },
            }
        },
    }


def mcu(scene: Scene) -> dict[str, Any]:
    """Render what is known of the board.

    Marlin does not measure its loads. Who finds only a part of the statistics trips over the
    rest (Home Assistant, the charts of Fluidd); whoever finds none shows none.
    """
    firmware = scene.snapshot.firmware
    return {
        "mcu_version": None if firmware is None else firmware.name,
        "mcu_constants": {} if firmware is None or not firmware.machine else _board(scene),
        "last_stats": None,
    }


def _board(scene: Scene) -> dict[str, str]:
    firmware = scene.snapshot.firmware
    assert firmware is not None
    return {"MCU": str(firmware.machine)}


def firmware_retraction(scene: Scene) -> dict[str, Any]:
    """Render M207 and M208, in mm and mm/s."""
    snapshot = scene.snapshot
    return {
        "retract_length": setting(snapshot, "M207", "S"),
        "retract_speed": _per_second(setting(snapshot, "M207", "F")),
        "unretract_extra_length": setting(snapshot, "M208", "S"),
        "unretract_speed": _per_second(setting(snapshot, "M208", "F")),
    }


def filament_switch_sensor(scene: Scene, name: str) -> dict[str, Any]:
    """Render a runout sensor of the firmware; ``enabled`` as M412 says."""
    enabled = setting(scene.snapshot, "M412", "S")
    return {
        "filament_detected": scene.snapshot.filament_present[name],
        "enabled": None if enabled is None else bool(enabled),
    }


def system_stats(scene: Scene) -> dict[str, Any]:
    """Render how busy the computer is that drives the printer."""
    load = scene.load
    if load is None:
        return {"sysload": None, "cputime": None, "memavail": None}
    return {
        "sysload": round(load.load, 3),
        "cputime": round(load.cpu_s, 2),
        "memavail": load.memory_free_kb,
    }


def _per_second(per_minute: float | None) -> float | None:
    return None if per_minute is None else round(per_minute / 60, 3)
