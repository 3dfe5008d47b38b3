"""When something happens, and if conditions hold, do something: in Home Assistant's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from appliance import web
from appliance.components.automation import notify
from appliance.components.automation.automation import TRACES, Automation, Trace
from appliance.components.automation.options import CONFIG_SCHEMA
from appliance.components.automation.triggers import attach
from appliance.core import Appliance, ApplianceStarted
from appliance.domain.mqtt import MQTT
from appliance.domain.permissions import Scope, scope
from appliance.domain.power import POWER
from appliance.domain.printer import PRINTERS
from appliance.errors import SetupError
from appliance.storage import mapping

__all__ = ["CONFIG_SCHEMA", "async_setup"]

PATH = "/api/gantry/automations"


async def async_setup(appliance: Appliance, config: list[dict[str, Any]]) -> None:
    """Make the automations; they begin to listen when everything is set up."""
    _check(appliance, config)
    store = appliance.storage.store("automation")
    kept = await store.read(mapping) or {}
    automations: list[Automation] = []

    def changed() -> None:
        store.save_soon(
            lambda: {each.alias: each.plain()["runs"] for each in automations}, delay_s=30.0
        )

    for entry in config:
        automation = Automation(appliance, entry, changed)
        automation.traces.extend(_former(kept.get(entry["alias"])))
        automations.append(automation)

    def start(_event: ApplianceStarted) -> None:
        for automation in automations:
            for trigger in automation.config["triggers"]:
                attach(trigger, appliance, automation.fire)

    appliance.bus.listen(ApplianceStarted, start)
    http = appliance.find(web.HTTP)
    if http is not None:
        http.add_routes([_route(automations)])


def _route(automations: list[Automation]) -> web.Route:
    async def get_automations(_request: web.Request) -> web.StreamResponse:
        """Return the automations and how their last runs went."""
        return web.json_response({"automations": [each.plain() for each in automations]})

    return web.Route("GET", PATH, get_automations, scope(Scope.ADMIN), web.Family.GANTRY)


def _former(runs: object) -> Iterator[Trace]:
    """Read the traces of former lives, the oldest first."""
    if not isinstance(runs, list):
        return
    for run in reversed(runs[:TRACES]):
        if isinstance(run, dict) and set(run) == set(Trace.__slots__):
            yield Trace(**run)


def _check(appliance: Appliance, config: list[dict[str, Any]]) -> None:
    """Say at the start what could only fail later."""
    aliases = [entry["alias"] for entry in config]
    for alias in aliases:
        if aliases.count(alias) > 1:
            message = f"two automations are called '{alias}'"
            raise SetupError(message)
    known = {printer.id for printer in appliance.use(PRINTERS)}
    for entry in config:
        for named in _printers(entry):
            if named not in known:
                message = f"automation '{entry['alias']}': there is no printer '{named}'"
                raise SetupError(message)
        _check_power(appliance, entry)
        waits = any(trigger["trigger"] == "mqtt" for trigger in entry["triggers"])
        if waits and appliance.find(MQTT) is None:
            message = f"automation '{entry['alias']}' needs the component mqtt"
            raise SetupError(message)
        if not notify.AVAILABLE and any("notify" in each for each in entry["actions"]):
            message = f"automation '{entry['alias']}' needs Apprise: pip install apprise"
            raise SetupError(message)


def _check_power(appliance: Appliance, entry: Mapping[str, Any]) -> None:
    power = appliance.find(POWER)
    known = () if power is None else tuple(device.name for device in power.devices())
    for action in entry["actions"]:
        wanted = action.get("power")
        if wanted is not None and wanted["device"] not in known:
            message = f"automation '{entry['alias']}': no power device '{wanted['device']}'"
            raise SetupError(message)


def _printers(value: object) -> Iterator[str]:
    """Yield every printer that is named somewhere in an entry."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "printer" and isinstance(inner, str):
                yield inner
            else:
                yield from _printers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _printers(inner)
