"""The routes of ``/api/settings``."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body
from appliance.components.octoprint_api.configuring import change_configuration
from appliance.components.octoprint_api.connection import port_names
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.settings import homes, webcams
from appliance.components.octoprint_api.settings.facts import facts
from appliance.components.octoprint_api.settings.homes import Here
from appliance.components.octoprint_api.settings.merging import accept, merge
from appliance.components.octoprint_api.settings.preferences import DEFAULTS, Preferences
from appliance.core import Appliance, ConfigurationChanged
from appliance.domain.auth import AUTH
from appliance.domain.identity import Identity
from appliance.domain.permissions import Permission, permission
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest
from appliance.identifiers import Identifiers


class SettingsApi:
    """Reading and changing the settings of a printer."""

    def __init__(
        self, appliance: Appliance, preferences: Preferences, identifiers: Identifiers
    ) -> None:
        self._appliance = appliance
        self._auth = appliance.use(AUTH)
        self._preferences = preferences
        self._identifiers = identifiers
        self._changed_at = time.time()
        appliance.bus.listen(ConfigurationChanged, self._configuration_changed)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        admin = permission(Permission.ADMIN, fresh=True)
        yield route("GET", "/api/settings", self.get, Permission.SETTINGS_READ)
        yield route("POST", "/api/settings", self.post, Permission.SETTINGS)
        yield route("GET", "/api/settings/templates", get_templates, Permission.SETTINGS)
        yield route("GET", "/api/settings/apikey", self.get_key, admin)
        yield route("POST", "/api/settings/apikey", self.renew_key, admin)
        yield route("DELETE", "/api/settings/apikey", self.delete_key, admin)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return the whole tree."""
        who = web.identity(request)
        tree = await self._tree(web.printer(request), who)
        etag = hashlib.sha1(repr(tree).encode(), usedforsecurity=False).hexdigest()
        bypass = body.flag(request, "force") or "_refresh" in request.query
        headers = web.not_modified(request, etag, self._changed_at, bypass=bypass)
        return web.json_response(tree, headers=headers)

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Put what was sent over the tree, and return it as it is then."""
        given = await web.json_body(request)
        printer = web.printer(request)
        here = Here(self._appliance, printer, request.headers.get("Origin"))
        changes = homes.changes_for(here, given)
        if "webcam" in given:
            await webcams.add_changes(here, given["webcam"], changes)
        wanted = accept(DEFAULTS, given)
        # The YAML first: what it refuses leaves everything as it was.
        await change_configuration(self._appliance, printer, changes.common, changes.printer)
        if await self._preferences.change(printer.id, wanted):
            self._changed_at = time.time()
        return web.json_response(await self._tree(printer, web.identity(request)))

    async def get_key(self, request: web.Request) -> web.StreamResponse:
        """Return the key of the caller; it stays as it is."""
        return web.json_response({"apikey": self._auth.personal_key(_user(request))})

    async def renew_key(self, request: web.Request) -> web.StreamResponse:
        """Replace the key of the caller and return the new one."""
        return web.json_response(
            {"apikey": await self._auth.renew_personal_key(_user(request))}
        )

    async def delete_key(self, request: web.Request) -> web.StreamResponse:
        """Void the key of the caller."""
        await self._auth.delete_personal_key(_user(request))
        return web.no_content()

    async def _tree(self, printer: Printer, who: Identity) -> dict[str, Any]:
        here = Here(self._appliance, printer)
        tree = facts(here, await port_names(printer), self._identifiers.of(printer.id))
        tree = merge(tree, self._preferences.of(printer.id))
        tree = merge(tree, homes.read_all(here))
        tree["webcam"] = webcams.read(here)
        trusted = who.admin and who.is_fresh and who.user is not None
        tree["api"]["key"] = (
            self._auth.personal_key(who.user) if trusted and who.user is not None else None
        )
        return tree

    def _configuration_changed(self, _event: ConfigurationChanged) -> None:
        self._changed_at = time.time()


async def get_templates(_request: web.Request) -> web.StreamResponse:
    """Return the order of the parts of a page; ours has none that a client could order."""
    kinds = ("navbar", "sidebar", "tab", "settings", "usersettings", "wizard", "about")
    order: Mapping[str, list[Any]] = {kind: [] for kind in kinds}
    return web.json_response({"order": order})


def _user(request: web.Request) -> str:
    user = web.identity(request).user
    if user is None:
        raise InvalidRequest("only a user has a key")
    return user
