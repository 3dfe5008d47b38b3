"""Waiting for a temperature on the host's side, and offsets to the file's targets.

A firmware that executes M109 hears nothing else until it is hot (unless it has an
emergency parser). With ``wait_on_host`` the target is set and the job stands still here,
so that pause and cancel are immediate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from appliance.domain.actions import number
from appliance.domain.telemetry import Heater
from appliance.records import dataclass

from .tracker import TARGET_COMMANDS, code_of, words

_SET = {109: 104, 190: 140, 191: 141}
_TARGET = re.compile(rb"([SR])\s*(\d+(?:\.\d+)?)")
_NEAR_C = 2.0


@dataclass(frozen=True, slots=True)
class HeatWait:
    """A wait for one heater."""

    heater: str
    target: float
    cooling_too: bool  # R: also wait while it cools down
    set_command: bytes

    @staticmethod
    def of(text: bytes, tool: int) -> HeatWait | None:
        """Return the wait that ``text`` asks for, or None."""
        code = code_of(text)
        if code is None or code[0] != "M" or code[1] not in _SET:
            return None
        told = words(text)
        target = told.get("S", told.get("R"))
        if target is None:
            return None
        command = b"M%d" % _SET[code[1]] + text[len(b"M%d" % code[1]) :].replace(b"R", b"S")
        return HeatWait(heater_of(code[1], told, tool), target, "R" in told, command)

    def reached(self, heaters: Mapping[str, Heater]) -> bool:
        """Whether the heater is there."""
        heater = heaters.get(self.heater)
        if heater is None or heater.actual is None:
            return False
        if self.cooling_too:
            return abs(heater.actual - self.target) <= _NEAR_C
        return heater.actual >= self.target - _NEAR_C

    @staticmethod
    def with_offset(text: bytes, offsets: Mapping[str, float], tool: int) -> bytes:
        """Return ``text`` with the person's offset added to a target that is not off."""
        if not offsets:
            return text
        code = code_of(text)
        if code is None or code[0] != "M" or code[1] not in TARGET_COMMANDS:
            return text
        offset = offsets.get(heater_of(code[1], words(text), tool), 0.0)
        match = _TARGET.search(text, 4)
        if not offset or match is None or float(match[2]) == 0:
            return text
        target = number(max(float(match[2]) + offset, 0.0)).encode()
        return text[: match.start(2)] + target + text[match.end(2) :]


def heater_of(code: int, told: Mapping[str, float | None], tool: int) -> str:
    """Return the heater that a temperature command means."""
    kind = TARGET_COMMANDS[code]
    if kind != "tool":
        return kind
    wanted = told.get("T")
    return f"tool{tool if wanted is None else int(wanted)}"
