"""Trusted networks: whoever is in one needs no credential, as far as its scope goes."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from appliance.domain.identity import Identity, Method
from appliance.domain.permissions import (
    EVERY_PERMISSION,
    Scope,
    permissions_within,
)

_REMEMBERED = 512


class TrustedNetworks:
    """The list of the configuration; empty unless somebody wants it."""

    def __init__(self, entries: Sequence[Mapping[str, Any]]) -> None:
        self._networks = [
            (entry["network"], _identity(Scope(entry["scope"]), str(entry["network"])))
            for entry in entries
        ]
        self._known: dict[str, Identity | None] = {}

    def __bool__(self) -> bool:
        return bool(self._networks)

    def identity(self, address: str) -> Identity | None:
        """Return what the address may; the first network that holds it decides."""
        if not self._networks:
            return None
        if address not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[address] = self._find(address)
        return self._known[address]

    def _find(self, address: str) -> Identity | None:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return None
        for network, identity in self._networks:
            if parsed in network:
                return identity
        return None


def _identity(scope: Scope, network: str) -> Identity:
    """Return what somebody may who is nobody in particular; a wider scope holds the lower."""
    order = (
        Scope.READ,
        Scope.UPLOAD,
        Scope.PRINT,
        Scope.CONTROL,
        Scope.GCODE,
        Scope.FILES_DELETE,
        Scope.ADMIN,
    )
    scopes = frozenset(order[: order.index(scope) + 1])
    return Identity(
        user=None,
        method=Method.TRUSTED,
        permissions=permissions_within(scopes, EVERY_PERMISSION),
        scopes=scopes,
        credential=f"network:{network}",
        ambient=True,
    )
