"""How far a new key shall reach, as a client says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """Scopes and printers (None: as far as the owner) and the end of a key."""

    scopes: frozenset[Scope] | None = None
    printers: frozenset[str] | None = None
    expires_at: float | None = None  # unix seconds

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Take the limits from a JSON object; what is missing does not limit."""
        expires_at = data.get("expires_at")
        if expires_at is not None and (
            isinstance(expires_at, bool) or not isinstance(expires_at, int | float)
        ):
            raise InvalidRequest("'expires_at' must be a time in unix seconds")
        return cls(_scopes(data.get("scopes")), _printers(data.get("printers")), expires_at)


def _scopes(value: object) -> frozenset[Scope] | None:
    if value is None:
        return None
    try:
        scopes = frozenset(Scope(word) for word in _texts("scopes", value))
    except ValueError:
        known = ", ".join(scope.value for scope in Scope)
        message = f"the scopes are {known}"
        raise InvalidRequest(message) from None
    if not scopes:
        raise InvalidRequest("a key needs at least one scope")
    return scopes


def _printers(value: object) -> frozenset[str] | None:
    return None if value is None else frozenset(_texts("printers", value))


def _texts(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        message = f"'{name}' must be a list of text"
        raise InvalidRequest(message)
    return value
