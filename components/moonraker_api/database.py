"""What front ends keep on the server: namespaces of JSON values, per printer.

A key may reach into a value: ``uiSettings.general.locale``, or a list of such steps.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from appliance.components.moonraker_api.nested import Steps, put, take, value_at
from appliance.database import Database
from appliance.errors import FileForbidden, FileMissing, InvalidRequest, StorageFull
from appliance.storage import make_private_directory

SCHEMA = (
    """
    CREATE TABLE item (
        printer TEXT NOT NULL,
        namespace TEXT NOT NULL,
        key TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (printer, namespace, key)
    ) WITHOUT ROWID
    """,
)
# What clients may keep, in bytes of JSON: far above what any front end needs.
NAMESPACE_BYTES = 4 << 20
VALUE_BYTES = 1 << 20
MOST_NAMESPACES = 64
# Moonraker's own; clients see them refused.
RESERVED = frozenset({"moonraker", "gcode_metadata", "history", "authorized_users"})
_WORD = 128  # characters of a name
KEPT_BACKUPS = 10


class Namespaces:
    """The database of all printers."""

    def __init__(self, database: Database, backups: Path) -> None:
        self._database = database
        self._backups = backups

    async def names(self, printer: str) -> list[str]:
        """Return the namespaces of a printer."""

        def work(connection: sqlite3.Connection) -> list[str]:
            rows = connection.execute(
                "SELECT DISTINCT namespace FROM item WHERE printer = ? ORDER BY namespace",
                (printer,),
            )
            return [row[0] for row in rows]

        return await self._database.run(work)

    async def get(self, printer: str, namespace: str, steps: Steps) -> Any:
        """Return a value, or the whole namespace without a key."""

        def work(connection: sqlite3.Connection) -> Any:
            if not steps:
                return _all(connection, printer, namespace)
            value = _row(connection, printer, namespace, steps[0])
            return value_at(value, steps[1:])

        return await self._database.run(work)

    async def put(self, printer: str, namespace: str, steps: Steps, value: Any) -> None:
        """Keep a value; what it stands in is made if it is missing."""
        _check(namespace, steps)

        def work(connection: sqlite3.Connection) -> None:
            _check_room(connection, printer, namespace)
            whole = value
            if len(steps) > 1:
                known = _row(connection, printer, namespace, steps[0], missing={})
                whole = put(known, steps[1:], value)
            _write(connection, printer, namespace, steps[0], whole)

        await self._database.run(work)

    async def remove(self, printer: str, namespace: str, steps: Steps) -> Any:
        """Remove a value and return it."""
        _check(namespace, steps)

        def work(connection: sqlite3.Connection) -> Any:
            known = _row(connection, printer, namespace, steps[0])
            if len(steps) > 1:
                rest, removed = take(known, steps[1:])
                _write(connection, printer, namespace, steps[0], rest)
                return removed
            connection.execute(
                "DELETE FROM item WHERE printer = ? AND namespace = ? AND key = ?",
                (printer, namespace, steps[0]),
            )
            return known

        return await self._database.run(work)

    async def compact(self) -> dict[str, int]:
        """Give unused room back; return the sizes before and after."""
        before = self._database.path.stat().st_size

        def work(connection: sqlite3.Connection) -> None:
            connection.commit()
            connection.execute("VACUUM")

        await self._database.run(work)
        return {"previous_size": before, "new_size": self._database.path.stat().st_size}

    def backups(self) -> list[str]:
        """Return the names of the backups."""
        return sorted(path.name for path in self._backups.glob("*.db"))

    async def back_up(self, name: str | None) -> str:
        """Make a copy of the database; return its path."""
        stamp = time.strftime("%Y%m%d-%H%M%S")
        target = self._backup((name or "gantry-{timespec}.db").replace("{timespec}", stamp))

        def work(connection: sqlite3.Connection) -> None:
            make_private_directory(self._backups)
            copy = sqlite3.connect(target)
            try:
                connection.commit()
                connection.backup(copy)
            finally:
                copy.close()
            target.chmod(0o600)
            for old in sorted(self._backups.glob("*.db"), key=_age)[:-KEPT_BACKUPS]:
                old.unlink(missing_ok=True)

        await self._database.run(work)
        return str(target)

    async def remove_backup(self, name: str) -> str:
        """Remove a backup."""
        target = self._backup(name)
        if name not in self.backups():
            message = f"there is no backup '{name}'"
            raise FileMissing(message)
        await self._database.run(lambda _connection: target.unlink())
        return str(target)

    async def restore(self, name: str) -> None:
        """Put a backup in the place of what is kept now."""
        source = self._backup(name)
        if name not in self.backups():
            message = f"there is no backup '{name}'"
            raise FileMissing(message)

        def work(connection: sqlite3.Connection) -> None:
            copy = sqlite3.connect(source)
            try:
                rows = copy.execute("SELECT printer, namespace, key, value FROM item")
                connection.execute("DELETE FROM item")
                connection.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", rows)
            finally:
                copy.close()

        await self._database.run(work)

    def _backup(self, name: str) -> Path:
        if "/" in name or not name.endswith(".db") or name.startswith("."):
            raise InvalidRequest("the name of a backup is a plain one that ends with .db")
        return self._backups / name


def steps_of(key: object) -> Steps:
    """Return the steps that a key takes: dotted text, or a list of names."""
    if key is None or key == "":
        return ()
    parts = key.split(".") if isinstance(key, str) else key
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise InvalidRequest("a key is a text, or a list of texts")
    if not all(0 < len(part) <= _WORD for part in parts) or len(parts) > 32:
        raise InvalidRequest("a key is made of 1 to 32 names of at most 128 characters")
    return tuple(parts)


def _check(namespace: str, steps: Sequence[str]) -> None:
    if namespace in RESERVED:
        message = f"Write access to the namespace '{namespace}' is forbidden"
        raise FileForbidden(message)
    if not 0 < len(namespace) <= _WORD:
        raise InvalidRequest("a namespace has 1 to 128 characters")
    if not steps:
        raise InvalidRequest("No data for argument: key")


def _check_room(connection: sqlite3.Connection, printer: str, namespace: str) -> None:
    (size,) = connection.execute(
        "SELECT COALESCE(SUM(LENGTH(value)), 0) FROM item WHERE printer = ? AND namespace = ?",
        (printer, namespace),
    ).fetchone()
    if size > NAMESPACE_BYTES:
        message = f"the namespace '{namespace}' is full"
        raise StorageFull(message)
    (others,) = connection.execute(
        "SELECT COUNT(DISTINCT namespace) FROM item WHERE printer = ? AND namespace <> ?",
        (printer, namespace),
    ).fetchone()
    if others >= MOST_NAMESPACES:
        raise StorageFull("there are too many namespaces")


def _all(connection: sqlite3.Connection, printer: str, namespace: str) -> dict[str, Any]:
    rows = connection.execute(
        "SELECT key, value FROM item WHERE printer = ? AND namespace = ?", (printer, namespace)
    )
    found = {key: orjson.loads(value) for key, value in rows}
    if not found:
        message = f"Namespace '{namespace}' not found"
        raise FileMissing(message)
    return found


def _row(
    connection: sqlite3.Connection,
    printer: str,
    namespace: str,
    key: str,
    *,
    missing: Mapping[str, Any] | None = None,
) -> Any:
    row = connection.execute(
        "SELECT value FROM item WHERE printer = ? AND namespace = ? AND key = ?",
        (printer, namespace, key),
    ).fetchone()
    if row is not None:
        return orjson.loads(row[0])
    if missing is not None:
        return dict(missing)
    message = f"Key '{key}' in namespace '{namespace}' not found"
    raise FileMissing(message)


def _write(
    connection: sqlite3.Connection, printer: str, namespace: str, key: str, value: Any
) -> None:
    content = orjson.dumps(value)
    if len(content) > VALUE_BYTES:
        message = f"the value of '{key}' is larger than {VALUE_BYTES} bytes"
        raise StorageFull(message)
    connection.execute(
        "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)", (printer, namespace, key, content)
    )


def _age(path: Path) -> float:
    return path.stat().st_mtime
