"""A small Spoolman: the part of its REST interface and websocket that is documented."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web


@dataclass
class Spoolman:
    """Spools by their ids, and who listens."""

    spools: dict[int, dict[str, Any]] = field(default_factory=dict)
    sockets: set[web.WebSocketResponse] = field(default_factory=set)
    broken: bool = False
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def used(self, spool_id: int) -> float:
        length: float = self.spools[spool_id]["used_length"]
        return length

    async def delete(self, spool_id: int) -> None:
        """Delete a spool and tell it, as another client would."""
        spool = self.spools.pop(spool_id)
        event = {"type": "deleted", "resource": "spool", "payload": spool}
        for socket in tuple(self.sockets):
            await socket.send_json(event)

    async def spool(self, request: web.Request) -> web.StreamResponse:
        if self.broken:
            return web.json_response({"message": "the database is locked"}, status=500)
        spool = self.spools.get(int(request.match_info["id"]))
        if spool is None:
            return web.json_response({"message": "No spool with that ID found."}, status=404)
        if request.path.endswith("/use"):
            assert request.method == "PUT"
            spool["used_length"] += (await request.json())["use_length"]
        return web.json_response(spool)

    async def all(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.listen(request)
        if request.method == "POST":
            body = await request.json()
            if "filament_id" not in body:
                message = [{"loc": ["body", "filament_id"], "msg": "Field required"}]
                return web.json_response({"detail": message}, status=422)
            number = len(self.spools) + 1
            spool = self.spools[number] = {"id": number, "used_length": 0.0}
            return web.json_response(spool)
        limit = int(request.query.get("limit", "100"))
        found = list(self.spools.values())
        headers = {"X-Total-Count": str(len(found))}
        return web.json_response(found[:limit], headers=headers)

    async def info(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"version": "0.22.1", "debug_mode": False})

    async def listen(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.add(socket)
        async for message in socket:
            assert message.type is not WSMsgType.ERROR
        self.sockets.discard(socket)
        return socket


@asynccontextmanager
async def spoolman(port: int = 0) -> AsyncIterator[Spoolman]:
    """Serve three spools."""
    made = Spoolman({number: {"id": number, "used_length": 0.0} for number in (1, 2, 3)})
    app = web.Application()
    app.router.add_get("/api/v1/info", made.info)
    app.router.add_route("*", "/api/v1/spool", made.all)
    app.router.add_route("*", "/api/v1/spool/{id:\\d+}", made.spool)
    app.router.add_route("*", "/api/v1/spool/{id:\\d+}/use", made.spool)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.port = runner.addresses[0][1]
    try:
        yield made
    finally:
        for socket in tuple(made.sockets):
            await socket.close()
        await runner.cleanup()
