"""Set-up and schema of simulated printers.

The simulated printer is switched on for as long as its engine uses it: it outlives a
restart of the appliance, as a real printer does, and ends by itself when nobody has had
its port open for a while.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from appliance.config.printing import DRIVEN_OPTIONS
from appliance.config.schema import vol
from appliance.config.validators import boolean, number, positive
from appliance.core import Appliance, Stage, StopReason
from appliance.domain.drivers import SERIAL_DRIVER
from appliance.domain.printer import PRINTERS, Printer
from appliance.errors import PrinterMissing, SetupError
from appliance.processes import Detached, runtime_path, start_detached

FIRMWARE = "appliance.components.simulator.firmware"
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 12.0
IDLE_EXIT_S = 660
BAUDRATE = 115200

CONFIG_SCHEMA = vol.Schema({})
PRINTER_SCHEMA = vol.Schema(
    {
        **DRIVEN_OPTIONS,
        vol.Optional(
            "speed", default=1.0, description="How many times faster than a real printer."
        ): positive,
        vol.Optional(
            "baudrate",
            description="Speed of the simulated cable; left out, there is no limit.",
        ): number(least=0, most=4_000_000),
        vol.Optional(
            "advanced_ok",
            default=True,
            description="The firmware tells how much room is in its buffers.",
        ): boolean,
        vol.Optional(
            "emergency_parser", default=True, description="The firmware hears M112 at once."
        ): boolean,
    }
)


async def async_setup(appliance: Appliance, config: Mapping[str, Any]) -> None:
    """Nothing but the printers is set up here."""


async def async_setup_printer(appliance: Appliance, entry: Mapping[str, Any]) -> Printer:
    """Switch a simulated printer on (or find it on) and drive it."""
    simulated = SimulatedDevice(appliance, entry)
    await simulated.switch_on()
    printer = await appliance.use(SERIAL_DRIVER)(entry, str(simulated.link), BAUDRATE)
    appliance.on_stop(Stage.STORAGE, f"simulated {entry['id']}", simulated.stop)
    return printer


class SimulatedDevice:
    """The process of one simulated printer."""

    def __init__(self, appliance: Appliance, entry: Mapping[str, Any]) -> None:
        self._appliance = appliance
        self._entry = entry
        self._process: Detached | None = None
        self.link = self._path("tty")
        self._control = self._path("sim")

    async def switch_on(self) -> None:
        """Start the process unless it runs already."""
        if await self._answers():
            return
        log = self._appliance.paths.logs / f"simulator-{self._entry['id']}.log"
        self._process = await asyncio.to_thread(
            start_detached, FIRMWARE, self._arguments(), log
        )
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                while not (self.link.is_symlink() and await self._answers()):
                    if self._process.poll() is not None:
                        message = f"the simulated printer did not start, see {log}"
                        raise SetupError(message)
                    await asyncio.sleep(0.02)
        except TimeoutError:
            message = f"the simulated printer did not start within {START_TIMEOUT_S:.0f} s"
            raise SetupError(message) from None

    async def stop(self, reason: StopReason) -> None:
        """Switch the printer off, unless its engine goes on printing."""
        try:
            printer = self._appliance.use(PRINTERS).get(self._entry["id"])
        except PrinterMissing:
            printer = None
        busy = printer is not None and printer.snapshot.phase.active
        if reason is StopReason.RESTART or busy:
            return
        pid = await self._pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
        if self._process is not None:
            await asyncio.to_thread(_see_off, self._process, pid)

    def _arguments(self) -> list[str]:
        entry = self._entry
        volume = entry["profile"]["volume"]
        extruders = entry["profile"]["extruders"]
        folder = self._appliance.paths.storage / "simulator" / entry["id"]
        (folder / "sd").mkdir(parents=True, exist_ok=True)
        return [
            "--link", str(self.link),
            "--control", str(self._control),
            "--speed", str(entry["speed"]),
            "--baudrate", str(int(entry.get("baudrate", 0))),
            "--volume", f"{volume['width']},{volume['depth']},{volume['height']}",
            "--extruders", str(extruders if isinstance(extruders, int) else len(extruders)),
            "--advanced-ok" if entry["advanced_ok"] else "--no-advanced-ok",
            "--emergency-parser" if entry["emergency_parser"] else "--no-emergency-parser",
            "--sd", str(folder / "sd"),
            "--eeprom", str(folder / "eeprom.json"),
            "--revive-on-open",
            "--idle-exit", str(IDLE_EXIT_S),
        ]  # fmt: skip

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(str(self._control))
        except OSError:
            return False
        writer.close()
        return True

    async def _pid(self) -> int | None:
        """Return the process behind the control socket: ours, or a former core's child."""
        try:
            _, writer = await asyncio.open_unix_connection(str(self._control))
        except OSError:
            return None
        try:
            return peer_pid(writer)
        finally:
            writer.close()

    def _path(self, suffix: str) -> Path:
        return runtime_path(self._appliance.paths.config, self._entry["id"], suffix)


def _see_off(process: Detached, pid: int | None) -> None:
    """Wait for the end of a process of ours, which is killed if it does not come."""
    if pid is None:
        process.poll()  # it has ended by itself
        return
    try:
        process.wait(STOP_TIMEOUT_S)
    except (subprocess.TimeoutExpired, TimeoutError):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        process.wait(STOP_TIMEOUT_S)


def peer_pid(writer: asyncio.StreamWriter) -> int:
    """Return the process id of the other end of a Unix socket."""
    credentials = writer.get_extra_info("socket").getsockopt(
        socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
    )
    pid: int = struct.unpack("3i", credentials)[0]
    return pid
