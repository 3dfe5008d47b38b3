"""What an automation does, one action after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from appliance.components.automation import http_call, notify
from appliance.components.automation.options import TOGGLE
from appliance.core import Appliance
from appliance.domain.file_service import FILES
from appliance.domain.macros import MACROS
from appliance.domain.mqtt import MQTT
from appliance.domain.power import POWER, PowerState
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest, NothingSelected
from appliance.records import dataclass
from appliance.templates import gcode_lines, render

ORIGIN = "automation"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that an action may need."""

    appliance: Appliance
    printer: Printer
    variables: Mapping[str, Any]

    def text(self, template: str) -> str:
        """Render a template; `InvalidRequest` with its complaint."""
        try:
            return render(template, self.variables)
        except ValueError as error:
            raise InvalidRequest(str(error)) from error


async def run(name: str, value: Any, scene: Scene) -> None:
    """Do one action; `DomainError` says why it could not be done."""
    await _ACTIONS[name](value, scene)


async def _gcode(value: str, scene: Scene) -> None:
    lines = gcode_lines(scene.text(value))
    if lines:
        await scene.printer.send(lines, origin=ORIGIN)


async def _macro(value: str | dict[str, Any], scene: Scene) -> None:
    macros = scene.appliance.find(MACROS)
    if macros is None:
        raise InvalidRequest("there are no macros")
    call: dict[str, Any] = (
        {"name": value, "parameters": {}} if isinstance(value, str) else value
    )
    given = {
        name.upper(): scene.text(template) for name, template in call["parameters"].items()
    }
    await macros.run(call["name"].upper(), given, scene.printer, origin=ORIGIN)


async def _job(value: str | dict[str, Any], scene: Scene) -> None:
    call = {"do": value} if isinstance(value, str) else value
    printer = scene.printer
    match call["do"]:
        case "pause":
            await printer.pause(origin=ORIGIN)
        case "resume":
            await printer.resume(origin=ORIGIN)
        case "cancel":
            await printer.cancel(origin=ORIGIN)
        case _:
            await _start(call.get("file"), scene)


async def _start(file: str | None, scene: Scene) -> None:
    files = scene.appliance.find(FILES)
    if files is None:
        raise InvalidRequest("there are no files: the component file_manager is not loaded")
    if file is not None:
        path = scene.text(file)
    elif (selected := scene.printer.snapshot.selected) is not None:
        path = selected.path
    else:
        raise NothingSelected("no file is selected")
    await scene.printer.start(await files.prepare(path, scene.printer.id, user=ORIGIN))


async def _mqtt(value: dict[str, Any], scene: Scene) -> None:
    mqtt = scene.appliance.find(MQTT)
    if mqtt is None:
        raise InvalidRequest("the component mqtt is not configured")
    topic, payload = scene.text(value["topic"]), scene.text(value["payload"])
    mqtt.publish(topic, payload, qos=value["qos"], retain=value["retain"])


async def _http(value: dict[str, Any], scene: Scene) -> None:
    body = scene.text(value["body"]) if "body" in value else None
    url = scene.text(value["url"])
    status = await http_call.call(value["method"], url, value["headers"], body)
    if status >= 400:
        message = f"the server answered with status {status}"
        raise InvalidRequest(message)


async def _notify(value: dict[str, Any], scene: Scene) -> None:
    title, message = scene.text(value["title"]), scene.text(value["message"])
    await notify.notify(value["to"], title, message)


async def _power(value: dict[str, Any], scene: Scene) -> None:
    power = scene.appliance.find(POWER)
    if power is None:
        raise InvalidRequest("the component power is not configured")
    wanted = value["turn"]
    if wanted == TOGGLE:
        wanted = (await power.refresh(value["device"])).state is not PowerState.ON
    await power.switch(value["device"], bool(wanted), origin=ORIGIN)


async def _delay(value: float, _scene: Scene) -> None:
    await asyncio.sleep(value)


_ACTIONS: Mapping[str, Callable[[Any, Scene], Awaitable[None]]] = {
    "gcode": _gcode,
    "macro": _macro,
    "job": _job,
    "mqtt": _mqtt,
    "http": _http,
    "notify": _notify,
    "power": _power,
    "delay": _delay,
}
