"""``access.*`` over a websocket: logging in and out changes who the connection is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from appliance.components.moonraker_api.method import Asked, Handler, Method, adopt
from appliance.domain.auth import Auth
from appliance.domain.identity import Credentials
from appliance.domain.rpc import RpcMethod

_LOG_IN = ("access.login", "access.refresh_jwt", "access.post_user")


def access_methods(found: Iterable[RpcMethod], auth: Auth) -> Iterable[Method]:
    """Return the methods of authentication; their paths are served by their owner."""
    for method in map(adopt, found):
        if method.name in _LOG_IN:
            yield replace(method, handler=_logging_in(method, auth))
        elif method.name == "access.logout":
            yield replace(method, handler=_logging_out(method))
        else:
            yield method


def _logging_in(method: Method, auth: Auth) -> Handler:
    async def run(asked: Asked) -> Any:
        tokens = await method.handler(asked)
        client = asked.client
        if client is not None and client.identity.anonymous:
            shown = Credentials(access_token=tokens["token"], address=asked.address)
            who = auth.identify(shown)
            who.check_printer(asked.printer.id)
            client.channel.identity = who
        return tokens

    return run


def _logging_out(method: Method) -> Handler:
    async def run(asked: Asked) -> Any:
        answer = await method.handler(asked)
        if asked.client is not None:
            asked.client.log_out()
        return answer

    return run
