"""A real broker: mosquitto, as a process of its own that a test may kill, stop and start."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.ports import free_port
from tests.waiting import deadline, eventually_answers

MISSING = "mosquitto is not installed: apt-get install mosquitto (script/test does it)"
QUIET = "log_dest stderr\nlog_type error\n"


def find_mosquitto() -> str:
    """Return the program; a test that needs it fails without."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found is not None, MISSING
    return found


class Mosquitto:
    """A broker on a port of its own."""

    def __init__(self, folder: Path, lines: str) -> None:
        self.folder = folder
        self.port = free_port()
        self._lines = lines
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, on the same port as before."""
        config = self.folder / "mosquitto.conf"
        lines = self._lines.replace("{port}", str(self.port))
        if "listener" not in lines:
            lines = f"listener {self.port} 127.0.0.1\n{lines}"
        config.write_text(f"{QUIET}persistence false\n{lines}")
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                find_mosquitto(),
                *("-c", str(config)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )
        await eventually_answers(self._listens, "mosquitto listens")

    async def kill(self) -> None:
        """End it without a goodbye to anybody."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End it in order."""
        await self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Let it stand still, its connections open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.send_signal(how)
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _listens(self) -> bool:
        """Return whether every listener of the configuration takes connections."""
        assert self._process is not None
        assert self._process.returncode is None, self._log()
        config = (self.folder / "mosquitto.conf").read_text()
        for port in re.findall(r"^listener (\d+)", config, re.MULTILINE):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", int(port))
            except OSError:
                return False
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        return True

    def _log(self) -> str:
        return (self.folder / "mosquitto.log").read_text()


@asynccontextmanager
async def mosquitto(
    folder: Path, lines: str = "allow_anonymous true\n", files: Mapping[str, str] | None = None
) -> AsyncIterator[Mosquitto]:
    """Run a broker; ``{folder}`` and ``{port}`` in ``lines`` stand for its own."""
    folder = folder / "mosquitto"
    folder.mkdir()
    for name, text in (files or {}).items():
        (folder / name).write_text(text)
    broker = Mosquitto(folder, lines.replace("{folder}", str(folder)))
    if os.getuid() == 0:
        broker._lines += "user root\n"
    try:
        async with deadline("mosquitto starts"):
            await broker.start()
        yield broker
    finally:
        await broker.stop()
