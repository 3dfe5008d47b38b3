"""OctoPrint's ``/api/access/*`` (and the older ``/api/users*``): users, groups, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from appliance import web
from appliance.components.auth.accounts import known_permissions
from appliance.components.auth.records import group_record, permission_record, user_record
from appliance.domain.auth import Auth
from appliance.domain.permissions import Access, Permission, optional, permission
from appliance.domain.users import ADMINS, Group
from appliance.errors import (
    CredentialInvalid,
    InvalidRequest,
    PermissionMissing,
)
from appliance.web import Exchange, Family, Request, Route, StreamResponse

ADMIN = permission(Permission.ADMIN)
FRESH_ADMIN = permission(Permission.ADMIN, fresh=True)
SELF = permission(Permission.ADMIN, own="username")
FRESH_SELF = permission(Permission.ADMIN, own="username", fresh=True)

_ANY_OBJECT = {"type": "object"}
# Bytes of what clients keep for a user, in JSON; it stands in one file with all users.
_MOST_SETTINGS = 64 * 1024

_TRUE = frozenset({"true", "yes", "y", "1"})


class OctoPrintAccess:
    """The routes."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    def routes(self) -> list[Route]:
        """Return them, those of users under both names."""
        made = [
            self._route("GET", "/api/access/permissions", self.list_permissions, optional()),
            self._route("GET", "/api/access/groups", self.list_groups, ADMIN),
            self._route("POST", "/api/access/groups", self.add_group, FRESH_ADMIN),
            self._route("GET", "/api/access/groups/{key}", self.get_group, ADMIN),
            self._route("PUT", "/api/access/groups/{key}", self.change_group, FRESH_ADMIN),
            self._route("DELETE", "/api/access/groups/{key}", self.drop_group, FRESH_ADMIN),
        ]
        for base in ("/api/access/users", "/api/users"):
            one = f"{base}/{{username}}"
            made += [
                self._route("GET", base, self.list_users, ADMIN),
                self._route("POST", base, self.add_user, FRESH_ADMIN),
                self._route("GET", one, self.get_user, SELF),
                self._route("PUT", one, self.change_user, FRESH_ADMIN),
                self._route("DELETE", one, self.drop_user, FRESH_ADMIN),
                self._route("PUT", f"{one}/password", self.set_password, SELF),
                self._route("GET", f"{one}/settings", self.get_settings, SELF),
                self._route("PATCH", f"{one}/settings", self.set_settings, SELF),
                self._route("POST", f"{one}/apikey", self.renew_key, FRESH_SELF),
                self._route("DELETE", f"{one}/apikey", self.drop_key, FRESH_SELF),
            ]
        return made

    @staticmethod
    def _route(
        method: str, path: str, handler: web.Handler, access: Access, *, status: int = 200
    ) -> Route:
        body = _ANY_OBJECT if method in ("POST", "PUT", "PATCH") else None
        exchange = Exchange(statuses=(status,), body=body)
        return Route(method, path, handler, access, Family.OCTOPRINT, exchange=exchange)

    # --- permissions and groups -----------------------------------------------------------

    async def list_permissions(self, request: Request) -> StreamResponse:
        """List the permissions that there are."""
        records = [permission_record(each) for each in Permission]
        return web.json_response({"permissions": records})

    async def list_groups(self, request: Request) -> StreamResponse:
        """List the groups."""
        return web.json_response(
            {"groups": [group_record(group) for group in self._auth.groups]}
        )

    async def get_group(self, request: Request) -> StreamResponse:
        """Describe a group."""
        return web.json_response(group_record(self._auth.group(request.match_info["key"])))

    async def add_group(self, request: Request) -> StreamResponse:
        """Add a group."""
        data = await web.json_body(request)
        group = Group(_text(data, "key"), _text(data, "name"))
        await self._auth.put_group(_changed_group(group, data, whole=True), new=True)
        return await self.list_groups(request)

    async def change_group(self, request: Request) -> StreamResponse:
        """Change a group."""
        data = await web.json_body(request)
        group = self._auth.group(request.match_info["key"])
        await self._auth.put_group(_changed_group(group, data, whole=False), new=False)
        return await self.list_groups(request)

    async def drop_group(self, request: Request) -> StreamResponse:
        """Remove a group."""
        await self._auth.delete_group(request.match_info["key"])
        return await self.list_groups(request)

    # --- users ----------------------------------------------------------------------------

    async def list_users(self, request: Request) -> StreamResponse:
        """List the users."""
        by = web.identity(request)
        records = [user_record(self._auth, user, by) for user in self._auth.users]
        return web.json_response({"users": records})

    async def get_user(self, request: Request) -> StreamResponse:
        """Describe a user."""
        user = self._auth.user(request.match_info["username"])
        return web.json_response(user_record(self._auth, user, web.identity(request)))

    async def add_user(self, request: Request) -> StreamResponse:
        """Add a user."""
        data = await web.json_body(request)
        groups = _words(data, "groups")
        if data.get("admin") is True:
            groups = [*(groups or []), ADMINS]
        await self._auth.create_user(
            _text(data, "name"),
            _text(data, "password"),
            groups=groups,
            permissions=known_permissions(_words(data, "permissions") or ()),
            active=_flag(data, "active", default=True),
        )
        return await self.list_users(request)

    async def change_user(self, request: Request) -> StreamResponse:
        """Change groups, permissions and activity of a user."""
        data = await web.json_body(request)
        name = request.match_info["username"]
        groups = _words(data, "groups")
        if isinstance(data.get("admin"), bool):
            kept = [key for key in groups or self._auth.user(name).groups if key != ADMINS]
            groups = [*kept, ADMINS] if data["admin"] else kept
        permissions = _words(data, "permissions")
        await self._auth.change_user(
            name,
            groups=groups,
            permissions=None if permissions is None else known_permissions(permissions),
            active=_flag(data, "active", default=True) if "active" in data else None,
        )
        return await self.list_users(request)

    async def drop_user(self, request: Request) -> StreamResponse:
        """Remove a user."""
        await self._auth.delete_user(request.match_info["username"])
        return await self.list_users(request)

    async def set_password(self, request: Request) -> StreamResponse:
        """Set a password: one's own by the present one, anybody's as administrator."""
        data = await web.json_body(request)
        name, by = request.match_info["username"], web.identity(request)
        password = _text(data, "password")
        self._auth.user(name)
        if name == by.user or not by.is_fresh:
            await self._check_current(request, data, by.user)
        await self._auth.set_password(name, password)
        return web.json_response({})

    async def _check_current(
        self, request: Request, data: Mapping[str, Any], user: str | None
    ) -> None:
        """Ask whoever changes a password for their own present one."""
        current = data.get("current")
        if user is None or not isinstance(current, str):
            raise PermissionMissing("the present password is needed")
        try:
            await self._auth.check_password(user, current, address=web.address(request))
        except CredentialInvalid:
            raise PermissionMissing("that is not the present password") from None

    async def get_settings(self, request: Request) -> StreamResponse:
        """Return what clients keep for a user."""
        return web.json_response(self._auth.user(request.match_info["username"]).settings)

    async def set_settings(self, request: Request) -> StreamResponse:
        """Merge into what clients keep for a user."""
        data = await web.json_body(request)
        name = request.match_info["username"]
        settings = {**self._auth.user(name).settings, **data}
        if len(orjson.dumps(settings)) > _MOST_SETTINGS:
            message = f"more than {_MOST_SETTINGS} bytes are not kept for a user"
            raise InvalidRequest(message)
        await self._auth.set_user_settings(name, settings)
        return web.json_response({})

    async def renew_key(self, request: Request) -> StreamResponse:
        """Replace the personal key of a user."""
        key = await self._auth.renew_personal_key(request.match_info["username"])
        return web.json_response({"apikey": key})

    async def drop_key(self, request: Request) -> StreamResponse:
        """Remove the personal key of a user."""
        await self._auth.delete_personal_key(request.match_info["username"])
        return web.json_response({})


