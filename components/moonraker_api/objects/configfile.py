"""A printer.cfg that nobody wrote: what front ends read in one, from YAML, M115 and M503.

Mainsail and Fluidd decide by these sections which panels there are, so a section stands
here exactly when the machine can do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.components.moonraker_api.objects import motion
from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import (
    fan_object,
    heater_objects,
    limits_of,
    setting,
)

Sections = dict[str, dict[str, Any]]

# Commands of ours that front ends want to see as macros of the user.
_BUILT_IN = ("PAUSE", "RESUME", "CANCEL_PRINT")


def configfile(scene: Scene) -> dict[str, Any]:
    """Render the whole object; sections by Klipper's names, settings in lower case."""
    found = sections(scene)
    return {
        "config": {
            name: {key: _text(value) for key, value in values.items()}
            for name, values in found.items()
        },
        "settings": {name.lower(): values for name, values in found.items()},
        "warnings": [],
        "save_config_pending": False,
        "save_config_pending_items": {},
    }


def sections(scene: Scene) -> Sections:
    """Return every section that is true of this machine."""
    return {
        **_machine(scene),
        **_steppers(scene),
        **_heaters(scene),
        **_fans(scene),
        **_features(scene),
        **_macros(scene),
    }


def has_mesh(scene: Scene) -> bool:
    """Return whether the firmware can level the bed, as far as it says."""
    firmware = scene.snapshot.firmware
    able = firmware is not None and (
        firmware.capabilities.get("AUTOLEVEL", False)
        or firmware.capabilities.get("LEVELING_DATA", False)
    )
    return able or scene.snapshot.mesh is not None


def _machine(scene: Scene) -> Sections:
    snapshot = scene.snapshot
    round_bed = scene.profile.volume.form_factor == "circular"
    printer: dict[str, Any] = {"kinematics": "delta" if round_bed else "cartesian"}
    _put(printer, "max_velocity", motion.max_velocity(snapshot))
    _put(printer, "max_accel", motion.max_accel(snapshot))
    _put(printer, "max_z_velocity", setting(snapshot, "M203", "Z"))
    _put(printer, "max_z_accel", setting(snapshot, "M201", "Z"))
    _put(printer, "square_corner_velocity", motion.square_corner_velocity(snapshot))
    mcu = {} if snapshot.connection.port is None else {"serial": snapshot.connection.port}
    return {
        "printer": printer,
        "mcu": mcu,
        "virtual_sdcard": {"path": scene.gcodes},
        "pause_resume": {},
        "display_status": {},
        "respond": {},
    }


def _steppers(scene: Scene) -> Sections:
    lowest, highest = limits_of(scene.snapshot, scene.profile)
    found: Sections = {}
    for index, axis in enumerate("xyz"):
        stepper: dict[str, Any] = {
            "position_min": lowest[index],
            "position_max": highest[index],
            "position_endstop": lowest[index],
        }
        steps = setting(scene.snapshot, "M92", axis.upper())
        if steps:
            stepper["steps_per_mm"] = steps
        found[f"stepper_{axis}"] = stepper
    return found


def _heaters(scene: Scene) -> Sections:
    profile, found = scene.profile, {}
    highest = {"bed": profile.max_bed_c, "chamber": profile.max_chamber_c}
    for name, section in heater_objects(scene.snapshot, profile).items():
        values: dict[str, Any] = {}
        if not section.startswith("temperature_sensor "):
            values = {"min_temp": 0.0, "max_temp": highest.get(name, profile.max_tool_c)}
        if name.startswith("tool"):
            values |= _filament(scene, int(name[4:]))
        found[section] = values
    return found


def _filament(scene: Scene, number: int) -> dict[str, Any]:
    extruders = scene.profile.extruders
    extruder = extruders[min(number, len(extruders) - 1)]
    values: dict[str, Any] = {
        "nozzle_diameter": extruder.nozzle_mm,
        "filament_diameter": extruder.filament_mm,
        "min_extrude_temp": extruder.min_extrude_c,
        # Marlin's EXTRUDE_MAXLENGTH where nobody changed it; more is refused by it.
        "max_extrude_only_distance": 200.0,
    }
    _put(values, "max_extrude_only_velocity", setting(scene.snapshot, "M203", "E"))
    _put(values, "max_extrude_only_accel", setting(scene.snapshot, "M204", "R"))
    _put(values, "pressure_advance", setting(scene.snapshot, "M900", "K"))
    return values


def _fans(scene: Scene) -> Sections:
    return {fan_object(index): {} for index in range(len(scene.snapshot.fans))}


def _features(scene: Scene) -> Sections:
    snapshot, found = scene.snapshot, {}
    if has_mesh(scene):
        lowest, highest = limits_of(snapshot, scene.profile)
        mesh: dict[str, Any] = {"mesh_min": lowest[:2], "mesh_max": highest[:2]}
        if snapshot.mesh is not None and snapshot.mesh.points:
            mesh["probe_count"] = [len(snapshot.mesh.points[0]), len(snapshot.mesh.points)]
        found["bed_mesh"] = mesh
    if setting(snapshot, "M207", "S") is not None:
        found["firmware_retraction"] = {
            "retract_length": setting(snapshot, "M207", "S"),
            "retract_speed": (setting(snapshot, "M207", "F") or 0.0) / 60,
            "unretract_extra_length": setting(snapshot, "M208", "S") or 0.0,
            "unretract_speed": (setting(snapshot, "M208", "F") or 0.0) / 60,
        }
    for sensor in snapshot.filament_present:
        found[f"filament_switch_sensor {sensor}"] = {"pause_on_runout": True}
    found["exclude_object"] = {}
    timeout = scene.entry.get("idle_heaters_off")
    found["idle_timeout"] = {} if timeout is None else {"timeout": timeout}
    return found


def _macros(scene: Scene) -> Sections:
    found: Sections = {
        f"gcode_macro {name}": {
            "description": f"Built into Gantry: {name.lower().replace('_', ' ')}",
            "gcode": f"{name}_BASE",
            "rename_existing": f"{name}_BASE",
        }
        for name in _BUILT_IN
        if name not in scene.macros
    }
    for name, macro in scene.macros.items():
        values: dict[str, Any] = {"gcode": _with_parameters(macro)}
        if macro.description:
            values["description"] = macro.description
        values |= {f"variable_{key}": value for key, value in macro.variables.items()}
        found[f"gcode_macro {name}"] = values
    return found


def _with_parameters(macro: Any) -> str:
    """Return the template with its parameters named the way front ends look for them."""
    named = [
        f"{{% set {each.name.lower()} = params.{each.name}"
        + (f"|default('{each.default}')" if each.default is not None else "")
        + " %}"
        for each in macro.parameters
        if f"params.{each.name}" not in macro.gcode
    ]
    return "\n".join([*named, macro.gcode])


def _put(values: dict[str, Any], key: str, value: float | None) -> None:
    if value is not None:
        values[key] = value


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {item}" for key, item in value.items())
    return str(value)
