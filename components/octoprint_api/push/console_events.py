"""What lines of the dialogue mean, in OctoPrint's words: commands, answers and our notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from appliance.components.octoprint_api.push.event import Event
from appliance.domain.printer import ConsoleLine, Direction, Snapshot

# The commands that OctoPrint tells about when they are sent.
_TOLD: Mapping[str, str] = {
    "G4": "Dwelling",
    "G28": "Home",
    "M0": "Waiting",
    "M1": "Waiting",
    "M226": "Waiting",
    "M40": "Eject",
    "M80": "PowerOn",
    "M81": "PowerOff",
    "M112": "EStop",
    "M240": "Conveyor",
    "M245": "Cooling",
    "M300": "Alert",
    "M600": "FilamentChange",
    "M701": "FilamentChange",
    "M702": "FilamentChange",
}
POSITION = "PositionUpdate"
# So many events come out of lines that arrive together.
MOST_AT_ONCE = 100
_NUMBER = r"(-?\d{1,9}(?:\.\d{0,9})?)"
_POSITION = re.compile(rf"(?:ok )?X: ?{_NUMBER} Y: ?{_NUMBER} Z: ?{_NUMBER} E0?: ?{_NUMBER}")
_INVALID_TOOL = re.compile(r"(?:echo: ?)?T(\d{1,3}) invalid extruder", re.IGNORECASE)
_WITHHELD = re.compile(r"(\S+) is not sent: (.+)")


def of_lines(lines: Iterable[ConsoleLine], snapshot: Snapshot) -> list[Event]:
    """Tell what lines mean; of a flood the last position, and not everything else."""
    told = [event for line in lines if (event := of_line(line, snapshot)) is not None]
    last = next((event for event in reversed(told) if event.type == POSITION), None)
    others = [event for event in told if event.type != POSITION][:MOST_AT_ONCE]
    return others if last is None else [*others, last]


def asks_for_position(lines: Iterable[ConsoleLine]) -> bool:
    """Return whether somebody wants to be told the position, be it the same as before."""
    return any(
        line.direction is Direction.SENT and _command(line.text) == "M114" for line in lines
    )


def of_line(line: ConsoleLine, snapshot: Snapshot) -> Event | None:
    """Tell what a line means, if it is one of those that are told."""
    return _READERS[line.direction](line.text, snapshot)


def _sent(text: str, _snapshot: Snapshot) -> Event | None:
    name = _TOLD.get(_command(text))
    return Event(name) if name is not None else None


def _command(text: str) -> str:
    """Return the command of a line, without its number and checksum."""
    words = text.split(None, 2)
    if words and words[0].startswith("N") and len(words) > 1:
        words = words[1:]
    return words[0].partition("*")[0] if words else ""


def _received(text: str, snapshot: Snapshot) -> Event | None:
    if found := _POSITION.match(text):
        feedrate = snapshot.motion.feedrate
        return Event(
            POSITION,
            {
                **dict(zip("xyze", map(float, found.groups()), strict=True)),
                "t": snapshot.motion.tool,
                "f": None if feedrate is None else feedrate * 60,  # mm/min
                "reason": None,
            },
        )
    if found := _INVALID_TOOL.match(text):
        tool, known = int(found[1]), snapshot.motion.tool
        payload = {"tool": tool, "fallback": 0 if known == tool else known}
        return Event("InvalidToolReported", payload)
    return None


def _noted(text: str, _snapshot: Snapshot) -> Event | None:
    if found := _WITHHELD.match(text):
        payload = {"command": found[1], "message": text, "severity": "info"}
        return Event("CommandSuppressed", payload)
    return None


_READERS: Mapping[Direction, Callable[[str, Snapshot], Event | None]] = {
    Direction.SENT: _sent,
    Direction.RECEIVED: _received,
    Direction.NOTE: _noted,
}
