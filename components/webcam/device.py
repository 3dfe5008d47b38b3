"""A camera on this machine: ustreamer, kept running, on a socket that only we can open."""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_LOGGER = logging.getLogger(__name__)

PROGRAM = "ustreamer"
_STOP_S = 5.0


class LocalCamera:
    """The process that reads one video device."""

    def __init__(self, entry: Mapping[str, Any], socket: Path) -> None:
        self.socket = socket
        self._entry = entry

    async def run(self) -> None:
        """Serve the camera until cancelled; raise when the program ends by itself."""
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
