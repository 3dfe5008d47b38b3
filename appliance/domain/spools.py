"""Spools of filament that a server of their own keeps account of.

The component spoolman provides `SPOOLS`: it knows which spool is on which printer and tells
the server what is used up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class SpoolAnswer:
    """What the server of the spools said to a request."""

    status: int
    headers: Mapping[str, str]
    data: Any  # JSON; None if it said nothing

    @property
    def ok(self) -> bool:
        """Whether the request was fulfilled."""
        return 200 <= self.status < 300

    @property
    def complaint(self) -> str:
        """What the server says about an error."""
        if isinstance(self.data, Mapping):
            said = self.data.get("message", self.data.get("detail"))
            if isinstance(said, str):
                return said
        return f"Spoolman answered with status {self.status}"


@dataclass(frozen=True, slots=True)
class ActiveSpoolChanged:
    """Another spool is on a printer, or none."""

    printer_id: str
    spool_id: int | None


@dataclass(frozen=True, slots=True)
class SpoolServerChanged:
    """The server of the spools can be reached now, or not any more."""

    connected: bool


class Spools(Protocol):
    """The spools."""

    @property
    def connected(self) -> bool:
        """Whether the server can be reached."""

    def active(self, printer_id: str) -> int | None:
        """Return the spool that is on a printer."""

    def pending(self) -> Mapping[int, float]:
        """Return what was used of each spool and is not reported yet, in mm."""

    async def set_active(self, printer_id: str, spool_id: int | None) -> None:
        """Say which spool is on a printer; what is extruded from now on is of that one."""

    async def request(
        self, method: str, path: str, query: str | None = None, body: Any = None
    ) -> SpoolAnswer:
        """Pass a request on to the server's interface, such as GET /v1/spool.

        `InvalidRequest` for a path that leads elsewhere, `DeviceFailed` if the server cannot
        be reached.
        """


SPOOLS: Key[Spools] = Key("spools")
