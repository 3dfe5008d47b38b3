"""Ids by which clients on the network know this appliance and its printers again."""

from __future__ import annotations

import uuid

from appliance.core import Appliance
from appliance.interfaces import Key

_STORE = "identifiers"


class Identifiers:
    """One random id of the appliance; those of the printers follow from it."""

    def __init__(self, root: uuid.UUID) -> None:
        self._root = root

    @property
    def appliance(self) -> str:
        """The id of the appliance."""
        return str(self._root)

    def of(self, printer_id: str) -> str:
        """Return the id of a printer."""
        return str(uuid.uuid5(self._root, printer_id))


IDENTIFIERS: Key[Identifiers] = Key("identifiers")


async def identifiers(appliance: Appliance) -> Identifiers:
    """Return the ids; the first who asks reads them, or makes them up for good."""
    known = appliance.find(IDENTIFIERS)
    if known is not None:
        return known
    store = appliance.storage.store(_STORE)
    data = await store.load()
    root = uuid.UUID(data["appliance"]) if data else uuid.uuid4()
    if not data:
        await store.save({"appliance": str(root)})
    known = Identifiers(root)
    appliance.provide(IDENTIFIERS, known)
    return known
