"""Where to print: an appliance that runs, or one of our own for this print."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from appliance.control import socket_path
from appliance.printing.outcome import CannotPrint

READY = b"Gantry is ready: "
_START_S = 120.0
_STOP_S = 30.0
_LAST_LINES = 30


@asynccontextmanager
async def started(config: Path) -> AsyncIterator[Path]:
    """Run an appliance on that folder as long as the block; yields its control socket."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "appliance",
        "run",
        "--config",
        str(config),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for us
    )
    assert process.stdout is not None
    drain: asyncio.Task[None] | None = None
    try:
        await _until_ready(process.stdout)
        drain = asyncio.create_task(_swallow(process.stdout), name="output of the appliance")
        yield socket_path(config)
    finally:
        await _stop(process)
        if drain is not None:
            await drain


async def _until_ready(output: asyncio.StreamReader) -> None:
    said: list[str] = []
    try:
        async with asyncio.timeout(_START_S):
            while line := await output.readline():
                if line.startswith(READY):
                    return
                said = [*said[1 - _LAST_LINES :], line.decode(errors="replace").rstrip()]
    except TimeoutError:
        said.append(f"(it was not ready within {_START_S:.0f} s)")
    message = "Gantry does not start:\n  " + "\n  ".join(said)
    raise CannotPrint(message)


async def _swallow(output: asyncio.StreamReader) -> None:
    """Read on, so that the appliance never waits for us; its log has everything."""
    while await output.read(65536):
        pass


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End it as Ctrl-C would: an idle engine ends too, a print would go on."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
