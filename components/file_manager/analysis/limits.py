"""What a printer can do: from its own M503, and as a file changes it (M201 to M205)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from appliance.domain.analysis import Limits

_AXES = "XYZE"


def limits_of(settings: Mapping[str, Mapping[str, float]]) -> Limits:
    """Return the limits that M503 reported; what it did not is as Marlin ships it."""
    default = Limits()
    accelerations = settings.get("M204", {})
    printing = accelerations.get("P", accelerations.get("S", default.acceleration))
    jerk = settings.get("M205", {})
    return Limits(
        max_feedrate=_per_axis(settings.get("M203", {}), default.max_feedrate),
        max_acceleration=_per_axis(settings.get("M201", {}), default.max_acceleration),
        acceleration=printing,
        travel_acceleration=accelerations.get("T", printing),
        retract_acceleration=accelerations.get("R", default.retract_acceleration),
        jerk=_per_axis(jerk, default.jerk),
        junction_deviation_mm=jerk.get("J") or None,
    )


def _per_axis(values: Mapping[str, float], default: Mapping[str, float]) -> dict[str, float]:
    return {
        axis.lower(): values.get(axis, 0.0) or default.get(axis.lower(), 0.0) for axis in _AXES
    }


def changed(limits: Limits, code: str, words: Mapping[str, float | None]) -> Limits:
    """Return the limits after a command with those words."""
    given = {axis: value for axis, value in words.items() if value is not None and value > 0}
    if code == "M201":
        return replace(limits, max_acceleration=_merged(limits.max_acceleration, given))
    if code == "M203":
        return replace(limits, max_feedrate=_merged(limits.max_feedrate, given))
    if code == "M204":
        return replace(
            limits,
            acceleration=given.get("P", given.get("S", limits.acceleration)),
            travel_acceleration=given.get("T", given.get("S", limits.travel_acceleration)),
            retract_acceleration=given.get("R", limits.retract_acceleration),
        )
    deviation = limits.junction_deviation_mm
    if "J" in given:
        deviation = given["J"]
    elif "X" in given:
        deviation = None
    return replace(limits, jerk=_merged(limits.jerk, given), junction_deviation_mm=deviation)


def _merged(present: Mapping[str, float], given: Mapping[str, float]) -> dict[str, float]:
    return {**present, **{axis.lower(): given[axis] for axis in _AXES if axis in given}}
