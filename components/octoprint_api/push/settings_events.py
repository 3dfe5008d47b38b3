"""What happens to the configuration, in OctoPrint's words."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.components.octoprint_api.push.event import Event
from appliance.config import Configuration


def of_configuration(before: Configuration, now: Configuration) -> Iterator[Event]:
    """Tell what is different in the configuration."""
    yield Event("SettingsUpdated")
    for name in {**before.profiles, **now.profiles}:
        payload = {"identifier": name}
        if name not in before.profiles:
            yield Event("PrinterProfileAdded", payload)
        elif name not in now.profiles:
            yield Event("PrinterProfileDeleted", payload)
        elif before.profiles[name] != now.profiles[name]:
            yield Event("PrinterProfileModified", payload)
