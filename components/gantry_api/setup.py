"""``/api/gantry/setup``: from a person's choices to configuration.yaml, shown before."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from appliance import web
from appliance.components.gantry_api import plan, wishes
from appliance.components.gantry_api.routing import route
from appliance.config.write import ConfigurationWriter, PlannedChange, SettingRefused
from appliance.core import Appliance
from appliance.domain.camera import CAMERAS
from appliance.domain.discovery import DISCOVERY
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

BROKER = "_mqtt._tcp"
HOME_ASSISTANT = "_home-assistant._tcp"
LOOK_S = 2.5
_WISHES = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "printer": {"type": "object"},
        "camera": {"type": "object"},
        "mqtt": {"type": "object"},
        "digest": {"type": "string"},
    },
}
_TRIED = ("device", "snapshot", "stream")
_TRY = {"type": "object", "properties": {name: {"type": "string"} for name in _TRIED}}


class SetupApi:
    """The routes."""

    def __init__(self, appliance: Appliance, writer: ConfigurationWriter) -> None:
        self._appliance = appliance
        self._writer = writer

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        body = web.Exchange(body=_WISHES)
        yield route("GET", "/setup", self.present, Scope.ADMIN)
        yield route("GET", "/setup/network", self.network, Scope.ADMIN)
        yield route("POST", "/setup/plan", self.plan, Scope.ADMIN, exchange=body)
        yield route("POST", "/setup", self.apply, Scope.ADMIN, fresh=True, exchange=body)
        yield route(
            "POST",
            "/setup/camera",
            self.try_camera,
            Scope.ADMIN,
            exchange=web.Exchange(body=_TRY, media_type="image/jpeg"),
        )

    async def present(self, _request: web.Request) -> web.StreamResponse:
        """Return what is configured already, as far as the set-up asks for it."""
        found = self._appliance.configuration
        cameras = found.components.get("webcam") or []
        mqtt = found.components.get("mqtt")
        return web.json_response(
            {
                "name": self._appliance.name,
                "printers": [
                    {key: entry.get(key) for key in ("id", "name", "platform", "port")}
                    for entry in found.printers
                ],
                "cameras": [camera["name"] for camera in cameras],
                "mqtt": None if mqtt is None else {"broker": mqtt["broker"]},
            }
        )

    async def network(self, _request: web.Request) -> web.StreamResponse:
        """Look for MQTT brokers and Home Assistant by mDNS; null: nobody can look."""
        discovery = self._appliance.find(DISCOVERY)
        if discovery is None:
            return web.json_response({"brokers": None, "home_assistant": None})
        brokers, homes = await asyncio.gather(
            discovery.browse(BROKER, within_s=LOOK_S),
            discovery.browse(HOME_ASSISTANT, within_s=LOOK_S),
        )
        return web.json_response(
            {
                "brokers": [asdict(each) for each in brokers],
                "home_assistant": [asdict(each) for each in homes],
            }
        )

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """Return what would be written: each file's lines, the sections, what restarts."""
        planned = await self._planned(await web.json_body(request))
        return web.json_response(
            {
                "files": plan.shown(planned, self._appliance.configuration.secrets),
                "digest": _digest(planned),
                **self._effect(planned),
            }
        )

    async def apply(self, request: web.Request) -> web.StreamResponse:
        """Write it, if it is still what was shown (``digest``)."""
        body = await web.json_body(request)
        planned = await self._planned(body)
        if body.get("digest") != _digest(planned):
            raise SettingRefused("the configuration was changed in the meantime; look again")
        effect = self._effect(planned)
        self._appliance.adopt(await self._writer.carry_out(planned))
        web.note(
            request, f"set up {', '.join(each['section'] for each in effect['sections'])}"
        )
        return web.json_response(effect)

    async def try_camera(self, request: web.Request) -> web.StreamResponse:
        """Return what a camera sees that is not configured yet."""
        body = await web.json_body(request)
        options = {key: value for key in _TRIED if (value := body.get(key))}
        if not options:
            raise InvalidRequest("a camera has an address or is a device")
        cameras = self._appliance.find(CAMERAS)
        if cameras is None:
            raise InvalidRequest("the component 'webcam' does not run; see the log")
        picture = await cameras.try_out(options)
        return web.Response(body=picture.data, content_type=picture.media_type)

    # -- within

    async def _changes(self, body: dict[str, Any]) -> wishes.Changes:
        data = await self._writer.data()
        catalogue = self._writer.catalogue
        return await asyncio.to_thread(wishes.changes, data or {}, body, catalogue)

    async def _planned(self, body: dict[str, Any]) -> PlannedChange:
        return await self._writer.plan_apart(await self._changes(body))

    def _effect(self, planned: PlannedChange) -> dict[str, Any]:
        now = self._appliance.configuration
        return plan.effect(now, planned.configuration, self._writer.catalogue)


def _digest(planned: PlannedChange) -> str:
    digest = hashlib.sha256()
    for file, text in sorted(planned.after.items()):
        digest.update(f"{file}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()
