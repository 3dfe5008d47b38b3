"""The method table over HTTP, the websocket, and JSON-RPC in a POST."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from appliance import web
from appliance.components.moonraker_api import arguments, rpc
from appliance.components.moonraker_api.client import LOG_IN_S, Client
from appliance.components.moonraker_api.dispatcher import Dispatcher
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.method import REQUIRED, Asked, Kind, Method, Methods
from appliance.domain.identity import Identity
from appliance.domain.permissions import optional
from appliance.tasks import Tasks
from appliance.websocket import Channel

# Calls of one websocket that may be under way at once.
MOST_CALLS = 64
_FIRST_ID = 1_000_001
_JSON_KINDS = {Kind.TEXT: "string", Kind.ANY: "object"}


class Transports:
    """Everything that clients connect to."""

    def __init__(
        self,
        methods: Methods,
        dispatcher: Dispatcher,
        hosts: dict[str, Host],
        tasks: Tasks,
        arrived: Callable[[], None],
    ) -> None:
        """``arrived`` is called when a client has connected."""
        self._methods = methods
        self._dispatcher = dispatcher
        self._hosts = hosts
        self._tasks = tasks
        self._arrived = arrived
        self._numbers = itertools.count(_FIRST_ID)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        for method in self._methods:
            if method.http and method.path is not None:
                for verb in method.verbs:
                    yield self._route(method, verb, method.path)
        yield web.Route(
            "GET",
            "/websocket",
            self.connect,
            optional(),
            web.Family.MOONRAKER,
            per_printer=True,
            websocket=True,
        )
        yield web.Route(
            "POST",
            "/server/jsonrpc",
            self.post,
            optional(),
            web.Family.MOONRAKER,
            per_printer=True,
        )

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Speak JSON-RPC over a websocket."""
        host = self._host(request)
        async with await Channel.open(request, authenticate_s=LOG_IN_S) as channel:
            client = Client(channel, next(self._numbers))
            host.add(client)
            self._arrived()
            calls = 0

            def done(_task: object) -> None:
                nonlocal calls
                calls -= 1

            try:
                async for text in channel:
                    message = rpc.decode(text)
                    if calls >= MOST_CALLS:
                        refusal = rpc.Failure(429, "too many calls at once")
                        client.send(rpc.dump(refusal.render()))
                        continue
                    calls += 1
                    work = self._serve(message, host, client)
                    task = self._tasks.spawn(work, f"call of client {client.id}")
                    task.add_done_callback(done)
            finally:
                host.remove(client)
        return channel.response

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Take a JSON-RPC message over HTTP; its errors are answers with status 200."""
        message = rpc.decode(await request.read())
        answer = await self._dispatcher.answer(
            message, self._host(request), web.identity(request), web.address(request)
        )
        return web.Response(body=answer or b"", content_type="application/json")

    async def _serve(self, message: rpc.Message, host: Host, client: Client) -> None:
        """Answer one message; facts that follow from it are told afterwards."""
        quick = self._dispatcher.quick(message)
        if quick:
            client.begin_call()
        try:
            answer = await self._dispatcher.answer(
                message, host, client.identity, client.channel.address, client
            )
            if answer is not None:
                client.send(answer)
        finally:
            if quick:
                client.end_call()

    def _route(self, method: Method, verb: str, path: str) -> web.Route:
        @wraps(method.handler)
        async def handle(request: web.Request) -> web.StreamResponse:
            params = {**await arguments.read(request), **request.match_info}
            who: Identity = web.identity(request)
            asked = Asked(params, who, web.address(request), self._host(request))
            return web.json_response({"result": await method.call(asked)})

        return web.Route(
            verb,
            path,
            handle,
            method.access,
            web.Family.MOONRAKER,
            per_printer=True,
            acts=method.acts and verb == "GET",
            exchange=web.Exchange(query=_query(method), answer={"type": "object"}),
        )

    def _host(self, request: web.Request) -> Host:
        return self._hosts[web.printer(request).id]


def _query(method: Method) -> dict[str, dict[str, Any]]:
    """Describe the arguments for the documents."""
    return {
        argument.name: {
            "type": _JSON_KINDS.get(argument.kind, str(argument.kind)),
            **({} if argument.default in (REQUIRED, None) else {"default": argument.default}),
        }
        for argument in method.arguments
    }
