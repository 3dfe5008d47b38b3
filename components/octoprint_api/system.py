"""``/api/system``: commands for the machine, how full its disks are, what it is."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import shutil
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from appliance import __version__, web
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.server import OCTOPRINT_VERSION
from appliance.core import Appliance, StopReason
from appliance.domain.host import HOST_CONTROL
from appliance.domain.permissions import Permission, permission
from appliance.domain.printer import PRINTERS
from appliance.errors import FileMissing, InvalidRequest, PrinterBusy

_LOGGER = logging.getLogger(__name__)

CORE, CUSTOM, PLUGIN = "core", "custom", "plugin"
_DIVIDER = "divider"
_COMMAND_S = 60.0
# The answer goes out before we do.
_GOODBYE_S = 0.3


class SystemApi:
    """The machine that we run on."""

    def __init__(self, appliance: Appliance, config: Mapping[str, Any]) -> None:
        self._appliance = appliance
        self._custom: Sequence[Mapping[str, Any]] = config["system_commands"]
        self._programs = {
            name: command
            for name, command in (
                ("reboot", config.get("restart_command")),
                ("shutdown", config.get("shutdown_command")),
            )
            if command is not None
        }

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        reading = Permission.SYSTEM
        commands = "/api/system/commands"
        doing = permission(Permission.SYSTEM, fresh=True)
        yield route("GET", commands, self.get_all, reading)
        yield route("GET", f"{commands}/{{source}}", self.get_source, reading)
        yield route("POST", f"{commands}/{{source}}/{{action}}", self.execute, doing)
        yield route("POST", "/api/system", self.execute_old, doing)
        yield route("GET", "/api/system/usage", self.get_usage, reading)
        yield route("GET", "/api/system/info", self.get_info, reading)
        yield route("GET", "/api/system/startup", self.get_startup, reading)

    async def get_all(self, request: web.Request) -> web.StreamResponse:
        """Return the commands by their source."""
        return web.json_response(
            {source: self._list(request, source) for source in (CORE, CUSTOM, PLUGIN)}
        )

    async def get_source(self, request: web.Request) -> web.StreamResponse:
        """Return the commands of one source."""
        source = request.match_info["source"]
        if source not in (CORE, CUSTOM, PLUGIN):
            raise FileMissing("commands are in 'core', 'custom' and 'plugin'")
        return web.json_response(self._list(request, source))

    async def execute(self, request: web.Request) -> web.StreamResponse:
        """Execute a command."""
        await self._execute(request.match_info["source"], request.match_info["action"])
        return web.no_content()

    async def execute_old(self, request: web.Request) -> web.StreamResponse:
        """Execute a custom command, as clients did before the others."""
        action = (await web.json_body(request)).get("action")
        if not isinstance(action, str):
            raise InvalidRequest("action is missing")
        await self._execute(CUSTOM, action)
        return web.no_content()

    async def get_usage(self, _request: web.Request) -> web.StreamResponse:
        """Return how full the disks of our folders are."""
        folders = {
            "uploads": self._folder("file_manager"),
            "timelapse": self._folder("timelapse"),
            "logs": self._appliance.paths.logs,
            "data": self._appliance.paths.storage,
        }
        usage = await asyncio.to_thread(
            lambda: {name: _usage(folder) for name, folder in folders.items()}
        )
        return web.json_response({"usage": usage})

    async def get_info(self, request: web.Request) -> web.StreamResponse:
        """Return what this is; nothing that would help a burglar."""
        return web.json_response({"systeminfo": system_info(request)})

    async def get_startup(self, _request: web.Request) -> web.StreamResponse:
        """Return what went wrong at the start."""
        failed = self._appliance.failed_components
        return web.json_response({"startup": {"failed": dict(failed)} if failed else {}})

    def _list(self, request: web.Request, source: str) -> list[dict[str, Any]]:
        if source == CORE:
            commands = [{"action": name, **_CORE_WORDS[name]} for name in self._core()]
        elif source == CUSTOM:
            keys = ("action", "name", "confirm")
            commands = [
                {key: each[key] for key in keys if key in each} for each in self._custom
            ]
        else:
            commands = []
        base = f"/api/system/commands/{source}"
        return [
            {
                **command,
                "source": source,
                "resource": web.url_for(request, f"{base}/{quote(command['action'])}"),
            }
            for command in commands
        ]

    async def _execute(self, source: str, action: str) -> None:
        if source == CORE and action in self._core():
            await self._execute_core(action)
            return
        for command in self._custom if source == CUSTOM else ():
            if command["action"] == action:
                if action == _DIVIDER:
                    raise InvalidRequest("a divider cannot be executed")
                await self._run(command)
                return
        raise FileMissing("there is no such command")

    def _core(self) -> list[str]:
        """Return what can be done with the machine: by a program, or where it is ours."""
        is_ours = self._appliance.find(HOST_CONTROL) is not None
        return [name for name in _CORE_WORDS if self._can(name, is_ours=is_ours)]

    def _can(self, name: str, *, is_ours: bool) -> bool:
        return name == "restart" or is_ours or name in self._programs

    async def _execute_core(self, action: str) -> None:
        _LOGGER.warning("'%s' was asked for", action)
        if action == "restart":
            loop = asyncio.get_running_loop()
            loop.call_later(_GOODBYE_S, self._appliance.request_stop, StopReason.RESTART)
            return
        for printer in self._appliance.use(PRINTERS):
            if printer.snapshot.phase.active:
                message = f"'{printer.name}' is printing"
                raise PrinterBusy(message)
        if (program := self._programs.get(action)) is not None:
            await self._run({"action": action, "command": program, "async": True})
            return
        control = self._appliance.use(HOST_CONTROL)
        await (control.reboot() if action == "reboot" else control.power_off())

    async def _run(self, command: Mapping[str, Any]) -> None:
        """Run a program, a word each: there is no shell."""
        work = _run_program(command["command"], command["action"])
        if command.get("async"):
            self._appliance.tasks.spawn(_ignore(work), f"command {command['action']}")
            return
        try:
            await work
        except web.HttpError:
            if not command.get("ignore"):
                raise

    def _folder(self, component: str) -> Path:
        config = self._appliance.configuration.components.get(component, {})
        return self._appliance.paths.resolve(config.get("path", "."))


_CORE_WORDS: Mapping[str, Mapping[str, str]] = {
    "restart": {
        "name": "Restart Gantry",
        "confirm": "Restart Gantry? A running print goes on meanwhile.",
    },
    "reboot": {"name": "Restart the machine", "confirm": "Restart the whole machine?"},
    "shutdown": {"name": "Switch off", "confirm": "Switch the whole machine off?"},
}


def system_info(request: web.Request) -> dict[str, Any]:
    """Return plain facts about this machine and our software."""
    return {
        "browser.user_agent": request.headers.get("User-Agent", ""),
        "env.hardware.cores": os.cpu_count(),
        "env.hardware.ram": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "env.os.bits": 64 if sys.maxsize > 2**32 else 32,
        "env.os.id": sys.platform,
        "env.os.platform": platform.platform(),
        "env.python.version": platform.python_version(),
        "env.python.virtualenv": sys.prefix != sys.base_prefix,
        "octoprint.safe_mode": False,
        "octoprint.version": OCTOPRINT_VERSION,
        "gantry.version": __version__,
        "systeminfo.generated": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "systeminfo.generator": "systemapi",
    }


def _usage(folder: Path) -> dict[str, int]:
    """Return how full the disk is on which the folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    total, _, free = shutil.disk_usage(folder)
    return {"free": free, "total": total}


async def _run_program(words: Sequence[str], action: str) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            *words, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
    except OSError as error:
        message = f"'{action}' cannot be executed: {error.strerror}"
        raise web.HttpError(500, message) from error
    try:
        async with asyncio.timeout(_COMMAND_S):
            code = await process.wait()
    except TimeoutError:
        message = f"'{action}' did not end within {_COMMAND_S:.0f} s"
        raise web.HttpError(500, message) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code:
        message = f"'{action}' ended with {code}"
        raise web.HttpError(500, message)


async def _ignore(work: Any) -> None:
    try:
        await work
    except web.HttpError as error:
        _LOGGER.error("%s", error)
