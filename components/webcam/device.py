"""A camera on this machine: ustreamer, kept running, on a socket that only we can open.

Where systemd has a starter for cameras (the SD-card image), the program runs in a unit of
its own, as a user of its own: we ask for it over a connection that lives as long as it is
wanted.
"""

from __future__ import annotations

import asyncio
import logging
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_LOGGER = logging.getLogger(__name__)

PROGRAM = "ustreamer"
STARTER = "GANTRY_CAMERA_STARTER"
_STOP_S = 5.0


class LocalCamera:
    """The process that reads one video device."""

    def __init__(self, entry: Mapping[str, Any], socket: Path) -> None:
        self._starter = os.environ.get(STARTER)
        # That user's folder goes by the name of the starter: gantry-camera[.socket].
        other = Path(self._starter).with_suffix("") if self._starter else None
        self.socket = other / socket.name if other else socket
        self._entry = entry

    async def run(self) -> None:
        """Serve the camera until cancelled; raise when the program ends by itself."""
        if self._starter is not None:
            await self._ask(self._starter)
            return
        process = await asyncio.create_subprocess_exec(
            PROGRAM, *self.arguments(), stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
        )
        try:
            _, output = await process.communicate()
        finally:
            if process.returncode is None:
                await _end(process)
        last = output.decode(errors="replace").strip().splitlines()[-1:]
        message = f"{PROGRAM} ended with {process.returncode}: {' '.join(last)}"
        raise RuntimeError(message)

    async def _ask(self, starter: str) -> None:
        """Have systemd run it, for as long as the connection is open."""
        reader, writer = await asyncio.open_unix_connection(starter)
        try:
            entry = self._entry
            words = (entry["device"], entry["resolution"], str(entry["fps"]), self.socket.name)
            writer.write(" ".join(words).encode() + b"\n")
            await reader.read()  # nothing is said: it ends when the program ends
        finally:
            writer.close()
        message = f"{PROGRAM} ended; see the journal of gantry-camera@*.service"
        raise RuntimeError(message)

    def arguments(self) -> list[str]:
        """Return the command line, a word each: no shell is involved."""
        return [
            f"--device={self._entry['device']}",
            f"--resolution={self._entry['resolution']}",
            f"--desired-fps={self._entry['fps']}",
            f"--unix={self.socket}",
            "--unix-rm",
            "--unix-mode=600",
            "--drop-same-frames=30",
            "--slowdown",
        ]


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
