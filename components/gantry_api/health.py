"""``/api/gantry/health``: how the appliance, its computer and its cables are."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from appliance import __version__, web
from appliance.components.gantry_api import render
from appliance.components.gantry_api.routing import route
from appliance.core import Appliance
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.domain.host import HOST_CONDITION
from appliance.domain.permissions import Scope
from appliance.domain.printer import PRINTERS
from appliance.web import HTTP

_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")  # millidegrees
_MEMINFO = Path("/proc/meminfo")  # kB
_UPTIME = Path("/proc/uptime")
# Of a Raspberry Pi's firmware, in hex. Bits 0..3: now; 16..19: since it was switched on.
_THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
_TROUBLES = ("undervoltage", "frequency_capped", "throttled", "temperature_limit")
# systemd-timesyncd leaves it once the clock was set by the network.
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
# Beyond this the clock was never set: a Pi without network begins in the past.
_CLOCK_IS_SET = 1_700_000_000


class HealthApi:
    """The route."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._since = time.monotonic()
        self._started_at = time.time()

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route("GET", "/health", self.show, Scope.READ)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return the health of everything that the caller may see."""
        who = web.identity(request)
        return web.json_response(await self.report(who.sees))

    async def report(self, sees: Any = lambda _printer_id: True) -> dict[str, Any]:
        """Return it as plain data."""
        appliance = self._appliance
        disk = await appliance.use(FILES).disk_usage(GCODES)
        return {
            "version": __version__,
            "name": appliance.name,
            "uptime_s": round(time.monotonic() - self._since),
            "started_at": self._started_at,  # another one after every restart
            "failed_components": dict(appliance.failed_components),
            "failing_listeners": dict(appliance.bus.failures),  # how often, by their module
            "components": sorted(appliance.configuration.components),
            "websockets": appliance.use(HTTP).clients,
            "clock_is_set": time.time() > _CLOCK_IS_SET,
            "clock_is_synchronised": await asyncio.to_thread(_clock_is_synchronised),
            "loop_lag_ms": await _loop_lag_ms(),
            "disk": disk,
            "host": await asyncio.to_thread(_host),
            "troubles": self._troubles(),
            "printers": [
                {
                    "id": printer.id,
                    "name": printer.name,
                    "link": printer.snapshot.link,
                    "fault": printer.snapshot.fault,
                    "health": render.health(printer.snapshot.health),
                }
                for printer in appliance.use(PRINTERS)
                if sees(printer.id)
            ],
        }

    def _troubles(self) -> list[dict[str, str]]:
        """Return what a person should do something about."""
        condition = self._appliance.find(HOST_CONDITION)
        troubles = () if condition is None else condition.troubles
        return [{"id": each.name.lower(), "text": each.value} for each in troubles]


async def _loop_lag_ms() -> float:
    """Return how much later than asked for the event loop gets to a short nap."""
    loop = asyncio.get_running_loop()
    asked_s = 0.01
    begun = loop.time()
    await asyncio.sleep(asked_s)
    return round(max(loop.time() - begun - asked_s, 0.0) * 1000, 2)


def _host() -> dict[str, Any]:
    """Read what Linux says; what it does not say is null. Blocks on /proc and /sys."""
    memory = _memory()
    uptime = _first_word(_UPTIME)
    temperature = _first_word(_THERMAL)
    return {
        "cpus": os.cpu_count(),
        "load": list(os.getloadavg()),
        "memory_total": memory.get("MemTotal"),
        "memory_available": memory.get("MemAvailable"),
        "uptime_s": None if uptime is None else round(uptime),
        "cpu_c": None if temperature is None else temperature / 1000,
        "throttled": _throttled(),
    }


def _throttled() -> dict[str, list[str]] | None:
    """Return what slows the computer down, now and earlier; None where nobody can tell."""
    try:
        bits = int(_THROTTLED.read_text(encoding="ascii"), 16)
    except (OSError, ValueError):
        return None
    return {
        when: [name for bit, name in enumerate(_TROUBLES, first) if bits >> bit & 1]
        for when, first in (("now", 0), ("earlier", 16))
    }


def _clock_is_synchronised() -> bool | None:
    """Return whether the network set the clock; None where no timesyncd looks after it."""
    return _SYNCHRONISED.exists() if _SYNCHRONISED.parent.is_dir() else None


def _memory() -> dict[str, int]:
    try:
        lines = _MEMINFO.read_text().splitlines()
    except OSError:
        return {}
    parts = (line.split() for line in lines)
    return {part[0].rstrip(":"): int(part[1]) * 1024 for part in parts if len(part) > 1}


def _first_word(path: Path) -> float | None:
    try:
        return float(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
