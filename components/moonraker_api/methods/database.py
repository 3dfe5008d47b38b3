"""``server.database.*``: what front ends keep on the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.database import Namespaces, steps_of
from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    delete,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access

_ITEM = "/server/database/item"
_NAMESPACE = Argument("namespace")
_FILENAME = Argument("filename")


class DatabaseMethods:
    """The handlers."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        key = Argument("key", Kind.ANY)
        yield get("/server/database/list", access.READ, self.list_names)
        yield get(
            _ITEM,
            access.READ,
            self.get_item,
            _NAMESPACE,
            Argument("key", Kind.ANY, default=None),
            name="server.database.get_item",
        )
        yield post(
            _ITEM,
            access.CONTROL,
            self.post_item,
            _NAMESPACE,
            key,
            Argument("value", Kind.ANY, nullable=True),
            name="server.database.post_item",
        )
        yield delete(
            _ITEM,
            access.CONTROL,
            self.delete_item,
            _NAMESPACE,
            key,
            name="server.database.delete_item",
        )
        yield post("/server/database/compact", access.ADMIN, self.compact)
        yield post(
            "/server/database/backup",
            access.ADMIN,
            self.back_up,
            Argument("filename", default=None),
            name="server.database.post_backup",
        )
        yield delete(
            "/server/database/backup",
            access.ADMIN,
            self.remove_backup,
            _FILENAME,
            name="server.database.delete_backup",
        )
        yield post("/server/database/restore", access.ADMIN, self.restore, _FILENAME)

    async def list_names(self, asked: Asked) -> dict[str, Any]:
        """List the namespaces and the backups."""
        names = await self._namespaces.names(asked.printer.id)
        return {"namespaces": names, "backups": self._namespaces.backups()}

    async def get_item(self, asked: Asked) -> dict[str, Any]:
        """Return a value, or a whole namespace."""
        steps = steps_of(asked["key"])
        value = await self._namespaces.get(asked.printer.id, asked["namespace"], steps)
        return _answer(asked, value)

    async def post_item(self, asked: Asked) -> dict[str, Any]:
        """Keep a value."""
        steps = steps_of(asked["key"])
        value = asked["value"]
        await self._namespaces.put(asked.printer.id, asked["namespace"], steps, value)
        return _answer(asked, value)

    async def delete_item(self, asked: Asked) -> dict[str, Any]:
        """Remove a value."""
        steps = steps_of(asked["key"])
        value = await self._namespaces.remove(asked.printer.id, asked["namespace"], steps)
        return _answer(asked, value)

    async def compact(self, _asked: Asked) -> dict[str, Any]:
        """Give unused room of the database back."""
        return dict(await self._namespaces.compact())

    async def back_up(self, asked: Asked) -> dict[str, Any]:
        """Make a backup of the database."""
        return {"backup_path": await self._namespaces.back_up(asked["filename"])}

    async def remove_backup(self, asked: Asked) -> dict[str, Any]:
        """Remove a backup."""
        return {"backup_path": await self._namespaces.remove_backup(asked["filename"])}

    async def restore(self, asked: Asked) -> dict[str, Any]:
        """Put a backup in the place of the database."""
        await self._namespaces.restore(asked["filename"])
        return {"restored_tables": ["item"], "restored_namespaces": []}


def _answer(asked: Asked, value: Any) -> dict[str, Any]:
    return {"namespace": asked["namespace"], "key": asked["key"], "value": value}
