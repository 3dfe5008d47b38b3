"""S31: websockets are bounded in both directions, and end when their credential does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from appliance import web
from appliance import websocket as websocket_module
from appliance.components import auth as auth_component
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import public
from appliance.web import Family, Route
from appliance.websocket import Channel
from tests.components.auth.clocks import Hands
from tests.components.http.probes import ROUTES
from tests.serving import API_KEY, Running, serving
from tests.waiting import deadline, eventually

PATIENT, IMPATIENT = "/lobby?patience=600", "/lobby?patience=0.1"
CLOSING = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED)


@asynccontextmanager
async def websocket(
    running: Running, path: str = "/chat", key: str | None = API_KEY
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    headers = {} if key is None else {"X-Api-Key": key}
    async with running.client.ws_connect(running.url + path, headers=headers) as socket:
        yield socket


async def close_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read until the end, and return why it ended."""
    async with deadline("the end of the websocket"):
        while (await socket.receive()).type not in CLOSING:
            pass
    return socket.close_code


async def test_text_goes_both_ways(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, websocket(running) as socket:
        await socket.send_str("hello")
        assert await socket.receive_str() == "hello"
        await socket.send_bytes(b"bytes")
        assert await socket.receive_str() == "bytes"
        assert running.http.clients == 1
    await eventually(lambda: running.http.clients == 0)


async def test_s31_a_socket_on_which_nobody_logs_in_ends(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        async with websocket(running, PATIENT, key=None) as socket:
            await socket.send_str("hello")
            assert await socket.receive_str() == "hello"
        async with websocket(running, IMPATIENT, key=None) as socket:
            await socket.send_str("hello")  # answered or not: it helps nothing
            assert await close_code(socket) == websocket_module.POLICY


async def test_whoever_logged_in_may_stay(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, ROUTES) as running,
        websocket(running, IMPATIENT) as known,
        websocket(running, IMPATIENT, key=None) as unknown,
    ):
        assert await close_code(unknown) == websocket_module.POLICY
        await known.send_str("still here")
        assert await known.receive_str() == "still here"


async def test_s31_a_message_too_long_ends_it(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, websocket(running) as socket:
        await socket.send_str("x" * (websocket_module.MAX_MESSAGE + 1))
        assert await close_code(socket) == 1009


async def test_s31_compression_is_not_offered(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, ROUTES) as running,
        running.client.ws_connect(running.url + "/chat", compress=15) as socket,
    ):
        assert socket.compress == 0


async def test_s31_a_flood_is_slowed_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket_module, "BURST", 5)
    monkeypatch.setattr(websocket_module, "RATE", 1e-6)  # nothing is earned meanwhile
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        if seconds < 0.9e6:  # somebody else's
            await sleep(seconds)
            return
        waits.append(seconds)
        await sleep(0)

    async with serving(tmp_path, ROUTES) as running, websocket(running) as socket:
        monkeypatch.setattr(asyncio, "sleep", noted)
        for number in range(30):
            await socket.send_str(str(number))
        for number in range(30):
            assert await socket.receive_str() == str(number)
        assert len(waits) == 25


async def test_r16_a_client_that_never_reads_is_let_go(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, ROUTES) as running,
        websocket(running) as socket,
        websocket(running) as other,
    ):
        await eventually(lambda: running.http.clients == 2)
        reader = socket._response.connection
        assert reader is not None
        assert reader.transport is not None
        reader.transport.pause_reading()
        await socket.send_str("flood 3000")
        await eventually(lambda: running.http.clients == 1)
        await other.send_str("unaffected")
        assert await other.receive_str() == "unaffected"
        reader.transport.abort()  # or its own goodbye would wait for ours


