"""A method that both HTTP and JSON-RPC offer, declared once.

Moonraker's API has every call twice: as a path and as a method of its websocket. A component
that has such calls provides them as `RpcMethod`s; the ones of authentication stand under
`ACCESS_METHODS`. Whoever calls has to check ``identity.check(method.access, call.params)``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from appliance.domain.identity import Identity
from appliance.domain.permissions import Access
from appliance.errors import InvalidRequest
from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, from where, with what."""

    params: Mapping[str, Any]
    identity: Identity
    address: str

    def text(self, name: str) -> str:
        """Return an argument that must be there and be text."""
        value = self.params.get(name)
        if not isinstance(value, str) or not value:
            message = f"the argument '{name}' is missing or not text"
            raise InvalidRequest(message)
        return value


@dataclass(frozen=True, slots=True)
class RpcMethod:
    """A method: its JSON-RPC name, its verb and path, who may call it, and what it does.

    ``run`` returns plain data, what stands under ``result``.
    """

    name: str  # such as access.get_user
    verb: str  # GET, POST, DELETE
    path: str  # such as /access/user
    access: Access
    run: Callable[[Call], Awaitable[Any]]


ACCESS_METHODS: Key[tuple[RpcMethod, ...]] = Key("access methods")


class Rpc(Protocol):
    """Moonraker's calls in JSON-RPC's own text, for whoever carries it (a broker)."""

    async def answer(
        self, text: str | bytes, printer_id: str, identity: Identity, address: str
    ) -> bytes | None:
        """Run the calls of a message; return what is to be sent back, if anything is."""


RPC: Key[Rpc] = Key("rpc")
