"""``server.extensions.*`` and ``connection.*``: agents and who calls them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.client import Client
from appliance.components.moonraker_api.method import Argument, Asked, Kind, Method, get, post
from appliance.components.moonraker_api.methods import access
from appliance.errors import InvalidRequest


class ExtensionMethods:
    """The handlers."""

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get("/server/extensions/list", access.READ, self.agents)
        yield post(
            "/server/extensions/request",
            access.CONTROL,
            self.request,
            Argument("agent"),
            Argument("method"),
            Argument("arguments", Kind.ANY, default=None),
            quick=False,
        )
        yield Method(
            "connection.register_remote_method",
            (),
            None,
            access.CONTROL,
            self.register,
            (Argument("method_name"),),
        )
        yield Method(
            "connection.send_event",
            (),
            None,
            access.CONTROL,
            self.send_event,
            (Argument("event"), Argument("data", Kind.ANY, default=None)),
        )

    async def agents(self, asked: Asked) -> dict[str, Any]:
        """List the agents that are connected."""
        return {"agents": asked.host.agents.list()}

    async def request(self, asked: Asked) -> Any:
        """Call a method of an agent."""
        given = asked["arguments"]
        if given is not None and not isinstance(given, dict | list):
            raise InvalidRequest("The 'arguments' field must contain an object or a list")
        return await asked.host.agents.ask(asked["agent"], asked["method"], given)

    async def register(self, asked: Asked) -> str:
        """Let macros call a method of the agent that asks."""
        asked.host.agents.offer(_client(asked), asked["method_name"])
        return "ok"

    async def send_event(self, asked: Asked) -> str:
        """Tell everybody else what the agent that asks has to say."""
        asked.host.agents.report(_client(asked), asked["event"], asked["data"])
        return "ok"


def _client(asked: Asked) -> Client:
    if asked.client is None:
        raise InvalidRequest("No connection detected")
    return asked.client
