"""Every route of every component, with all permissions, asked for what makes no sense.

Whatever is sent, the answer comes, is no 500, and nothing is logged as an error of ours.
The words come from the module that answers, the values from what breaks parsers.
"""

from __future__ import annotations

import ast
import inspect
import json
import logging
import random
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from appliance.catalogue import Catalogue
from appliance.components.moonraker_api.method import Method
from appliance.core import Appliance
from appliance.domain.printer import PRINTERS
from appliance.web import HTTP, Route
from tests.components.test_access_matrix import NEEDED
from tests.thoroughness import THOROUGH
from tests.waiting import deadline, eventually
from tests.whole import whole_appliance

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

KEY = "the-key-of-these-tests-0123456789"
# They speak to the network by themselves, or need a broker.
NOT_SET_UP = {"serial_printer", "simulator", "mqtt", "zeroconf", "http", "auth"}
OPTIONS = {**NEEDED, "file_manager": "{watch: false}", "host": "{socket: /nowhere}"}
# What would really end the machine, answers for as long as somebody listens, or answers
# 500 because the specification of SockJS wants it so.
NOT_ASKED = re.compile(
    r"/machine/(reboot|shutdown|services)|/api/system/commands/\{source\}/\{action|"
    r"eventsource|xhr_streaming|xhr_send|/stream$|websocket"
)
ROUNDS = 5 * THOROUGH
VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 1, 2**63, -(2**63), 2**70, 1e308, 0.5, "", " ", "0", "-1", "nan",
    "inf", "1e999", "true", "x", "x" * 5000, "\0", "\ud800", "a\r\nX: y", "../../etc/passwd",
    "/etc/passwd", "..", ".", "%2e%2e", "%s%s%n", "%(x)999999999d", "{{ 7*7 }}",
    "{0.__class__}",
    "<script>", "'; DROP TABLE", "ünïcödé 😀", "M112", "M117 \x1b[31m", "$(id)", "[", "(a+)+$",
    [], [[]], [None], [{}], ["x"] * 50, [0, -1, 2**70], {}, {"": None}, {"x": {"y": {"z": 1}}},
    {"tool0": "x"}, {"tool99": 10**9}, {"__class__": 1}, "tool0", "local", "start",
    "cube.gcode",
    "gcodes", "gcodes/cube.gcode", "printer", "x.y.z", "2025-99-99", "http://127.0.0.1:1/x",
    "1" * 400, "9" * 5000,
)  # fmt: skip
BODIES: Sequence[bytes] = (
    b"", b"{", b"[]", b"null", b"0", b'"x"', b"\xff\xfe{}", b'{"command":', b"{}" * 100,
    b"[" * 2000, b'{"a":' * 2000, b"a=b&c=d", b"--x\r\n\r\n--x--\r\n", b"\0" * 100,
)  # fmt: skip
KINDS = ("application/json", "text/plain", "multipart/form-data; boundary=x", "", "x", "a/b;c")


