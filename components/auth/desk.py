"""Users and keys for commands on this machine, whether the appliance runs or not.

While it runs, the control socket is asked (so that nothing is changed behind its back);
otherwise the files are used themselves, under the lock that a start would take.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from appliance.bus import Bus
from appliance.catalogue import Catalogue
from appliance.components.auth.assembly import assemble
from appliance.components.auth.authority import Authority
from appliance.components.auth.clock import Clock
from appliance.components.auth.key_limits import KeyLimits
from appliance.components.auth.options import CONFIG_SCHEMA
from appliance.config import CONFIGURATION_FILE, ConfigurationError, load_configuration
from appliance.control import ControlConnection, running_socket
from appliance.core import Paths
from appliance.domain.identity import LOCAL
from appliance.errors import GantryError
from appliance.lock import lock_file
from appliance.records import dataclass
from appliance.storage import Storage


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user in a list."""

    name: str
    groups: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in a list."""

    id: str
    kind: str
    user: str
    label: str
    scopes: tuple[str, ...] | None
    expires_at: float | None


class Desk(Protocol):
    """What can be done."""

    async def users(self) -> Sequence[UserLine]:
        """List the users."""

    async def add_user(self, name: str, password: str | None, groups: Sequence[str]) -> None:
        """Add a user."""

    async def set_password(self, name: str, password: str) -> None:
        """Set a password."""

    async def remove_user(self, name: str) -> None:
        """Remove a user."""

    async def unlock(self) -> None:
        """Forget failed attempts."""

    async def keys(self) -> Sequence[KeyLine]:
        """List the keys."""

    async def personal_key(self, user: str, *, renew: bool) -> str | None:
        """Return the personal key of a user, a new one if wanted."""

    async def create_key(self, user: str, label: str, limits: KeyLimits) -> str:
        """Make a key and return it."""

    async def revoke_key(self, key_id: str) -> None:
        """Void a key."""


@asynccontextmanager
async def open_desk(directory: Path) -> AsyncIterator[Desk]:
    """Yield the desk of the appliance with that folder."""
    await asyncio.to_thread(_check_folder, directory)
    path = await asyncio.to_thread(running_socket, directory)
    if path is not None:
        yield SocketDesk(path)
        return
    with lock_file(Paths(directory).storage / "core.lock", "Gantry is just starting"):
        storage = Storage(Paths(directory).storage)
        config = await asyncio.to_thread(_auth_config, directory)
        try:
            yield FileDesk(await assemble(storage, Bus(), config, Clock()))
        finally:
            await storage.close()


class FileDesk:
    """Works on the files; nobody else does."""

    def __init__(self, auth: Authority) -> None:
        self._auth = auth

    async def users(self) -> Sequence[UserLine]:
        """List the users."""
        return [UserLine(each.name, each.groups, each.active) for each in self._auth.users]

    async def add_user(self, name: str, password: str | None, groups: Sequence[str]) -> None:
        """Add a user."""
        await self._auth.create_user(name, password, groups=groups or None)

    async def set_password(self, name: str, password: str) -> None:
        """Set a password."""
        await self._auth.set_password(name, password)

    async def remove_user(self, name: str) -> None:
        """Remove a user."""
        await self._auth.delete_user(name)

    async def unlock(self) -> None:
        """Forget failed attempts."""
        self._auth.unlock()

    async def keys(self) -> Sequence[KeyLine]:
        """List the keys."""
        return [
            KeyLine(
                key.id,
                key.kind,
                key.user,
                key.label,
                None if key.scopes is None else tuple(sorted(key.scopes)),
                key.expires_at,
            )
            for key in self._auth.keys
        ]

    async def personal_key(self, user: str, *, renew: bool) -> str | None:
        """Return the personal key of a user, a new one if wanted."""
        if renew:
            return await self._auth.renew_personal_key(user)
        return self._auth.personal_key(user)

    async def create_key(self, user: str, label: str, limits: KeyLimits) -> str:
        """Make a key and return it."""
        _, secret = await self._auth.create_key(
            user,
            label,
            scopes=limits.scopes,
            printers=limits.printers,
            expires_at=limits.expires_at,
            by=LOCAL,
        )
        return secret

    async def revoke_key(self, key_id: str) -> None:
        """Void a key."""
        await self._auth.revoke_key(key_id)


class SocketDesk:
    """Asks the appliance that runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def users(self) -> Sequence[UserLine]:
        """List the users."""
        answer = await self._ask("GET", "/api/access/users")
        return [
            UserLine(each["name"], tuple(each["groups"]), each["active"])
            for each in answer["users"]
        ]

    async def add_user(self, name: str, password: str | None, groups: Sequence[str]) -> None:
        """Add a user."""
        body: dict[str, Any] = {"name": name, "password": password, "active": True}
        if groups:
            body["groups"] = list(groups)
        await self._ask("POST", "/api/access/users", body)

    async def set_password(self, name: str, password: str) -> None:
        """Set a password."""
        await self._ask("PUT", f"{_user(name)}/password", {"password": password})

    async def remove_user(self, name: str) -> None:
        """Remove a user."""
        await self._ask("DELETE", _user(name))

    async def unlock(self) -> None:
        """Forget failed attempts."""
        await self._ask("POST", "/api/gantry/unlock")

    async def keys(self) -> Sequence[KeyLine]:
        """List the keys."""
        answer = await self._ask("GET", "/api/gantry/keys")
        return [
            KeyLine(
                each["id"],
                each["kind"],
                each["user"],
                each["label"],
                None if each["scopes"] is None else tuple(each["scopes"]),
                each["expires_at"],
            )
            for each in answer["keys"]
        ]

    async def personal_key(self, user: str, *, renew: bool) -> str | None:
        """Return the personal key of a user, a new one if wanted."""
        if renew:
            answer = await self._ask("POST", f"{_user(user)}/apikey")
        else:
            answer = await self._ask("GET", _user(user))
        key = answer["apikey"]
        return None if key is None else str(key)

    async def create_key(self, user: str, label: str, limits: KeyLimits) -> str:
        """Make a key and return it."""
        body = {
            "user": user,
            "label": label,
            "scopes": None if limits.scopes is None else sorted(limits.scopes),
            "printers": None if limits.printers is None else sorted(limits.printers),
            "expires_at": limits.expires_at,
        }
        return str((await self._ask("POST", "/api/gantry/keys", body))["key"])

    async def revoke_key(self, key_id: str) -> None:
        """Void a key."""
        await self._ask("DELETE", f"/api/gantry/keys/{quote(key_id, safe='')}")

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return await asyncio.to_thread(self._ask_now, method, path, body)

    def _ask_now(self, method: str, path: str, body: object) -> dict[str, Any]:
        with closing(ControlConnection(self._path)) as connection:
            return connection.ask(method, path, body)


def _check_folder(directory: Path) -> None:
    """Make nothing in a folder that was misspelt."""
    if not any((directory / name).exists() for name in (CONFIGURATION_FILE, ".storage")):
        message = f"there is no {CONFIGURATION_FILE} in {directory}; see --config"
        raise GantryError(message)


def _auth_config(directory: Path) -> dict[str, Any]:
    """Return what is configured; a broken configuration must not lock anybody out."""
    default: dict[str, Any] = CONFIG_SCHEMA({})
    try:
        configuration = load_configuration(directory, Catalogue(directory))
    except ConfigurationError:
        return default
    return dict(configuration.components.get("auth", default))


def _user(name: str) -> str:
    return f"/api/access/users/{quote(name, safe='')}"
