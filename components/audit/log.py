"""The audit log: chains entries as they come, and writes them within a second."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from appliance.components.audit.journal import Journal
from appliance.domain.audit import GENESIS, AuditEntry
from appliance.domain.identity import Identity

_LOGGER = logging.getLogger(__name__)

WRITE_AFTER_S = 1.0
# While the disk is full or gone; then the newest are lost, and that is logged.
MAX_WAITING = 5000
LONGEST_TEXT = 500


class AuditLog:
    """Implements `appliance.domain.audit.Audit`."""

    def __init__(
        self, journal: Journal, last: AuditEntry | None, wall: Callable[[], float] = time.time
    ) -> None:
        self._journal = journal
        self._wall = wall
        self._number = 0 if last is None else last.number
        self._hash = GENESIS if last is None else last.hash
        self._waiting: list[AuditEntry] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()  # one writes what waits, and then the next
        self._lost = 0
        self._failing = False  # said, and tried again every second

    def record(
        self,
        who: Identity,
        action: str,
        *,
        address: str = "",
        target: str = "",
        printer_id: str | None = None,
        outcome: str = "ok",
    ) -> None:
        """Write down what was done."""
        if len(self._waiting) >= MAX_WAITING:
            self._lost += 1
            return
        entry = AuditEntry(
            number=self._number + 1,
            time=self._wall(),
            user=who.user,
            method=who.method.value,
            credential=who.credential,
            address=address,
            action=action[:LONGEST_TEXT],
            target=target[:LONGEST_TEXT],
            printer_id=printer_id,
            outcome=outcome,
            previous=self._hash,
        ).sealed()
        self._number, self._hash = entry.number, entry.hash
        self._waiting.append(entry)
        if self._timer is None and self._writing is None:
            self._timer = asyncio.get_running_loop().call_later(WRITE_AFTER_S, self._due)

    async def flush(self) -> None:
        """Write what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is not None:
            await self._writing
        await self._write()

    def _due(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        self._writing = loop.create_task(self._write(), name="write audit log")
        self._writing.add_done_callback(self._written)

    def _written(self, _task: asyncio.Task[None]) -> None:
        self._writing = None
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WRITE_AFTER_S, self._due)

    async def _write(self) -> None:
        async with self._turn:
            await self._append()

    async def _append(self) -> None:
        entries = list(self._waiting)
        if not entries:
            return
        try:
            await asyncio.to_thread(self._journal.append, entries)
        except OSError as error:
            if not self._failing:
                _LOGGER.error("The audit log cannot be written: %s", error)
            self._failing = True
            return
        self._failing = False
        del self._waiting[: len(entries)]
        if self._lost:
            _LOGGER.error("%d entries of the audit log were lost", self._lost)
            self._lost = 0
