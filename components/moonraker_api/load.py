"""Watches how busy the computer is, once a second, while anybody wants to know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from appliance.components.moonraker_api import proc
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.proc import Reading, Sampler
from appliance.tasks import Tasks

EVERY_S = 1.0


class LoadWatch:
    """Reads loads and tells them to all clients."""

    def __init__(self, hosts: Mapping[str, Host], sampler: Sampler, tasks: Tasks) -> None:
        self._hosts = hosts
        self._sampler = sampler
        self._tasks = tasks
        self._task: asyncio.Task[None] | None = None

    @property
    def clients(self) -> int:
        """How many websockets are open."""
        return sum(len(host.clients) for host in self._hosts.values())

    def begin(self) -> None:
        """Watch until the last client has gone."""
        if self._task is None or self._task.done():
            self._task = self._tasks.spawn(self._watch(), "watch the load")

    async def _watch(self) -> None:
        while self.clients:
            before = self._sampler.last
            reading = await asyncio.to_thread(proc.read)
            self._sampler.take(reading, time.time())
            self._tell(before, reading)
            await asyncio.sleep(EVERY_S)

    def _tell(self, before: Reading | None, reading: Reading) -> None:
        load = self._sampler.load()
        update: dict[str, Any] = {
            "moonraker_stats": self._sampler.stats[-1],
            **self._sampler.common(self.clients),
        }
        throttled = reading.throttled
        for host in self._hosts.values():
            host.load = load
            host.tell("notify_proc_stat_update", update)
            if before is not None and throttled != before.throttled:
                host.tell("notify_cpu_throttled", throttled)
            host.touch()
