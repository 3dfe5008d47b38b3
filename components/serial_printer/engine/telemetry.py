"""Replies of the printer folded into the state: what was measured, said and asked."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from appliance.domain.telemetry import Area, Prompt, SdFile

from .dialogue import Dialogue
from .mesh import MeshReader
from .replies import (
    Action,
    AreaReport,
    Busy,
    Capability,
    FirmwareInfo,
    Ok,
    PositionReport,
    Reply,
    Temperatures,
    Text,
)
from .state import State
from .tracker import words

_SETTING = re.compile(r"\s*([MG]\d+)\b(.*)")
_FACTOR = re.compile(r"FR:\s*(\d{1,6}(?:\.\d+)?)%|E(\d{1,4}) Flow:\s*(\d{1,6}(?:\.\d+)?)%")
_REFUSED_TOOL = re.compile(r"T(\d{1,3}) Invalid extruder", re.IGNORECASE)
_ENDSTOP = re.compile(r"([a-z0-9_]+):\s*(open|TRIGGERED)\s*$", re.IGNORECASE)
_RUNOUT = re.compile(r"filament_runout|out_of_filament|filament runout", re.IGNORECASE)
_SD_FILE = re.compile(
    r"(?P<name>\S+\.(?:g|gco|gcode|gc|ufp|bgcode)\S*)(?:\s+(?P<size>\d{1,15}))?"
    r"(?:\s+0x(?P<time>[0-9A-Fa-f]{1,8}))?(?:\s+\"?(?P<long>.+?)\"?)?\s*$",
    re.IGNORECASE,
)
_DOS_EPOCH_YEAR = 1980
# Far above what any printer says; one that never stops must not fill the memory.
_MOST_NAMES = 256  # capabilities, settings, endstops
_MOST_BUTTONS = 32
_MOST_FILES = 10_000


class Telemetry:
    """Takes what the dialogue hears."""

    def __init__(self, state: State, dialogue: Dialogue) -> None:
        self._state = state
        self._dialogue = dialogue
        self._listing: list[SdFile] | None = None
        self._mesh_reader = MeshReader()
        self._prompt_text: str | None = None
        self._prompt_buttons: list[str] = []
        self.on_action: Callable[[str, str], None] = lambda name, argument: None
        self.on_waiting: Callable[[bool], None] = lambda waiting: None
        self.on_sd: Callable[[str], bool] = lambda line: False
        self.temperatures_at = 0.0
        self.positions_at = 0.0

    def hear(self, reply: Reply, text: str) -> None:  # noqa: C901 - a table of kinds
        """Take one line that is not a plain ok."""
        if isinstance(reply, Temperatures):
            self._temperatures(reply)
        elif isinstance(reply, Ok):
            if reply.readings is not None:
                self._temperatures(Temperatures(reply.readings))
            if reply.position is not None:
                self._position(reply.position)
            if reply.before:
                self._text(reply.before)
        elif isinstance(reply, PositionReport):
            self._position(reply.axes)
        elif isinstance(reply, Action):
            self._action(reply)
        elif isinstance(reply, Busy):
            if reply.for_user != self._state.waiting_for_user:
                self._state.waiting_for_user = reply.for_user
                self._state.touch()
                self.on_waiting(reply.for_user)
        elif isinstance(reply, Text):
            self._text(reply.body)
        else:
            self._about_firmware(reply)

    def acknowledged(self) -> None:
        """Take note of an ok: nobody waits for a person any more.

        Marlin does not take back what M0 asked (recorded): the question ends here.
        """
        if self._state.waiting_for_user:
            self._state.waiting_for_user = False
            self._state.prompt = None
            self._state.touch()
            self.on_waiting(False)

    # -- kinds of lines

    def _temperatures(self, report: Temperatures) -> None:
        first = not self.temperatures_at
        self.temperatures_at = time.monotonic()
        self._state.read_temperatures(report.readings)
        if first:
            self._state.touch()

    def _position(self, axes: Mapping[str, float]) -> None:
        now = time.monotonic()
        self.positions_at = now
        self._state.report_position(axes, now)
        if self._dialogue.job is None or self._dialogue.window.empty:
            # While lines are on the way the tracker is ahead of the machine, rightly.
            self._state.tracker.position_reported(dict(axes))

    def _about_firmware(self, reply: Reply) -> None:
        firmware = self._state.firmware
        if firmware is None:
            return
        if isinstance(reply, Capability):
            if _has_room(firmware.capabilities, reply.name):
                capabilities = {**firmware.capabilities, reply.name: reply.present}
                self._state.firmware = replace(firmware, capabilities=capabilities)
        elif isinstance(reply, AreaReport):
            self._state.firmware = replace(firmware, area=Area(*reply.minimum, *reply.maximum))
        elif isinstance(reply, FirmwareInfo):
            self._state.firmware = replace(firmware, info=dict(reply.fields))

    def _text(self, body: str) -> None:
        if self._sd_listing(body) or self.on_sd(body) or self._mesh(body):
            return
        if match := _FACTOR.search(body):
            if match[1]:
                self._state.tracker.feed_factor = float(match[1]) / 100
            else:
                self._state.tracker.set_flow(int(match[2]), float(match[3]) / 100)
            return
        if match := _REFUSED_TOOL.match(body):
            self._state.tracker.refused_tool = int(match[1])
            return
        if match := _ENDSTOP.match(body):
            self._endstop(match[1].lower(), match[2])
            return
        if match := _SETTING.match(body):
            self._setting(match[1], match[2])

    def _endstop(self, name: str, state: str) -> None:
        if name.startswith("filament"):
            # Marlin: TRIGGERED means that filament is there (recorded).
            known = self._state.filament_present
            if _has_room(known, name):
                present = state.upper() == "TRIGGERED"
                self._state.filament_present = {**known, name: present}
        elif _has_room(self._state.endstops, name):
            self._state.endstops[name] = "open" if state.lower() == "open" else "TRIGGERED"

    def _setting(self, command: str, rest: str) -> None:
        """Take a line of M503, or the report of a fan's change (``M106 P0 S255``)."""
        if command in ("M106", "M107"):
            self._state.tracker.executed(f"{command}{rest}".encode())
            return
        firmware = self._state.firmware
        if firmware is None:
            return
        values = {
            letter: value
            for letter, value in words(f"{command} {rest.partition(';')[0]}".encode()).items()
            if value is not None
        }
        if values and _has_room(firmware.settings, command):
            known = {**firmware.settings.get(command, {}), **values}
            self._state.firmware = replace(
                firmware, settings={**firmware.settings, command: known}
            )

    def _mesh(self, body: str) -> bool:
        belongs = self._mesh_reader.take(body)
        if belongs and self._mesh_reader.mesh is not None:
            self._state.mesh = self._mesh_reader.mesh
        return belongs

    # -- the card

    def _sd_listing(self, body: str) -> bool:
        if body.startswith("Begin file list"):
            self._listing = []
            return True
        if self._listing is None:
            return False
        if body.startswith("End file list"):
            self._state.sd = replace(
                self._state.sd, supported=True, ready=True, files=tuple(self._listing)
            )
            self._listing = None
            self._state.touch()
            return True
        if len(self._listing) < _MOST_FILES and (match := _SD_FILE.match(body)):
            self._listing.append(
                SdFile(
                    match["name"],
                    int(match["size"]) if match["size"] else None,
                    match["long"],
                    _dos_time(match["time"]),
                )
            )
        return True

    # -- host actions

    def _action(self, action: Action) -> None:
        state = self._state
        name, argument = action.name, action.argument
        if name == "notification":
            state.notification = argument or None
            state.touch()
        elif name == "prompt_begin":
            self._prompt_text, self._prompt_buttons = argument, []
        elif name in ("prompt_button", "prompt_choice"):
            if len(self._prompt_buttons) < _MOST_BUTTONS:
                self._prompt_buttons.append(argument)
        elif name == "prompt_show":
            state.prompt = Prompt(self._prompt_text or "", tuple(self._prompt_buttons))
            state.touch()
        elif name == "prompt_end":
            self._prompt_text, self._prompt_buttons = None, []
            if state.prompt is not None:
                state.prompt = None
                state.touch()
        if _RUNOUT.search(f"{name} {argument}"):
            state.filament_present = {**state.filament_present, "filament": False}
        self.on_action(name, argument)


def _has_room(known: Mapping[str, object], name: str) -> bool:
    return name in known or len(known) < _MOST_NAMES


def _dos_time(value: str | None) -> float | None:
    """Return a FAT timestamp (date in the high word) as unix seconds, or None."""
    if value is None:
        return None
    number = int(value, 16)
    date, clock = number >> 16, number & 0xFFFF
    try:
        return time.mktime(
            (
                _DOS_EPOCH_YEAR + (date >> 9),
                (date >> 5) & 15,
                date & 31,
                clock >> 11,
                (clock >> 5) & 63,
                (clock & 31) * 2,
                0,
                0,
                -1,
            )
        )
    except (ValueError, OverflowError):
        return None
