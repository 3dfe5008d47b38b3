"""A printer profile in OctoPrint's shape, and back."""

from __future__ import annotations

from typing import Any

from appliance.domain.printer import Profile


def profile(
    machine: Profile, *, resource: str, current: bool, default: bool
) -> dict[str, Any]:
    """Return a profile as ``GET /api/printerprofiles`` shows it."""
    first = machine.extruders[0]
    return {
        "id": machine.id,
        "name": machine.name,
        "model": machine.model,
        "color": machine.color,
        "current": current,
        "default": default,
        "resource": resource,
        "volume": {
            "formFactor": machine.volume.form_factor,
            "origin": machine.volume.origin,
            "width": machine.volume.width,
            "depth": machine.volume.depth,
            "height": machine.volume.height,
            "custom_box": False,
        },
        "heatedBed": machine.heated_bed,
        "heatedChamber": machine.heated_chamber,
        "axes": {
            name: {"speed": _speed(axis.speed), "inverted": axis.inverted}
            for name, axis in machine.axes.items()
        },
        "extruder": {
            "count": len(machine.extruders),
            "offsets": [[e.offset_x, e.offset_y] for e in machine.extruders],
            "nozzleDiameter": first.nozzle_mm,
            "sharedNozzle": machine.shared_nozzle,
            "defaultExtrusionLength": 5,
        },
    }


def _speed(value: float) -> float:
    return int(value) if value == int(value) else value
