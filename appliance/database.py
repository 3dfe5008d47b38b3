"""A SQLite database on a thread of its own, made so that a power cut leaves it whole.

All work is a function of the connection, run one after the other and never in the event
loop: ``await database.run(work)`` reads or writes in one transaction. The schema is a list
of scripts, one per version; a damaged file is set aside and started anew.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from appliance.errors import StorageFull
from appliance.storage import StorageError, make_private_directory, set_aside

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")

# Pages of the write-ahead log before it is folded back: few writes to an SD card.
CHECKPOINT_PAGES = 512
CACHE_KIB = 1024


class Database:
    """One SQLite file and its thread."""

    def __init__(self, path: Path, schema: Sequence[str], *, safest: bool = False) -> None:
        """``schema[n]`` brings version n to n + 1; ``safest`` flushes every commit."""
        self.path = path
        self._schema = schema
        self._safest = safest
        self._thread = ThreadPoolExecutor(1, f"db-{path.stem}")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open the file, or make it; bring its schema up to date."""
        await self._in_thread(self._open)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a transaction, rolled back if it raises."""
        return await self._in_thread(self._transaction, work)

    async def close(self) -> None:
        """Close the file after what was begun."""
        await self._in_thread(self._close)
        await asyncio.to_thread(self._thread.shutdown)

    async def _in_thread(self, function: Callable[..., T], *args: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, function, *args)

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            message = f"{self.path.name} is not open"
            raise StorageError(message)
        try:
            with self._connection:
                return work(self._connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise StorageFull("the disk is full") from error
            raise

    def _open(self) -> None:
        make_private_directory(self.path.parent)
        try:
            self._connection = self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                message = f"Cannot open {self.path}: {error}"
                raise StorageError(message) from error
            aside = set_aside(self.path)
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            _LOGGER.error(
                "%s is damaged (%s); it is kept as %s and started anew",
                self.path,
                error,
                aside.name,
            )
            self._connection = self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={'FULL' if self._safest else 'NORMAL'}")
            connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            connection.execute("PRAGMA foreign_keys=ON")
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        self.path.chmod(0o600)
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(self._schema):
            message = f"{self.path.name} was written by a newer Gantry"
            raise StorageError(message)
        for number in range(version, len(self._schema)):
            connection.executescript(
                f"BEGIN; {self._schema[number]}; PRAGMA user_version={number + 1}; COMMIT;"
            )

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
