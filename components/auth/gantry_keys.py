"""Our own routes for keys: made with label, scopes, printers and an end; shown once.

And the way out for whoever waits after too many wrong passwords.
"""

from __future__ import annotations

from typing import Any

from appliance import web
from appliance.components.auth.key_limits import KeyLimits
from appliance.domain.api_keys import ApiKey
from appliance.domain.auth import Auth
from appliance.domain.identity import Identity
from appliance.domain.permissions import Scope, authenticated, scope
from appliance.errors import InvalidRequest, PermissionMissing, UserMissing
from appliance.web import Exchange, Family, Request, Route, StreamResponse

_LIMITS = {
    "label": {"type": "string"},
    "user": {"type": "string"},
    "scopes": {"type": "array", "items": {"enum": [each.value for each in Scope]}},
    "printers": {"type": "array", "items": {"type": "string"}},
    "expires_at": {"type": "number"},
}


class GantryKeys:
    """The routes."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    def routes(self) -> list[Route]:
        """Return them."""
        fresh = authenticated(fresh=True)
        body = {"type": "object", "required": ["label"], "properties": _LIMITS}
        return [
            Route("GET", "/api/gantry/keys", self.show, fresh, Family.GANTRY),
            Route(
                "POST",
                "/api/gantry/keys",
                self.create,
                fresh,
                Family.GANTRY,
                exchange=Exchange(statuses=(201,), body=body),
            ),
            Route(
                "DELETE",
                "/api/gantry/keys/{id}",
                self.revoke,
                fresh,
                Family.GANTRY,
                exchange=Exchange(statuses=(204,)),
            ),
            Route(
                "POST",
                "/api/gantry/unlock",
                self.unlock,
                scope(Scope.ADMIN),
                Family.GANTRY,
                exchange=Exchange(statuses=(204,)),
            ),
        ]

    async def show(self, request: Request) -> StreamResponse:
        """List one's own keys; an administrator sees everybody's."""
        return web.json_response(
            {"keys": [_record(key) for key in self._visible(web.identity(request))]}
        )

    async def create(self, request: Request) -> StreamResponse:
        """Make a key; the answer is the only place that ever shows it."""
        data = await web.json_body(request)
        by = web.identity(request)
        user, label = data.get("user", by.user), data.get("label")
        if not isinstance(user, str) or not isinstance(label, str):
            raise InvalidRequest(
                "'label' is missing, or it is not clear whose key it shall be"
            )
        limits = KeyLimits.read(data)
        key, secret = await self._auth.create_key(
            user,
            label,
            scopes=limits.scopes,
            printers=limits.printers,
            expires_at=limits.expires_at,
            by=by,
        )
        return web.json_response({**_record(key), "key": secret}, 201)

    async def revoke(self, request: Request) -> StreamResponse:
        """Void a key."""
        wanted = request.match_info["id"]
        if all(key.id != wanted for key in self._visible(web.identity(request))):
            raise UserMissing("there is no such key")
        await self._auth.revoke_key(wanted)
        return web.no_content()

    async def unlock(self, request: Request) -> StreamResponse:
        """Forget every failed attempt to log in."""
        self._auth.unlock()
        return web.no_content()

    def _visible(self, by: Identity) -> list[ApiKey]:
        if by.restricted and not by.admin:
            raise PermissionMissing("this key may not manage keys")
        return [key for key in self._auth.keys if by.admin or key.user == by.user]


def _record(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "kind": key.kind,
        "user": key.user,
        "label": key.label,
        "scopes": None if key.scopes is None else sorted(key.scopes),
        "printers": None if key.printers is None else sorted(key.printers),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "fixed": key.fixed,
    }
