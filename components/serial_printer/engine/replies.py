"""What a line of the printer means.

`parse` turns cleaned text into one small frozen object; firmware differences that can be
told from the text alone end here. Forms follow live Marlin 2.1 recordings and the sources
of Prusa-Firmware, Repetier, Smoothieware, RepRapFirmware and Klipper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One heater or sensor in a temperature report."""

    actual: float | None  # None: the line told the target only
    target: float | None = None
    power: float | None = None  # 0..1


@dataclass(frozen=True, slots=True)
class Ok:
    """An acknowledgement; the fields of ADVANCED_OK where the line has them."""

    number: int | None = None  # line number
    planner: int | None = None  # free planner blocks
    slots: int | None = None  # free command slots
    readings: Mapping[str, Reading] | None = None  # an M105's answer
    position: Mapping[str, float] | None = None
    before: str = ""  # text that the ok was glued behind
    info: FirmwareInfo | None = None  # M115's answer behind it (Teacup)


@dataclass(frozen=True, slots=True)
class Resend:
    """The firmware wants that line (and all after it) again."""

    number: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A sign of life during a long command."""

    for_user: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Repetier's idle line: it has nothing to do; perhaps an ok was lost."""


@dataclass(frozen=True, slots=True)
class Started:
    """The board has (re)started."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that begins like an error; `faults.classify` says how bad it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Temperatures:
    """A temperature report; ``waiting`` when it is a heat-up's line without ok."""

    readings: Mapping[str, Reading]
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class PositionReport:
    """M114, M154 or a homing's own report, in mm."""

    axes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Action:
    """A host action command: ``//action:NAME ARGUMENT``."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class FirmwareInfo:
    """The first line of M115's answer."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Capability:
    """One ``Cap:NAME:0|1`` of M115's answer."""

    name: str
    present: bool


