"""The plugins that clients count on, answered from what we know ourselves."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body, conditions
from appliance.components.octoprint_api.push.hub import Hub
from appliance.components.octoprint_api.push.printer_events import mesh
from appliance.components.octoprint_api.render import layers
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.identity import Identity
from appliance.domain.permissions import Permission, authenticated
from appliance.domain.printer import Printer, PrinterChanged
from appliance.domain.timelapse import TIMELAPSE, TimelapseMode, TimelapseOptions
from appliance.errors import (
    FileMissing,
    InvalidRequest,
    NothingSelected,
    PermissionMissing,
    PrinterBusy,
)

PROMPT = "action_command_prompt"
NOTIFICATION = "action_command_notification"
MESH = "bedlevelvisualizer"
_MOST_NOTIFICATIONS = 50


class Notifications:
    """What the printers wanted people to read, until somebody has."""

    def __init__(self, appliance: Appliance) -> None:
        self._said: dict[str, deque[dict[str, Any]]] = {}
        appliance.bus.listen(PrinterChanged, self._changed)

    def of(self, printer_id: str) -> list[dict[str, Any]]:
        """Return the notifications of a printer, oldest first."""
        return list(self._said.get(printer_id, ()))

    def clear(self, printer_id: str) -> None:
        """Forget them."""
        self._said.pop(printer_id, None)

    def _changed(self, event: PrinterChanged) -> None:
        text = event.snapshot.notification
        if text is not None and text != event.previous.notification:
            said = self._said.setdefault(event.printer_id, deque(maxlen=_MOST_NOTIFICATIONS))
            said.append({"timestamp": time.time(), "message": text})


class PluginsApi:
    """``/api/plugin`` and ``/plugin``."""

    def __init__(self, appliance: Appliance, hubs: Mapping[str, Hub]) -> None:
        self._appliance = appliance
        self._hubs = hubs
        self._notifications = Notifications(appliance)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes; that of app keys is with the component auth."""
        # Each plugin has a permission of its own, see below.
        yield route("GET", "/api/plugin/{id}", self.get, authenticated())
        yield route("POST", "/api/plugin/{id}", self.post, authenticated())
        status = Permission.STATUS
        yield route("GET", "/plugin/DisplayLayerProgress/values", get_layers, status)
        yield route("GET", "/plugin/octolapse/status", self.get_octolapse, status)
        yield route("GET", "/plugin/octolapse/settings", self.get_octolapse_settings, status)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return what a plugin knows."""
        printer = web.printer(request)
        plugin = request.match_info["id"]
        if plugin == PROMPT:
            _need(request, Permission.PROMPT_INTERACT)
            prompt = printer.snapshot.prompt
            shown = prompt and {"text": prompt.text, "choices": list(prompt.buttons)}
            return web.json_response(shown)
        if plugin == NOTIFICATION:
            _need(request, Permission.NOTIFICATION_SHOW)
            return web.json_response({"notifications": self._notifications.of(printer.id)})
        if plugin == MESH:
            _need(request, Permission.STATUS)
            return web.json_response({"mesh": mesh(printer.snapshot)})
        raise FileMissing("there is no such plugin")

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Obey a command for a plugin."""
        printer = web.printer(request)
        plugin = request.match_info["id"]
        who = web.identity(request)
        if plugin == PROMPT:
            _need(request, Permission.PROMPT_INTERACT)
            _, parameters = await body.command(request, {"select": ("choice",)})
            await _answer_prompt(printer, parameters["choice"], who)
        elif plugin == NOTIFICATION:
            _need(request, Permission.NOTIFICATION_CLEAR)
            await body.command(request, {"clear": ()})
            self._notifications.clear(printer.id)
            self._hubs[printer.id].tell_plugin(NOTIFICATION, {})
        elif plugin == MESH:
            _need(request, Permission.CONTROL)
            await body.command(request, {"mesh": ()})
            self._measure_bed(printer, who)
        else:
            raise InvalidRequest("there is no such plugin")
        return web.no_content()

    async def get_octolapse(self, request: web.Request) -> web.StreamResponse:
        """Return what Octolapse would tell about the present recording."""
        printer = web.printer(request)
        options = self._options(printer)
        timelapse = self._appliance.find(TIMELAPSE)
        found = [] if timelapse is None else await timelapse.recordings(printer.id)
        present = next((each for each in found if each.recording), None)
        return web.json_response(
            {
                "enabled": options.mode is not TimelapseMode.OFF,
                "is_timelapse_active": present is not None,
                "is_taking_snapshot": False,
                "is_rendering": any(each.rendering for each in found),
                "waiting_to_render": any(each.queued for each in found),
                "snapshot_count": present.frames if present is not None else 0,
                "timelapse_name": present.name if present is not None else None,
                "unfinished_renderings": [each.name for each in found if not each.recording],
            }
        )

    async def get_octolapse_settings(self, request: web.Request) -> web.StreamResponse:
        """Return how prints are recorded, in words like Octolapse's."""
        options = self._options(web.printer(request))
        by_layer = options.mode is TimelapseMode.LAYER
        return web.json_response(
            {
                "main_settings": {
                    "is_octolapse_enabled": options.mode is not TimelapseMode.OFF
                },
                "trigger": {
                    "type": "layer" if by_layer else "timer",
                    "timer_trigger_seconds": options.interval_s,
                    "minimum_seconds": options.min_delay_s,
                    "z_lift_height": options.retraction_z_hop,
                },
                "rendering": {"fps": options.fps, "post_roll_seconds": options.post_roll_s},
            }
        )

    def _options(self, printer: Printer) -> TimelapseOptions:
        timelapse = self._appliance.find(TIMELAPSE)
        return TimelapseOptions() if timelapse is None else timelapse.options(printer.id)

    def _measure_bed(self, printer: Printer, who: Identity) -> None:
        """Level, read the mesh, and tell it to everybody who listens."""
        conditions.need_operational(printer.snapshot)
        if printer.snapshot.phase.active:
            raise PrinterBusy("the bed cannot be measured while printing")

        async def measure() -> None:
            await printer.send(["G28", "G29", "M420 V1"], origin=who.origin, wait=True)
            measured = {"mesh": mesh(printer.snapshot)}
            self._hubs[printer.id].tell_plugin(MESH, measured)

        self._appliance.tasks.spawn(measure(), f"measure the bed of {printer.id}")


async def get_layers(request: web.Request) -> web.StreamResponse:
    """Return what DisplayLayerProgress tells."""
    return web.json_response(layers.values(web.printer(request).snapshot))


async def _answer_prompt(printer: Printer, choice: object, who: Identity) -> None:
    prompt = printer.snapshot.prompt
    if prompt is None:
        raise NothingSelected("the printer asks nothing")
    if isinstance(choice, bool) or not isinstance(choice, int):
        raise InvalidRequest("'choice' must be the number of a button")
    if not 0 <= choice < max(len(prompt.buttons), 1):
        raise InvalidRequest("there is no such button")
    await printer.answer(choice, origin=who.origin)


def _need(request: web.Request, permission: Permission) -> None:
    if not web.identity(request).may(permission):
        message = f"this needs '{permission}'"
        raise PermissionMissing(message)
