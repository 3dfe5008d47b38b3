"""Plugs as they answer over HTTP, by the documentation of their makers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

PASSWORD = "plug password"
TOKEN = "a-long-lived-token"
NONCE = "60dc59c6"


@dataclass
class Plugs:
    """One relay behind the interfaces of four makes."""

    on: bool = False
    broken: bool = False
    stuck: bool = False
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def become(self, on: bool) -> None:
        self.on = self.on if self.stuck else on

    async def tasmota(self, request: web.Request) -> web.Response:
        """``/cm?cmnd=``: Commands with Web Requests of Tasmota."""
        if request.query.get("password") != PASSWORD or request.query["user"] != "admin":
            text = "Need user=<username>&password=<password>"
            return web.json_response({"WARNING": text}, status=401)
        command, _, value = request.query["cmnd"].partition(" ")
        assert command == "Power1"
        if value:
            self.become(value == "On")
        return web.json_response({"POWER": "ON" if self.on else "OFF"})

    async def first_shelly(self, request: web.Request) -> web.Response:
        """``/relay/0`` of the first generation, with basic authentication."""
        known = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {known}":
            return web.Response(status=401)
        if (turn := request.query.get("turn")) is not None:
            self.become(turn == "on")
        return web.json_response({"ison": self.on, "has_timer": False})

    async def later_shelly(self, request: web.Request) -> web.Response:
        """``/rpc/Switch.*`` of later generations, with a SHA-256 digest."""
        sent = request.headers.get("Authorization", "")
        if not self._digest_fits(request, sent):
            challenge = (
                f'Digest qop="auth", realm="shellyplug", nonce="{NONCE}", algorithm=SHA-256'
            )
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        assert request.query["id"] == "0"
        if request.path.endswith("Switch.Set"):
            was = self.on
            self.become(request.query["on"] == "true")
            return web.json_response({"was_on": was})
        return web.json_response({"id": 0, "source": "http", "output": self.on})

    def _digest_fits(self, request: web.Request, sent: str) -> bool:
        if not sent.startswith("Digest "):
            return False
        parts = dict(each.strip().split("=", 1) for each in sent[7:].split(","))
        said = {name: value.strip('"') for name, value in parts.items()}
        first = _sha(f"admin:shellyplug:{PASSWORD}")
        second = _sha(f"{request.method}:{said['uri']}")
        middle = f"{NONCE}:{said['nc']}:{said['cnonce']}:{said['qop']}"
        return said["response"] == _sha(f"{first}:{middle}:{second}")

    async def home_assistant(self, request: web.Request) -> web.Response:
        """Home Assistant's REST interface."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        if request.method == "POST":
            assert (await request.json()) == {"entity_id": "switch.printer"}
            self.become(request.path.endswith("turn_on"))
            return web.json_response([])
        state = "on" if self.on else "off"
        return web.json_response({"entity_id": "switch.printer", "state": state})

    async def anything(self, request: web.Request) -> web.Response:
        """Something of one's own."""
        if request.path.startswith("/set"):
            self.become((await request.json())["power"])
        return web.json_response({"relay": {"power": self.on}})

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path}")
        if self.broken:
            return web.Response(status=500)
        for start, handler in (
            ("/cm", self.tasmota),
            ("/relay", self.first_shelly),
            ("/rpc", self.later_shelly),
            ("/api", self.home_assistant),
        ):
            if request.path.startswith(start):
                return await handler(request)
        return await self.anything(request)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@asynccontextmanager
async def plugs() -> AsyncIterator[Plugs]:
    """Serve them on a port of this machine."""
    made = Plugs()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    try:
        yield made
    finally:
        await runner.cleanup()
