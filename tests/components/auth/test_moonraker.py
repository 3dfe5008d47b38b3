"""Moonraker's ``/access/*``."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Scope
from appliance.domain.rpc import ACCESS_METHODS, Call
from tests.serving import API_KEY, PASSWORD, Answer, Running, serving

LOGIN = {"username": "admin", "password": PASSWORD, "source": "moonraker"}
WITH_PASSWORD = {"password": PASSWORD, "api_key": API_KEY}


async def bearer(running: Running, method: str, path: str, token: str) -> Answer:
    return await running.call(method, path, headers={"Authorization": f"Bearer {token}"})


async def test_info_answers_everybody(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        answer = await running.call("GET", "/access/info")
        assert answer.json == {
            "result": {
                "default_source": "moonraker",
                "available_sources": ["moonraker"],
                "login_required": True,
                "trusted": False,
            }
        }


async def test_login_gives_tokens_that_work(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        answer = await running.call("POST", "/access/login", json=LOGIN)
        result = answer.json["result"]
        assert (result["username"], result["action"]) == ("admin", "user_logged_in")
        user = await bearer(running, "GET", "/access/user", result["token"])
        assert user.json["result"]["username"] == "admin"
        by_query = await running.call("GET", f"/access/user?access_token={result['token']}")
        assert by_query.status == 200
        refused = await bearer(running, "GET", "/access/user", result["refresh_token"])
        assert refused.status == 401


async def test_a_refresh_token_gives_a_new_token(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        result = (await running.call("POST", "/access/login", json=LOGIN)).json["result"]
        body = {"refresh_token": result["refresh_token"]}
        answer = await running.call("POST", "/access/refresh_jwt", json=body)
        assert answer.json["result"]["action"] == "user_jwt_refresh"
        token = answer.json["result"]["token"]
        assert (await bearer(running, "GET", "/access/user", token)).status == 200
        body = {"refresh_token": "nonsense"}
        assert (await running.call("POST", "/access/refresh_jwt", json=body)).status == 401


async def test_logout_voids_all_tokens(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        result = (await running.call("POST", "/access/login", json=LOGIN)).json["result"]
        out = await bearer(running, "POST", "/access/logout", result["token"])
        assert out.json["result"] == {"username": "admin", "action": "user_logged_out"}
        assert (await bearer(running, "GET", "/access/user", result["token"])).status == 401
        body = {"refresh_token": result["refresh_token"]}
        assert (await running.call("POST", "/access/refresh_jwt", json=body)).status == 401


async def test_tokens_outlive_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        result = (await running.call("POST", "/access/login", json=LOGIN)).json["result"]
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        assert (await bearer(running, "GET", "/access/user", result["token"])).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"username": "admin", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "admin"},
        {**LOGIN, "source": "ldap"},
    ],
)
async def test_a_login_that_fails_is_a_bad_request(
    tmp_path: Path, body: dict[str, str]
) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        assert (await running.call("POST", "/access/login", json=body)).status == 400


async def test_logout_of_nobody_is_a_bad_request(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        assert (await running.call("POST", "/access/logout")).status == 400
        assert (await running.call("POST", "/access/logout", key=API_KEY)).status == 400


async def test_a_forged_token_is_refused(tmp_path: Path) -> None:
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsInR5cCI6ImFjY2VzcyJ9."
    async with serving(tmp_path) as running:
        assert (await bearer(running, "GET", "/access/user", unsigned)).status == 401


async def test_a_oneshot_token_is_good_for_one_request(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        answer = await running.call("GET", "/access/oneshot_token", key=API_KEY)
        token = answer.json["result"]
        assert len(token) == 32
        assert (await running.call("GET", f"/access/user?token={token}")).status == 200
        assert (await running.call("GET", f"/access/user?token={token}")).status == 401


async def test_a_oneshot_token_is_bound_to_its_address(tmp_path: Path) -> None:
    proxies = {"trusted_proxies": ["127.0.0.1"]}
    async with serving(tmp_path, http=proxies) as running:
        token = (
            await running.call(
                "GET",
                "/access/oneshot_token",
                key=API_KEY,
                headers={"X-Forwarded-For": "192.0.2.1"},
            )
        ).json["result"]
        elsewhere = {"X-Forwarded-For": "192.0.2.2"}
        answer = await running.call("GET", f"/access/user?token={token}", headers=elsewhere)
        assert answer.status == 401


async def test_a_oneshot_token_reaches_as_far_as_its_maker(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        _, secret = await running.auth.create_key(
            "admin", "reader", scopes=frozenset({Scope.READ}), by=LOCAL
        )
        answer = await running.call("GET", "/access/oneshot_token", key=secret)
        path = f"/access/user?token={answer.json['result']}"
        assert (await running.call("POST", path, json={})).status == 403


async def test_the_api_key_is_the_personal_one(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={}) as running:
        key = running.auth.personal_key("admin")
        assert (await running.call("GET", "/access/api_key", key=key)).json == {"result": key}
        new = (await running.call("POST", "/access/api_key", key=key)).json["result"]
        assert new != key
        assert len(new) == 32  # Home Assistant's form for Moonraker takes no other
        assert new.isalnum()
        assert (await running.call("GET", "/access/api_key", key=key)).status == 401
        assert (await running.call("GET", "/access/api_key", key=new)).status == 200


async def test_a_fixed_key_is_shown_and_cannot_be_replaced(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        answer = await running.call("GET", "/access/api_key", key=API_KEY)
        assert answer.json == {"result": API_KEY}
        assert (await running.call("POST", "/access/api_key", key=API_KEY)).status == 409


async def test_a_limited_key_does_not_see_the_personal_one(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        _, secret = await running.auth.create_key(
            "admin", "all scopes", scopes=frozenset(Scope), by=LOCAL
        )
        assert (await running.call("GET", "/access/api_key", key=secret)).status == 403


async def test_the_life_of_a_user(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        body = {"username": "bob", "password": "password of bob"}
        made = (await running.call("POST", "/access/user", key=API_KEY, json=body)).json
        assert made["result"]["action"] == "user_created"
        token = made["result"]["token"]
        assert (await bearer(running, "GET", "/access/user", token)).status == 200
        listed = (await running.call("GET", "/access/users/list", key=API_KEY)).json
        assert [user["username"] for user in listed["result"]["users"]] == ["admin", "bob"]
        gone = await running.call(
            "DELETE", "/access/user", key=API_KEY, params={"username": "bob"}
        )
        assert gone.json["result"] == {"username": "bob", "action": "user_deleted"}
        assert (await bearer(running, "GET", "/access/user", token)).status == 401


async def test_nobody_deletes_themselves(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        answer = await running.call(
            "DELETE", "/access/user", key=API_KEY, json={"username": "admin"}
        )
        assert answer.status == 400


async def test_changing_the_password_needs_the_present_one(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob")
        tokens = await running.auth.login_for_tokens("bob", "password of bob", address="")
        headers = {"Authorization": f"Bearer {tokens.token}"}
        path = "/access/user/password"
        body = {"password": "wrong", "new_password": "new password"}
        assert (await running.call("POST", path, headers=headers, json=body)).status == 400
        body["password"] = "password of bob"
        answer = await running.call("POST", path, headers=headers, json=body)
        assert answer.json["result"]["action"] == "user_password_reset"
        assert (await running.call("GET", "/access/user", headers=headers)).status == 401


async def test_the_methods_are_offered_to_the_websocket_too(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        methods = {each.name: each for each in running.appliance.use(ACCESS_METHODS)}
        assert set(methods) == {
            "access.info",
            "access.get_api_key",
            "access.post_api_key",
            "access.oneshot_token",
            "access.login",
            "access.logout",
            "access.refresh_jwt",
            "access.get_user",
            "access.post_user",
            "access.delete_user",
            "access.users.list",
            "access.user.password",
        }
        result = await methods["access.users.list"].run(Call({}, LOCAL, ""))
        assert [user["username"] for user in result["users"]] == ["admin"]