@dataclass
class Server:
    """All components behind one address, and who holds every permission."""

    appliance: Appliance
    session: aiohttp.ClientSession
    dice: random.Random

    def value(self) -> Any:
        return self.dice.choice(VALUES)

    def mapping(self, words: Sequence[str], most: int = 4) -> dict[str, Any]:
        some = self.dice.sample(words, min(self.dice.randint(1, most), len(words)))
        return {word: self.value() for word in some}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    domains = sorted(set(Catalogue(tmp_path).names()) - NOT_SET_UP)
    text = (
        f"http: {{host: 127.0.0.1, port: 0}}\n"
        f"auth: {{admin: admin, password: some-long-password, api_key: {KEY}}}\n"
        "printer: {id: one, platform: simulator, speed: 100}\n"
        + "".join(f"{domain}: {OPTIONS.get(domain, '')}\n" for domain in domains)
    )
    async with (
        whole_appliance(tmp_path, text) as appliance,
        aiohttp.ClientSession(
            appliance.use(HTTP).url,
            headers={"X-Api-Key": KEY},
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session,
    ):
        await eventually(lambda: appliance.use(PRINTERS).first.snapshot.ready)
        form = aiohttp.FormData({"path": ""}, default_to_multipart=True)
        form.add_field("file", b"G28\nG1 X10\n", filename="cube.gcode")
        async with session.post("/api/files/local", data=form) as answer:
            assert answer.status == 201
        yield Server(appliance, session, random.Random(7))


@cache
def words_of(module: ModuleType) -> tuple[str, ...]:
    """Return the words that a module compares what it is sent with, probably."""
    tree = ast.parse(inspect.getsource(module))
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return tuple(
        sorted({t for t in texts if isinstance(t, str) and re.fullmatch(r"\w{1,24}", t)})
    ) or ("x",)


def path_of(server: Server, route: Route) -> str:
    def part(_: re.Match[str]) -> str:
        value = server.dice.choice([v for v in VALUES if isinstance(v, str) and v])
        return quote(value.encode(errors="surrogatepass"), safe="")[:3000]

    return re.sub(r"\{\w+(:[^}]*)?\}", part, route.path)


def request_of(server: Server, route: Route) -> dict[str, Any]:
    words = words_of(inspect.getmodule(inspect.unwrap(route.handler)) or inspect)
    dice = server.dice
    query = {
        word: quote(str(value).encode(errors="replace"))[:2000]
        for word, value in server.mapping(words).items()
    }
    if route.method == "GET" or dice.random() < 0.2:
        return {"params": query}
    if dice.random() < 0.25:
        headers = {"Content-Type": dice.choice(KINDS)}
        return {"data": dice.choice(BODIES), "headers": headers}
    body = server.mapping(words)
    if "command" in words or dice.random() < 0.3:
        body["command"] = dice.choice(words)
    return {"data": json.dumps(body), "headers": {"Content-Type": "application/json"}}


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        f"{record.getMessage()} {record.exc_info[1]!r}"
        for record in caplog.records
        if record.exc_info
        and record.exc_info[1] is not None
        and record.levelno >= logging.ERROR
    ]


async def test_no_request_breaks_anything(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    routes = [r for r in server.appliance.use(HTTP).routes if not NOT_ASKED.search(r.path)]
    assert len(routes) > 200
    broken = []
    for route in routes:
        for _ in range(ROUNDS):
            path, options = path_of(server, route), request_of(server, route)
            asked = f"{route.method} {path} {options}"
            async with (
                deadline(asked),
                server.session.request(
                    route.method, path, allow_redirects=False, **options
                ) as answer,
            ):
                await answer.read()
                if answer.status == 500:
                    broken.append(asked)
    assert not broken, "\n".join(broken[:40])
    assert not complaints(caplog)
    async with server.session.get("/api/job") as answer:
        assert answer.status == 200


async def test_no_call_breaks_anything(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    route = next(r for r in server.appliance.use(HTTP).routes if r.path == "/server/jsonrpc")
    methods: list[Method] = [
        method
        for method in route.handler.__self__._methods  # type: ignore[attr-defined]
        if not NOT_ASKED.search(method.path or "")
    ]
    assert len(methods) > 70
    broken = []
    for method in methods:
        names = [argument.name for argument in method.arguments]
        names += [*words_of(inspect.getmodule(inspect.unwrap(method.handler)) or inspect)]
        for _ in range(ROUNDS):
            params = (
                server.mapping(names[:12] or ["x"])
                if server.dice.random() < 0.9
                else server.value()
            )
            call = {"jsonrpc": "2.0", "method": method.name, "params": params, "id": 1}
            async with (
                deadline(str(call)),
                server.session.post("/server/jsonrpc", data=json.dumps(call)) as answer,
            ):
                said = await answer.text()
            if '"code":500' in said or answer.status == 500:
                broken.append(f"{call}: {said}")
    assert not broken, "\n".join(broken[:40])
    assert not complaints(caplog)
