"""Checking passwords: slow on purpose, equally slow for everybody, one at a time."""

from __future__ import annotations

import asyncio
import hmac

from appliance.components.auth.vault import Holdings, Vault
from appliance.errors import CredentialInvalid, InvalidRequest, TooManyAttempts
from appliance.passwords import hash_password, is_hash, verify_password

# RFC 7914: 32 MiB and about 120 ms on a PC.
SCRYPT_N = 2**15
MAX_LENGTH = 1024
# More than this many checks waiting for their turn is not people.
MAX_WAITING = 8


class Passwords:
    """Passwords of accounts, and the one that the configuration sets."""

    def __init__(self, held: Holdings, vault: Vault, fixed: tuple[str, str] | None) -> None:
        self._accounts = held.accounts
        self._lockout = held.lockout
        self._vault = vault
        self._fixed = fixed  # user, password or hash of it
        self._turn = asyncio.Lock()
        self._waiting = 0
        # A hash of nothing anybody knows: what a user that is not there is checked against.
        self._nobody: str | None = None

    def is_fixed(self, user: str) -> bool:
        """Return whether the configuration sets the password of that user."""
        return self._fixed is not None and self._fixed[0] == user

    async def hash(self, password: str) -> str:
        """Return the hash to keep of a new password."""
        if not password or len(password) > MAX_LENGTH:
            message = f"a password has 1 to {MAX_LENGTH} characters"
            raise InvalidRequest(message)
        return await asyncio.to_thread(hash_password, password, SCRYPT_N)

    async def check(self, user: str, password: str, address: str) -> None:
        """Return if it is the password of an active user; count and raise if not."""
        self._lockout.check(address, user)
        if self._waiting >= MAX_WAITING:
            raise TooManyAttempts("too many people log in at once", 2.0)
        self._waiting += 1
        try:
            async with self._turn:
                self._lockout.check(address, user)  # others may have failed meanwhile
                good = await asyncio.to_thread(self._verify, user, password)
                if not good:
                    self._lockout.failed(address, user)
                    self._vault.sessions_changed()
                    raise CredentialInvalid("unknown user or wrong password")
                self._lockout.succeeded(address, user)
        finally:
            self._waiting -= 1

    def _verify(self, user: str, password: str) -> bool:
        """Compare; runs in a thread and always computes one hash."""
        if self._nobody is None:
            self._nobody = hash_password("", SCRYPT_N)
        if len(password) > MAX_LENGTH:
            password = ""
        account = self._accounts.find(user)
        active = account is not None and account.user.active
        if self._fixed is not None and self._fixed[0] == user:
            kept = self._fixed[1]
            if is_hash(kept):
                return verify_password(password, kept) and active
            verify_password(password, self._nobody)
            return hmac.compare_digest(password.encode(), kept.encode()) and active
        kept = account.password if account is not None and account.password else self._nobody
        good = verify_password(password, kept)
        return good and active and kept is not self._nobody
