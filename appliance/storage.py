"""What the machine keeps: small JSON stores, written so that a power cut loses nothing.

A store is one file in ``.storage``: ``{"version": N, "data": ...}``. It is written to a
temporary file, flushed to the disk and renamed, so that a reader finds the old or the new
contents, whole. Saves that come in quick succession are written once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import orjson

from appliance.errors import GantryError

_LOGGER = logging.getLogger(__name__)

SAVE_DELAY_S = 1.0
# The disk may be full or gone for a while: what is pending is kept and tried again.
RETRY_DELAY_S = 30.0

Migrate = Callable[[int, Any], Any]
T = TypeVar("T")


class StorageError(GantryError):
    """Something could not be written or read; the text names the file and the reason."""


def write_atomic(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the contents of ``path`` so that they are the old or the new ones, whole.

    Blocks on the disk: call it in a thread. Raises OSError, and then the old contents stand
    (or the new ones, if all that failed was to flush the folder).
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, mode)
    try:
        try:
            os.fchmod(descriptor, mode)  # whatever the umask is
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)  # noqa: PTH105 - by the name that tests break
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Flush the entries of a folder to the disk, so that a rename in it lasts."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Store:
    """One file of JSON data with a version."""

    def __init__(self, path: Path, version: int, migrate: Migrate | None) -> None:
        self.path = path
        self._version = version
        self._migrate = migrate
        self._pending: Callable[[], Any] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._write: asyncio.Task[None] | None = None
        # Writes run in threads and may overtake each other, all the more when whoever
        # waited was cancelled: the newest wins.
        self._lock = threading.Lock()
        self._newest = 0
        self._written = 0

    async def load(self) -> Any | None:
        """Return the data, or None if there are none; older versions are migrated.

        A file that is not readable JSON is set aside under another name and reported.
        """
        content = await asyncio.to_thread(self._read)
        if content is None:
            return None
        version, data = content
        if version == self._version:
            return data
        if version > self._version:
            message = (
                f"{self.path.name} was written by a newer Gantry (version {version}, "
                f"this one knows {self._version})"
            )
            raise StorageError(message)
        if self._migrate is None:
            message = f"{self.path.name} has version {version} and nothing migrates it"
            raise StorageError(message)
        migrated = self._migrate(version, data)
        await self.save(migrated)
        return migrated

    async def read(self, make: Callable[[Any], T]) -> T | None:
        """Return what ``make`` makes of the data; None if there are none that it can use.

        A file of another shape than ``make`` takes is as good as damaged: set aside, reported.
        """
        data = await self.load()
        if data is None:
            return None
        try:
            return make(data)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            await asyncio.to_thread(self._set_aside, error)
            return None

    def save_soon(self, data: Callable[[], Any], delay_s: float = SAVE_DELAY_S) -> None:
        """Write what ``data`` returns then; calls within the delay become one write."""
        self._pending = data
        if self._timer is None:
            self._schedule(delay_s)

    async def save(self, data: Any) -> None:
        """Write ``data``; when this returns, a power cut does not lose them."""
        self._cancel_timer()
        self._pending = None
        await self._put(data)

    async def flush(self) -> None:
        """Write what is pending now."""
        self._cancel_timer()
        if self._write is not None:
            await self._write
            self._cancel_timer()  # a failed write has set it
        if self._pending is not None:
            await self._write_pending()

    async def remove(self) -> None:
        """Delete the file and forget what is pending."""
        self._cancel_timer()
        self._pending = None
        self._newest += 1
        await asyncio.to_thread(self._unlink, self._newest)

    def _schedule(self, delay_s: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._due)

    def _due(self) -> None:
        self._timer = None
        if self._write is None:
            self._write = asyncio.create_task(self._save_pending(), name=f"save {self.path}")

    async def _save_pending(self) -> None:
        delay_s = SAVE_DELAY_S
        try:
            await self._write_pending()
        except StorageError as error:
            delay_s = RETRY_DELAY_S
            _LOGGER.error("%s, trying again in %.0f s", error, delay_s)
        finally:
            self._write = None
            if self._pending is not None and self._timer is None:
                self._schedule(delay_s)

    async def _write_pending(self) -> None:
        data, self._pending = self._pending, None
        if data is None:
            return
        number = self._newest + 1  # of this write
        try:
            await self._put(data())
        except StorageError:
            if self._newest <= number:
                self._pending = self._pending or data
            raise

    async def _put(self, data: Any) -> None:
        try:
            content = orjson.dumps(
                {"version": self._version, "data": data}, option=orjson.OPT_INDENT_2
            )
        except orjson.JSONEncodeError as error:
            message = f"Cannot write {self.path}: {error}"
            raise StorageError(message) from error
        self._newest += 1
        try:
            await asyncio.to_thread(self._replace, self._newest, content)
        except OSError as error:
            message = f"Cannot write {self.path}: {error.strerror or error}"
            raise StorageError(message) from error

    def _replace(self, number: int, content: bytes) -> None:
        with self._lock:
            if number > self._written:
                make_private_directory(self.path.parent)
                write_atomic(self.path, content)
                self._written = number

    def _unlink(self, number: int) -> None:
        with self._lock:
            if number > self._written:
                self.path.unlink(missing_ok=True)
                self._written = number

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _read(self) -> tuple[int, Any] | None:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            message = f"Cannot read {self.path}: {error.strerror or error}"
            raise StorageError(message) from error
        try:
            document = orjson.loads(content)
            return int(document["version"]), document["data"]
        except (ValueError, KeyError, TypeError) as error:
            self._set_aside(error)
            return None

    def _set_aside(self, error: Exception) -> None:
        aside = set_aside(self.path)
        _LOGGER.error(
            "%s is damaged (%s); it is kept as %s and started anew",
            self.path,
            error,
            aside.name,
        )


class Storage:
    """The folder of the stores."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._stores: dict[str, Store] = {}

    def store(self, name: str, version: int = 1, migrate: Migrate | None = None) -> Store:
        """Return the store of that name; ``migrate(old_version, data)`` brings data up."""
        if name in self._stores:
            message = f"the store '{name}' is in use already"
            raise StorageError(message)
        store = Store(self.directory / f"{name}.json", version, migrate)
        self._stores[name] = store
        return store

    async def flush(self) -> None:
        """Write whatever is pending now."""
        for store in tuple(self._stores.values()):
            await store.flush()

    async def close(self) -> None:
        """Write whatever is pending; a store that cannot be written is reported."""
        for store in self._stores.values():
            try:
                await store.flush()
            except StorageError as error:
                _LOGGER.error("%s; its last changes are lost", error)
        self._stores.clear()


def mapping(data: Any) -> dict[str, Any]:
    """Return data that are a mapping; raise TypeError for others."""
    if not isinstance(data, dict):
        message = f"a mapping was expected, not {type(data).__name__}"
        raise TypeError(message)
    return data


def mappings(data: Any) -> dict[str, dict[str, Any]]:
    """Return data that are a mapping of mappings; raise TypeError for others."""
    return {key: mapping(value) for key, value in mapping(data).items()}


def set_aside(path: Path) -> Path:
    """Rename a damaged file so that it is neither used nor lost; return the new name."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{count}")
    path.rename(aside)
    return aside


def make_private_directory(directory: Path) -> None:
    """Create a folder that only we can look into."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
