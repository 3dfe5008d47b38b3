"""Users, groups, keys, and who somebody turned out to be.

Whatever a client shows (a key, a session, a JWT, a one-shot token, an address in a trusted
network) becomes one `Identity`; everything behind the front door asks only that. `Auth` is
what the component auth provides under `AUTH`; both APIs and the websockets use it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Protocol

from appliance.domain.permissions import (
    EVERY_PERMISSION,
    EVERY_SCOPE,
    Access,
    Need,
    Permission,
    Scope,
)
from appliance.errors import CredentialMissing, CredentialStale, PermissionMissing
from appliance.interfaces import Key
from appliance.records import dataclass

# Groups that always exist, by OctoPrint's keys.
ADMINS = "admins"
USERS = "users"
READONLY = "readonly"
GUESTS = "guests"


class Method(StrEnum):
    """How somebody proved who they are."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - the word, not one
    SESSION = "session"
    REMEMBER = "remember_me"
    API_KEY = "apikey"
    APP_KEY = "appkey"
    JWT = "jwt"
    ONESHOT = "oneshot"
    TRUSTED = "trusted"  # by a trusted network: nobody in particular
    LOCAL = "local"  # through the control socket of this machine
    MQTT = "mqtt"  # through the broker, by what its access lists let through
    AUTOMATION = "automation"  # an automation of the configuration


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls, and how far that reaches. Never holds the secret itself."""

    user: str | None  # None: nobody in particular
    method: Method
    permissions: frozenset[Permission] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    groups: tuple[str, ...] = ()
    printers: frozenset[str] | None = None  # None: all of them
    fresh: bool = False  # credentials were given a few minutes ago, or with the request
    # Until when they are, by time.monotonic: an open websocket keeps its identity. None:
    # for ever, as for a key that comes with every request.
    fresh_until: float | None = None
    credential: str = ""  # id of the credential, for the audit log
    session: str | None = None  # id of the session for logout; not what the cookie holds
    # Whether the browser adds the credential by itself (cookie, trusted network): then a
    # request that changes something must prove that our own page made it.
    ambient: bool = False
    # Whether the credential reaches less far than its owner: it may not act as the owner.
    restricted: bool = False

    @property
    def anonymous(self) -> bool:
        """Whether nothing was proven."""
        return self.method is Method.NONE

    @property
    def admin(self) -> bool:
        """Whether everything is allowed."""
        return Permission.ADMIN in self.permissions

    @property
    def is_fresh(self) -> bool:
        """Whether the credentials still count as given a moment ago."""
        return self.fresh and (self.fresh_until is None or time.monotonic() < self.fresh_until)

    @property
    def origin(self) -> str:
        """How to name the caller to a printer and in logs: the user, else how they came."""
        return self.user or self.method.value

    def may(self, permission: Permission) -> bool:
        """Return whether the permission is held."""
        return permission in self.permissions

    def reaches(self, scope: Scope) -> bool:
        """Return whether the scope is within reach."""
        return scope in self.scopes

    def sees(self, printer_id: str) -> bool:
        """Return whether that printer is one of those the credential is for."""
        return self.printers is None or printer_id in self.printers

    def allows(self, access: Access, arguments: Mapping[str, Any] | None = None) -> bool:
        """Return whether the declaration lets the caller in; never raises."""
        try:
            self.check(access, arguments)
        except (CredentialMissing, PermissionMissing):
            return False
        return True

    def check(self, access: Access, arguments: Mapping[str, Any] | None = None) -> None:
        """Raise CredentialMissing, PermissionMissing or CredentialStale, or return.

        ``arguments`` are the path parameters (or the params of a JSON-RPC call); only
        ``access.own`` looks into them.
        """
        need = access.need
        if need is Need.NOTHING or need is Need.OPTIONAL:
            return
        if need is Need.ALL:
            needed, scope = access.permission, access.scope
            if (needed is not None and needed not in self.permissions) or (
                scope is not None and scope not in self.scopes
            ):
                self._refuse(access, arguments)
        elif self.anonymous:
            raise CredentialMissing("log in or send an API key")
        trusted = access.by_network and self.method is Method.TRUSTED
        if access.fresh and not (self.is_fresh or trusted):
            raise CredentialStale("log in again: this needs credentials given a moment ago")

    def check_printer(self, printer_id: str) -> None:
        """Raise PermissionMissing if the credential is for other printers."""
        if not self.sees(printer_id):
            raise PermissionMissing("this key is not for that printer")

    def _refuse(self, access: Access, arguments: Mapping[str, Any] | None) -> None:
        """Raise, unless the caller is the very user that the call is about."""
        if self.anonymous:
            raise CredentialMissing("log in or send an API key")
        own = arguments.get(access.own) if access.own and arguments else None
        if own is not None and own == self.user and not self.restricted:
            return
        missing = access.scope if access.permission in self.permissions else access.permission
        message = f"this needs '{missing or access.scope}'"
        raise PermissionMissing(message)


ANONYMOUS = Identity(user=None, method=Method.NONE)
# Whoever may open our files on this machine anyway.
LOCAL = Identity(
    user=None,
    method=Method.LOCAL,
    permissions=EVERY_PERMISSION,
    scopes=EVERY_SCOPE,
    fresh=True,
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client showed, before anybody looked whether it is good."""

    api_key: str | None = None  # X-Api-Key, ?apikey=, api_key of an identify call
    bearer: str | None = None  # Authorization: Bearer: an API key or a JWT
    token: str | None = None  # ?token=: a one-shot token (or a JWT)
    access_token: str | None = None  # ?access_token=, access_token of an identify call
    session: str | None = None  # the session cookie
    remember: str | None = None  # the remember-me cookie
    address: str = ""  # of the client, behind the proxies that we trust

    @property
    def empty(self) -> bool:
        """Whether nothing was shown (an empty key counts as none)."""
        return not (
            self.api_key
            or self.bearer
            or self.token
            or self.access_token
            or self.session
            or self.remember
        )


