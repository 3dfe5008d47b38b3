"""``printer.*``: the printer, its objects, its G-code, its print."""

from __future__ import annotations

import os
import platform
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any

from appliance import __version__
from appliance.components.moonraker_api import arguments
from appliance.components.moonraker_api.failures import not_connected
from appliance.components.moonraker_api.interpreter import Interpreter
from appliance.components.moonraker_api.klipper.translation import help_texts
from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    get,
    klippy,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.subscriptions import parse, select
from appliance.components.moonraker_api.words import DISCONNECTED, state_message
from appliance.core import Appliance
from appliance.errors import FileMissing, InvalidRequest

# Front ends refuse hosts that are older than what they were made for.
SOFTWARE_VERSION = f"v0.13.0-0-gantry{__version__}"


class PrinterMethods:
    """The handlers."""

    def __init__(self, appliance: Appliance, interpreters: dict[str, Interpreter]) -> None:
        self._appliance = appliance
        self._interpreters = interpreters

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get("/printer/info", access.READ, self.info)
        yield klippy("/printer/emergency_stop", access.CONTROL, self.emergency_stop)
        yield post("/printer/restart", access.CONTROL, self.restart)
        yield post("/printer/firmware_restart", access.CONTROL, self.firmware_restart)
        yield get("/printer/objects/list", access.READ, self.list_objects)
        yield Method(
            "printer.objects.query",
            ("GET", "POST"),
            "/printer/objects/query",
            access.READ,
            self.query,
        )
        yield post("/printer/objects/subscribe", access.READ, self.subscribe)
        yield get("/printer/query_endstops/status", access.READ, self.endstops, quick=False)
        yield klippy(
            "/printer/gcode/script",
            access.GCODE,
            self.script,
            Argument("script"),
            quick=False,
        )
        yield get("/printer/gcode/help", access.READ, self.help)
        yield post("/printer/print/start", access.PRINT, self.start, Argument("filename"))
        yield post("/printer/print/pause", access.PRINT, self.pause)
        yield post("/printer/print/resume", access.PRINT, self.resume)
        yield post("/printer/print/cancel", access.PRINT, self.cancel)

    async def info(self, asked: Asked) -> dict[str, Any]:
        """Return what drives the printer, and how it is."""
        _require_known(asked)
        folder = self._appliance.paths.config
        return {
            "state": asked.host.state,
            "state_message": state_message(asked.printer.snapshot),
            "hostname": socket.gethostname(),
            "software_version": SOFTWARE_VERSION,
            "app": "Gantry",
            "cpu_info": f"{os.cpu_count()} core {platform.machine()}",
            "klipper_path": str(folder),
            "python_path": sys.executable,
            "process_id": os.getpid(),
            "user_id": os.getuid(),
            "group_id": os.getgid(),
            "log_file": str(self._appliance.paths.logs / "gantry.log"),
            # Programs beside the printer (Obico) append lines in Klipper's language to the
            # file that is named here; configuration.yaml would not be read again.
            "config_file": "",
        }

    async def emergency_stop(self, asked: Asked) -> str:
        """Stop everything now."""
        await self._interpreter(asked).emergency_stop(asked.identity.origin)
        return "ok"

    async def restart(self, asked: Asked) -> str:
        """Connect to the printer anew."""
        await self._interpreter(asked).restart(firmware=False)
        return "ok"

    async def firmware_restart(self, asked: Asked) -> str:
        """Reset the board and connect anew."""
        await self._interpreter(asked).restart(firmware=True)
        return "ok"

    async def list_objects(self, asked: Asked) -> dict[str, Any]:
        """List the printer objects."""
        _require_known(asked)
        return {"objects": asked.host.names()}

    async def query(self, asked: Asked) -> dict[str, Any]:
        """Return printer objects as they are now."""
        _require_known(asked)
        wish = parse(arguments.objects(asked.params))
        return {"eventtime": _now(), "status": select(asked.host.render(), wish)}

    async def subscribe(self, asked: Asked) -> dict[str, Any]:
        """Return printer objects now, and tell the connection what changes of them."""
        _require_known(asked)
        client = asked.client
        if client is None:
            number = Argument("connection_id", Kind.INTEGER).convert(
                asked.params.get("connection_id")
            )
            client = asked.host.client(number)
        if client is None:
            raise FileMissing("there is no such connection")
        wish = parse(arguments.objects(asked.params))
        return {"eventtime": _now(), "status": asked.host.subscribe(client, wish)}

    async def endstops(self, asked: Asked) -> dict[str, str]:
        """Ask the printer for its endstops."""
        return await self._interpreter(asked).endstops(asked.identity.origin)

    async def script(self, asked: Asked) -> str:
        """Run G-code; the answer comes when it has been run."""
        _require_known(asked)
        who = asked.identity
        interpreter = self._interpreter(asked)
        await interpreter.run(asked["script"], origin=who.origin, user=who.user)
        return "ok"

    async def help(self, asked: Asked) -> dict[str, str]:
        """Return what each command is for."""
        _require_known(asked)
        return help_texts(asked.host.macros)

    async def start(self, asked: Asked) -> str:
        """Print a file."""
        interpreter = self._interpreter(asked)
        interpreter.require_ready()
        try:
            await interpreter.start(asked["filename"], asked.identity.user)
        except FileMissing as error:
            raise InvalidRequest(str(error)) from error
        return "ok"

    async def pause(self, asked: Asked) -> str:
        """Pause the print."""
        self._interpreter(asked).require_ready()
        await self._interpreter(asked).pause(asked.identity.origin)
        return "ok"

    async def resume(self, asked: Asked) -> str:
        """Go on with the print."""
        self._interpreter(asked).require_ready()
        await self._interpreter(asked).resume(asked.identity.origin)
        return "ok"

    async def cancel(self, asked: Asked) -> str:
        """Cancel the print."""
        self._interpreter(asked).require_ready()
        await self._interpreter(asked).cancel(asked.identity.origin)
        return "ok"

    def _interpreter(self, asked: Asked) -> Interpreter:
        return self._interpreters[asked.printer.id]


def _require_known(asked: Asked) -> None:
    if asked.host.state == DISCONNECTED:
        raise not_connected()


def _now() -> float:
    """Return the clock of the printer's host, as Klipper has it: seconds of uptime."""
    return time.monotonic()
