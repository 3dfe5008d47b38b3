"""Makes devices of what the configuration says."""

from __future__ import annotations

from typing import Any

from appliance.components.power.outlets.gcode import Gcode
from appliance.components.power.outlets.gpio import Gpio
from appliance.components.power.outlets.makes import Generic, HomeAssistant, Shelly, Tasmota
from appliance.components.power.outlets.mqtt import MqttOutlet, Topics
from appliance.components.power.outlets.outlet import Outlet
from appliance.components.power.outlets.web import Ask, Recipe, WebOutlet
from appliance.core import Appliance
from appliance.domain.mqtt import MQTT
from appliance.domain.power import PowerDevice, PowerState
from appliance.domain.printer import PRINTERS
from appliance.errors import SetupError
from appliance.outgoing import Caller, Login


def describe(entry: dict[str, Any]) -> PowerDevice:
    """Return a device as it is before anything is known."""
    printer_id = entry.get("printer")
    initial = entry.get("initial_state")
    return PowerDevice(
        entry["name"],
        entry["type"],
        printer_id=printer_id,
        locked_while_printing=entry.get("locked_while_printing", printer_id is not None),
        on_when_job_queued=entry["on_when_job_queued"],
        off_when_shutdown=entry["off_when_shutdown"],
        off_when_idle_s=entry.get("off_when_idle"),
        timer_s=entry.get("timer"),
        initial_state=None if initial is None else PowerState(initial),
        connect_when_powered=entry["connect_when_powered"] and printer_id is not None,
    )


def outlet(appliance: Appliance, caller: Caller, entry: dict[str, Any]) -> Outlet:
    """Return what switches a device."""
    match entry["type"]:
        case "gpio":
            return Gpio(entry["pin"])
        case "mqtt":
            return _mqtt(appliance, entry)
        case "gcode":
            printer = appliance.use(PRINTERS).get(entry["printer"])
            return Gcode(printer, entry["turn_on"], entry["turn_off"], entry["status"])
        case _:
            return WebOutlet(caller, _recipe(entry))


def _mqtt(appliance: Appliance, entry: dict[str, Any]) -> MqttOutlet:
    mqtt = appliance.find(MQTT)
    if mqtt is None:
        message = f"power: '{entry['name']}' needs the component mqtt"
        raise SetupError(message)
    topics = Topics(
        entry["command_topic"],
        payload_on=entry["payload_on"],
        payload_off=entry["payload_off"],
        state=entry.get("state_topic"),
        state_on=entry.get("state_on", entry["payload_on"]),
        state_off=entry.get("state_off", entry["payload_off"]),
        value_template=entry.get("value_template"),
        query=entry.get("query_topic"),
        query_payload=entry["query_payload"],
        qos=entry["qos"],
        retain=entry["retain"],
    )
    return MqttOutlet(mqtt, topics)


def _recipe(entry: dict[str, Any]) -> Recipe:
    match entry["type"]:
        case "tasmota":
            return Tasmota(
                _address(entry), entry["output"], entry.get("password"), entry["user"]
            )
        case "shelly":
            login = None
            if (password := entry.get("password")) is not None:
                login = Login(entry["user"], password, digest=entry["generation"] > 1)
            return Shelly(_address(entry), entry["output"], entry["generation"], login)
        case "homeassistant":
            return HomeAssistant(entry["url"].rstrip("/"), entry["token"], entry["entity"])
        case _:
            return _generic(entry)


def _generic(entry: dict[str, Any]) -> Generic:
    status = entry.get("status")
    if status is None:
        return Generic(_ask(entry["turn_on"]), _ask(entry["turn_off"]))
    return Generic(
        _ask(entry["turn_on"]), _ask(entry["turn_off"]), _ask(status), status["is_on"]
    )


def _ask(said: dict[str, Any]) -> Ask:
    body = said.get("body")
    return Ask(
        said["url"],
        said["method"],
        said["headers"],
        None if body is None else str(body).encode(),
    )


def _address(entry: dict[str, Any]) -> str:
    host = entry["host"]
    return f"http://{f'[{host}]' if ':' in host else host}:{entry['port']}"
