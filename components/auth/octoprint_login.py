"""OctoPrint's login, logout and current user, with the cookies that its clients expect."""

from __future__ import annotations

import ipaddress
from typing import Any

import orjson

from appliance import web
from appliance.components.auth.records import guest_record, login_record
from appliance.components.auth.sessions import REMEMBER_S
from appliance.domain.auth import Auth
from appliance.domain.identity import Identity, Method
from appliance.domain.logins import Login
from appliance.domain.permissions import optional
from appliance.domain.users import GUESTS
from appliance.errors import CredentialInvalid, InvalidRequest, PermissionMissing
from appliance.web import Exchange, Family, Request, Route, StreamResponse

_TRUE = frozenset({"true", "yes", "y", "1"})
SESSION_COOKIE = "session"
REMEMBER_COOKIE = "remember_token"
LOGOUT_COOKIE = "active_logout"

_LOGIN_BODY = {
    "type": "object",
    "properties": {
        "user": {"type": "string"},
        "pass": {"type": "string"},
        "remember": {"type": "boolean"},
        "passive": {"type": "boolean"},
    },
}


class OctoPrintLogin:
    """The three routes."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    def routes(self) -> list[Route]:
        """Return them."""
        family = Family.OCTOPRINT
        return [
            Route(
                "POST",
                "/api/login",
                self.login,
                optional(),
                family,
                exchange=Exchange(body=_LOGIN_BODY),
            ),
            Route("POST", "/api/logout", self.logout, optional(), family),
            Route("GET", "/api/currentuser", self.current_user, optional(), family),
        ]

    async def login(self, request: Request) -> StreamResponse:
        """Log in with a password, or (passive) tell who the credential stands for."""
        data = await _fields(request)
        if _is_true(data.get("passive")):
            return await self._passive(request)
        user, password = data.get("user"), data.get("pass")
        if not isinstance(user, str) or not isinstance(password, str) or not user:
            raise InvalidRequest("user and pass are missing")
        try:
            login = await self._auth.login(
                user,
                password,
                address=web.address(request),
                remember=_is_true(data.get("remember")),
            )
        except CredentialInvalid as error:
            raise PermissionMissing(str(error)) from None  # 403, as OctoPrint has it
        before = web.identity(request)
        if before.session is not None:
            await self._auth.logout(before)
        return self._answer(request, login, cookies=True)

    async def logout(self, request: Request) -> StreamResponse:
        """End the session."""
        await self._auth.logout(web.identity(request))
        response = web.json_response({"needs": {}})
        web.drop_cookie(request, response, SESSION_COOKIE)
        web.drop_cookie(request, response, REMEMBER_COOKIE)
        web.set_cookie(request, response, LOGOUT_COOKIE, "true", script=True)
        return response

    async def current_user(self, request: Request) -> StreamResponse:
        """Say who asks."""
        who = web.identity(request)
        return web.json_response(
            {
                "name": who.user,
                "permissions": sorted(who.permissions),
                "groups": list(who.groups) or [GUESTS],
            }
        )

    async def _passive(self, request: Request) -> StreamResponse:
        who = web.identity(request)
        if who.user is None:
            return web.json_response(guest_record(who))
        login = await self._auth.login_as(who, address=web.address(request))
        return self._answer(request, login, cookies=who.method is Method.REMEMBER)

    def _answer(self, request: Request, login: Login, *, cookies: bool) -> StreamResponse:
        external = _is_external(web.address(request), login.identity)
        response = web.json_response(login_record(self._auth, login, external=external))
        if cookies:
            web.set_cookie(request, response, SESSION_COOKIE, login.session)
            web.drop_cookie(request, response, LOGOUT_COOKIE)
        if login.remember is not None:
            web.set_cookie(
                request,
                response,
                REMEMBER_COOKIE,
                login.remember,
                max_age_s=int(REMEMBER_S),
            )
        return response


async def _fields(request: Request) -> dict[str, Any]:
    """Return the fields of a login: JSON, or a form as old scripts send it."""
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await web.form_body(request))
    data = await request.read()
    try:
        fields = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise InvalidRequest("the body is not valid JSON") from None
    if not isinstance(fields, dict):
        raise InvalidRequest("the body must be a JSON object")
    return fields


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str | int) and str(value).lower() in _TRUE)


def _is_external(address: str, who: Identity) -> bool:
    if who.method is Method.LOCAL:
        return False
    try:
        return not ipaddress.ip_address(address).is_private
    except ValueError:
        return False
