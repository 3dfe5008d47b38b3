"""Events as clients of a published interface know them, for whoever else carries them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class OctoPrintEventTold:
    """An event was told to OctoPrint's clients of a printer; a broker may carry it, too."""

    printer_id: str
    name: str  # PrintStarted
    payload: Mapping[str, Any] | None