def _changed_group(group: Group, data: Mapping[str, Any], *, whole: bool) -> Group:
    permissions, subgroups = _words(data, "permissions"), _words(data, "subgroups")
    if whole and permissions is None:
        raise InvalidRequest("permissions are missing")
    if permissions is not None:
        group = replace(group, permissions=known_permissions(permissions))
    if subgroups is not None:
        group = replace(group, subgroups=tuple(subgroups))
    if "description" in data:
        group = replace(group, description=_text(data, "description", empty=True))
    return replace(group, default=_flag(data, "default", default=group.default))


def _text(data: Mapping[str, Any], name: str, *, empty: bool = False) -> str:
    value = data.get(name)
    if not isinstance(value, str) or (not value and not empty):
        message = f"'{name}' is missing or not text"
        raise InvalidRequest(message)
    return value


def _words(data: Mapping[str, Any], name: str) -> list[str] | None:
    """Return a list of keys; clients send the keys or whole records."""
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, list):
        message = f"'{name}' must be a list"
        raise InvalidRequest(message)
    words = [each.get("key") if isinstance(each, dict) else each for each in value]
    if not all(isinstance(word, str) for word in words):
        message = f"'{name}' must be a list of keys"
        raise InvalidRequest(message)
    return [str(word) for word in words]


def _flag(data: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = data.get(name, default)
    if isinstance(value, str):  # old clients send words
        return value.lower() in _TRUE
    if not isinstance(value, bool):
        message = f"'{name}' must be true or false"
        raise InvalidRequest(message)
    return value
