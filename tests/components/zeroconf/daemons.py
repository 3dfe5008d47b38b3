"""A system bus and an avahi of our own: in a network and mount namespace, on loopback."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.waiting import deadline, eventually, eventually_answers

PROGRAMS = ("dbus-daemon", "avahi-daemon", "avahi-browse", "unshare", "ip")
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
AVAHI = """[server]
host-name=workshop
use-ipv6=no
enable-dbus=yes
[publish]
publish-workstation=no
"""
# Its place for the process id is built in; only one avahi runs in a mount namespace.
START = """mount -t tmpfs none /run && mkdir /run/avahi-daemon && ip link set lo up &&
exec avahi-daemon -f {configuration} --no-drop-root --no-chroot --no-rlimits
"""


def needs_daemons() -> pytest.MarkDecorator:
    """Skip where the real daemons cannot be started apart from those of the system."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=_path()) is None]
    if os.geteuid() != 0:
        return pytest.mark.skip("only root can start an avahi of its own")
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}")


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


@dataclass
class Daemons:
    """The two daemons; each can be stopped and started."""

    folder: Path
    _running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"unix:path={self.folder / 'bus'}"

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": _path(), "DBUS_SYSTEM_BUS_ADDRESS": self.address}

    async def start_bus(self) -> None:
        configuration = self.folder / "bus.conf"
        configuration.write_text(BUS.format(path=self.folder / "bus"))
        await self._start("bus", "dbus-daemon", "--nofork", f"--config-file={configuration}")
        await eventually((self.folder / "bus").exists)

    async def start_avahi(self) -> None:
        configuration = self.folder / "avahi.conf"
        configuration.write_text(AVAHI)
        script = START.format(configuration=configuration)
        await self._start("avahi", "unshare", "--net", "--mount", "sh", "-c", script)
        await eventually_answers(self._avahi_answers, "avahi answers")

    async def stop(self, name: str) -> None:
        process = self._running.pop(name, None)
        if process is not None and process.returncode is None:
            process.terminate()
        if process is not None:
            async with deadline(f"{name} ends"):
                await process.wait()

    async def announced(self, kind: str) -> dict[str, tuple[str, str, str]]:
        """Return host, port and TXT of what avahi's own browser sees, by the names."""
        text = await self._ask("avahi-browse", "--resolve", "--parsable", "--terminate", kind)
        lines = (line.split(";") for line in (text or "").splitlines() if line.startswith("="))
        return {
            parts[3].replace("\\032", " ").replace("\\035", "#"): (
                parts[6],
                parts[8],
                parts[9],
            )
            for parts in lines
        }

    async def _avahi_answers(self) -> bool:
        return await self._ask("avahi-browse", "--terminate", "_none._tcp") is not None

    async def _ask(self, *command: str) -> str | None:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with deadline(command[0]):
            output, _ = await process.communicate()
        return output.decode() if process.returncode == 0 else None

    async def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = await asyncio.create_subprocess_exec(
                *command,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


@asynccontextmanager
async def daemons(folder: Path) -> AsyncIterator[Daemons]:
    """Make them; stop at the end what was started."""
    made = Daemons(folder)
    try:
        yield made
    finally:
        for name in ("avahi", "bus"):
            await made.stop(name)
