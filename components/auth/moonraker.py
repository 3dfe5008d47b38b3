"""Moonraker's ``/access/*``: the same methods over HTTP and JSON-RPC."""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from typing import Any

import orjson

from appliance import web
from appliance.domain.auth import Auth
from appliance.domain.identity import Identity, Method
from appliance.domain.logins import Tokens
from appliance.domain.permissions import Scope, authenticated, optional, scope
from appliance.domain.rpc import Call, RpcMethod
from appliance.domain.users import User
from appliance.errors import (
    CredentialInvalid,
    CredentialMissing,
    InvalidRequest,
    PermissionMissing,
)
from appliance.web import Exchange, Family, HttpError, Request, Route, StreamResponse

SOURCE = "moonraker"  # the one source of users that its clients know
# How its clients call somebody who is nobody in particular; Fluidd knows the name.
TRUSTED = "_TRUSTED_USER_"
_FORM = "application/x-www-form-urlencoded"


class MoonrakerAccess:
    """The methods."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    def methods(self) -> tuple[RpcMethod, ...]:
        """Return what is offered."""
        admin = scope(Scope.ADMIN, fresh=True)
        return (
            RpcMethod("access.info", "GET", "/access/info", optional(), self.info),
            RpcMethod(
                "access.get_api_key",
                "GET",
                "/access/api_key",
                authenticated(),
                self.get_key,
            ),
            RpcMethod(
                "access.post_api_key",
                "POST",
                "/access/api_key",
                authenticated(fresh=True),
                self.renew_key,
            ),
            RpcMethod(
                "access.oneshot_token",
                "GET",
                "/access/oneshot_token",
                authenticated(),
                self.oneshot_token,
            ),
            RpcMethod("access.login", "POST", "/access/login", optional(), self.login),
            RpcMethod("access.logout", "POST", "/access/logout", optional(), self.logout),
            RpcMethod(
                "access.refresh_jwt", "POST", "/access/refresh_jwt", optional(), self.refresh
            ),
            RpcMethod(
                "access.get_user", "GET", "/access/user", authenticated(), self.get_user
            ),
            RpcMethod("access.post_user", "POST", "/access/user", admin, self.create_user),
            RpcMethod("access.delete_user", "DELETE", "/access/user", admin, self.delete_user),
            RpcMethod(
                "access.users.list",
                "GET",
                "/access/users/list",
                scope(Scope.READ),
                self.list_users,
            ),
            RpcMethod(
                "access.user.password",
                "POST",
                "/access/user/password",
                authenticated(),
                self.change_password,
            ),
        )

    async def info(self, call: Call) -> dict[str, Any]:
        """Say how to log in, to anybody."""
        known = not call.identity.anonymous
        return {
            "default_source": SOURCE,
            "available_sources": [SOURCE],
            "login_required": not known,
            "trusted": call.identity.method is Method.TRUSTED,
        }

    async def get_key(self, call: Call) -> str | None:
        """Return the personal key of the caller; whoever is nobody in particular has none."""
        if call.identity.method is Method.TRUSTED:
            return ""  # Fluidd asks at every start and breaks on null
        call.identity.check(authenticated(fresh=True))
        return self._auth.personal_key(_owner(call.identity))

    async def renew_key(self, call: Call) -> str:
        """Replace the personal key of the caller."""
        return await self._auth.renew_personal_key(_owner(call.identity))

    async def oneshot_token(self, call: Call) -> str:
        """Return a token for one request within five seconds."""
        return self._auth.oneshot_token(call.identity, address=call.address)

    async def login(self, call: Call) -> dict[str, Any]:
        """Exchange a password for tokens."""
        name, password = call.text("username"), call.text("password")
        source = call.params.get("source", SOURCE)
        if source not in (SOURCE, "", None):
            raise InvalidRequest("there is no such source of users")
        try:
            tokens = await self._auth.login_for_tokens(name, password, address=call.address)
        except CredentialInvalid as error:
            raise InvalidRequest(str(error)) from None  # 400, as Moonraker has it
        return _tokens(tokens, "user_logged_in")

    async def logout(self, call: Call) -> dict[str, Any]:
        """Void the tokens (or the session) of the caller."""
        if call.identity.user is None or call.identity.method not in (
            Method.JWT,
            Method.SESSION,
            Method.REMEMBER,
        ):
            raise InvalidRequest("nobody is logged in")
        await self._auth.logout(call.identity)
        return {"username": call.identity.user, "action": "user_logged_out"}

    async def refresh(self, call: Call) -> dict[str, Any]:
        """Exchange a refresh token for a new access token."""
        tokens = await self._auth.refresh(call.text("refresh_token"))
        return _tokens(tokens, "user_jwt_refresh")

    async def get_user(self, call: Call) -> dict[str, Any]:
        """Return who the caller is."""
        if call.identity.user is None:
            return {"username": TRUSTED, "source": SOURCE, "created_on": None}
        return _user(self._auth.user(call.identity.user))

    async def create_user(self, call: Call) -> dict[str, Any]:
        """Add a user and log them in."""
        name, password = call.text("username"), call.text("password")
        await self._auth.create_user(name, password)
        tokens = await self._auth.login_for_tokens(name, password, address=call.address)
        return _tokens(tokens, "user_created")

    async def delete_user(self, call: Call) -> dict[str, Any]:
        """Remove another user."""
        name = call.text("username")
        if name == call.identity.user:
            raise InvalidRequest("nobody can delete themselves")
        await self._auth.delete_user(name)
        return {"username": name, "action": "user_deleted"}

    async def list_users(self, call: Call) -> dict[str, Any]:
        """List the users."""
        return {"users": [_user(user) for user in self._auth.users]}

    async def change_password(self, call: Call) -> dict[str, Any]:
        """Replace the password of the caller, who knows the present one."""
        password, new = call.text("password"), call.text("new_password")
        name = _owner(call.identity)
        try:
            await self._auth.check_password(name, password, address=call.address)
        except CredentialInvalid as error:
            raise InvalidRequest(str(error)) from None
        await self._auth.set_password(name, new)
        return {"username": name, "action": "user_password_reset"}


def routes(methods: Iterable[RpcMethod]) -> list[Route]:
    """Return the methods as paths."""
    return [
        Route(
            method.verb,
            method.path,
            _handler(method),
            method.access,
            Family.MOONRAKER,
            exchange=Exchange(answer={"type": "object"}),
        )
        for method in methods
    ]


async def arguments(request: Request) -> dict[str, Any]:
    """Return query and body as one, the body wins; JSON or a form."""
    merged: dict[str, Any] = dict(request.query)
    data = await request.read()
    if not data.strip():
        return merged
    if request.content_type == _FORM:
        return merged | await web.form_body(request)
    if request.content_type not in ("application/json", "application/octet-stream"):
        raise HttpError(415, "send JSON or a form")
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise InvalidRequest("the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise InvalidRequest("the body must be a JSON object")
    merged.update(body)
    return merged


def _handler(method: RpcMethod) -> web.Handler:
    @wraps(method.run)
    async def handle(request: Request) -> StreamResponse:
        params = await arguments(request)
        call = Call(params, web.identity(request), web.address(request))
        return web.json_response({"result": await method.run(call)})

    return handle


def _owner(who: Identity) -> str:
    """Return the user that the caller fully is: not a key of less reach, not a network."""
    if who.user is None:
        raise CredentialMissing("log in as a user")
    if who.restricted:
        raise PermissionMissing("this key may not act as its owner")
    return who.user


def _user(user: User) -> dict[str, Any]:
    return {"username": user.name, "source": SOURCE, "created_on": user.created_at}


def _tokens(tokens: Tokens, action: str) -> dict[str, Any]:
    data = {
        "username": tokens.user,
        "token": tokens.token,
        "source": SOURCE,
        "action": action,
    }
    if tokens.refresh_token is not None:
        data["refresh_token"] = tokens.refresh_token
    return data
