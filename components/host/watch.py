"""Looks now and then whether something troubles the computer."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from appliance.bus import Bus
from appliance.domain.host import HostChanged, HostTrouble
from appliance.records import dataclass
from appliance.throttling import CAPPED, THROTTLED, TOO_HOT, UNDER_VOLTAGE, read_throttled

_LOGGER = logging.getLogger(__name__)

EVERY_S = 20.0
# Below this no upload fits any more, and histories are at risk.
LEAST_FREE = 200 * 1024 * 1024
# The image says by this file that it runs on memory.
_NOT_KEPT = Path("/run/gantry-data-missing")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where to look; blocks shortly."""

    folder: Path
    sys: Path = Path("/sys")
    not_kept: Path = _NOT_KEPT

    def troubles(self) -> Iterator[HostTrouble]:
        """Yield what is wrong now."""
        bits = read_throttled(self.sys) or 0
        if bits & UNDER_VOLTAGE:
            yield HostTrouble.UNDER_VOLTAGE
        if bits & (TOO_HOT | CAPPED | THROTTLED) and not bits & UNDER_VOLTAGE:
            yield HostTrouble.TOO_HOT
        try:
            disk = os.statvfs(self.folder)
        except OSError:
            yield HostTrouble.READ_ONLY
            return
        if disk.f_flag & os.ST_RDONLY:
            yield HostTrouble.READ_ONLY
        if self.not_kept.exists():
            yield HostTrouble.NOT_KEPT
        if disk.f_bavail * disk.f_frsize < LEAST_FREE:
            yield HostTrouble.NEARLY_FULL


class Watch:
    """Implements `HostCondition`."""

    def __init__(self, bus: Bus, folder: Path, machine: Machine | None = None) -> None:
        self._bus = bus
        self._machine = machine or Machine(folder)
        self._troubles: tuple[HostTrouble, ...] = ()

    @property
    def troubles(self) -> tuple[HostTrouble, ...]:
        """What is wrong now."""
        return self._troubles

    async def look(self) -> None:
        """Look once; tell what is new, and what is over."""
        now = await asyncio.to_thread(lambda: tuple(self._machine.troubles()))
        if now == self._troubles:
            return
        for trouble in now:
            if trouble not in self._troubles:
                _LOGGER.warning("%s", trouble.value)
        self._troubles = now
        self._bus.fire(HostChanged(now))

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()
