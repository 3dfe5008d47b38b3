"""What the appliance pushes, as far as somebody who watches one print cares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from appliance.printing.outcome import Outcome
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """What is shown."""

    state: str = ""
    completion: float | None = None  # percent
    elapsed_s: float | None = None
    left_s: float | None = None
    layer: int | None = None
    layers: int | None = None
    temperatures: Mapping[str, tuple[float, float]] = field(default_factory=dict)


class Watch:
    """Follows the print of one file through the messages of the push side."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.status = Status()
        self.outcome: Outcome | None = None
        self.cause = ""

    @property
    def running(self) -> bool:
        """Whether there is something to show."""
        return self.outcome is not None or is_busy(self.status.state)

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take a message in."""
        for kind in ("history", "current"):
            if kind in message:
                self._state(message[kind])
        if "event" in message:
            self._event(message["event"]["type"], message["event"].get("payload") or {})

    def look(self, job: Mapping[str, Any]) -> None:
        """Take in the answer of ``/api/job``, after messages may have been missed."""
        if job["job"]["file"].get("path") != self.path or is_busy(job["state"]):
            return
        if job["progress"]["completion"] == 100:
            self.outcome = Outcome.COMPLETE
        else:
            self.outcome = Outcome.FAILED
            self.cause = job.get("error") or "the print ended while nobody watched"

    def _event(self, name: str, payload: Mapping[str, Any]) -> None:
        if name == "Error":
            self.cause = str(payload.get("error", ""))
        if payload.get("path") != self.path or self.outcome is not None:
            return
        if name == "PrintDone":
            self.outcome = Outcome.COMPLETE
            elapsed = payload.get("time", self.status.elapsed_s)
            self.status = replace(self.status, completion=100.0, left_s=0.0, elapsed_s=elapsed)
        elif name == "PrintCancelled":
            self.outcome = Outcome.CANCELLED
        elif name == "PrintFailed":
            self.outcome = Outcome.FAILED
            self.cause = self.cause or str(payload.get("cause", ""))

    def _state(self, content: Mapping[str, Any]) -> None:
        progress = content["progress"]
        layers = content.get("plugins", {}).get("DisplayLayerProgress", {})
        self.cause = content["state"]["error"] or self.cause
        self.status = Status(
            state=content["state"]["text"],
            completion=progress["completion"],
            elapsed_s=progress["printTime"],
            left_s=progress["printTimeLeft"],
            layer=layers.get("currentLayer"),
            layers=layers.get("totalLayer"),
            temperatures=_temperatures(content["temps"]) or self.status.temperatures,
        )


def is_busy(state: str) -> bool:
    """Return whether a printer of that state has a job."""
    idle = ("Operational", "Offline", "Closed", "Connecting", "Detecting")
    return bool(state) and not state.startswith(idle)


def _temperatures(samples: list[Mapping[str, Any]]) -> dict[str, tuple[float, float]]:
    if not samples:
        return {}
    return {
        heater: (values["actual"], values["target"] or 0.0)
        for heater, values in samples[-1].items()
        if heater != "time" and values["actual"] is not None
    }
