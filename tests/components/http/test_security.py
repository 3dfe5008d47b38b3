"""The security programme by its numbers, from outside."""

from __future__ import annotations

import random
import string
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from appliance.components.http import connection as connection_module
from tests.components.http.probes import ROUTES
from tests.components.http.raw import request, wire
from tests.serving import API_KEY, Running, serving
from tests.waiting import eventually

KEY = f"X-Api-Key: {API_KEY}"
FOREIGN = [
    "http://evil.example",
    "null",
    "http://localhost.evil.example",
    "https://localhost:{port}",
    "http://localhost:1",
    "http://LOCALHOST.:{port}",
    "http://l\u00f6calhost:{port}",
    "http://user@localhost:{port}",
    "file://",
    "javascript:alert(1)",
    "http://192.168.1.50:{port}",
]


async def open_websocket(running: Running, path: str, **headers: str) -> int:
    """Return the status of a handshake."""
    try:
        async with running.client.ws_connect(running.url + path, headers=headers):
            return 101
    except aiohttp.WSServerHandshakeError as error:
        return error.status


# --- S4: who may open a websocket -------------------------------------------------------


@pytest.mark.parametrize("origin", FOREIGN)
async def test_s4_a_foreign_page_opens_no_websocket(tmp_path: Path, origin: str) -> None:
    async with serving(tmp_path, ROUTES) as running:
        host, page = f"localhost:{running.port}", origin.format(port=running.port)
        assert await open_websocket(running, "/chat", Host=host, Origin=page) == 403


