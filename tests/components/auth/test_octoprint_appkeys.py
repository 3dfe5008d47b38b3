"""Pairing of applications, and their keys."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from appliance.components.auth.pairing import LONGEST_S, SILENT_S, Ended, Pairing
from appliance.domain.api_keys import (
    AppKeyDecided,
    AppKeyRequest,
    AppKeyRequested,
    AppKeyState,
)
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest, TooManyAttempts, UserMissing
from tests.components.auth.browser import Browser
from tests.components.auth.clocks import Hands
from tests.serving import API_KEY, PASSWORD, Running, serving

REQUEST = "/plugin/appkeys/request"


async def ask(running: Running, app: str = "Cura") -> tuple[str, AppKeyRequest]:
    """Let an application ask; return where it polls, and what the person is shown."""
    seen: list[AppKeyRequested] = []
    unsubscribe = running.appliance.bus.listen(AppKeyRequested, seen.append)
    answer = await running.call("POST", REQUEST, json={"app": app})
    unsubscribe()
    assert answer.status == 201
    assert answer.json["app_token"] in answer.headers["Location"]
    assert answer.json["auth_dialog"].startswith(running.url)
    location = answer.headers["Location"].removeprefix(running.url)
    return location, seen[0].request


@pytest.mark.usefixtures("patient_pairing")
async def test_the_way_to_a_key(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        assert (await running.call("GET", "/plugin/appkeys/probe")).status == 204
        location, request = await ask(running)
        assert (await running.call("GET", location)).status == 202
        decided: list[AppKeyDecided] = []
        running.appliance.bus.listen(AppKeyDecided, decided.append)
        decision = f"/plugin/appkeys/decision/{request.user_token}"
        answer = await running.call("POST", decision, key=API_KEY, json={"decision": True})
        assert answer.status == 204
        assert decided[0].state is AppKeyState.GRANTED
        granted = await running.call("GET", location)
        assert granted.status == 200
        key = granted.json["api_key"]
        assert (await running.call("GET", "/api/currentuser", key=key)).json["name"] == "admin"
        assert (await running.call("GET", location)).status == 404


@pytest.mark.usefixtures("patient_pairing")
async def test_a_denied_request_is_gone(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        location, request = await ask(running)
        decision = f"/plugin/appkeys/decision/{request.user_token}"
        answer = await running.call("POST", decision, key=API_KEY, json={"decision": False})
        assert answer.status == 204
        assert (await running.call("GET", location)).status == 404


@pytest.mark.usefixtures("patient_pairing")
async def test_a_person_can_narrow_what_the_key_reaches(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        location, request = await ask(running)
        body = {"decision": True, "scopes": ["upload", "print"]}
        decision = f"/plugin/appkeys/decision/{request.user_token}"
        await running.call("POST", decision, key=API_KEY, json=body)
        key = (await running.call("GET", location)).json["api_key"]
        may = (await running.call("GET", "/api/currentuser", key=key)).json["permissions"]
        assert {"FILES_UPLOAD", "PRINT"} <= set(may)
        assert not {"ADMIN", "CONTROL", "SETTINGS"} & set(may)


@pytest.mark.usefixtures("patient_pairing")
async def test_a_decision_needs_fresh_credentials_of_a_person(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        _, request = await ask(running)
        path = f"/plugin/appkeys/decision/{request.user_token}"
        body = {"decision": True}
        assert (await running.call("POST", path, json=body)).status == 400
        browser = Browser(running)
        await browser.login("admin", PASSWORD, remember=True)
        del browser.cookies[f"session_P{running.port}"]
        stale = await browser.call("POST", path, json=body)
        assert stale.status == 403
        await browser.login("admin", PASSWORD)
        assert (await browser.call("POST", path, json={"decision": "yes"})).status == 400
        assert (await browser.call("POST", path, json=body)).status == 204


async def test_requests_are_limited(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        for _ in range(3):
            await ask(running)
        answer = await running.call("POST", REQUEST, json={"app": "Cura"})
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) in range(1, 61)


@pytest.mark.parametrize(
    "body", [{}, {"app": ""}, {"app": "x" * 129}, {"app": "a\nb"}, {"app": 5}]
)
async def test_a_request_needs_a_name(tmp_path: Path, body: dict[str, object]) -> None:
    async with serving(tmp_path) as running:
        assert (await running.call("POST", REQUEST, json=body)).status == 400


async def test_keys_are_listed_made_and_revoked(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        path = "/api/plugin/appkeys"
        made = await running.call(
            "POST", path, key=API_KEY, json={"command": "generate", "app": "Script"}
        )
        assert made.json["user_id"] == "admin"
        key = made.json["api_key"]
        listed = await running.call("GET", path, key=API_KEY)
        assert listed.json["keys"] == [{"app_id": "Script", "user_id": "admin"}]
        revoke = {"command": "revoke", "key": key}
        assert (await running.call("POST", path, key=API_KEY, json=revoke)).status == 204
        assert (await running.call("GET", path, key=key)).status == 403
        assert (await running.call("POST", path, key=API_KEY, json=revoke)).status == 204
        revoke = {"command": "revoke", "app": "Script"}
        assert (await running.call("POST", path, key=API_KEY, json=revoke)).status == 400
        body = {"command": "dance"}
        assert (await running.call("POST", path, key=API_KEY, json=body)).status == 400


async def test_the_keys_of_others_are_for_administrators(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob")
        await running.auth.create_key("bob", "App of Bob", by=LOCAL)
        bob = await running.auth.renew_personal_key("bob")
        path = "/api/plugin/appkeys"
        assert (await running.call("GET", path, key=API_KEY)).json["keys"] == []
        everybody = await running.call("GET", f"{path}?all=true", key=API_KEY)
        assert everybody.json["keys"] == [{"app_id": "App of Bob", "user_id": "bob"}]
        assert (await running.call("GET", f"{path}?all=true", key=bob)).status == 403
        body = {"command": "generate", "app": "x", "user": "admin"}
        assert (await running.call("POST", path, key=bob, json=body)).status == 403
        body = {"command": "revoke", "app": "x", "user": "admin"}
        assert (await running.call("POST", path, key=bob, json=body)).status == 403
        for unknown in (API_KEY, "no such key"):
            body = {"command": "revoke", "key": unknown}
            assert (await running.call("POST", path, key=bob, json=body)).status == 403


async def test_a_key_is_revoked_by_itself_whosever_it_is(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob")
        _, secret = await running.auth.create_key("bob", "App of Bob", by=LOCAL)
        path, body = "/api/plugin/appkeys", {"command": "revoke", "key": secret}
        assert (await running.call("POST", path, key=API_KEY, json=body)).status == 204
        assert (await running.call("GET", "/api/plugin/appkeys", key=secret)).status == 403
        assert not [key for key in running.auth.keys if key.label == "App of Bob"]


async def test_a_key_cannot_make_one_that_reaches_further(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        _, secret = await running.auth.create_key(
            "admin", "uploader", scopes=frozenset({Scope.UPLOAD}), by=LOCAL
        )
        path = "/api/gantry/keys"
        for scopes in (["admin"], ["upload", "control"], None):
            body = {"label": "more", "scopes": scopes}
            assert (await running.call("POST", path, key=secret, json=body)).status == 403
        body = {"label": "same", "scopes": ["upload"]}
        assert (await running.call("POST", path, key=secret, json=body)).status == 201


async def test_a_key_that_ends_leaves_none_behind_that_does_not(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob")
        soon = time.time() + 3600
        _, secret = await running.auth.create_key("bob", "guest", expires_at=soon, by=LOCAL)
        path = "/api/gantry/keys"
        for end in (None, soon + 1):
            body = {"label": "more", "expires_at": end}
            assert (await running.call("POST", path, key=secret, json=body)).status == 403
        body = {"label": "less", "expires_at": soon - 1}
        assert (await running.call("POST", path, key=secret, json=body)).status == 201
        for method, path in (
            ("GET", "/access/api_key"),
            ("POST", "/access/api_key"),
            ("POST", "/api/users/bob/apikey"),
        ):
            assert (await running.call(method, path, key=secret)).status == 403


async def test_a_limited_key_revokes_no_other(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        _, reader = await running.auth.create_key(
            "admin", "reader", scopes=frozenset({Scope.READ}), by=LOCAL
        )
        _, other = await running.auth.create_key("admin", "slicer", by=LOCAL)
        for wanted in ({"app": "slicer"}, {"key": other}):
            body = {"command": "revoke", **wanted}
            answer = await running.call("POST", "/api/plugin/appkeys", key=reader, json=body)
            assert answer.status == 403


async def test_our_own_keys_have_limits_and_an_end(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        path = "/api/gantry/keys"
        body = {"label": "kiosk", "scopes": ["read"], "printers": ["ender3"]}
        made = await running.call("POST", path, key=API_KEY, json=body)
        assert (made.status, made.json["printers"]) == (201, ["ender3"])
        listed = await running.call("GET", path, key=API_KEY)
        assert made.json["id"] in [key["id"] for key in listed.json["keys"]]
        assert "key" not in listed.json["keys"][0]
        expired = {"label": "old", "expires_at": 1}
        assert (await running.call("POST", path, key=API_KEY, json=expired)).status == 400
        for bad in (
            {"label": ""},
            {"label": "x", "scopes": ["fly"]},
            {"label": "x", "scopes": []},
        ):
            assert (await running.call("POST", path, key=API_KEY, json=bad)).status == 400
        gone = await running.call("DELETE", f"{path}/{made.json['id']}", key=API_KEY)
        assert gone.status == 204
        assert (await running.call("GET", path, key=made.json["key"])).status == 401


def waiting() -> tuple[Pairing, Hands, list[Ended]]:
    hands = Hands()
    ended: list[Ended] = []
    return Pairing(hands.clock, lambda _, how: ended.append(how)), hands, ended


def test_a_request_dies_when_nobody_asks_for_it() -> None:
    pairing, hands, ended = waiting()
    made = pairing.request("App", None, "192.0.2.1")
    hands.move(SILENT_S)
    assert pairing.poll(made.app_token) is None
    hands.move(SILENT_S + 0.1)
    with pytest.raises(UserMissing):
        pairing.poll(made.app_token)
    assert ended == [Ended.SILENT]


def test_a_request_does_not_live_for_ever() -> None:
    pairing, hands, _ = waiting()
    made = pairing.request("App", None, "192.0.2.1")
    ends = hands.monotonic + LONGEST_S
    while hands.monotonic < ends:
        pairing.poll(made.app_token)
        hands.move(SILENT_S)
    hands.move(1)
    with pytest.raises(UserMissing):
        pairing.poll(made.app_token)


def test_a_granted_key_waits_a_while_to_be_fetched() -> None:
    pairing, hands, ended = waiting()
    made = pairing.request("App", None, "192.0.2.1")
    pairing.grant(made, "the key")
    assert list(pairing) == []
    hands.move(SILENT_S * 2)
    assert pairing.poll(made.app_token) == "the key"
    assert ended == []


def test_only_so_many_wait_at_once() -> None:
    pairing, _, _ = waiting()
    for number in range(20):
        pairing.request(f"App {number}", None, "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        pairing.request("App", None, "192.0.2.1")


def test_a_name_is_one_line() -> None:
    pairing, _, _ = waiting()
    with pytest.raises(InvalidRequest):
        pairing.request("App\u202egnp", None, "192.0.2.1")
