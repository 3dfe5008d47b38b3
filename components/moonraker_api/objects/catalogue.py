"""Which objects a printer has, and the rendering of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from appliance.components.moonraker_api.objects import heat, job, machine, motion
from appliance.components.moonraker_api.objects.configfile import configfile, has_mesh
from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import fan_object, heater_objects, setting

Render = Callable[[Scene], dict[str, Any]]
Status = Mapping[str, Mapping[str, Any]]

# Objects that every printer has.
_ALWAYS: Mapping[str, Render] = {
    "webhooks": machine.webhooks,
    "toolhead": motion.toolhead,
    "motion_report": motion.motion_report,
    "gcode_move": motion.gcode_move,
    "heaters": heat.heaters,
    "print_stats": job.print_stats,
    "virtual_sdcard": job.virtual_sdcard,
    "display_status": job.display_status,
    "pause_resume": job.pause_resume,
    "idle_timeout": job.idle_timeout,
    "exclude_object": job.exclude_object,
    "query_endstops": motion.query_endstops,
    "stepper_enable": motion.stepper_enable,
    "system_stats": machine.system_stats,
    "mcu": machine.mcu,
}


class Objects:
    """Renders printer objects; what changes rarely is rendered once and kept."""

    def __init__(self, commands: Callable[[Iterable[str]], dict[str, Any]]) -> None:
        """``commands`` renders the table of G-code commands for the names of macros."""
        self._commands = commands
        self._fixed_for: tuple[Any, ...] = ()
        self._configfile: dict[str, Any] = {}
        self._gcode_commands: dict[str, Any] = {}

    def names(self, scene: Scene) -> list[str]:
        """Return the names of all objects of this printer."""
        return ["gcode", "configfile", *(name for name, _ in _renderers(scene))]

    def render(self, scene: Scene) -> Status:
        """Render all objects."""
        self._refresh(scene)
        return {
            "gcode": {"commands": self._gcode_commands, **job.gcode(scene)},
            "configfile": self._configfile,
            **{name: render(scene) for name, render in _renderers(scene)},
        }

    def _refresh(self, scene: Scene) -> None:
        """Render the large objects again if what they stand on is different."""
        snapshot = scene.snapshot
        stands_on = (
            snapshot.firmware,
            snapshot.connection,
            scene.profile,
            scene.macros,
            len(snapshot.fans),
            tuple(snapshot.heaters),
            tuple(snapshot.filament_present),
            snapshot.mesh,
        )
        if stands_on != self._fixed_for:
            self._fixed_for = stands_on
            self._configfile = configfile(scene)
            self._gcode_commands = self._commands(scene.macros)


def _renderers(scene: Scene) -> Iterator[tuple[str, Render]]:
    yield from _ALWAYS.items()
    for name, shown in heater_objects(scene.snapshot, scene.profile).items():
        if name.startswith("tool"):
            yield shown, partial(heat.extruder, name=name)
        elif shown.startswith("temperature_sensor "):
            yield shown, partial(heat.sensor, name=name)
        else:
            yield shown, partial(heat.heater, name=name)
    for index in range(len(scene.snapshot.fans)):
        yield fan_object(index), partial(heat.fan, index=index)
    if has_mesh(scene):
        yield "bed_mesh", machine.bed_mesh
    if setting(scene.snapshot, "M207", "S") is not None:
        yield "firmware_retraction", machine.firmware_retraction
    for sensor in scene.snapshot.filament_present:
        render = partial(machine.filament_switch_sensor, name=sensor)
        yield f"filament_switch_sensor {sensor}", render
    for name, macro in scene.macros.items():
        yield f"gcode_macro {name}", partial(_macro, variables=macro.variables)


def _macro(_scene: Scene, variables: Mapping[str, Any]) -> dict[str, Any]:
    return dict(variables)
