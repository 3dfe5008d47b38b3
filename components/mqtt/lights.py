"""Lamps at a printer: the firmware's case light (M355), or a pair of macros.

What a lamp is, only its switching tells: the answer to M355, or that a macro ran.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from appliance.components.mqtt.commands import Command, Wish
from appliance.components.mqtt.publisher import Publisher
from appliance.components.mqtt.render.values import json
from appliance.components.mqtt.topics import level
from appliance.config.schema import vol
from appliance.config.validators import boolean, integer, non_empty
from appliance.domain.macros import MACROS
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest, PrinterRefused
from appliance.records import dataclass

MAX_BRIGHTNESS = 255
_ANSWER = re.compile(r"(?:echo:)?\s*Case light:\s*(OFF|ON|\d{1,3})", re.IGNORECASE)


def _both_macros(value: dict[str, Any]) -> dict[str, Any]:
    if ("on" in value) != ("off" in value):
        raise vol.Invalid("on and off come together, or not at all (then it is M355)")
    return value


LIGHT_SCHEMA = vol.All(
    {
        vol.Required("name", description="What Home Assistant calls the lamp."): non_empty,
        vol.Optional(
            "printer", description="The id of its printer; the first one if left out."
        ): non_empty,
        vol.Optional(
            "on", description="The macro that switches it on; M355 S1 without one."
        ): non_empty,
        vol.Optional(
            "off", description="The macro that switches it off; M355 S0 without one."
        ): non_empty,
    },
    _both_macros,
)


@dataclass(frozen=True, slots=True)
class Light:
    """A lamp as it is configured."""

    name: str
    on: str | None = None  # a macro; None: M355
    off: str | None = None

    @property
    def id(self) -> str:
        """One level of a topic."""
        return level(self.name)

    @property
    def dims(self) -> bool:
        """Whether the brightness can be set."""
        return self.on is None


def lights_of(
    entries: Iterable[Mapping[str, Any]], printer_id: str, *, first: bool
) -> dict[str, Light]:
    """Return the lamps of a printer by their ids; the first has those of no other."""
    lights = (
        Light(entry["name"], entry.get("on"), entry.get("off"))
        for entry in entries
        if entry.get("printer", printer_id if first else None) == printer_id
    )
    return {light.id: light for light in lights}


class LightTopics:
    """The lamps of one printer in its topics."""

    def __init__(self, publisher: Publisher, lights: Mapping[str, Light]) -> None:
        self._publisher = publisher
        self._lights = lights

    def command(self) -> Command:
        """Return the command that switches one."""
        schema = {
            vol.Required("state"): boolean,
            vol.Optional("brightness"): integer(least=0, most=MAX_BRIGHTNESS),
        }
        return Command("light", Scope.CONTROL, self._switch, schema, "state", item=True)

    async def _switch(self, wish: Wish) -> None:
        light = self._lights.get(wish.item)
        if light is None:
            raise InvalidRequest("there is no light of that name")
        on = wish.values["state"]
        if light.dims:
            state = await _case_light(wish, on=on)
        else:
            macros = wish.appliance.find(MACROS)
            if macros is None:
                raise InvalidRequest("there are no macros")
            name = (light.on if on else light.off) or ""
            await macros.run(name.upper(), {}, wish.printer, origin=wish.origin)
            state = {"state": "ON" if on else "OFF"}
        self._publisher.put(f"light/{light.id}", json(state))


async def _case_light(wish: Wish, *, on: bool) -> dict[str, Any]:
    """Switch by M355 and return what the firmware says that the lamp is."""
    brightness = wish.values.get("brightness")
    line = "M355 S0" if not on else "M355 S1"
    if on and brightness is not None:
        line += f" P{brightness}"
    answers = await wish.printer.send([line], origin=wish.origin, wait=True)
    told = _told(answers)
    if told is None:
        raise PrinterRefused("the firmware has no case light (M355)")
    if not told.isdecimal():
        return {"state": told.upper()}
    value = min(int(told), MAX_BRIGHTNESS)
    return {"state": "ON" if value else "OFF", "brightness": value}


def _told(answers: Sequence[str]) -> str | None:
    found = (_ANSWER.match(answer) for answer in answers)
    return next((match[1] for match in found if match is not None), None)
