"""What a printer has: from its profile, from what it showed so far, from the configuration.

A sensor that a printer reports only when it is connected must not vanish from Home Assistant
whenever it is switched off, so what was seen once is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from appliance.components.mqtt.homeassistant.printer import Button, Features
from appliance.components.mqtt.topics import level
from appliance.core import Appliance
from appliance.domain.camera import CAMERAS
from appliance.domain.macros import MACROS
from appliance.domain.permissions import Scope
from appliance.domain.printer import Printer, Snapshot
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What a printer showed."""

    heaters: tuple[str, ...] = ()
    fans: int = 1
    fan_rpms: int = 0
    filament_sensors: tuple[str, ...] = ()

    def and_also(self, snapshot: Snapshot) -> Seen:
        """Return it with what the snapshot shows."""
        return Seen(
            _union(self.heaters, snapshot.heaters),
            max(self.fans, len(snapshot.fans)),
            max(self.fan_rpms, len(snapshot.fan_rpm)),
            _union(self.filament_sensors, snapshot.filament_present),
        )

    def plain(self) -> dict[str, Any]:
        """Return it as data to keep."""
        return {
            "heaters": self.heaters,
            "fans": self.fans,
            "fan_rpms": self.fan_rpms,
            "filament_sensors": self.filament_sensors,
        }

    @classmethod
    def from_plain(cls, data: object) -> Self:
        """Read what was kept; what does not fit counts as nothing."""
        if not isinstance(data, dict):
            return cls()
        names = [data.get("heaters"), data.get("filament_sensors")]
        counts = [data.get("fans"), data.get("fan_rpms")]
        if not all(isinstance(each, list) for each in names):
            return cls()
        if not all(isinstance(each, int) for each in counts):
            return cls()
        heaters, sensors = (tuple(map(str, each)) for each in names if each is not None)
        return cls(heaters, int(data["fans"]), int(data["fan_rpms"]), sensors)


def features(
    appliance: Appliance,
    printer: Printer,
    seen: Seen,
    scopes: frozenset[Scope],
    *,
    pictures: bool,
) -> Features:
    """Return what decides about the entities of a printer."""
    return Features(
        profile=printer.profile,
        heaters=_union(printer.profile.heaters, seen.heaters),
        fans=seen.fans,
        fan_rpms=seen.fan_rpms,
        filament_sensors=seen.filament_sensors,
        macros=_macros(appliance, printer),
        cameras=_cameras(appliance, printer) if pictures else (),
        scopes=scopes,
    )


def _macros(appliance: Appliance, printer: Printer) -> tuple[Button, ...]:
    """Return the macros that can be called by a button: those that need no argument."""
    macros = appliance.find(MACROS)
    if macros is None:
        return ()
    return tuple(
        Button(name, macro.title or name.replace("_", " ").capitalize())
        for name, macro in macros.of(printer.id).items()
        if not macro.hidden
        and name == level(name)
        and all(parameter.default is not None for parameter in macro.parameters)
    )


def _cameras(appliance: Appliance, printer: Printer) -> tuple[Button, ...]:
    cameras = appliance.find(CAMERAS)
    if cameras is None:
        return ()
    return tuple(
        Button(level(camera.id), camera.name)
        for camera in cameras.of(printer.id)
        if camera.takes_pictures
    )


def _union(
    known: tuple[str, ...], more: Mapping[str, object] | Sequence[str]
) -> tuple[str, ...]:
    return (*known, *(name for name in more if name not in known))
