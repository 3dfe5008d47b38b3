"""Who somebody turned out to be, and how far that reaches.

Whatever a client shows (a key, a session, a JWT, a one-shot token, an address in a trusted
network) becomes one `Identity`; everything behind the front door asks only that.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from appliance.domain.permissions import (
    EVERY_PERMISSION,
    EVERY_SCOPE,
    Access,
    Need,
    Permission,
    Scope,
)
from appliance.errors import CredentialMissing, CredentialStale, PermissionMissing
from appliance.records import dataclass


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
class CredentialRevoked:
    """A credential is void from now on; open websockets of it must close."""

    user: str
    credential: str  # id, as in `Identity.credential`