@dataclass(frozen=True, slots=True)
class User:
    """A person (or a thing) with an account."""

    name: str
    groups: tuple[str, ...] = ()
    permissions: frozenset[Permission] = frozenset()  # own ones, beside those of the groups
    active: bool = True
    created_at: float = 0.0  # unix seconds
    settings: Mapping[str, Any] = field(default_factory=dict)  # of views, kept as they are
    has_password: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A named bundle of permissions."""

    key: str
    name: str
    description: str = ""
    permissions: frozenset[Permission] = frozenset()
    subgroups: tuple[str, ...] = ()
    default: bool = False  # new users are put into it
    removable: bool = True
    changeable: bool = True
    toggleable: bool = True  # can be assigned to users


class KeyKind(StrEnum):
    """What an API key is for; all are checked the same way."""

    # The one key of a user that the APIs show to its owner; what OctoPrint calls the
    # global key and Moonraker the API key is the personal key of whoever asks.
    PERSONAL = "personal"
    APP = "app"  # paired by an application, or made by a person with a label


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it may be shown: everything but the key."""

    id: str
    kind: KeyKind
    user: str  # owner
    label: str
    scopes: frozenset[Scope] | None = None  # None: as far as the owner
    printers: frozenset[str] | None = None  # None: all
    created_at: float = 0.0  # unix seconds
    expires_at: float | None = None
    last_used_at: float | None = None
    fixed: bool = False  # stands in configuration.yaml


@dataclass(frozen=True, slots=True)
class Login:
    """A login that worked: who it is, and the secrets that go back to that client only."""

    identity: Identity
    session: str  # the value of the session cookie
    # What a page may hold to log its websocket in (``{"auth": "user:handle"}``).
    handle: str
    method: Method  # how the session began
    remember: str | None = None  # the value of the remember-me cookie, when wanted
    credentials_seen: float | None = None  # unix seconds of the last password


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of JWTs for Moonraker's clients."""

    user: str
    token: str
    refresh_token: str | None  # None when only the access token was renewed


@dataclass(frozen=True, slots=True)
class AppKeyRequest:
    """An application asks for a key and waits for a person."""

    app: str  # its name, as it said; hostile text
    app_token: str  # secret of the application, to poll with
    user_token: str  # handle of the person, to decide with
    user: str | None  # the user that was asked, if the application named one
    address: str


class AppKeyState(StrEnum):
    """What became of a request for a key."""

    PENDING = "pending"
    GRANTED = "granted"
    DENIED = "denied"
    GIVEN_UP = "given up"  # the application stopped asking


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user was added."""

    name: str


@dataclass(frozen=True, slots=True)
class UserChanged:
    """Password, groups, permissions or activity of a user changed; sessions may be void."""

    name: str


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A group was added, changed or removed: its members may do other things now."""

    key: str


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """A user was removed, with keys and sessions."""

    name: str


@dataclass(frozen=True, slots=True)
class UserLoggedIn:
    """Somebody logged in."""

    name: str
    address: str
    method: Method


@dataclass(frozen=True, slots=True)
class LoginFailed:
    """Somebody gave a wrong password; ``name`` is what they typed and may be anything."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class UserLoggedOut:
    """Somebody logged out; ``session`` is the id in the `Identity`, None = all of them."""

    name: str
    session: str | None


@dataclass(frozen=True, slots=True)
class CredentialRevoked:
    """A credential is void from now on; open websockets of it must close."""

    user: str
    credential: str  # id, as in `Identity.credential`


@dataclass(frozen=True, slots=True)
class AppKeyRequested:
    """An application waits for a decision (OctoPrint pushes it to the people online)."""

    request: AppKeyRequest


@dataclass(frozen=True, slots=True)
class AppKeyDecided:
    """A request came to its end: granted, denied or given up."""

    request: AppKeyRequest
    state: AppKeyState


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
