"""Routes that tests of the server ask."""

from __future__ import annotations

from appliance import web
from appliance.domain.permissions import (
    Permission,
    Scope,
    authenticated,
    optional,
    permission,
    public,
    scope,
)
from appliance.web import Exchange, Family, Rate, Route
from appliance.websocket import Channel

STATUS = permission(Permission.STATUS)


async def tell(request: web.Request) -> web.StreamResponse:
    """Tell what the server found out."""
    who = web.identity(request)
    return web.json_response(
        {
            "user": who.user,
            "method": who.method,
            "address": web.address(request),
            "base": web.base_path(request),
            "url": web.url_for(request, "/x"),
            "printer": web.match(request).printer and web.printer(request).id,
            "parameters": dict(request.match_info),
        }
    )


async def swallow(request: web.Request) -> web.StreamResponse:
    """Read the body and tell its length."""
    length = 0
    async for chunk in request.content.iter_any():
        length += len(chunk)
    return web.json_response({"length": length})


async def take_json(request: web.Request) -> web.StreamResponse:
    """Read a JSON body."""
    return web.json_response(await web.json_body(request))


async def much(request: web.Request) -> web.StreamResponse:
    """Return a lot of JSON."""
    return web.json_response({"text": "abc" * 5000})


async def page(request: web.Request) -> web.StreamResponse:
    """Return a page."""
    return web.Response(text="<!doctype html><title>x</title>", content_type="text/html")


async def versioned(request: web.Request) -> web.StreamResponse:
    """Return something that changes seldom."""
    headers = web.not_modified(request, "v1", 1_700_000_000)
    return web.json_response({}, headers=headers)


async def explode(request: web.Request) -> web.StreamResponse:
    """Fail in a way that nobody expected."""
    message = "detail of /home/pi/secret.py"
    raise RuntimeError(message)


async def chat(request: web.Request) -> web.StreamResponse:
    """Echo text messages; ``flood N`` sends N messages of 10 kB."""
    async with await Channel.open(request) as channel:
        async for text in channel:
            if text.startswith("flood"):
                for _ in range(int(text.split()[1])):
                    channel.send("x" * 10_000)
            elif text == "login":
                channel.identity = web.identity(request)
            else:
                channel.send(text)
    return channel.response


async def lobby(request: web.Request) -> web.StreamResponse:
    """Echo to whoever is there, logged in or not, for as long as ``patience`` has it [s]."""
    patience = float(request.query["patience"])
    async with await Channel.open(request, authenticate_s=patience) as channel:
        async for text in channel:
            channel.send(text)
    return channel.response


OCTOPRINT, MOONRAKER, GANTRY = Family.OCTOPRINT, Family.MOONRAKER, Family.GANTRY
ROUTES = [
    Route("GET", "/open", tell, public(), GANTRY),
    Route("GET", "/maybe", tell, optional(), MOONRAKER),
    Route("GET", "/api/state", tell, STATUS, OCTOPRINT),
    Route("POST", "/api/state", take_json, STATUS, OCTOPRINT),
    Route("GET", "/api/printer", tell, STATUS, OCTOPRINT, per_printer=True),
    Route("GET", "/api/files/{place}/{path:.*}", tell, STATUS, OCTOPRINT),
    Route("GET", "/server/state", tell, scope(Scope.READ), MOONRAKER),
    Route("POST", "/server/state", take_json, scope(Scope.CONTROL), MOONRAKER),
    Route("GET", "/api/gantry/me", tell, authenticated(), GANTRY),
    Route("POST", "/api/gantry/me", take_json, authenticated(), GANTRY),
    Route("GET", "/api/much", much, STATUS, OCTOPRINT),
    Route("GET", "/page", page, public(), GANTRY),
    Route("GET", "/api/versioned", versioned, STATUS, OCTOPRINT),
    Route("GET", "/api/explode", explode, STATUS, OCTOPRINT),
    Route(
        "POST",
        "/api/swallow",
        swallow,
        permission(Permission.FILES_UPLOAD),
        OCTOPRINT,
        body_limit=1_000_000,
    ),
    Route(
        "POST", "/pair", take_json, public(), OCTOPRINT, rate=Rate.PAIRING, csrf_exempt=True
    ),
    Route(
        "GET",
        "/chat",
        chat,
        public(),
        MOONRAKER,
        websocket=True,
        exchange=Exchange(statuses=(101,)),
    ),
    Route("GET", "/lobby", lobby, public(), MOONRAKER, websocket=True),
]
