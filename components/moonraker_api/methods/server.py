"""``server.*``: the server itself, its stores, connections, logs and announcements."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from logging.handlers import RotatingFileHandler
from typing import Any

from appliance import __version__
from appliance.components.moonraker_api.agents import KIND as AGENT
from appliance.components.moonraker_api.client import Introduction
from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.words import DISCONNECTED
from appliance.core import Appliance, StopReason
from appliance.domain.auth import AUTH
from appliance.domain.file_service import FILES
from appliance.domain.host import HOST_CONDITION
from appliance.domain.identity import Credentials
from appliance.domain.timelapse import VIDEOS
from appliance.errors import CredentialMissing, InvalidRequest
from appliance.web import HTTP

API_VERSION = (1, 5, 0)
# At least what front ends of today ask for; the build part says who this is.
MOONRAKER_VERSION = f"v0.10.0-0-gantry{__version__}"
_TYPES = ("web", "mobile", "desktop", "display", "bot", AGENT, "other")
# The answer to a restart leaves before the server does.
RESTART_AFTER_S = 0.2


class ServerMethods:
    """The handlers."""

    def __init__(self, appliance: Appliance, components: list[str]) -> None:
        self._appliance = appliance
        self._components = components

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get("/server/info", access.READ, self.info)
        yield get("/server/config", access.READ, self.config)
        yield get(
            "/server/temperature_store",
            access.READ,
            self.temperature_store,
            Argument("include_monitors", Kind.FLAG, default=False),
        )
        yield get(
            "/server/gcode_store",
            access.READ,
            self.gcode_store,
            Argument("count", Kind.INTEGER, default=None),
        )
        yield post("/server/restart", access.ADMIN, self.restart)
        yield post(
            "/server/logs/rollover",
            access.ADMIN,
            self.roll_logs,
            Argument("application", default=None),
        )
        yield Method(
            "server.connection.identify",
            (),
            None,
            access.OPEN,
            self.identify,
            (
                Argument("client_name"),
                Argument("version"),
                Argument("type"),
                Argument("url"),
                Argument("access_token", default=None),
                Argument("api_key", default=None),
            ),
        )
        yield Method("server.websocket.id", (), None, access.READ, self.websocket_id)
        yield from self._announcements()

    def _announcements(self) -> Iterable[Method]:
        path = "/server/announcements"
        yield get(f"{path}/list", access.READ, self.announcements)
        yield get(f"{path}/feeds", access.READ, self.feeds)
        yield post(f"{path}/update", access.CONTROL, self.announcements)
        yield post(f"{path}/dismiss", access.CONTROL, self.dismiss, Argument("entry_id"))

    def _warnings(self) -> list[str]:
        """Return what troubles the computer: front ends show it on top."""
        condition = self._appliance.find(HOST_CONDITION)
        return [] if condition is None else [each.value for each in condition.troubles]

    async def info(self, asked: Asked) -> dict[str, Any]:
        """Return what the server is and offers."""
        state = asked.host.state
        files = self._appliance.use(FILES)
        return {
            "klippy_connected": state != DISCONNECTED,
            "klippy_state": state,
            "components": self._components,
            "plugins": self._components,  # the word of 2020
            "failed_components": sorted(self._appliance.failed_components),
            "registered_directories": [root.name for root in files.roots],
            "warnings": self._warnings(),
            "websocket_count": len(asked.host.clients),
            "moonraker_version": MOONRAKER_VERSION,
            "missing_klippy_requirements": [],
            "api_version": API_VERSION,
            "api_version_string": ".".join(str(part) for part in API_VERSION),
        }

    async def config(self, _asked: Asked) -> dict[str, Any]:
        """Return what of the configuration front ends look at; never a secret."""
        http = self._appliance.use(HTTP)
        config: dict[str, dict[str, Any]] = {
            "server": {"port": http.ports[0] if http.ports else 0, "klippy_uds_address": ""},
            "data_store": {"temperature_store_size": 1200, "gcode_store_size": 1000},
            "file_manager": {"enable_object_processing": False, "queue_gcode_uploads": False},
        }
        if "timelapse" in self._components:
            config["timelapse"] = {"output_path": VIDEOS}
        return {
            "config": config,
            "orig": {
                section: {key: str(value) for key, value in values.items()}
                for section, values in config.items()
            },
            "files": [{"filename": "configuration.yaml", "sections": sorted(config)}],
        }

    async def temperature_store(self, asked: Asked) -> dict[str, Any]:
        """Return the temperatures of the last twenty minutes."""
        return asked.host.temperature_store()

    async def gcode_store(self, asked: Asked) -> dict[str, Any]:
        """Return the last lines of the console."""
        return {"gcode_store": asked.host.store.entries(asked["count"])}

    async def restart(self, _asked: Asked) -> str:
        """Restart the server; prints go on."""
        asyncio.get_running_loop().call_later(
            RESTART_AFTER_S, self._appliance.request_stop, StopReason.RESTART
        )
        return "ok"

    async def roll_logs(self, asked: Asked) -> dict[str, Any]:
        """Begin new log files."""
        application = asked["application"]
        if application not in (None, "*all*", "moonraker", "klipper"):
            raise InvalidRequest("there are logs of 'moonraker' and of 'klipper'")
        handlers = [
            handler
            for handler in logging.getLogger().handlers
            if isinstance(handler, RotatingFileHandler)
        ]
        for handler in handlers:
            await asyncio.to_thread(handler.doRollover)
        rolled = ["moonraker"] if handlers else []
        failed = {} if handlers else {"moonraker": "there is no log file"}
        return {"rolled_over": rolled, "failed": failed}

    async def identify(self, asked: Asked) -> dict[str, Any]:
        """Introduce the client of a websocket, and log it in if it is not yet."""
        client = asked.client
        if client is None:
            raise InvalidRequest("No connection detected")
        if client.introduction is not None:
            raise InvalidRequest("Connection already identified")
        kind = asked["type"].lower()
        if kind not in _TYPES:
            message = f"Invalid Client Type: {kind}"
            raise InvalidRequest(message)
        if asked["access_token"] or asked["api_key"]:
            credentials = Credentials(
                api_key=asked["api_key"],
                access_token=asked["access_token"],
                address=asked.address,
            )
            who = self._appliance.use(AUTH).identify(credentials)
            who.check_printer(asked.printer.id)
            client.channel.identity = who
        if client.identity.anonymous:
            raise CredentialMissing("log in or send an API key")
        agents, name = asked.host.agents, asked["client_name"]
        if kind == AGENT:
            client.identity.check(access.CONTROL)
            agents.check(name)
        client.introduction = Introduction(name, asked["version"], kind, asked["url"])
        agents.add(client)
        return {"connection_id": client.id}

    async def websocket_id(self, asked: Asked) -> dict[str, Any]:
        """Return the id of the connection, as old clients ask for it."""
        if asked.client is None:
            raise InvalidRequest("No connection detected")
        return {"websocket_id": asked.client.id}

    async def announcements(self, _asked: Asked) -> dict[str, Any]:
        """Return what is announced: Gantry asks no server for news."""
        return {"entries": [], "feeds": [], "modified": False}

    async def feeds(self, _asked: Asked) -> dict[str, Any]:
        """Return where announcements come from."""
        return {"feeds": []}

    async def dismiss(self, asked: Asked) -> dict[str, Any]:
        """Put an announcement away; there is none."""
        message = f"there is no announcement '{asked['entry_id']}'"
        raise InvalidRequest(message)