@dataclass(frozen=True, slots=True)
class AreaReport:
    """M115's ``area:`` line: the full build area in mm."""

    minimum: tuple[float, float, float]
    maximum: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class HostState:
    """What Klipper says of itself (``// Klipper state: Ready``, ...), in small letters."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """Anything else. ``body`` is without a leading ``echo:``."""

    body: str
    echoed: bool = False


Reply = (
    Ok
    | Resend
    | Busy
    | Wait
    | Started
    | Problem
    | Temperatures
    | PositionReport
    | Action
    | FirmwareInfo
    | Capability
    | AreaReport
    | HostState
    | Text
)

PLAIN_OK = Ok()
_HOST_STATE = "Klipper state:"

# Bounded: a number of 400 digits would become infinite, which no JSON can carry.
_NUMBER = r"[-+]?(?:\d{1,12}(?:\.\d*)?|\.\d+)"
_OK = re.compile(
    r"ok(?:\s+N?(\d{1,12})\b)?(?:\s+P(\d{1,6}))?(?:\s+B(\d{1,6})(?=\s|$))?(?:\s+(.*))?$"
)
# ok glued behind text: Marlin's M290 prints "echo:" without a line end, SD deletion on
# older ones likewise. With P and B any text may stand before it.
_GLUED = re.compile(
    r"(?P<before>.*?)(?P<ok>ok N\d+ P\d+ B\d+|ok P\d+ B\d+|(?:(?<=[^A-Za-z])|(?<=\.GCO))ok)$"
)
_RESEND = re.compile(
    r"(?:resend|rs)\b\s*(?::?\s*N?:?\s*|checksum error on line )(\d{1,12})\b", re.IGNORECASE
)
_READING = re.compile(
    rf"(?:(?<=\s)|^)([A-Z]\d{{0,2}}|@\d{{0,2}}|[BC]@):\s*({_NUMBER})(?:\s*/\s*({_NUMBER}))?"
)
# No report begins with a mere sensor; "P:" is one flipped bit away from a position's "X:".
_TEMPERATURE_START = re.compile(rf"(?:T\d*|B\d*|C\d*)\s*:\s*{_NUMBER}")
_WAIT_MARK = re.compile(r"\b(?:W|E):\s*(?:\d+|\?)")
_TARGET = re.compile(rf"Target(Extr\d+|Bed):\s*({_NUMBER})")
_AXIS = re.compile(rf"\b([XYZE]\d?):\s*({_NUMBER})")
_POSITION_START = re.compile(rf"X:\s*{_NUMBER}\s+Y:")
_CAPABILITY = re.compile(r"Cap:([A-Z0-9_]+):([01])")
_FIELD = re.compile(r"(?:^|[\s,])([A-Z][A-Z0-9_]+)[:.]\s*")
_CORNER = re.compile(rf"x:\s*({_NUMBER}),\s*y:\s*({_NUMBER}),\s*z:\s*({_NUMBER})")
_SENSORS = {"A": "ambient", "P": "pinda", "M": "board", "R": "redundant", "L": "cooler"}
# Full power in Marlin's @ values (MAX_BDUTY 255 >> 1).
_FULL_POWER = 127.0


def parse(line: str) -> Reply:  # noqa: C901, PLR0911 - a table, the commonest first
    """Return what ``line`` (cleaned, not empty) means."""
    if line == "ok":
        return PLAIN_OK
    if line.startswith("ok") and (match := _OK.match(line)):
        return _ok(match)
    first = line[0]
    if first in "TBC" and _TEMPERATURE_START.match(line):
        return _temperatures(line)
    if first == "X" and _POSITION_START.match(line):
        return PositionReport(_axes(line))
    if first in "rR" and (match := _RESEND.match(line)):
        return Resend(int(match[1]))
    if first == "/" and line.startswith("//"):
        return _comment(line)
    if first in "eEbBfF!A":
        special = _special(line)
        if special is not None:
            return special
    if first in "FNCa" and (told := _firmware(line)) is not None:
        return told
    if line == "start":
        return Started()
    if line == "wait":
        return Wait()
    if match := _TARGET.match(line):
        name = "bed" if match[1] == "Bed" else f"tool{match[1][4:]}"
        return Temperatures({name: Reading(None, float(match[2]))})
    return _glued(line) or Text(line)


def _ok(match: re.Match[str]) -> Ok:
    number, planner, slots, rest = match.groups()
    readings = position = None
    info = None
    if rest:
        if rest.startswith("FIRMWARE_NAME"):
            info = FirmwareInfo(_fields(rest))
        elif _TEMPERATURE_START.match(rest):
            readings = read_temperatures(rest)
        elif _POSITION_START.match(rest):
            position = _axes(rest)
    return Ok(
        int(number) if number else None,
        int(planner) if planner else None,
        int(slots) if slots else None,
        readings,
        position,
        info=info,
    )


def _special(line: str) -> Reply | None:
    lowered = line[:8].lower()
    if lowered.startswith("echo:"):
        return _echo(line[5:].strip())
    if lowered.startswith("busy:"):
        return _busy(line[5:])
    if lowered.startswith(("error:", "fatal:", "!!", "alarm:")):
        return Problem(line)
    return None


def _echo(body: str) -> Reply:
    if body[:5].lower() == "busy:":
        return _busy(body[5:])
    if body.startswith("ok"):
        match = _OK.match(body)
        if match:
            return _ok(match)
    glued = _glued(body)
    if glued is not None and (glued.planner is not None or body[-3:-2] in ":)"):
        return glued
    return Text(body, echoed=True)


def _busy(reason: str) -> Busy:
    return Busy(for_user="paused for" in reason)


def _comment(line: str) -> Reply:
    body = line[2:].strip()
    if body.startswith("action:"):
        name, _, argument = body[7:].strip().partition(" ")
        return Action(name, argument.strip())
    if body.startswith(_HOST_STATE):
        return HostState(body[len(_HOST_STATE) :].strip().lower())
    return Text(body, echoed=True)


def _glued(line: str) -> Ok | None:
    match = _GLUED.match(line)
    if match is None or not match["before"]:
        return None
    inner = _OK.match(match["ok"])
    if inner is None:
        return None
    ok = _ok(inner)
    return Ok(ok.number, ok.planner, ok.slots, before=match["before"].strip())


def _firmware(line: str) -> Reply | None:
    if match := _CAPABILITY.match(line):
        return Capability(match[1], match[2] == "1")
    if line.startswith(("FIRMWARE_NAME", "NAME:", "NAME.")):
        return FirmwareInfo(_fields(line))
    if line.startswith("area:"):
        corners = _CORNER.findall(line)
        if len(corners) >= 2:
            low, high = (tuple(float(value) for value in corner) for corner in corners[:2])
            return AreaReport((low[0], low[1], low[2]), (high[0], high[1], high[2]))
    return None


def _fields(line: str) -> dict[str, str]:
    """Split ``KEY:value KEY:value`` where values hold spaces, colons and commas."""
    marks = list(_FIELD.finditer(line))
    fields: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(line)
        # Prusa's value holds a second key of the same kind; the first one counts.
        fields.setdefault(mark[1], line[mark.end() : end].strip(" ,"))
    return fields


def _axes(line: str) -> dict[str, float]:
    told, _, _ = line.partition("Count")
    return {axis.lower(): float(value) for axis, value in _AXIS.findall(told)}


def _temperatures(line: str) -> Temperatures:
    return Temperatures(read_temperatures(line), bool(_WAIT_MARK.search(line)))


def read_temperatures(line: str) -> dict[str, Reading]:
    """Read ``T: /  T0: B: C: @:``; a lone ``T`` is the active tool, named ``tool``."""
    found: dict[str, tuple[float, float | None]] = {}
    powers: dict[str, float] = {}
    for letter, value, target in _READING.findall(line):
        if "@" in letter:
            powers[_heater_of(letter)] = min(float(value) / _FULL_POWER, 1.0)
        elif name := _name_of(letter):
            found.setdefault(name, (float(value), float(target) if target else None))
    if any(name.startswith("tool") and name != "tool" for name in found):
        found.pop("tool", None)
        if "tool" in powers and "tool0" in found:
            powers.setdefault("tool0", powers["tool"])
    return {
        name: Reading(actual, target, powers.get(name))
        for name, (actual, target) in found.items()
    }


def _heater_of(letter: str) -> str:
    if letter.startswith("B"):
        return "bed"
    if letter.startswith("C"):
        return "chamber"
    return f"tool{letter[1:]}"


def _name_of(letter: str) -> str | None:
    if letter[0] == "T":
        return f"tool{letter[1:]}"
    if letter[0] == "B":
        return "bed" if letter[1:] in ("", "0") else f"bed{letter[1:]}"
    if letter[0] == "C":
        return "chamber"
    return _SENSORS.get(letter)
