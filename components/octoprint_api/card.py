"""``/api/printer/sd``: mount, read and release the printer's own card."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import web
from appliance.components.octoprint_api import body, conditions
from appliance.components.octoprint_api.render import state
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.settings.preferences import Preferences
from appliance.domain.permissions import Permission
from appliance.errors import PrinterBusy

_COMMANDS: dict[str, tuple[str, ...]] = {"init": (), "refresh": (), "release": ()}


class CardApi:
    """The printer's own card."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        yield route("GET", "/api/printer/sd", self.get, Permission.STATUS)
        yield route("POST", "/api/printer/sd", self.post, Permission.CONTROL)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return whether the card can be used."""
        printer = web.printer(request)
        conditions.need_card_support(self._preferences.has_card(printer.id))
        return web.json_response({"ready": state.flags(printer.snapshot)["sdReady"]})

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Mount, read or release the card."""
        printer = web.printer(request)
        conditions.need_card_support(self._preferences.has_card(printer.id))
        conditions.need_idle(printer.snapshot)
        name, _parameters = await body.command(request, _COMMANDS)
        if name != "init" and not printer.snapshot.sd.ready:
            raise PrinterBusy("there is no card, or it was released")
        who = web.identity(request).origin
        if name == "init":
            await printer.send(["M21"], origin=who)
            await printer.refresh_sd()
        elif name == "refresh":
            await printer.refresh_sd()
        else:
            await printer.send(["M22"], origin=who)
        return web.no_content()
