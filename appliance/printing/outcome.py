"""How printing from the command line can end."""

from __future__ import annotations

from enum import IntEnum

from appliance.errors import GantryError


class Outcome(IntEnum):
    """The exit code of `gantry print`."""

    COMPLETE = 0
    FAILED = 1
    CANCELLED = 2
    NOT_STARTED = 3
    LEFT = 4  # we went away, the print goes on


class CannotPrint(GantryError):
    """The print could not be started; the text says why and what to do."""


class Unreachable(GantryError):
    """The appliance does not answer (any more)."""
