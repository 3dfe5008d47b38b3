"""Asks who is at a serial port, in a process that lives no longer than that."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Sequence

import orjson

from appliance.domain.detection import Found
from appliance.domain.machine import Link
from appliance.domain.printer import Printer, Printers, SerialPort
from appliance.domain.wire import from_plain
from appliance.errors import PrinterError
from appliance.processes import module_environment

from .engine.ports import list_serial_ports

PROBE = "appliance.components.serial_printer.engine.probe"

# Nine baud rates, each with a banner and two greetings, on a port where nobody is.
LONGEST_S = 75.0


class SerialDetection:
    """Implements `appliance.domain.detection.Detection`."""

    def __init__(self, printers: Printers) -> None:
        self._printers = printers
        self._turn = asyncio.Lock()

    async def ports(self) -> Sequence[SerialPort]:
        """List the serial devices of this machine."""
        return await asyncio.to_thread(list_serial_ports)

    def known(self, port: SerialPort) -> Found | None:
        """Return what the configured printer that is connected to ``port`` said of itself."""
        return self._connected({port.device, port.by_id or port.device})

    async def probe(self, port: str, baudrate: int | None = None) -> Found:
        """Ask who is there (M115), one port at a time."""
        async with self._turn:
            names = {port, await asyncio.to_thread(os.path.realpath, port)}
            known = self._connected(names)
            if known is not None:
                return known
            async with self._let_go(names):
                return await _ask(port, baudrate)

    def _connected(self, names: set[str]) -> Found | None:
        for printer in self._printers:
            snapshot = printer.snapshot
            connection = snapshot.connection
            if snapshot.operational and connection.port in names and connection.port:
                return Found(
                    connection.port,
                    connection.baudrate,
                    snapshot.firmware,
                    tuple(printer.profile.heaters),
                    printer.id,
                )
        return None

    @contextlib.asynccontextmanager
    async def _let_go(self, names: set[str]) -> AsyncIterator[None]:
        """Let printers that look for their port leave it alone for a while."""
        seeking = [
            printer
            for printer in self._printers
            if _seeks(printer) and (printer.preferred.port in names | {None})
        ]
        for printer in seeking:
            with contextlib.suppress(PrinterError):
                await printer.disconnect()
        try:
            yield
        finally:
            for printer in seeking:
                with contextlib.suppress(PrinterError):
                    await printer.connect()


def _seeks(printer: Printer) -> bool:
    snapshot = printer.snapshot
    return not snapshot.operational and snapshot.link not in (Link.OFFLINE, Link.HALTED)


async def _ask(port: str, baudrate: int | None) -> Found:
    words = [port] if baudrate is None else [port, str(baudrate)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        PROBE,
        *words,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=module_environment(),
        cwd="/",
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            output, _ = await process.communicate()
        return from_plain(Found, orjson.loads(output))
    except TimeoutError:
        return Found(port, reason=f"Nobody answered within {LONGEST_S:.0f} s.")
    except orjson.JSONDecodeError:
        return Found(port, reason="The port could not be asked.")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
