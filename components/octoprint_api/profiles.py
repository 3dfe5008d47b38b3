"""The printer profiles of the configuration."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.domain.printer import Printer, Profile
from appliance.errors import InvalidRequest


class Profiles:
    """What machines the configuration knows."""

    def all(self, printer: Printer) -> Sequence[Profile]:
        """Return the profiles to choose from."""
        return (printer.profile,)

    def default(self, printer: Printer) -> Profile:
        """Return the profile that the configuration names for that printer."""
        return printer.profile

    async def choose(self, printer: Printer, wanted: object) -> None:
        """Use another profile from now on."""
        if wanted != printer.profile.id:
            raise InvalidRequest("there is no such profile")
