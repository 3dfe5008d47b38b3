"""An event as it is told to clients, and the mark that it leaves on their charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.records import dataclass

Payload = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in OctoPrint's words."""

    type: str
    payload: Payload = None


@dataclass(frozen=True, slots=True)
class Marking:
    """A mark on the temperature chart."""

    type: str
    label: str


_MARKINGS: Mapping[str, Marking] = {
    "Connected": Marking("connected", "Connected"),
    "Disconnected": Marking("disconnected", "Disconnected"),
    "PrintStarted": Marking("print", "Start"),
    "PrintDone": Marking("done", "Done"),
    "PrintPaused": Marking("pause", "Pause"),
    "PrintResumed": Marking("resume", "Resume"),
    "PrintCancelled": Marking("cancel", "Cancel"),
}


def marking(event: Event) -> Marking | None:
    """Return the mark that an event leaves on the chart."""
    return _MARKINGS.get(event.type)
