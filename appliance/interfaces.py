"""Typed interfaces between components: one provides, others use, the core knows neither.

A ``Key[T]`` names an interface whose type ``T`` lives in the domain. The manifest's
dependencies guarantee that a key is provided before its users are set up.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

from appliance.errors import SetupError
from appliance.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """The name of an interface of type ``T``."""

    name: str


class Interfaces:
    """Who offers what."""

    def __init__(self) -> None:
        self._provided: dict[str, Any] = {}

    def provide(self, key: Key[T], implementation: T) -> None:
        """Offer ``implementation`` under ``key``; a key is provided once."""
        if key.name in self._provided:
            message = f"two components provide '{key.name}'"
            raise SetupError(message)
        self._provided[key.name] = implementation

    def use(self, key: Key[T]) -> T:
        """Return what was provided; missing is an error of the manifest."""
        try:
            return cast("T", self._provided[key.name])
        except KeyError:
            message = f"no component provides '{key.name}'; is it missing in a manifest?"
            raise SetupError(message) from None

    def find(self, key: Key[T]) -> T | None:
        """Return what was provided, or None: for what is truly optional."""
        return cast("T | None", self._provided.get(key.name))
