"""``/api/setup/wizard``: what a first run still asks for, and that it was answered."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import web
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.auth import AUTH
from appliance.domain.permissions import Permission
from appliance.errors import InvalidRequest
from appliance.storage import Store

_VERSION = 1


class WizardApi:
    """The one wizard that there is: accounts and the machine."""

    def __init__(self, appliance: Appliance) -> None:
        self._auth = appliance.use(AUTH)
        self._store: Store = appliance.storage.store("octoprint_wizard")
        self._handled: set[str] = set()

    async def load(self) -> None:
        """Read what was answered."""
        self._handled = await self._store.read(set) or set()

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        path = "/api/setup/wizard"
        yield route("GET", path, self.get, Permission.ADMIN, per_printer=False)
        yield route("POST", path, self.post, Permission.ADMIN, per_printer=False)

    async def get(self, _request: web.Request) -> web.StreamResponse:
        """Return what is still to be done."""
        unclaimed = not self._auth.claimed
        handled = "corewizard" in self._handled
        return web.json_response(
            {
                "corewizard": {
                    "details": {
                        "acl": {"required": unclaimed},
                        "printerprofile": {"required": not handled},
                        "servercommands": {"required": False},
                        "onlinecheck": {"required": False},
                        "pluginblacklist": {"required": False},
                    },
                    "ignored": handled,
                    "required": unclaimed or not handled,
                    "version": _VERSION,
                }
            }
        )

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Take note of what was answered."""
        handled = (await web.json_body(request)).get("handled")
        if not isinstance(handled, list) or not all(isinstance(name, str) for name in handled):
            raise InvalidRequest("'handled' must be a list of names")
        if "corewizard" in handled:
            self._handled.add("corewizard")
            await self._store.save(sorted(self._handled))
        return web.no_content()
