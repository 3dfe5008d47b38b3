"""A printer profile in OctoPrint's shape, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.components.octoprint_api import body
from appliance.domain.printer import Profile
from appliance.errors import InvalidRequest

_MOST_EXTRUDERS = 16
_EXTRUSION_MM = 5  # what buttons of clients push by default
_VOLUME = {"width": "width", "depth": "depth", "height": "height"}
_WORDS = {"formFactor": "form_factor", "origin": "origin"}
_TEXTS = ("name", "model", "color")
_SWITCHES = {"heatedBed": "heated_bed", "heatedChamber": "heated_chamber"}


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
            name: {"speed": _whole(axis.speed), "inverted": axis.inverted}
            for name, axis in machine.axes.items()
        },
        "extruder": {
            "count": len(machine.extruders),
            "offsets": [[each.offset_x, each.offset_y] for each in machine.extruders],
            "nozzleDiameter": first.nozzle_mm,
            "sharedNozzle": machine.shared_nozzle,
            "defaultExtrusionLength": _EXTRUSION_MM,
        },
    }


def to_config(given: Mapping[str, Any], present: Profile) -> dict[str, Any]:
    """Return what was sent of a profile as it stands in the YAML."""
    config: dict[str, Any] = {}
    for key in _TEXTS:
        if key in given:
            config[key] = _text(given[key], key)
    for key, option in _SWITCHES.items():
        if key in given:
            config[option] = body.truth(given[key])
    if "volume" in given:
        config["volume"] = _volume(_object(given["volume"], "volume"))
    if "axes" in given:
        config["axes"] = _axes(_object(given["axes"], "axes"))
    if "extruder" in given:
        config.update(_extruders(_object(given["extruder"], "extruder"), present))
    return config


def _volume(given: Mapping[str, Any]) -> dict[str, Any]:
    volume: dict[str, Any] = {
        option: body.number(given[key], f"volume.{key}")
        for key, option in _VOLUME.items()
        if key in given
    }
    for key, option in _WORDS.items():
        if key in given:
            volume[option] = _text(given[key], f"volume.{key}")
    if volume.get("form_factor") == "circular":
        volume["origin"] = "center"
        if "width" in volume:
            volume["depth"] = volume["width"]
    return volume


def _axes(given: Mapping[str, Any]) -> dict[str, Any]:
    axes: dict[str, Any] = {}
    for name in ("x", "y", "z", "e"):
        if name in given:
            axis = _object(given[name], f"axes.{name}")
            axes[name] = {}
            if "speed" in axis:
                axes[name]["speed"] = body.number(axis["speed"], f"axes.{name}.speed")
            if "inverted" in axis:
                axes[name]["inverted"] = body.truth(axis["inverted"])
    return axes


def _extruders(given: Mapping[str, Any], present: Profile) -> dict[str, Any]:
    count = given.get("count", len(present.extruders))
    if isinstance(count, bool) or not isinstance(count, int):
        raise InvalidRequest("extruder.count must be a whole number")
    if not 1 <= count <= _MOST_EXTRUDERS:
        message = f"extruder.count is between 1 and {_MOST_EXTRUDERS}"
        raise InvalidRequest(message)
    offsets = given.get("offsets")
    extruders = []
    for index in range(count):
        known = present.extruders[min(index, len(present.extruders) - 1)]
        nozzle = given.get("nozzleDiameter", known.nozzle_mm)
        x, y = _offset(offsets, index, (known.offset_x, known.offset_y))
        extruders.append(
            {
                "nozzle": body.number(nozzle, "extruder.nozzleDiameter"),
                "filament": known.filament_mm,
                "offset_x": x,
                "offset_y": y,
                "min_extrude_temperature": known.min_extrude_c,
            }
        )
    config: dict[str, Any] = {"extruders": extruders}
    if "sharedNozzle" in given:
        config["shared_nozzle"] = body.truth(given["sharedNozzle"])
    return config


def _offset(offsets: object, index: int, known: tuple[float, float]) -> tuple[float, float]:
    if not isinstance(offsets, list) or index >= len(offsets):
        return known
    pair = offsets[index]
    if not isinstance(pair, list) or len(pair) != 2:
        raise InvalidRequest("extruder.offsets must be pairs of x and y")
    return body.number(pair[0], "an offset"), body.number(pair[1], "an offset")


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        message = f"{what} must be an object"
        raise InvalidRequest(message)
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        message = f"{what} must be a text"
        raise InvalidRequest(message)
    return value


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
