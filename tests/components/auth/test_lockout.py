"""S9: what guessing costs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.auth import passwords as passwords_module
from appliance.components.auth.lockout import (
    FIRST_WAIT_S,
    FREE,
    FREE_OF_ACCOUNT,
    LONGEST_WAIT_S,
    Lockout,
)
from appliance.errors import TooManyAttempts
from appliance.passwords import verify_password
from tests.components.auth.browser import Browser
from tests.components.auth.clocks import Hands
from tests.serving import API_KEY, PASSWORD, Running, serving

HERE, THERE = "192.0.2.1", "192.0.2.2"
WITH_PASSWORD = {"password": PASSWORD, "api_key": API_KEY}
PROXY = {"trusted_proxies": ["127.0.0.1"]}


def wait(lockout: Lockout, address: str, account: str | None = None) -> float:
    """Return how long one has to wait."""
    try:
        lockout.check(address, account)
    except TooManyAttempts as error:
        return error.retry_after_s
    return 0.0


def test_some_failures_are_free() -> None:
    lockout = Lockout(Hands().clock)
    for _ in range(FREE - 1):
        lockout.failed(HERE, "admin")
    assert wait(lockout, HERE, "admin") == 0
    lockout.failed(HERE, "admin")
    assert wait(lockout, HERE, "admin") == FIRST_WAIT_S
    assert wait(lockout, THERE, "admin") == 0


@given(st.integers(0, 40))
def test_each_failure_waits_twice_as_long_up_to_a_quarter_of_an_hour(more: int) -> None:
    lockout = Lockout(Hands().clock)
    for _ in range(FREE + more):
        lockout.failed(HERE)
    assert wait(lockout, HERE) == min(FIRST_WAIT_S * 2**more, LONGEST_WAIT_S)


def test_an_account_is_tried_from_many_addresses() -> None:
    lockout = Lockout(Hands().clock)
    for number in range(FREE_OF_ACCOUNT):
        lockout.failed(f"203.0.113.{number}", "admin")
    assert wait(lockout, HERE, "admin") > 0
    assert wait(lockout, HERE, "bob") == 0


def test_nobody_can_lock_the_owner_out_from_elsewhere() -> None:
    lockout = Lockout(Hands().clock)
    lockout.succeeded(HERE, "admin")
    for number in range(500):
        lockout.failed(f"203.0.113.{number}", "admin")
    assert wait(lockout, HERE, "admin") == 0
    assert wait(lockout, THERE, "admin") > 0


def test_time_and_success_forgive() -> None:
    hands = Hands()
    lockout = Lockout(hands.clock)
    for _ in range(FREE + 2):
        lockout.failed(HERE, "admin")
    hands.move(FIRST_WAIT_S * 4)
    assert wait(lockout, HERE, "admin") == 0
    lockout.succeeded(HERE, "admin")
    lockout.failed(HERE, "admin")
    assert wait(lockout, HERE, "admin") == 0


def test_waiting_goes_on_after_a_restart() -> None:
    lockout = Lockout(Hands().clock)
    for _ in range(FREE + 3):
        lockout.failed(HERE, "admin")
    again = Lockout(Hands(monotonic=5.0).clock)
    again.read(lockout.to_data())
    assert wait(again, HERE, "admin") == FIRST_WAIT_S * 8
    again.clear()
    assert wait(again, HERE, "admin") == 0


async def guess(running: Running, address: str, password: str = "wrong") -> int:
    browser = Browser(running)
    headers = {"X-Forwarded-For": address}
    body = {"user": "admin", "pass": password}
    answer = await browser.call("POST", "/api/login", headers=headers, json=body)
    if answer.status == 429:
        assert int(answer.headers["Retry-After"]) > 0
    return answer.status


@pytest.mark.usefixtures("locked_for_long")
async def test_s9_passwords_are_not_guessed(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD, http=PROXY) as running:
        assert [await guess(running, HERE) for _ in range(6)] == [403] * 5 + [429]
        assert await guess(running, HERE, PASSWORD) == 429
        assert await guess(running, THERE, PASSWORD) == 200
    async with serving(tmp_path, auth=WITH_PASSWORD, http=PROXY) as running:
        assert await guess(running, HERE, PASSWORD) == 429


@pytest.mark.usefixtures("locked_for_long")
async def test_s9_no_header_resets_the_count(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD, http=PROXY) as running:
        for number in range(5):
            assert await guess(running, f"198.51.100.{number}, {HERE}") == 403
        assert await guess(running, f"198.51.100.9, {HERE}") == 429


@pytest.mark.usefixtures("locked_for_long")
async def test_s9_tokens_are_not_guessed_either(tmp_path: Path) -> None:
    body = {"username": "admin", "password": "wrong"}
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        tries = [
            (await running.call("POST", "/access/login", json=body)).status for _ in range(6)
        ]
        assert tries == [400] * 5 + [429]


@pytest.mark.parametrize("path", ["/access/user?token={}", "/access/user?apikey={}"])
@pytest.mark.usefixtures("locked_for_long")
async def test_s9_keys_are_not_guessed(tmp_path: Path, path: str) -> None:
    async with serving(tmp_path) as running:
        tries = [
            (await running.call("GET", path.format(f"guess{n}"))).status for n in range(6)
        ]
        assert tries == [401] * 5 + [429]
        assert (await running.call("GET", "/access/user", key=API_KEY)).status == 200


async def test_s9_an_old_key_does_not_keep_its_owner_from_logging_in(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        for _ in range(20):
            await running.call("GET", "/api/currentuser", key="the key of last year")
        assert (await Browser(running).login("admin", PASSWORD)).status == 200


async def test_s10_an_unknown_user_takes_as_long_as_a_wrong_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def counted(password: str, kept: str) -> bool:
        hashed.append(kept.rpartition("$")[0].partition("$scrypt$")[2].partition("$")[0])
        return verify_password(password, kept)

    monkeypatch.setattr(passwords_module, "verify_password", counted)
    async with serving(tmp_path, auth=WITH_PASSWORD) as running:
        await running.auth.create_user("bob", "password of bob")
        await running.auth.create_user("keys-only", None)
        for user in ("admin", "bob", "keys-only", "nobody"):
            assert (await Browser(running).login(user, "wrong")).status == 403
        assert hashed == ["n=32768,r=8,p=1"] * 4


async def test_s9_many_logins_at_once_wait_for_no_more_than_a_few(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=WITH_PASSWORD, http=PROXY) as running:
        tries = [guess(running, f"198.51.100.{number}") for number in range(30)]
        answers = await asyncio.gather(*tries)
        assert set(answers) == {403, 429}
        assert answers.count(403) < 30
