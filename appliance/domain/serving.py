"""That the appliance answers: told once by whoever serves, used to say so to people."""

from __future__ import annotations

from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class HttpListening:
    """HTTP answers; ``url`` is the address to tell people."""

    url: str
