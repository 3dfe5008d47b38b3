"""OctoPrint's app keys: how slicers and apps pair, and how their keys are managed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from appliance import web
from appliance.bus import Bus
from appliance.components.auth.key_limits import KeyLimits
from appliance.components.auth.pairing import Ended, Pairing
from appliance.domain.api_keys import (
    ApiKey,
    AppKeyDecided,
    AppKeyRequest,
    AppKeyRequested,
    AppKeyState,
    KeyKind,
)
from appliance.domain.auth import Auth
from appliance.domain.identity import Credentials, Identity
from appliance.domain.permissions import (
    Permission,
    authenticated,
    permission,
    public,
)
from appliance.errors import (
    CredentialInvalid,
    InvalidRequest,
    PermissionMissing,
)
from appliance.tasks import Tasks
from appliance.web import Exchange, Family, Rate, Request, Route, StreamResponse

BASE = "/plugin/appkeys"
GRANT = permission(Permission.APPKEYS_GRANT, fresh=True)
LOOK_EVERY_S = 1.0


class OctoPrintAppKeys:
    """The routes, and the announcements that go with them."""

    def __init__(self, auth: Auth, pairing: Pairing, bus: Bus, tasks: Tasks) -> None:
        self._auth = auth
        self._pairing = pairing
        self._bus = bus
        self._tasks = tasks
        self._watch: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        """Return them."""
        family = Family.OCTOPRINT
        app_body = {
            "type": "object",
            "required": ["app"],
            "properties": {"app": {"type": "string"}, "user": {"type": "string"}},
        }
        return [
            Route(
                "GET",
                f"{BASE}/probe",
                self.probe,
                public(),
                family,
                exchange=Exchange(statuses=(204,)),
            ),
            Route(
                "POST",
                f"{BASE}/request",
                self.request,
                public(),
                family,
                rate=Rate.PAIRING,
                csrf_exempt=True,
                exchange=Exchange(statuses=(201,), body=app_body),
            ),
            Route(
                "GET",
                f"{BASE}/request/{{app_token}}",
                self.poll,
                public(),
                family,
                exchange=Exchange(statuses=(200, 202)),
            ),
            Route(
                "GET",
                f"{BASE}/pending/{{app_token}}",
                self.show,
                permission(Permission.APPKEYS_GRANT),
                family,
            ),
            Route(
                "POST",
                f"{BASE}/decision/{{user_token}}",
                self.decide,
                GRANT,
                family,
                exchange=Exchange(statuses=(204,), body={"type": "object"}),
            ),
            Route("GET", "/api/plugin/appkeys", self.list_keys, authenticated(), family),
            Route(
                "POST",
                "/api/plugin/appkeys",
                self.command,
                authenticated(fresh=True),
                family,
                exchange=Exchange(statuses=(200, 204), body={"type": "object"}),
            ),
        ]

    # --- the application ------------------------------------------------------------------

    async def probe(self, request: Request) -> StreamResponse:
        """Say that pairing is possible."""
        return web.no_content()

    async def request(self, request: Request) -> StreamResponse:
        """Ask for a key."""
        data = await web.json_body(request)
        user = data.get("user")
        if user is not None and not isinstance(user, str):
            raise InvalidRequest("'user' must be text")
        made = self._pairing.request(_text(data, "app"), user or None, web.address(request))
        self._bus.fire(AppKeyRequested(made))
        if self._watch is None or self._watch.done():
            self._watch = self._tasks.spawn(self._expire(), "wait for app key decisions")
        token = quote(made.app_token)
        return web.json_response(
            {
                "app_token": made.app_token,
                "auth_dialog": web.url_for(request, f"{BASE}/auth/{token}"),
            },
            201,
            headers={"Location": web.url_for(request, f"{BASE}/request/{token}")},
        )

    async def poll(self, request: Request) -> StreamResponse:
        """Ask whether somebody has decided."""
        key = self._pairing.poll(request.match_info["app_token"])
        if key is None:
            return web.json_response({"message": "Awaiting decision"}, 202)
        return web.json_response({"api_key": key})

    async def _expire(self) -> None:
        """Notice applications that gave up, as long as any of them waits."""
        while len(self._pairing):
            await asyncio.sleep(LOOK_EVERY_S)
            self._pairing.expire()

    # --- the person -----------------------------------------------------------------------

    async def show(self, request: Request) -> StreamResponse:
        """Describe a request to the person who has to decide."""
        made = self._pairing.by_app_token(request.match_info["app_token"])
        return web.json_response(_pending(made))

    async def decide(self, request: Request) -> StreamResponse:
        """Grant or deny a request; ``scopes``, ``printers`` and ``expires_at`` narrow it."""
        data = await web.json_body(request)
        decision = data.get("decision")
        if not isinstance(decision, bool):
            raise InvalidRequest("'decision' must be true or false")
        by = web.identity(request)
        made = self._pairing.by_user_token(request.match_info["user_token"])
        if by.user is None:
            raise PermissionMissing("log in as a user: the key will be yours")
        if made.user is not None and made.user != by.user:
            raise PermissionMissing("somebody else was asked")
        if not decision:
            self._pairing.deny(made)
            return web.no_content()
        limits = KeyLimits.read(data)
        _, secret = await self._auth.create_key(
            by.user,
            made.app,
            scopes=limits.scopes,
            printers=limits.printers,
            expires_at=limits.expires_at,
            by=by,
        )
        self._pairing.grant(made, secret)
        self._bus.fire(AppKeyDecided(made, AppKeyState.GRANTED))
        return web.no_content()

    async def list_keys(self, request: Request) -> StreamResponse:
        """List the keys of applications, one's own or everybody's."""
        by = web.identity(request)
        keys = self._visible(request, by)
        if (app := request.query.get("app")) is not None:
            keys = [key for key in keys if key.label.lower() == app.lower()]
        pending = (
            {each.user_token: _pending(each) for each in self._pairing}
            if by.may(Permission.APPKEYS_GRANT)
            else {}
        )
        return web.json_response(
            {
                "keys": [{"app_id": key.label, "user_id": key.user} for key in keys],
                "pending": pending,
            }
        )

    async def command(self, request: Request) -> StreamResponse:
        """Make a key by hand, or revoke one."""
        data = await web.json_body(request)
        by = web.identity(request)
        user = data.get("user") or by.user
        if not isinstance(user, str):
            raise PermissionMissing("log in as a user")
        match data.get("command"):
            case "generate":
                limits = KeyLimits.read(data)
                key, secret = await self._auth.create_key(
                    user,
                    _text(data, "app"),
                    scopes=limits.scopes,
                    printers=limits.printers,
                    expires_at=limits.expires_at,
                    by=by,
                )
                return web.json_response(
                    {"user_id": key.user, "app_id": key.label, "api_key": secret}
                )
            case "revoke":
                await self._revoke(data, user, by)
                return web.no_content()
            case _:
                raise InvalidRequest("the commands are generate and revoke")

    async def _revoke(self, data: Mapping[str, Any], user: str, by: Identity) -> None:
        if by.restricted and not by.admin:
            raise PermissionMissing("this key may not revoke keys")
        everybody = by.may(Permission.APPKEYS_ADMIN)
        if isinstance(data.get("key"), str) and data["key"]:
            wanted = self._id_of(data["key"])
            found = [key for key in self._app_keys(None) if f"key:{key.id}" == wanted]
            if not everybody and [key.user for key in found] != [by.user]:
                raise PermissionMissing("that is none of your keys")
        else:
            if user != by.user and not everybody:
                raise PermissionMissing("only an administrator revokes the keys of others")
            app = _text(data, "app").lower()
            found = [key for key in self._app_keys(user) if key.label.lower() == app]
            if not found:
                raise InvalidRequest("there is no such app")
        for key in found:
            await self._auth.revoke_key(key.id)

    def _id_of(self, secret: str) -> str | None:
        """Return the id of a key that was given itself."""
        try:
            return self._auth.identify(Credentials(api_key=secret)).credential
        except CredentialInvalid:
            return None

    def _app_keys(self, user: str | None) -> list[ApiKey]:
        return [
            key
            for key in self._auth.keys
            if key.kind is KeyKind.APP and (user is None or key.user == user)
        ]

    def _visible(self, request: Request, by: Identity) -> list[ApiKey]:
        if request.query.get("all", "").lower() in ("true", "yes", "y", "1"):
            if not by.may(Permission.APPKEYS_ADMIN):
                raise PermissionMissing("only an administrator sees the keys of others")
            return self._app_keys(None)
        return self._app_keys(by.user) if by.user is not None else []


def announce_end(bus: Bus, request: AppKeyRequest, how: Ended) -> None:
    """Tell that a request ended without a key."""
    state = AppKeyState.DENIED if how is Ended.DENIED else AppKeyState.GIVEN_UP
    bus.fire(AppKeyDecided(request, state))


def _pending(request: AppKeyRequest) -> dict[str, Any]:
    return {
        "app_name": request.app,
        "user_token": request.user_token,
        "user_id": request.user,
        "remote_address": request.address,
    }


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        message = f"'{name}' is missing or not text"
        raise InvalidRequest(message)
    return value
