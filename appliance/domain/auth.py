"""The verbs of who is who; the component auth provides them under `AUTH`.

Both APIs and the websockets use it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from appliance.domain.api_keys import ApiKey
from appliance.domain.identity import Credentials, Identity
from appliance.domain.logins import Login, Tokens
from appliance.domain.permissions import Permission, Scope
from appliance.domain.users import Group, User
from appliance.interfaces import Key


class Auth(Protocol):
    """Who is who. All of it is one model for both APIs; no view keeps users of its own.

    What changes something is awaited and is on the disk when it returns. Raises
    `CredentialInvalid`, `TooManyAttempts`, `UserMissing`, `UserExists`, `InvalidRequest`,
    `FixedByConfiguration`.
    """

    # --- who is it --------------------------------------------------------------------

    @property
    def claimed(self) -> bool:
        """Whether there is somebody who can administer the appliance."""

    def identify(self, credentials: Credentials) -> Identity:
        """Return who showed this; ANONYMOUS (with what guests may) for nothing at all.

        Raises CredentialInvalid for anything wrong, expired or revoked, TooManyAttempts
        when the address or account is locked out for a while.
        """

    def identify_handle(self, user: str, handle: str) -> Identity:
        """Return who holds that pair (OctoPrint's ``{"auth": "user:session"}``)."""

    def still_valid(self, identity: Identity) -> bool:
        """Return whether an identity obtained earlier (open websocket) still counts.

        False as well when the user may do more or less than then: log in again.
        """

    # --- sessions and tokens ------------------------------------------------------------

    async def login(
        self, user: str, password: str, *, address: str, remember: bool = False
    ) -> Login:
        """Check a password and open a session."""

    async def login_as(self, identity: Identity, *, address: str) -> Login:
        """Open a session for somebody identified otherwise (OctoPrint's passive login)."""

    async def logout(self, identity: Identity) -> None:
        """Close the session (or void the JWTs) that the identity came with."""

    async def login_for_tokens(self, user: str, password: str, *, address: str) -> Tokens:
        """Check a password and issue JWTs (Moonraker's ``access.login``)."""

    async def refresh(self, refresh_token: str) -> Tokens:
        """Issue a new access token (Moonraker's ``access.refresh_jwt``)."""

    def oneshot_token(self, identity: Identity, *, address: str) -> str:
        """Return a token for one request from that address within five seconds."""

    # --- users and groups ---------------------------------------------------------------

    @property
    def users(self) -> Sequence[User]:
        """All users, by name."""

    def user(self, name: str) -> User:
        """Return that user."""

    async def create_user(
        self,
        name: str,
        password: str | None,
        *,
        groups: Sequence[str] | None = None,
        permissions: frozenset[Permission] = frozenset(),
        active: bool = True,
    ) -> User:
        """Add a user; without ``groups`` into the default ones."""

    async def change_user(
        self,
        name: str,
        *,
        groups: Sequence[str] | None = None,
        permissions: frozenset[Permission] | None = None,
        active: bool | None = None,
    ) -> User:
        """Change what is given; the last administrator stays one."""

    async def set_password(self, name: str, password: str) -> None:
        """Set a password; every session and token of that user ends."""

    async def check_password(self, name: str, password: str, *, address: str) -> None:
        """Raise CredentialInvalid unless it is that user's password."""

    async def set_user_settings(self, name: str, settings: Mapping[str, Any]) -> None:
        """Keep what a view wants to remember for a user."""

    async def delete_user(self, name: str) -> None:
        """Remove a user with everything that belongs to them."""

    def permissions_of(self, user: User) -> frozenset[Permission]:
        """Return the own permissions of a user and those of the groups."""

    @property
    def groups(self) -> Sequence[Group]:
        """All groups."""

    def group(self, key: str) -> Group:
        """Return that group."""

    async def put_group(self, group: Group, *, new: bool) -> Group:
        """Add or replace a group."""

    async def delete_group(self, key: str) -> None:
        """Remove a group; users leave it."""

    # --- keys ---------------------------------------------------------------------------

    @property
    def keys(self) -> Sequence[ApiKey]:
        """All keys, without the keys."""

    def personal_key(self, user: str) -> str | None:
        """Return the personal key of a user in clear: for its owner or an admin only."""

    async def renew_personal_key(self, user: str) -> str:
        """Replace the personal key and return the new one."""

    async def delete_personal_key(self, user: str) -> None:
        """Leave a user without a personal key."""

    async def create_key(
        self,
        user: str,
        label: str,
        *,
        scopes: frozenset[Scope] | None = None,
        printers: frozenset[str] | None = None,
        expires_at: float | None = None,
        by: Identity,
    ) -> tuple[ApiKey, str]:
        """Make a key and return it, once, in clear; never stronger than ``by`` is."""

    async def revoke_key(self, key_id: str) -> None:
        """Void a key."""

    def unlock(self) -> None:
        """Forget every failed attempt."""


AUTH: Key[Auth] = Key("auth")
# The code by which somebody becomes the owner; it gives None once there is one.
CLAIM_CODE: Key[Callable[[], str | None]] = Key("claim code")
# Where the set-up of the page begins, below an appliance's address; absent without a page.
SETUP_PAGE: Key[str] = Key("set-up page")
