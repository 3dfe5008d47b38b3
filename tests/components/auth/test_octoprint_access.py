"""OctoPrint's management of users, groups and keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Permission, Scope
from tests.components.auth.browser import Browser
from tests.serving import API_KEY, PASSWORD, Running, serving

BOB = {"name": "bob", "password": "password of bob", "active": True}


async def add_bob(running: Running) -> str:
    """Add a user and return their key."""
    await running.auth.create_user("bob", "password of bob")
    return await running.auth.renew_personal_key("bob")


async def test_everybody_may_read_the_permissions(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        records = (await running.call("GET", "/api/access/permissions")).json["permissions"]
        assert {record["key"] for record in records} == set(Permission)
        control = next(record for record in records if record["key"] == "CONTROL")
        assert control["dangerous"] is True
        assert control["needs"] == {"role": ["control"]}
        assert "users" in control["default_groups"]


@pytest.mark.parametrize("base", ["/api/access/users", "/api/users"])
async def test_the_life_of_a_user(tmp_path: Path, base: str) -> None:
    async with serving(tmp_path) as running:
        added = await running.call("POST", base, key=API_KEY, json=BOB)
        assert (added.status, [u["name"] for u in added.json["users"]]) == (
            200,
            ["admin", "bob"],
        )
        assert (await running.call("POST", base, key=API_KEY, json=BOB)).status == 409
        one = await running.call("GET", f"{base}/bob", key=API_KEY)
        assert one.json["groups"] == ["users"]
        changed = await running.call(
            "PUT", f"{base}/bob", key=API_KEY, json={"active": False, "groups": ["readonly"]}
        )
        bob = changed.json["users"][1]
        assert (bob["active"], bob["groups"]) == (False, ["readonly"])
        gone = await running.call("DELETE", f"{base}/bob", key=API_KEY)
        assert [user["name"] for user in gone.json["users"]] == ["admin"]
        assert (await running.call("GET", f"{base}/bob", key=API_KEY)).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "", "password": "x"},
        {"name": "a/b", "password": "x"},
        {"name": "a\nb", "password": "x"},
        {"name": "_api", "password": "x"},
        {"name": "x", "password": "x", "groups": "admins"},
        {"name": "x", "password": "x", "permissions": ["NOPE"]},
        {"name": "x", "password": "x", "active": 5},
        {"name": "x" * 65, "password": "x"},
    ],
)
async def test_a_user_that_cannot_be_is_refused(
    tmp_path: Path, body: dict[str, object]
) -> None:
    async with serving(tmp_path) as running:
        answer = await running.call("POST", "/api/access/users", key=API_KEY, json=body)
        assert answer.status == 400
        assert len(running.auth.users) == 1


async def test_an_unknown_group_is_not_found(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        body = {**BOB, "groups": ["nope"]}
        answer = await running.call("POST", "/api/access/users", key=API_KEY, json=body)
        assert answer.status == 404


async def test_one_administrator_must_remain(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={}) as running:
        key = running.auth.personal_key("admin")
        bodies: list[dict[str, object]] = [{"active": False}, {"groups": []}, {"admin": False}]
        for body in bodies:
            answer = await running.call("PUT", "/api/access/users/admin", key=key, json=body)
            assert answer.status == 400
        assert (await running.call("DELETE", "/api/access/users/admin", key=key)).status == 400


async def test_the_life_of_a_group(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        body = {
            "key": "makers",
            "name": "Makers",
            "description": "",
            "permissions": ["STATUS", "PRINT"],
            "subgroups": ["readonly"],
            "default": False,
        }
        base = "/api/access/groups"
        added = await running.call("POST", base, key=API_KEY, json=body)
        assert added.status == 200
        assert "makers" in [group["key"] for group in added.json["groups"]]
        assert (await running.call("POST", base, key=API_KEY, json=body)).status == 409
        await add_bob(running)
        await running.auth.change_user("bob", groups=["makers"])
        permissions = running.auth.permissions_of(running.auth.user("bob"))
        assert {Permission.PRINT, Permission.FILES_LIST} <= permissions
        changed = await running.call(
            "PUT", f"{base}/makers", key=API_KEY, json={"permissions": ["STATUS"]}
        )
        assert changed.status == 200
        one = (await running.call("GET", f"{base}/makers", key=API_KEY)).json
        assert one["permissions"] == ["STATUS"]
        assert (await running.call("DELETE", f"{base}/makers", key=API_KEY)).status == 200
        assert running.auth.user("bob").groups == ()


@pytest.mark.parametrize(
    ("method", "key", "body"),
    [
        ("PUT", "admins", {"permissions": ["STATUS"]}),
        ("DELETE", "users", None),
        ("PUT", "guests", {"permissions": ["CONTROL"]}),
        ("POST", "", {"key": "Bad Key", "name": "x", "permissions": []}),
        ("POST", "", {"key": "x", "permissions": []}),
        ("POST", "", {"key": "x", "name": "x"}),
    ],
)
async def test_a_group_that_cannot_be_is_refused(
    tmp_path: Path, method: str, key: str, body: dict[str, object] | None
) -> None:
    async with serving(tmp_path) as running:
        path = f"/api/access/groups/{key}".rstrip("/")
        assert (await running.call(method, path, key=API_KEY, json=body)).status == 400


async def test_guests_get_what_is_harmless_only(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        group = "/api/access/groups/guests"
        body = {"permissions": ["STATUS"]}
        assert (await running.call("PUT", group, key=API_KEY, json=body)).status == 200
        current = await running.call("GET", "/api/currentuser")
        assert current.json["permissions"] == ["STATUS"]


async def test_users_manage_themselves_and_nobody_else(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        key = await add_bob(running)
        own, other = "/api/access/users/bob", "/api/access/users/admin"
        assert (await running.call("GET", own, key=key)).json["name"] == "bob"
        assert (await running.call("GET", other, key=key)).status == 403
        assert (await running.call("GET", "/api/access/users", key=key)).status == 403
        assert (await running.call("PUT", own, key=key, json={"admin": True})).status == 403
        assert (
            await running.call("PATCH", f"{own}/settings", key=key, json={"a": 1})
        ).json == {}
        assert (await running.call("GET", f"{own}/settings", key=key)).json == {"a": 1}
        assert (await running.call("POST", f"{other}/apikey", key=key)).status == 403


async def test_what_is_kept_for_a_user_is_bounded(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        key = await add_bob(running)
        path = "/api/access/users/bob/settings"
        statuses = []
        for number in range(3):
            body = {f"key{number}": "x" * 30_000}
            statuses.append((await running.call("PATCH", path, key=key, json=body)).status)
        assert statuses == [200, 200, 400]
        assert set((await running.call("GET", path, key=key)).json) == {"key0", "key1"}


async def test_a_limited_key_is_not_its_owner(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await add_bob(running)
        _, secret = await running.auth.create_key(
            "bob", "slicer", scopes=frozenset({Scope.UPLOAD}), by=LOCAL
        )
        for method, path in (
            ("GET", "/api/access/users/bob"),
            ("POST", "/api/access/users/bob/apikey"),
        ):
            assert (await running.call(method, path, key=secret)).status == 403


async def test_the_own_password_needs_the_present_one(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        key = await add_bob(running)
        path = "/api/access/users/bob/password"
        for body in ({"password": "new"}, {"password": "new", "current": "wrong"}):
            assert (await running.call("PUT", path, key=key, json=body)).status == 403
        body = {"password": "new password", "current": "password of bob"}
        assert (await running.call("PUT", path, key=key, json=body)).status == 200
        assert (await Browser(running).login("bob", "new password")).status == 200


async def test_a_new_password_ends_every_session(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await add_bob(running)
        browser = Browser(running)
        await browser.login("bob", "password of bob", remember=True)
        path = "/api/access/users/bob/password"
        body = {"password": "set by the admin"}
        assert (await running.call("PUT", path, key=API_KEY, json=body)).status == 200
        assert (await browser.call("GET", "/api/currentuser")).json["name"] is None


async def test_keys_are_shown_to_whoever_has_them_anyway(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        key = await add_bob(running)
        assert (await running.call("GET", "/api/access/users/bob", key=key)).json[
            "apikey"
        ] == key
        browser = Browser(running)
        await browser.login("admin", PASSWORD)
        assert (await browser.call("GET", "/api/access/users/bob")).json["apikey"] == key


async def test_the_personal_key_can_be_replaced_and_removed(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        key = await add_bob(running)
        path = "/api/access/users/bob/apikey"
        new = (await running.call("POST", path, key=key)).json["apikey"]
        assert (await running.call("GET", "/api/access/users/bob", key=key)).status == 403
        assert (await running.call("DELETE", path, key=new)).json == {}
        assert (await running.call("GET", "/api/access/users/bob", key=new)).status == 403


async def test_what_the_configuration_fixes_cannot_be_changed_here(tmp_path: Path) -> None:
    config = {"api_key": API_KEY, "password": PASSWORD}
    async with serving(tmp_path, auth=config) as running:
        path = "/api/access/users/admin"
        assert (await running.call("POST", f"{path}/apikey", key=API_KEY)).status == 409
        body = {"password": "another", "current": PASSWORD}
        answer = await running.call("PUT", f"{path}/password", key=API_KEY, json=body)
        assert (answer.status, "configuration.yaml" in answer.text) == (409, True)


async def test_users_and_keys_outlive_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        key = await add_bob(running)
        _, secret = await running.auth.create_key(
            "bob", "app", scopes=frozenset({Scope.READ}), by=LOCAL
        )
    async with serving(tmp_path) as running:
        for each in (key, secret):
            answer = await running.call("GET", "/api/currentuser", key=each)
            assert answer.json["name"] == "bob"
    kept = (tmp_path / ".storage" / "auth.json").read_text()
    assert secret not in kept
    assert "password of bob" not in kept
    assert (tmp_path / ".storage" / "auth.json").stat().st_mode & 0o777 == 0o600
