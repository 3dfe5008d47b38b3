"""The topics of Moonraker's component mqtt: status, and one topic for each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from appliance.components.mqtt.layouts.layout import Value
from appliance.components.mqtt.session import Presence
from appliance.domain.estimate import progress
from appliance.domain.job import JobPhase, JobResult
from appliance.domain.machine import Link
from appliance.domain.printer import Printer, Snapshot
from appliance.domain.words import Told

_STATES = {
    JobPhase.PAUSED: "paused",
    JobPhase.RESUMING: "paused",
    JobPhase.NONE: "standby",
}
_RESULTS = {
    JobResult.COMPLETE: "complete",
    JobResult.CANCELLED: "cancelled",
    JobResult.FAILED: "error",
    JobResult.INTERRUPTED: "error",
}


class MoonrakerLayout:
    """One printer in these topics; ``base`` is what Moonraker calls the instance."""

    def __init__(self, base: str) -> None:
        self._base = base

    def values(self, printer: Printer) -> Mapping[str, Value]:
        """Return every field of the printer's objects."""
        return {
            f"{self._base}/klipper/state/{name}/{field}": Value(value)
            for name, fields in objects(printer.snapshot).items()
            for field, value in fields.items()
        }

    def stamped(self, data: Any, now: float) -> Any:
        """Wrap the value with the moment."""
        return {"eventtime": now, "value": data}

    def events(self, printer: Printer, told: Told) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return nothing: what happened is seen by the state."""
        return ()

    def summary(
        self, changed: Mapping[str, Any], now: float
    ) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return the fields that are different now, by their objects."""
        status: dict[str, dict[str, Any]] = {}
        for topic, value in changed.items():
            *_, name, field = topic.split("/")
            status.setdefault(name, {})[field] = value
        yield f"{self._base}/klipper/status", {"eventtime": now, "status": status}

    @property
    def presence(self) -> Presence:
        """What Moonraker says of itself."""
        said = (f'{{"server": "{word}"}}' for word in ("online", "offline"))
        return Presence(f"{self._base}/moonraker/status", *said)


def objects(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """Return the printer as Klipper's objects."""
    job = snapshot.job
    done = progress(job)
    share = done.completion or 0.0
    found: dict[str, dict[str, Any]] = {
        "webhooks": {"state": _webhooks(snapshot)},
        "print_stats": {
            "state": _state(snapshot),
            "filename": "" if job is None else job.file.path,
            "total_duration": 0.0 if job is None else round(job.elapsed_s),
            "print_duration": 0.0 if job is None else round(job.printing_s),
            "filament_used": 0.0 if job is None else round(sum(job.filament_mm), 1),
            "message": (job.cause if job is not None else None) or "",
        },
        "virtual_sdcard": {
            "progress": round(share, 4),
            "is_active": snapshot.phase is JobPhase.PRINTING,
            "file_position": done.position or 0,
        },
        "display_status": {"progress": round(share, 4), "message": snapshot.message},
        "pause_resume": {"is_paused": snapshot.phase is JobPhase.PAUSED},
        "fan": {"speed": snapshot.fans[0] if snapshot.fans else 0.0},
    }
    for name, heater in snapshot.heaters.items():
        fields = {"temperature": heater.actual, "target": heater.target}
        found[_heater(name)] = {k: v for k, v in fields.items() if v is not None}
    position = snapshot.motion.position
    if position is not None:
        where = [round(each, 3) for each in (position.x, position.y, position.z, position.e)]
        found["toolhead"] = {"position": where, "homed_axes": snapshot.motion.homed}
    return found


def _webhooks(snapshot: Snapshot) -> str:
    if snapshot.link is Link.ONLINE:
        return "ready"
    if snapshot.link is Link.HALTED:
        return "shutdown"
    return "startup" if snapshot.link.connecting else "error"


def _state(snapshot: Snapshot) -> str:
    if snapshot.phase is JobPhase.NONE and snapshot.job is not None and snapshot.job.result:
        return _RESULTS[snapshot.job.result]
    return _STATES.get(snapshot.phase, "printing")


def _heater(name: str) -> str:
    if name == "bed":
        return "heater_bed"
    if name == "chamber":
        return "heater_generic chamber"
    number = name.removeprefix("tool")
    if name.startswith("tool") and number.isdecimal():
        return "extruder" if number == "0" else f"extruder{number}"
    return f"temperature_sensor {name}"
