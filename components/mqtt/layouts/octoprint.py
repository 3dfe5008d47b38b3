"""The topics of the plugin OctoPrint-MQTT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from appliance.components.mqtt.layouts.layout import Value
from appliance.components.mqtt.session import Presence
from appliance.domain import words as events
from appliance.domain.estimate import progress
from appliance.domain.job import Job, Origin
from appliance.domain.printer import Printer
from appliance.domain.telling import OctoPrintEventTold
from appliance.domain.words import Told

_EVENTS: Mapping[str, str] = {
    events.JOB_STARTED: "PrintStarted",
    events.JOB_PAUSED: "PrintPaused",
    events.JOB_RESUMED: "PrintResumed",
    "job_completed": "PrintDone",
    "job_cancelled": "PrintCancelled",
    "job_failed": "PrintFailed",
    "job_interrupted": "PrintFailed",
    events.PRINTER_CONNECTED: "Connected",
    events.PRINTER_LOST: "Disconnected",
    events.FILE_ADDED: "FileAdded",
}


class OctoPrintLayout:
    """One printer in these topics."""

    def __init__(self, base: str, *, interface: bool) -> None:
        self._base = base
        # Whether OctoPrint's interface is loaded, which knows all its events.
        self._interface = interface

    def values(self, printer: Printer) -> Mapping[str, Value]:
        """Return temperatures and progress."""
        snapshot = printer.snapshot
        topics = {
            f"{self._base}/temperature/{name}": Value(
                {"actual": heater.actual, "target": heater.target}
            )
            for name, heater in snapshot.heaters.items()
        }
        job = snapshot.job
        if job is not None and snapshot.phase.active:
            share = progress(job).completion or 0.0
            topics[f"{self._base}/progress/printing"] = Value(
                {
                    "location": job.file.origin.value,
                    "path": job.file.path,
                    "progress": int(share * 100),
                }
            )
        return topics

    def stamped(self, data: Any, now: float) -> Any:
        """Add the moment."""
        return {**data, "_timestamp": int(now)}

    def events(self, printer: Printer, told: Told) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return the events by OctoPrint's names."""
        name = _EVENTS.get(told.kind)
        if name is None or self._interface:
            return
        payload: dict[str, Any] = {"_event": name}
        job = printer.snapshot.job
        if told.kind.startswith("job_") and job is not None:
            payload.update(_job(job))
            if "reason" in told.data or told.kind in ("job_failed", "job_interrupted"):
                payload["reason"] = told.data.get("cause") or "error"
        elif told.kind == events.PRINTER_CONNECTED:
            connection = printer.snapshot.connection
            payload.update(port=connection.port, baudrate=connection.baudrate)
        elif told.kind == events.FILE_ADDED:
            path = str(told.data["path"])
            payload.update(storage="local", path=path, name=path.rpartition("/")[2])
        yield f"{self._base}/event/{name}", payload

    def told(self, event: OctoPrintEventTold) -> tuple[str, dict[str, Any]]:
        """Return topic and payload for an event as OctoPrint's interface tells it."""
        payload = {"_event": event.name, **(event.payload or {})}
        return f"{self._base}/event/{event.name}", payload

    def summary(
        self, changed: Mapping[str, Any], now: float
    ) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return nothing: each value has its topic."""
        return ()

    @property
    def presence(self) -> Presence:
        """What the plugin says of itself."""
        return Presence(f"{self._base}/mqtt", "connected", "disconnected")


def _job(job: Job) -> dict[str, Any]:
    name = job.file.path.rpartition("/")[2]
    return {
        "name": name,
        "path": job.file.path,
        "origin": "local" if job.file.origin is Origin.LOCAL else "sdcard",
        "size": job.file.size,
        "owner": job.user,
        "time": job.printing_s,
    }
