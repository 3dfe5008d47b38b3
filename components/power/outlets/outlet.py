"""What every way of switching has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from appliance.domain.power import PowerState

Tell = Callable[[PowerState], None]


class Outlet(Protocol):
    """Something that can be switched. Its verbs raise `DeviceFailed` with the reason."""

    @property
    def polled(self) -> bool:
        """Whether it has to be asked now and then, because it tells nothing by itself."""

    async def start(self, tell: Tell) -> None:
        """Get ready, and tell every state that is heard of from now on."""

    async def switch(self, on: bool) -> PowerState:
        """Switch, and return the state afterwards."""

    async def read(self) -> PowerState:
        """Return how it is."""

    async def stop(self) -> None:
        """Let go of what was taken; the device stays as it is."""


def state_of(on: bool) -> PowerState:
    """Return the state of something that is on or not."""
    return PowerState.ON if on else PowerState.OFF
