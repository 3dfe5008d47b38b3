"""Calls that come as text by another way than HTTP: the broker carries them, too."""

from __future__ import annotations

from collections.abc import Mapping

from appliance.components.moonraker_api import rpc
from appliance.components.moonraker_api.dispatcher import Dispatcher
from appliance.components.moonraker_api.host import Host
from appliance.domain.identity import Identity
from appliance.errors import PrinterMissing


class Carried:
    """Implements `appliance.domain.rpc.Rpc`."""

    def __init__(self, dispatcher: Dispatcher, hosts: Mapping[str, Host]) -> None:
        self._dispatcher = dispatcher
        self._hosts = hosts

    async def answer(
        self, text: str | bytes, printer_id: str, identity: Identity, address: str
    ) -> bytes | None:
        """Run the calls of a message."""
        host = self._hosts.get(printer_id)
        if host is None:
            message = f"there is no printer '{printer_id}'"
            raise PrinterMissing(message)
        return await self._dispatcher.answer(rpc.decode(text), host, identity, address)
