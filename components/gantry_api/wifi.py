"""``/api/gantry/wifi``: what is on the air, which network we are in, join another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.host import HostRefused
from appliance.domain.permissions import Scope
from appliance.domain.wifi import Wifi, WifiWish
from appliance.errors import InvalidRequest

_PATH = "/wifi"
_NOT_OURS = "Gantry looks after the Wi-Fi on its own SD-card image only."
_NO_RADIO = "This computer has no Wi-Fi."
_TEXT = {"type": "string"}
_JOIN_BODY = {
    "type": "object",
    "required": ["ssid"],
    "properties": {
        "ssid": {**_TEXT, "minLength": 1},
        "password": {**_TEXT, "minLength": 8},
        "country": {**_TEXT, "minLength": 2, "maxLength": 2},
        "hidden": {"type": "boolean"},
    },
}
_FORGET_BODY = {"type": "object", "required": ["ssid"], "properties": {"ssid": _TEXT}}


class WifiApi:
    """The routes."""

    def __init__(self, find: Callable[[], Wifi | None]) -> None:
        self._find = find

    def routes(self) -> Iterable[web.Route]:
        """Declare them. Another network may take us away from everybody: fresh."""
        admin = Scope.ADMIN
        yield route("GET", _PATH, self.show, admin)
        yield route("POST", f"{_PATH}/scan", self.scan, admin)
        yield route(
            "POST",
            f"{_PATH}/join",
            self.join,
            admin,
            fresh=True,
            exchange=web.Exchange(statuses=(202,), body=_JOIN_BODY),
        )
        yield route(
            "POST",
            f"{_PATH}/forget",
            self.forget,
            admin,
            fresh=True,
            exchange=web.Exchange(statuses=(202,), body=_FORGET_BODY),
        )

    async def show(self, _request: web.Request) -> web.StreamResponse:
        """Return how the Wi-Fi is; where it is not ours, why nothing can be done."""
        return await self._shown(scan=False)

    async def scan(self, _request: web.Request) -> web.StreamResponse:
        """Listen anew; return how the Wi-Fi is."""
        return await self._shown(scan=True)

    async def join(self, request: web.Request) -> web.StreamResponse:
        """Have a network tried; ``attempt`` says later how it ended."""
        body = await web.json_body(request)
        wish = WifiWish(
            _text(body, "ssid") or "",
            _text(body, "password") or None,
            (_text(body, "country") or "").upper() or None,
            hidden=body.get("hidden") is True,
        )
        web.note(request, f"Wi-Fi {wish.ssid}")
        await self._wifi().join(wish)
        return web.json_response({"trying": True}, 202)

    async def forget(self, request: web.Request) -> web.StreamResponse:
        """Have a network no more."""
        ssid = _text(await web.json_body(request), "ssid") or ""
        web.note(request, f"forget Wi-Fi {ssid}")
        await self._wifi().forget(ssid)
        return web.json_response({}, 202)

    def _wifi(self) -> Wifi:
        if (wifi := self._find()) is None:
            raise HostRefused(_NOT_OURS)
        return wifi

    async def _shown(self, *, scan: bool) -> web.StreamResponse:
        wifi = self._find()
        if wifi is None:
            return web.json_response({"supported": False, "because": _NOT_OURS})
        state = await wifi.look(scan=scan)
        because = _NO_RADIO if state.device is None else None
        answer: dict[str, Any] = {"supported": because is None, "because": because}
        return web.json_response(answer | asdict(state))


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        message = f"'{name}' is a text"
        raise InvalidRequest(message)
    return value