async def test_s4_our_own_page_and_programs_open_one(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        assert await open_websocket(running, "/chat", Origin=running.url) == 101
        assert await open_websocket(running, "/chat") == 101


async def test_s4_a_listed_page_opens_one(tmp_path: Path) -> None:
    config = {"cors_origins": ["https://mainsail.example"]}
    async with serving(tmp_path, ROUTES, http=config) as running:
        assert await open_websocket(running, "/chat", Origin="https://mainsail.example") == 101
        assert (
            await open_websocket(running, "/chat", Origin="https://mainsail.example:1") == 403
        )


# --- S6: no header opens a door ---------------------------------------------------------


async def test_s6_no_header_changes_who_one_is(tmp_path: Path) -> None:
    chance = random.Random(6)
    names = ["X-Preemptive-Recording", "X-Internal", "X-Original-URL", "X-Rewrite-URL"]
    names += ["X-HTTP-Method-Override", "X-User", "Remote-User", "X-Forwarded-User", "X-Admin"]
    async with serving(tmp_path, ROUTES) as running:
        for _ in range(300):
            name = chance.choice(
                [*names, "X-" + "".join(chance.choices(string.ascii_letters, k=8))]
            )
            value = chance.choice(["true", "admin", "127.0.0.1", "/open", "GET", "1"])
            answer = await running.call("GET", "/api/state", headers={name: value})
            assert (name, answer.status) == (name, 403)


# --- S8: what every answer carries ------------------------------------------------------


@pytest.mark.parametrize("path", ["/open", "/api/state", "/nothing", "/page", "/health"])
async def test_s8_every_answer_is_guarded_by_headers(tmp_path: Path, path: str) -> None:
    async with serving(tmp_path, ROUTES) as running:
        headers = (await running.call("GET", path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Server" not in headers


async def test_s8_pages_allow_nothing_inline(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        policy = (await running.call("GET", "/page")).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "object-src 'none'" in policy


# --- S22: paths -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/files/local/..%2F..%2Fetc%2Fpasswd",
        "/api/files/local/%2e%2e/%2e%2e/etc/passwd",
        "/api/files/local/..%252f..%252fetc",
        "/api/files/local/%00",
        "/api/files/local/%c0%ae%c0%ae/x",
        "/api/files/local/..\\..\\x",
    ],
)
async def test_s22_a_path_stays_within_its_parameter(tmp_path: Path, path: str) -> None:
    """The server hands the parameter on as it is; what it means the files decide."""
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(request("GET", path, KEY))
        status, _, body = await connection.answer()
        assert status == 200
        assert b'"place":"local"' in body


async def test_s22_dots_do_not_lead_to_another_route(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(request("GET", "/open/../api/state"))
        status, _, _ = await connection.answer()
        assert status == 404


# --- S24, S26, S30: bodies and patience -------------------------------------------------


async def test_s26_a_body_too_long_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(request("POST", "/api/swallow", KEY, "Content-Length: 1000001"))
        status, _, _ = await connection.answer()
        assert status == 413


async def test_s26_a_body_without_end_is_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(
            request("POST", "/api/swallow", KEY, "Transfer-Encoding: chunked")
        )
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        for _ in range(40):
            connection.writer.write(chunk)
        status, _, _ = await connection.answer()
        assert status == 413


async def test_s26_packed_bodies_are_refused(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call(
            "POST",
            "/api/state",
            key=API_KEY,
            data=b"\x1f\x8b",
            headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
        )
        assert answer.status == 415


@pytest.mark.parametrize(
    "body",
    [b"[" * 500_000, b'{"a":' * 100_000, b'{"a": 1e9999}', b'{"a": 1' + b"0" * 9000 + b"}"],
)
async def test_s26_json_bombs_are_refused(tmp_path: Path, body: bytes) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call(
            "POST",
            "/api/state",
            key=API_KEY,
            data=body,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status == 400


@pytest.fixture
def impatient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server wait for a fraction of a second only, for what the test is about."""
    monkeypatch.setattr(connection_module, "SWEEP_S", 0.02)
    monkeypatch.setattr(connection_module, request.param, 0.1)


def impatient_of(what: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("impatient", [what], indirect=True)


@impatient_of("BODY_STALLED_S")
@pytest.mark.usefixtures("impatient")
async def test_s24_a_body_that_stalls_is_given_up(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(
            request("POST", "/api/swallow", KEY, "Content-Length: 500") + "x"
        )
        status, _, _ = await connection.answer()
        assert status == 408
        assert (await running.call("GET", "/open")).status == 200


@impatient_of("HEADERS_S")
@pytest.mark.usefixtures("impatient")
async def test_s30_headers_that_do_not_end_are_given_up(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send("GET /open HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert await connection.closed() == b""


@impatient_of("HEADERS_S")
@pytest.mark.usefixtures("impatient")
async def test_s30_a_silent_connection_is_given_up(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        assert await connection.closed() == b""


@impatient_of("ANSWER_STALLED_S")
@pytest.mark.usefixtures("impatient")
async def test_s30_an_answer_that_nobody_reads_is_given_up(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]
        server = running.http
        one = request("GET", "/api/much", KEY)
        for _ in range(400):
            connection.writer.write(one.encode())
        await eventually(lambda: len(server.connections) == 0)  # type: ignore[attr-defined]
        assert (await running.call("GET", "/open")).status == 200


async def test_s30_half_open_connections_keep_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "HEADERS_S", 600.0)  # none goes by itself
    async with serving(tmp_path, ROUTES) as running, AsyncExitStack() as stack:
        for _ in range(150):
            held = await stack.enter_async_context(wire(running))
            held.writer.write(b"GET / HT")
        for _ in range(20):
            assert (await running.call("GET", "/open")).status == 200
        most = connection_module.MAX_PER_ADDRESS
        connections = running.http.connections  # type: ignore[attr-defined]
        assert most - 1 <= len(connections) <= most + 1


async def test_s30_idle_connections_make_room_for_those_who_want_something(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, ROUTES) as running, AsyncExitStack() as stack:
        for _ in range(connection_module.MAX_PER_ADDRESS + 20):
            connection = await stack.enter_async_context(wire(running))
            await connection.send(request("GET", "/open"))
            assert (await connection.answer())[0] == 200


async def test_s30_whoever_showed_a_key_does_not_count(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, AsyncExitStack() as stack:
        held = []
        for _ in range(connection_module.MAX_PER_ADDRESS + 20):
            connection = await stack.enter_async_context(wire(running))
            await connection.send(request("GET", "/api/state", KEY))
            assert (await connection.answer())[0] == 200
            held.append(connection)
        for connection in held:
            await connection.send(request("GET", "/api/state", KEY))
            assert (await connection.answer())[0] == 200


# --- S32: what is not HTTP --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        "GET /open\r\n\r\n",
        "GET /open HTTP/9.9\r\n\r\n",
        "GET /open HTTP/1.1\r\n\r\n",
        "POST /api/swallow HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        request("POST", "/api/swallow", "Content-Length: 5", "Content-Length: 6") + "hello",
        request("POST", "/api/swallow", "Content-Length: 5", "Transfer-Encoding: chunked"),
        "GET /open HTTP/1.1\r\nHost: localhost\r\nX: " + "a" * 20_000 + "\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    ],
)
async def test_s32_what_is_not_clean_http_is_refused(tmp_path: Path, text: str) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(text.encode("latin-1"))
        status, headers, body = await connection.answer()
        assert status in (400, 505)
        assert b"aiohttp" not in body
        assert not headers.get("server")
        assert (await running.call("GET", "/open")).status == 200


async def test_s32_pipelined_requests_are_answered_in_order(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running, wire(running) as connection:
        await connection.send(request("GET", "/open") + request("GET", "/nothing"))
        assert (await connection.answer())[0] == 200
        assert (await connection.answer())[0] == 404


async def test_s32_a_client_that_waits_is_told_to_go_on_only_if_it_may(tmp_path: Path) -> None:
    head = ("Content-Length: 5", "Expect: 100-continue")
    async with serving(tmp_path, ROUTES) as running:
        async with wire(running) as connection:
            await connection.send(request("POST", "/api/swallow", KEY, *head))
            assert (await connection.head())[0] == 100
            await connection.send("hello")
            assert (await connection.answer())[2] == b'{"length":5}'
        async with wire(running) as connection:
            await connection.send(request("POST", "/api/swallow", *head))
            assert (await connection.answer())[0] == 400


# --- S36, S37: errors, CORS -------------------------------------------------------------


async def test_s36_errors_tell_nothing_of_the_inside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("GET", "/api/explode", key=API_KEY)
        assert (answer.status, answer.json) == (500, {"error": "Internal Server Error"})
        assert "secret.py" in caplog.text


async def test_s37_without_a_list_no_foreign_page_reads_anything(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        for origin in ("http://evil.example", "http://192.168.1.50", "null"):
            answer = await running.call("GET", "/open", headers={"Origin": origin})
            assert "Access-Control-Allow-Origin" not in answer.headers
            asked = await running.call(
                "OPTIONS",
                "/api/state",
                headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
            )
            assert (asked.status, asked.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
            assert not [name for name in asked.headers if name.startswith("Access-Control")]


async def test_s37_a_listed_page_reads_but_not_with_cookies(tmp_path: Path) -> None:
    config = {"cors_origins": ["https://mainsail.example"]}
    async with serving(tmp_path, ROUTES, http=config) as running:
        origin = {"Origin": "https://mainsail.example"}
        answer = await running.call("GET", "/open", headers=origin)
        assert answer.headers["Access-Control-Allow-Origin"] == "https://mainsail.example"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
        asked = await running.call("OPTIONS", "/api/state", headers=origin)
        assert "X-Api-Key" in asked.headers["Access-Control-Allow-Headers"]
        close = {"Origin": "https://mainsail.example.evil"}
        answer = await running.call("GET", "/open", headers=close)
        assert "Access-Control-Allow-Origin" not in answer.headers