async def test_a_large_message_puts_nobody_out(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, websocket(running) as socket:
        await eventually(lambda: running.http.clients)
        channel = next(iter(running.http.channels))  # type: ignore[attr-defined]
        channel.send("h" * 1_000_000)
        for number in range(20):
            channel.send(str(number))
        assert len(await socket.receive_str()) == 1_000_000
        assert [await socket.receive_str() for _ in range(20)] == [
            str(number) for number in range(20)
        ]


async def test_newest_state_replaces_the_one_that_waits(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, websocket(running) as socket:
        await eventually(lambda: running.http.clients)
        channel = next(iter(running.http.channels))  # type: ignore[attr-defined]
        for number in range(1000):
            channel.send_latest("state", f"{number:01000d}")
        channel.send("end")
        assert channel.backlog < 2000
        assert (await socket.receive_str()).endswith("999")
        assert await socket.receive_str() == "end"
        await eventually(lambda: channel.backlog == 0)


async def test_a_revoked_key_ends_its_sockets_and_no_others(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        key, secret = await running.auth.create_key("admin", "app", by=LOCAL)
        async with websocket(running, key=secret) as socket, websocket(running) as other:
            await eventually(lambda: running.http.clients == 2)
            await running.auth.revoke_key(key.id)
            assert await close_code(socket) == websocket_module.POLICY
            await other.send_str("still here")
            assert await other.receive_str() == "still here"


async def test_a_key_that_ends_takes_its_sockets_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands()
    monkeypatch.setattr(auth_component, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(auth_component, "Clock", lambda: hands.clock)
    async with serving(tmp_path, ROUTES) as running:
        soon = hands.wall + 60
        _, secret = await running.auth.create_key("admin", "app", by=LOCAL, expires_at=soon)
        async with websocket(running, key=secret) as socket:
            await socket.send_str("still here")
            assert await socket.receive_str() == "still here"
            hands.move(61)
            assert await close_code(socket) == websocket_module.POLICY


async def test_a_new_password_ends_sockets_of_the_remember_me_cookie(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        await running.auth.create_user("bob", "password of bob")
        login = await running.auth.login(
            "bob", "password of bob", address="127.0.0.1", remember=True
        )
        headers = {
            "Cookie": f"remember_token_P{running.port}={login.remember}",
            "Origin": running.url,
        }
        async with running.client.ws_connect(f"{running.url}/chat", headers=headers) as socket:
            await socket.send_str("hello")
            assert await socket.receive_str() == "hello"
            await running.auth.set_password("bob", "another password")
            assert await close_code(socket) == websocket_module.POLICY


async def test_a_deactivated_user_is_put_out(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        await running.auth.create_user("bob", "password of bob")
        key = await running.auth.renew_personal_key("bob")
        async with websocket(running, key=key) as socket:
            await eventually(lambda: running.http.clients)
            await running.auth.change_user("bob", active=False)
            assert await close_code(socket) == websocket_module.POLICY


async def test_whoever_may_less_now_has_to_log_in_again(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        await running.auth.create_user("bob", "password of bob")
        key = await running.auth.renew_personal_key("bob")
        for change in (
            running.auth.change_user("bob", groups=["readonly"]),
            running.auth.put_group(
                replace(running.auth.group("readonly"), permissions=frozenset()), new=False
            ),
        ):
            async with websocket(running, key=key) as socket, websocket(running) as other:
                await eventually(lambda: running.http.clients == 2)
                await change
                assert await close_code(socket) == websocket_module.POLICY
                await other.send_str("still here")
                assert await other.receive_str() == "still here"
            await eventually(lambda: running.http.clients == 0)


async def test_at_shutdown_everybody_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        socket = await running.client.ws_connect(running.url + "/chat")
        await eventually(lambda: running.http.clients)
        told = asyncio.create_task(close_code(socket))
        server = running.http
        await server.stop()  # type: ignore[attr-defined]
        assert await told == websocket_module.GOING_AWAY


async def test_who_leaves_while_a_websocket_is_opened_fills_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    left = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        await eventually(lambda: request.transport is None)
        left.set()
        return (await Channel.open(request)).response

    routes = [Route("GET", "/slow", slow, public(), Family.GANTRY)]
    async with serving(tmp_path, routes) as running:
        with pytest.raises(aiohttp.ClientError):
            await running.client.ws_connect(running.url + "/slow")
        await left.wait()
        assert (await running.call("GET", "/health")).status == 200
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
