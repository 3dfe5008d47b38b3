"""What authentication keeps on the disk: one store that must last, one that may lag.

``auth`` holds users, groups, keys and signing keys and is written before an answer says
that something was changed. ``sessions`` holds sessions and failed attempts; losing its last
seconds costs nobody more than a login.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from appliance.components.auth.accounts import Accounts
from appliance.components.auth.keyring import Keyring
from appliance.components.auth.lockout import Lockout
from appliance.components.auth.sessions import Sessions
from appliance.components.auth.tokens import TokenSigner
from appliance.storage import Storage

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
        self._held.accounts.read(data)
        self._held.keyring.read(data["keys"])
        self._held.signer.load(data["signing_keys"])
        if volatile is not None:
            self._held.sessions.read(volatile["sessions"])
            self._held.lockout.read(volatile["attempts"])

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
