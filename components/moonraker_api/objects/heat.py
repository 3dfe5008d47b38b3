"""What is warm and what turns: extruders, bed, sensors, fans."""

from __future__ import annotations

from typing import Any

from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import heater_objects, setting
from appliance.domain.telemetry import Heater


def heaters(scene: Scene) -> dict[str, Any]:
    """Render the list from which front ends build their temperature panel."""
    names = heater_objects(scene.snapshot, scene.profile).values()
    sensors = [name for name in names if name.startswith("temperature_sensor ")]
    return {
        "available_heaters": [name for name in names if name not in sensors],
        "available_sensors": list(names),
        "available_monitors": [],
    }


def extruder(scene: Scene, name: str) -> dict[str, Any]:
    """Render a hotend and its filament drive."""
    snapshot = scene.snapshot
    measured = snapshot.heaters.get(name, Heater())
    number = int(name[4:])
    configured = scene.profile.extruders
    lowest = configured[min(number, len(configured) - 1)].min_extrude_c
    # Marlin's linear advance has no smooth time, so none is shown.
    advance = setting(snapshot, "M900", "K")
    return {
        **heater(scene, name),
        "can_extrude": measured.actual is not None and measured.actual >= lowest,
        **({} if advance is None else {"pressure_advance": advance}),
        "motion_queue": None,
    }


def heater(scene: Scene, name: str) -> dict[str, Any]:
    """Render a heater; 0 degrees is shown nowhere before it was measured."""
    measured = scene.snapshot.heaters.get(name, Heater())
    return {
        "temperature": measured.actual,
        "target": measured.target,
        "power": None if measured.power is None else round(measured.power, 3),
    }


def sensor(scene: Scene, name: str) -> dict[str, Any]:
    """Render a mere sensor and its extremes of the last half hour."""
    measured = scene.snapshot.heaters.get(name, Heater())
    seen = [
        found.actual
        for sample in scene.samples
        if (found := sample.heaters.get(name)) is not None and found.actual is not None
    ]
    return {
        "temperature": measured.actual,
        "measured_min_temp": min(seen, default=measured.actual),
        "measured_max_temp": max(seen, default=measured.actual),
    }


def fan(scene: Scene, index: int) -> dict[str, Any]:
    """Render a fan as it was last told to run; rpm only where it is measured."""
    snapshot = scene.snapshot
    share = snapshot.fans[index] if index < len(snapshot.fans) else 0.0
    return {
        "speed": round(share, 4),
        "rpm": snapshot.fan_rpm[index] if index < len(snapshot.fan_rpm) else None,
    }
