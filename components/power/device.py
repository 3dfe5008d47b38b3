"""One device: its state, and what may be wished of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from appliance.components.power.outlets.outlet import Outlet
from appliance.domain.power import PowerDevice, PowerState
from appliance.errors import DeviceFailed, PrinterBusy

_LOGGER = logging.getLogger(__name__)


class Device:
    """Holds the state of a device and speaks to its outlet, one wish after the other."""

    def __init__(
        self,
        described: PowerDevice,
        outlet: Outlet,
        changed: Callable[[PowerDevice, PowerDevice], None],
    ) -> None:
        self.now = described
        self.outlet = outlet
        self._changed = changed
        self._one_at_a_time = asyncio.Lock()

    async def start(self) -> None:
        """Get ready, and learn how it is as far as it says so by itself."""
        await self.outlet.start(self._told)

    async def refresh(self) -> PowerDevice:
        """Ask how it is."""
        async with self._one_at_a_time:
            try:
                self._become(await self.outlet.read())
            except DeviceFailed as error:
                self._become(PowerState.ERROR, str(error))
        return self.now

    async def switch(self, on: bool, origin: str) -> PowerDevice:
        """Switch it, unless a job locks it."""
        async with self._one_at_a_time:
            if not on and self.now.locked:
                message = f"'{self.now.name}' stays on: a print is going on"
                raise PrinterBusy(message)
            try:
                state = await self.outlet.switch(on)
            except DeviceFailed as error:
                self._become(PowerState.ERROR, str(error))
                message = f"'{self.now.name}' cannot be switched: {error}"
                raise DeviceFailed(message) from error
            _LOGGER.info("'%s' was switched %s by %s", self.now.name, state, origin)
            self._become(state)
        return self.now

    def lock(self, locked: bool) -> None:
        """Take note that a job needs it, or none any more."""
        self._replace(replace(self.now, locked=locked and self.now.locked_while_printing))

    def _told(self, state: PowerState) -> None:
        """Hear that it was switched, by whomever."""
        self._become(state)

    def _become(self, state: PowerState, problem: str | None = None) -> None:
        if problem is not None and problem != self.now.problem:
            _LOGGER.warning("'%s': %s", self.now.name, problem)
        self._replace(replace(self.now, state=state, problem=problem))

    def _replace(self, now: PowerDevice) -> None:
        before, self.now = self.now, now
        if now != before:
            self._changed(now, before)
