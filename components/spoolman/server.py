"""The Spoolman server: its REST interface and its websocket."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from appliance.domain.spools import SpoolAnswer
from appliance.errors import InvalidRequest
from appliance.outgoing import Answer, Caller

# Lists of a thousand spools are large.
MAX_ANSWER = 32 << 20
HEARTBEAT_S = 20.0
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PATH = re.compile(r"/v1/[A-Za-z0-9_\-/.]*")
_QUERY = re.compile(r"[\x21-\x22\x24-\x7e]*")  # printable, no space, no fragment


class SpoolServer:
    """Speaks to the server; what it says is passed on."""

    def __init__(self, caller: Caller, url: str) -> None:
        """``url`` is the root of the server, without /api."""
        self._caller = caller
        self._api = f"{url.rstrip('/')}/api"

    async def request(
        self, method: str, path: str, query: str | None = None, body: Any = None
    ) -> SpoolAnswer:
        """Ask something of the interface, and of nothing else on that server."""
        check(method, path, query, body)
        answer = await self._caller.call(
            method,
            f"{self._api}{path}{f'?{query}' if query else ''}",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            body=None if body is None else orjson.dumps(body),
            limit=MAX_ANSWER,
        )
        return SpoolAnswer(answer.status, answer.headers, _data(answer))

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Listen to what happens to spools, for as long as the server is there."""
        url = self._api.replace("http", "ws", 1) + "/v1/spool"
        async with self._caller.websocket(url, heartbeat_s=HEARTBEAT_S) as socket:
            yield _messages(socket)


async def _messages(
    socket: aiohttp.ClientWebSocketResponse,
) -> AsyncIterator[dict[str, Any]]:
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT:
            try:
                event = orjson.loads(message.data)
            except orjson.JSONDecodeError:
                continue
            if isinstance(event, dict):
                yield event


def _data(answer: Answer) -> Any:
    """Return the JSON of an answer; an error of a proxy before the server is plain text."""
    try:
        return orjson.loads(answer.body) if answer.body.strip() else None
    except orjson.JSONDecodeError:
        return answer.text


def check(method: str, path: str, query: str | None, body: Any) -> None:
    """Refuse what would lead to anything but the server's interface."""
    if method not in METHODS:
        message = f"Invalid HTTP method: {method}"
        raise InvalidRequest(message)
    if body is not None and method == "GET":
        raise InvalidRequest("GET requests cannot have a body")
    if not path.startswith("/v1/"):
        raise InvalidRequest("Invalid path, must start with the API version, e.g. /v1")
    if _PATH.fullmatch(path) is None or ".." in path.split("/") or "." in path.split("/"):
        raise InvalidRequest("Invalid path")
    if query is not None and _QUERY.fullmatch(query) is None:
        raise InvalidRequest("Invalid query")
