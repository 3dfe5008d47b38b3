"""Which spool is where, and the reports to the server: implements `Spools`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from appliance.bus import Bus
from appliance.components.spoolman.server import SpoolServer
from appliance.components.spoolman.usage import Usage, from_plain
from appliance.domain.job import JobEnded
from appliance.domain.printer import PrinterChanged
from appliance.domain.spools import ActiveSpoolChanged, SpoolAnswer, SpoolServerChanged
from appliance.errors import DeviceFailed, InvalidRequest
from appliance.storage import Store

_LOGGER = logging.getLogger(__name__)

RECONNECT_S = 5.0
SAVE_DELAY_S = 5.0
_GONE = 404


class SpoolService:
    """Counts what printers use, and reports it every now and then."""

    def __init__(self, server: SpoolServer, bus: Bus, store: Store, every_s: float) -> None:
        self._server = server
        self._bus = bus
        self._store = store
        self._every_s = every_s
        self._usage = Usage()
        self._connected = False
        self._said = ""

    async def load(self) -> None:
        """Read what a former life has kept."""
        self._usage = await self._store.read(from_plain) or Usage()

    def listen(self) -> None:
        """Count from now on."""
        self._bus.listen(PrinterChanged, self._printer_changed)
        self._bus.listen(JobEnded, self._job_ended)

    # --- what others ask --------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether the server can be reached."""
        return self._connected

    def active(self, printer_id: str) -> int | None:
        """Return the spool on a printer."""
        return self._usage.reel(printer_id).spool_id

    def pending(self) -> Mapping[int, float]:
        """Return what is not reported yet."""
        return MappingProxyType(self._usage.pending)

    async def set_active(self, printer_id: str, spool_id: int | None) -> None:
        """Say which spool is on a printer."""
        if spool_id is not None and spool_id < 1:
            raise InvalidRequest("the id of a spool is a number from 1")
        reel = self._usage.reel(printer_id)
        if reel.spool_id == spool_id:
            return
        self._usage.put_on(printer_id, spool_id)
        await self._store.save(self._usage.plain())
        self._bus.fire(ActiveSpoolChanged(printer_id, spool_id))

    async def request(
        self, method: str, path: str, query: str | None = None, body: Any = None
    ) -> SpoolAnswer:
        """Pass a request on."""
        return await self._server.request(method, path, query, body)

    # --- counting ---------------------------------------------------------------------

    def _printer_changed(self, event: PrinterChanged) -> None:
        now, before = event.snapshot, event.previous
        if now.phase.active:
            used = now.job is not None and self._usage.count(event.printer_id, now.job)
        elif before.phase.active or not (now.operational and before.operational):
            return  # what was moved in between belongs to the job, or to nobody
        elif moved := now.motion.extruded_mm - before.motion.extruded_mm:
            used = self._usage.count_by_hand(event.printer_id, moved)
        else:
            return
        if used:
            self._store.save_soon(self._usage.plain, SAVE_DELAY_S)

    def _job_ended(self, event: JobEnded) -> None:
        if self._usage.count(event.printer_id, event.job):
            self._store.save_soon(self._usage.plain)

    # --- its life -----------------------------------------------------------------------

    async def run(self) -> None:
        """Hold the connection to the server, for ever; report while it stands."""
        while True:
            try:
                await self._connection()
                reason = "the server hung up"
            except (DeviceFailed, TimeoutError) as error:
                reason = str(error) or "the server did not answer"
            self._become(connected=False)
            if reason != self._said:
                _LOGGER.warning("No connection to Spoolman: %s; trying again", reason)
            self._said = reason
            await asyncio.sleep(RECONNECT_S)

    async def _connection(self) -> None:
        async with self._server.events() as events:
            self._said = ""
            self._become(connected=True)
            reports = asyncio.create_task(self._reports(), name="report to spoolman")
            try:
                async for event in events:
                    await self._heard(event)
            finally:
                reports.cancel()
                await asyncio.wait([reports])

    async def _reports(self) -> None:
        await self._check_spools()
        while True:
            await self.report()
            await asyncio.sleep(self._every_s)

    async def report(self) -> None:
        """Report what was used; what the server does not take is reported again."""
        for spool_id in tuple(self._usage.pending):
            used = self._usage.take(spool_id)
            try:
                answer = await self._server.request(
                    "PUT", f"/v1/spool/{spool_id}/use", body={"use_length": used}
                )
            except asyncio.CancelledError:  # we stop, or the server hung up: nobody knows
                self._usage.add(spool_id, used)
                self._store.save_soon(self._usage.plain)
                raise
            except DeviceFailed as error:
                self._usage.add(spool_id, used)
                _LOGGER.warning("The use of spool %d is not reported yet: %s", spool_id, error)
                continue
            if answer.status == _GONE:
                await self._forget(spool_id)
            elif not answer.ok:
                self._usage.add(spool_id, used)
                _LOGGER.warning("Spoolman refuses spool %d: %s", spool_id, answer.complaint)
            self._store.save_soon(self._usage.plain)

    async def _check_spools(self) -> None:
        """Forget spools that were deleted while nobody listened."""
        on_printers = {reel.spool_id for reel in self._usage.reels.values()} - {None}
        for spool_id in on_printers:
            assert spool_id is not None
            try:
                answer = await self._server.request("GET", f"/v1/spool/{spool_id}")
            except DeviceFailed as error:
                _LOGGER.warning("Spool %d cannot be looked up: %s", spool_id, error)
                continue
            if answer.status == _GONE:
                await self._forget(spool_id)

    async def _heard(self, event: dict[str, Any]) -> None:
        payload = event.get("payload")
        if event.get("resource") != "spool" or event.get("type") != "deleted":
            return
        if isinstance(payload, dict) and isinstance(payload.get("id"), int):
            await self._forget(payload["id"])

    async def _forget(self, spool_id: int) -> None:
        """Take a spool that is gone from all printers."""
        self._usage.pending.pop(spool_id, None)
        for printer_id, reel in self._usage.reels.items():
            if reel.spool_id == spool_id:
                _LOGGER.info("Spool %d is gone, %s has none now", spool_id, printer_id)
                await self.set_active(printer_id, None)

    def _become(self, *, connected: bool) -> None:
        if connected != self._connected:
            self._connected = connected
            self._bus.fire(SpoolServerChanged(connected))
