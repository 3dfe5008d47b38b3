"""The security programme by its numbers: who gets how far."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.components import audit as audit_component
from appliance.components.auth.sessions import FRESH_S, IDLE_S, LIFE_S, Sessions
from appliance.components.auth.tokens import (
    ONESHOT_S,
    ROTATE_S,
    OneshotTokens,
    TokenSigner,
)
from appliance.config.schema import vol
from appliance.domain.identity import LOCAL, Identity, Method
from appliance.domain.permissions import Permission, Scope
from appliance.errors import CredentialInvalid
from appliance.passwords import is_hash
from tests.components.auth.browser import Browser
from tests.components.auth.clocks import Hands
from tests.components.http.probes import ROUTES
from tests.serving import API_KEY, PASSWORD, serving

LAN = [{"network": "192.168.1.0/24"}, {"network": "10.0.0.0/8", "scope": "control"}]
PROXY = {"trusted_proxies": ["127.0.0.1"]}

# --- S7: trusted networks -----------------------------------------------------------------


async def test_s7_no_network_is_trusted_unless_somebody_wants_it(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        assert (await running.call("GET", "/server/state")).status == 401


@pytest.mark.parametrize(
    ("address", "reads", "controls"),
    [("192.168.1.7", 200, 403), ("10.9.8.7", 200, 200), ("192.168.2.7", 401, 401)],
)
async def test_s7_a_trusted_network_reaches_as_far_as_its_scope(
    tmp_path: Path, address: str, reads: int, controls: int
) -> None:
    config = {"api_key": API_KEY, "trusted_networks": LAN}
    async with serving(tmp_path, ROUTES, auth=config, http=PROXY) as running:
        headers = {"X-Forwarded-For": address}
        answer = await running.call("GET", "/server/state", headers=headers)
        assert answer.status == reads
        answer = await running.call("POST", "/server/state", headers=headers, json={})
        assert answer.status == controls


async def test_s7_a_foreign_page_cannot_use_the_trust(tmp_path: Path) -> None:
    config = {"api_key": API_KEY, "trusted_networks": LAN}
    async with serving(tmp_path, ROUTES, auth=config, http=PROXY) as running:
        headers = {"X-Forwarded-For": "10.9.8.7", "Origin": "http://evil.example"}
        answer = await running.call("POST", "/server/state", headers=headers, json={})
        assert answer.status == 403


async def test_s7_a_wrong_key_is_worth_no_less_than_none(tmp_path: Path) -> None:
    config = {"api_key": API_KEY, "trusted_networks": LAN}
    async with serving(tmp_path, ROUTES, auth=config, http=PROXY) as running:
        headers = {"X-Forwarded-For": "192.168.1.7"}
        answer = await running.call("GET", "/server/state", headers=headers, key="wrong")
        assert answer.status == 200


async def test_s7_the_information_for_clients_says_so(tmp_path: Path) -> None:
    config = {"api_key": API_KEY, "trusted_networks": LAN}
    async with serving(tmp_path, auth=config, http=PROXY) as running:
        headers = {"X-Forwarded-For": "192.168.1.7"}
        result = (await running.call("GET", "/access/info", headers=headers)).json["result"]
        assert (result["trusted"], result["login_required"]) == (True, False)


# --- S11, S12: what is kept, and for how long ---------------------------------------------


async def test_s11_passwords_are_scrypt_and_files_are_private(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob")
        await Browser(running).login("bob", "password of bob")
    kept = (tmp_path / ".storage" / "auth.json").read_text()
    hashed = re.search(r'"password": "([^"]+)"', kept)
    assert hashed is not None
    assert is_hash(hashed[1])
    assert "n=32768" in hashed[1]
    for path in (tmp_path / ".storage").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def sessions() -> tuple[Sessions, Hands]:
    hands = Hands()
    return Sessions(hands.clock), hands


def test_s12_a_session_ends_without_use() -> None:
    held, hands = sessions()
    _, cookie, _ = held.open("bob", Method.PASSWORD)
    hands.move(IDLE_S - 1)
    assert held.by_cookie(cookie)[0] is not None
    hands.move(IDLE_S - 1)
    assert held.by_cookie(cookie)[0] is not None
    hands.move(IDLE_S + 1)
    assert held.by_cookie(cookie)[0] is None


def test_s12_a_session_ends_in_any_case() -> None:
    held, hands = sessions()
    _, cookie, handle = held.open("bob", Method.PASSWORD)
    for _ in range(int(LIFE_S / IDLE_S) + 1):
        held.by_cookie(cookie)
        hands.move(IDLE_S - 1)
    assert held.by_cookie(cookie)[0] is None
    assert held.by_handle(handle) is None


def test_s12_freshness_ends_after_five_minutes() -> None:
    held, hands = sessions()
    fresh, _, _ = held.open("bob", Method.PASSWORD, fresh=True)
    stale, _, _ = held.open("bob", Method.REMEMBER)
    assert fresh.fresh_until == hands.monotonic + FRESH_S
    assert stale.fresh_until <= hands.monotonic
    now = time.monotonic()
    who = Identity("bob", Method.SESSION, fresh=True, fresh_until=now + 1000)
    assert who.is_fresh
    assert not replace(who, fresh_until=now).is_fresh


def test_r22_a_wall_clock_that_jumps_ends_no_session_and_keeps_none_for_ever() -> None:
    held, hands = sessions()
    _, cookie, _ = held.open("bob", Method.PASSWORD)
    for years in (10, -20, 10):
        hands.wall += years * 365 * 86400
        assert held.by_cookie(cookie)[0] is not None
    kept = held.to_data()
    hands.wall -= 5 * 365 * 86400  # it boots in the past, and is set right later
    again = Sessions(hands.clock)
    again.read(kept)
    assert again.by_cookie(cookie)[0] is not None
    hands.move(IDLE_S + 1)
    assert again.by_cookie(cookie)[0] is None


def test_s12_only_so_many_sessions_of_one_user() -> None:
    held, hands = sessions()
    cookies = []
    for _ in range(60):
        cookies.append(held.open("bob", Method.PASSWORD)[1])
        hands.move(1)
    alive = [held.by_cookie(cookie)[0] is not None for cookie in cookies]
    assert alive == [False] * 10 + [True] * 50


def test_a_oneshot_token_lives_five_seconds() -> None:
    hands = Hands()
    tokens = OneshotTokens(hands.clock)
    first, second = tokens.issue(LOCAL, "::1"), tokens.issue(LOCAL, "::1")
    hands.move(ONESHOT_S - 0.1)
    assert tokens.take(first, "::1") is LOCAL
    hands.move(0.2)
    assert tokens.take(second, "::1") is None


def test_tokens_expire_and_signing_keys_rotate() -> None:
    hands = Hands()
    signer = TokenSigner(hands.clock)
    assert signer.rotate()
    access = signer.issue("bob", "access", 0, hands.wall)
    refresh = signer.issue("bob", "refresh", 0, hands.wall)
    assert signer.read(access, "access").user == "bob"
    with pytest.raises(CredentialInvalid):
        signer.read(access, "refresh")
    assert not signer.rotate()
    hands.move(ROTATE_S)
    assert signer.rotate()
    assert signer.read(refresh, "refresh").user == "bob"
    for _ in range(4):
        hands.move(ROTATE_S)
        signer.rotate()
    with pytest.raises(CredentialInvalid):
        signer.read(refresh, "refresh")


# --- S13, S14: no way up ------------------------------------------------------------------


async def test_s13_what_matters_needs_a_fresh_login(tmp_path: Path) -> None:
    config = {"api_key": API_KEY, "password": PASSWORD}
    async with serving(tmp_path, auth=config) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD, remember=True)
        del browser.cookies[f"session_P{running.port}"]
        for method, path in (
            ("POST", "/api/access/users"),
            ("PUT", "/api/access/users/admin"),
            ("POST", "/api/access/groups"),
            ("POST", "/api/access/users/admin/apikey"),
            ("GET", "/api/gantry/keys"),
            ("POST", "/api/gantry/keys"),
            ("GET", "/access/api_key"),
            ("POST", "/access/user"),
        ):
            answer = await browser.call(method, path, json=None if method == "GET" else {})
            assert (path, answer.status) == (path, 403)
            assert "log in again" in answer.text
        record = (await browser.call("GET", "/api/access/users/admin")).json
        assert record["apikey"] is None


async def test_s14_nobody_raises_themselves(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob")
        key = await running.auth.renew_personal_key("bob")
        for method, path, body in (
            ("PUT", "/api/access/users/bob", {"groups": ["admins"]}),
            ("PUT", "/api/access/groups/users", {"permissions": ["ADMIN"]}),
            ("POST", "/api/access/users", {"name": "x", "password": "x", "admin": True}),
            ("POST", "/api/gantry/keys", {"label": "x", "user": "admin"}),
            ("POST", "/access/user", {"username": "x", "password": "x"}),
            ("DELETE", "/access/user", {"username": "admin"}),
        ):
            answer = await running.call(method, path, key=key, json=body)
            assert (path, answer.status) == (path, 403)
        stronger = {"label": "x", "scopes": ["admin"]}
        answer = await running.call("POST", "/api/gantry/keys", key=key, json=stronger)
        assert answer.status == 403
        assert Permission.ADMIN not in running.auth.permissions_of(running.auth.user("bob"))


async def test_s14_a_key_weakens_with_its_owner(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        await running.auth.create_user("bob", "password of bob")
        _, key = await running.auth.create_key(
            "bob", "control", scopes=frozenset({Scope.CONTROL}), by=LOCAL
        )
        assert (await running.call("POST", "/server/state", key=key, json={})).status == 200
        await running.auth.change_user("bob", groups=["readonly"])
        assert (await running.call("POST", "/server/state", key=key, json={})).status == 403
        await running.auth.change_user("bob", active=False)
        assert (await running.call("POST", "/server/state", key=key, json={})).status == 401


async def test_an_expired_key_is_no_key(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        held = running.auth.held  # type: ignore[attr-defined]
        _, key = held.keyring.create(
            "admin", "old", scopes=None, printers=None, expires_at=1.0, now=0.0
        )
        assert (await running.call("GET", "/server/state", key=key)).status == 401


# --- S16: secrets stay secret ---------------------------------------------------------------


async def test_s16_no_secret_is_ever_written_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    canaries = {"password": "canary-password-1", "api_key": "canary-key-of-the-admin-1"}
    secrets = [*canaries.values(), "canary-wrong-password", "canary-wrong-key"]
    shown: list[str] = []
    with caplog.at_level(logging.DEBUG):
        async with serving(
            tmp_path, ROUTES, auth=canaries, components=[(audit_component, {})]
        ) as running:
            key = canaries["api_key"]
            browser = Browser(running)
            answers = [
                await browser.login("admin", canaries["password"], remember=True),
                await browser.login("admin", secrets[2]),
                await running.call("GET", f"/api/state?apikey={key}"),
                await running.call("GET", "/api/state?apikey=canary-wrong-key"),
                await running.call("GET", f"/api/explode?apikey={key}&token=canary-wrong-key"),
                await running.call("GET", "/server/state", key="canary-wrong-key"),
                await running.call("POST", "/api/state", key=key, data=b"{"),
                await running.call("GET", "/api/gantry/keys", key=key),
                await running.call("GET", "/api/gantry/audit", key=key),
                await running.call("GET", "/api/gantry/openapi.json", key=key),
                await running.call("GET", "/metrics", key=key),
            ]
            shown += [answer.text for answer in answers if '"apikey"' not in answer.text]
            _, made = await running.auth.create_key("admin", "app", by=LOCAL)
            await running.call("POST", "/plugin/appkeys/request", json={"app": "App"})
            secrets += [made, *browser.cookies.values()]
    kept = [path.read_text() for path in (tmp_path / ".storage").iterdir() if path.is_file()]
    token = browser.cookies[f"csrf_token_P{running.port}"]
    for secret in secrets:
        assert secret not in caplog.text
        assert not [text for text in shown if secret in text and secret != token]
        assert not [text for text in kept if secret in text]


# --- S29: requests that a foreign page could make -------------------------------------------


@pytest.mark.parametrize("path", ["/api/state", "/server/state", "/api/gantry/me"])
async def test_s29_a_session_changes_nothing_without_its_token(
    tmp_path: Path, path: str
) -> None:
    config = {"password": PASSWORD}
    async with serving(tmp_path, ROUTES, auth=config) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD)
        assert (await browser.call("POST", path, json={})).status == 200
        assert (await browser.call("POST", path, csrf=False, json={})).status == 400
        wrong = {"X-CSRF-Token": "wrong"}
        answer = await browser.call("POST", path, csrf=False, headers=wrong, json={})
        assert answer.status == 400
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            answer = await browser.call(
                "POST", path, data=b"{}", headers={"Content-Type": kind}
            )
            assert answer.status == 415


async def test_s29_reading_changes_nothing(tmp_path: Path) -> None:
    """Every route that is reached by GET says so: it declares no body."""
    async with serving(tmp_path, ROUTES) as running:
        for route in running.http.routes:
            if route.method == "GET":
                assert route.exchange.body is None
                assert not route.csrf_exempt


@pytest.mark.parametrize(
    "config",
    [
        {"api_key": "short"},
        {"api_key": "with a space in it"},
        {"trusted_networks": [{"network": "nonsense"}]},
        {"trusted_networks": [{"network": "10.0.0.0/8", "scope": "everything"}]},
        {"first_run": "open"},
        {"admin": ""},
    ],
)
async def test_a_configuration_that_makes_no_sense_is_refused(
    tmp_path: Path, config: dict[str, object]
) -> None:
    with pytest.raises(vol.Invalid):
        async with serving(tmp_path, auth=config):
            pass
