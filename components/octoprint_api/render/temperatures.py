"""Heaters with their targets, offsets and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from appliance.domain.printer import Profile, Snapshot
from appliance.domain.telemetry import Heater, TemperatureSample


def heaters(snapshot: Snapshot, wanted: Collection[str]) -> dict[str, Any]:
    """Return the present values of the ``wanted`` heaters.

    Each is there from the moment of connecting: clients index them blindly.
    """
    return {
        heater: {
            **values(snapshot.heaters.get(heater)),
            "offset": whole(snapshot.offsets.get(heater, 0.0)),
        }
        for heater in wanted
    }


def values(heater: Heater | None) -> dict[str, float]:
    """Return actual and target, 0.0 while nothing was reported."""
    if heater is None:
        return {"actual": 0.0, "target": 0.0}
    return {"actual": heater.actual or 0.0, "target": heater.target or 0.0}


def history(
    samples: Sequence[TemperatureSample],
    wanted: Collection[str],
    *,
    limit: int | None = None,
    times: bool = True,
) -> list[dict[str, Any]]:
    """Return the last ``limit`` samples, oldest first."""
    if limit is not None:
        samples = list(samples)[-limit:] if limit > 0 else ()
    return [
        {
            **({"time": int(sample.time)} if times else {}),
            **{heater: values(sample.heaters.get(heater)) for heater in wanted},
        }
        for sample in samples
    ]


def pushed(sample: TemperatureSample, profile: Profile) -> dict[str, Any]:
    """Return a sample as the push messages have it: a chamber is always named."""
    entry: dict[str, Any] = {"time": int(sample.time)}
    for heater in profile.heaters:
        entry[heater] = values(sample.heaters.get(heater))
    entry.setdefault("chamber", {"actual": None, "target": None})
    return entry


def tools(profile: Profile) -> list[str]:
    """Return the tools of the profile that have a heater."""
    return [heater for heater in profile.heaters if heater.startswith("tool")]


def offsets(snapshot: Snapshot) -> dict[str, float]:
    """Return the offsets that are set."""
    return {heater: whole(value) for heater, value in snapshot.offsets.items()}


def whole(value: float) -> float:
    """Return an integer where there is nothing behind the point, as OctoPrint does."""
    return int(value) if value == int(value) else value
