"""Whom a full disk refuses: nothing that could not be kept is there all the same."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from appliance.domain.auth import Auth
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Permission
from appliance.domain.users import ADMINS, Group
from appliance.errors import CredentialInvalid
from appliance.storage import StorageError
from tests.serving import API_KEY, Running, serving

BOB = "the password of bob"


def fill(disk: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    disk.setattr("appliance.storage.write_atomic", refuse)


def known(auth: Auth) -> tuple[object, ...]:
    return auth.users, [key.id for key in auth.keys], auth.groups


async def call(running: Running, method: str, path: str, **body: object) -> int:
    return (await running.call(method, path, key=API_KEY, json=body)).status


async def test_what_is_made_on_a_full_disk_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as running:
        auth = running.auth
        await auth.create_user("bob", BOB)
        before = known(auth)
        fill(monkeypatch)
        user = {"name": "eve", "password": "the password of eve", "active": True}
        assert await call(running, "POST", "/api/access/users", **user) == 507
        assert await call(running, "POST", "/api/gantry/keys", label="spare") == 507
        with pytest.raises(StorageError):
            await auth.put_group(Group("makers", "Makers"), new=True)
        with pytest.raises(StorageError):
            await auth.change_user("bob", groups=[ADMINS])
        with pytest.raises(StorageError):
            await auth.renew_personal_key("bob")
        assert known(auth) == before
        assert auth.personal_key("bob") is None
        assert Permission.ADMIN not in auth.permissions_of(auth.user("bob"))
        monkeypatch.undo()
        await auth.create_user("eve", "another password")


async def test_a_password_that_is_not_kept_is_the_one_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as running:
        auth = running.auth
        await auth.create_user("bob", BOB)
        fill(monkeypatch)
        with pytest.raises(StorageError):
            await auth.set_password("bob", "a better password")
        await auth.check_password("bob", BOB, address="127.0.0.1")
        with pytest.raises(CredentialInvalid):
            await auth.check_password("bob", "a better password", address="127.0.0.1")


async def test_what_is_revoked_on_a_full_disk_is_void_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as running:
        key, secret = await running.auth.create_key("admin", "lost phone", by=LOCAL)
        fill(monkeypatch)
        assert await call(running, "DELETE", f"/api/gantry/keys/{key.id}") == 507
        monkeypatch.undo()
        answer = await running.call("GET", "/api/plugin/appkeys", key=secret)
        assert answer.status == 403
