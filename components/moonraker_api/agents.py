"""Agents: programs beside a printer that offer methods to other clients and to macros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from appliance.components.moonraker_api import rpc
from appliance.components.moonraker_api.client import Client
from appliance.errors import InvalidRequest

KIND = "agent"
_OURS = ("connected", "disconnected")  # events that nobody else tells
MOST_METHODS = 100


class Tell(Protocol):
    """Tells a fact to every client of the printer but one."""

    def __call__(self, method: str, *params: Any, but: Client) -> None:
        """Tell it."""


class Agents:
    """The agents of one printer, by their names."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._agents: dict[str, Client] = {}
        self._methods: dict[str, Client] = {}  # for macros

    def list(self) -> list[dict[str, str]]:
        """Return how the agents introduced themselves."""
        known = (client.introduction for client in self._agents.values())
        return [who.describe() for who in known if who is not None]

    def check(self, name: str) -> None:
        """Raise if there is an agent of that name already."""
        if name in self._agents:
            message = f"Agent '{name}' already registered and connected"
            raise InvalidRequest(message)

    def add(self, client: Client) -> None:
        """Take in an agent that has introduced itself."""
        who = client.introduction
        if who is not None and who.type == KIND:
            self._agents[who.name] = client
            self._event(client, "connected", who.describe())

    def remove(self, client: Client) -> None:
        """Let a client go that may have been an agent."""
        who = client.introduction
        if who is None or self._agents.get(who.name) is not client:
            return
        del self._agents[who.name]
        self._methods = {
            name: owner for name, owner in self._methods.items() if owner is not client
        }
        self._event(client, "disconnected")

    def report(self, client: Client, event: str, data: Any) -> None:
        """Tell everybody else what an agent has to say."""
        self._require_agent(client, "send events")
        if event in _OURS:
            message = f"Event '{event}' is reserved"
            raise InvalidRequest(message)
        self._event(client, event, data)

    def offer(self, client: Client, method: str) -> None:
        """Let macros call a method of an agent."""
        self._require_agent(client, "register methods")
        if method in self._methods:
            message = f"Remote method ({method}) already registered"
            raise InvalidRequest(message)
        if len(self._methods) >= MOST_METHODS:
            raise InvalidRequest("too many remote methods are registered")
        self._methods[method] = client

    def call(self, method: str, params: Mapping[str, Any]) -> bool:
        """Call a method that was offered; return whether there is one. No answer comes."""
        client = self._methods.get(method)
        if client is None or client.identity.anonymous:
            return False
        client.send(rpc.call(method, params))
        return True

    async def ask(self, name: str, method: str, params: Any) -> Any:
        """Call a method of an agent and return its answer."""
        client = self._agents.get(name)
        if client is None or client.identity.anonymous:
            message = f"Agent {name} not connected"
            raise InvalidRequest(message)
        return await client.ask(method, params)

    def _require_agent(self, client: Client, to_do: str) -> None:
        who = client.introduction
        if who is None or self._agents.get(who.name) is not client:
            message = f"Only connections of the 'agent' type can {to_do}"
            raise InvalidRequest(message)

    def _event(self, client: Client, event: str, data: Any = None) -> None:
        who = client.introduction
        told: dict[str, Any] = {"agent": "" if who is None else who.name, "event": event}
        if data is not None:
            told["data"] = data
        self._tell("notify_agent_event", told, but=client)
