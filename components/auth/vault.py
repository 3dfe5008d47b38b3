"""What authentication keeps on the disk: one store that must last, one that may lag.

``auth`` holds users, groups, keys and signing keys and is written before an answer says
that something was changed. ``sessions`` holds sessions and failed attempts; losing its last
seconds costs nobody more than a login.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from appliance.components.auth.accounts import Accounts
from appliance.components.auth.keyring import Keyring
from appliance.components.auth.lockout import Lockout
from appliance.components.auth.sessions import Sessions
from appliance.components.auth.tokens import TokenSigner
from appliance.errors import SetupError
from appliance.records import dataclass
from appliance.storage import Storage

_LOGGER = logging.getLogger(__name__)

SAVE_SESSIONS_S = 5.0
SAVE_USE_S = 60.0


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is kept."""

    accounts: Accounts
    keyring: Keyring
    signer: TokenSigner
    sessions: Sessions
    lockout: Lockout


class Vault:
    """Loads and saves."""

    def __init__(self, storage: Storage, holdings: Holdings) -> None:
        self._auth = storage.store("auth")
        self._volatile = storage.store("sessions")
        self._held = holdings

    async def load(self) -> None:
        """Fill everything from the disk."""
        data = await self._auth.load()
        volatile = await self._volatile.load()
        if data is None:
            return
        try:
            self._held.accounts.read(data)
            self._held.keyring.read(data["keys"])
            self._held.signer.load(data["signing_keys"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"{self._auth.path} does not hold what it should ({error!r})"
            raise SetupError(message) from error
        if volatile is not None:
            self._read_volatile(volatile)

    def _read_volatile(self, data: Mapping[str, Any]) -> None:
        try:
            self._held.sessions.read(data["sessions"])
            self._held.lockout.read(data["attempts"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            _LOGGER.warning("%s is left out: %r", self._volatile.path, error)

    async def save(self) -> None:
        """Write users, groups and keys; when this returns they are on the disk."""
        await self._auth.save(self._auth_data())

    def key_used(self) -> None:
        """Write some time soon that a key was used."""
        self._auth.save_soon(self._auth_data, SAVE_USE_S)

    def sessions_changed(self) -> None:
        """Write sessions and attempts soon."""
        self._volatile.save_soon(self._volatile_data, SAVE_SESSIONS_S)

    def _auth_data(self) -> dict[str, Any]:
        return {
            **self._held.accounts.to_data(),
            "keys": self._held.keyring.to_data(),
            "signing_keys": self._held.signer.to_data(),
        }

    def _volatile_data(self) -> dict[str, Any]:
        return {
            "sessions": self._held.sessions.to_data(),
            "attempts": self._held.lockout.to_data(),
        }
