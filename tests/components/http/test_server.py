"""The front door, from outside."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from appliance import web
from appliance.bus import Bus
from appliance.control import socket_path
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Permission, Scope, authenticated, permission, public
from appliance.domain.permissions import scope as reach
from appliance.errors import FileMissing, PrinterOffline, SetupError
from appliance.web import Family, Route
from tests.components.http.probes import ROUTES as PROBES
from tests.fakes import FakePrinter
from tests.serving import API_KEY, serving


async def hello(request: web.Request) -> web.StreamResponse:
    """Say hello."""
    return web.json_response(
        {"user": web.identity(request).user, "base": web.base_path(request)}
    )


async def echo(request: web.Request) -> web.StreamResponse:
    """Return what was sent."""
    return web.json_response(await web.json_body(request))


async def broken(request: web.Request) -> web.StreamResponse:
    """Fail in a way that nobody expected."""
    raise ZeroDivisionError("secret detail")


async def missing(request: web.Request) -> web.StreamResponse:
    """Fail in a known way."""
    raise FileMissing("there is no such file")


async def offline(request: web.Request) -> web.StreamResponse:
    """Fail because of the printer."""
    raise PrinterOffline("the printer is not connected")


STATUS = permission(Permission.STATUS)
ROUTES = [
    Route("GET", "/api/hello", hello, STATUS, Family.OCTOPRINT),
    Route("POST", "/api/echo", echo, STATUS, Family.OCTOPRINT),
    Route("GET", "/api/broken", broken, STATUS, Family.OCTOPRINT),
    Route("GET", "/api/missing", missing, STATUS, Family.OCTOPRINT),
    Route("GET", "/server/hello", hello, authenticated(), Family.MOONRAKER),
    Route("POST", "/server/echo", echo, reach(Scope.CONTROL), Family.MOONRAKER),
    Route("GET", "/server/missing", missing, reach(Scope.READ), Family.MOONRAKER),
    Route("GET", "/server/offline", offline, reach(Scope.READ), Family.MOONRAKER),
    Route("GET", "/api/offline", offline, STATUS, Family.OCTOPRINT),
    Route("GET", "/hello", hello, public(), Family.GANTRY),
]


async def test_a_good_key_opens_and_names_its_user(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        for sent in (
            {"X-Api-Key": API_KEY},
            {"x-api-key": API_KEY},
            {"Authorization": f"Bearer {API_KEY}"},
        ):
            answer = await running.call("GET", "/api/hello", headers=sent)
            assert (answer.status, answer.json["user"]) == (200, "admin")
        answer = await running.call("GET", f"/api/hello?apikey={API_KEY}")
        assert answer.status == 200


async def test_the_octoprint_family_refuses_as_octoprint_does(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        for key in (None, "wrong"):
            answer = await running.call("GET", "/api/hello", key=key)
            assert (answer.status, set(answer.json)) == (403, {"error"})
            answer = await running.call("POST", "/api/echo", key=key, json={})
            assert (answer.status, answer.json) == (400, {"error": "CSRF validation failed"})


async def test_an_empty_key_is_no_key(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("GET", "/hello", key="")
        assert (answer.status, answer.json["user"]) == (200, None)


async def test_the_moonraker_family_refuses_as_moonraker_does(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        for key in (None, "wrong"):
            answer = await running.call("POST", "/server/echo", key=key, json={})
            assert answer.status == 401
            assert answer.json["error"]["code"] == 401
            assert answer.json["error"]["traceback"] == ""


async def test_errors_have_the_status_and_shape_of_their_family(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("GET", "/api/missing", key=API_KEY)
        assert (answer.status, answer.json) == (404, {"error": "there is no such file"})
        answer = await running.call("GET", "/server/missing", key=API_KEY)
        assert answer.json == {
            "error": {"code": 404, "message": "there is no such file", "traceback": ""}
        }
        assert (await running.call("GET", "/api/offline", key=API_KEY)).status == 409
        assert (await running.call("GET", "/server/offline", key=API_KEY)).status == 503


async def test_an_unexpected_error_shows_nothing_of_itself(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("GET", "/api/broken", key=API_KEY)
        assert (answer.status, answer.json) == (500, {"error": "Internal Server Error"})


async def test_unknown_paths_and_methods(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        assert (await running.call("GET", "/api/nothing")).status == 404
        assert set((await running.call("GET", "/server/nothing")).json["error"]) == {
            "code",
            "message",
            "traceback",
        }
        answer = await running.call("DELETE", "/api/hello", key=API_KEY)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_repeated_slashes_are_one(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("GET", "///api//hello", key=API_KEY)
        assert answer.status == 200


async def test_head_has_no_body(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:
        answer = await running.call("HEAD", "/api/hello", key=API_KEY)
        assert (answer.status, answer.body) == (200, b"")


async def test_json_bodies(tmp_path: Path) -> None:
    async with serving(tmp_path, ROUTES) as running:

        async def post(data: bytes, kind: str = "application/json") -> int:
            answer = await running.call(
                "POST",
                "/api/echo",
                key=API_KEY,
                data=data,
                headers={"Content-Type": kind},
            )
            return answer.status

        assert await post(b'{"a": 1}') == 200
        assert await post(b"[]") == 400
        assert await post(b"{") == 400
        assert await post(b"") == 400
        assert await post(b"a=1", "application/x-www-form-urlencoded") == 415
        assert await post(b"[" * 100_000) == 400
        assert await post(b'{"a": 1e999}') in (200, 400)


async def test_large_json_is_packed_for_those_who_take_it(tmp_path: Path) -> None:
    async with serving(tmp_path, PROBES) as running:
        packed = await running.call(
            "GET", "/api/much", key=API_KEY, headers={"Accept-Encoding": "gzip"}
        )
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) < 1000
        plain = await running.call(
            "GET", "/api/much", key=API_KEY, headers={"Accept-Encoding": "identity"}
        )
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert packed.json == plain.json


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"If-None-Match": '"v1"'}, 304),
        ({"If-None-Match": '"v0", W/"v1"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"v0"'}, 200),
        ({"If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"}, 304),
        ({"If-Modified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"}, 200),
        ({"If-None-Match": '"v1"', "If-Modified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"}, 200),
        ({"If-None-Match": '"v0"', "If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"}, 200),
        ({"If-Modified-Since": "nonsense"}, 200),
    ],
)
async def test_a_client_that_knows_it_already_gets_nothing(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    async with serving(tmp_path, PROBES) as running:
        answer = await running.call("GET", "/api/versioned", key=API_KEY, headers=headers)
        assert answer.status == status
        assert answer.headers["ETag"] == '"v1"'
        assert (answer.body == b"") == (status == 304)


async def test_printers_below_their_prefix_and_on_their_port(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    bus = Bus()
    printers = [FakePrinter(bus, "one"), FakePrinter(bus, "two")]
    entries: list[dict[str, Any]] = [
        {"id": "one"},
        {"id": "two", "http_port": unused_tcp_port},
    ]
    async with serving(tmp_path, PROBES, printers=printers, entries=entries) as running:
        base = running.url
        for url, printer in (
            ("", "one"),
            ("/printers/one", "one"),
            ("/printers/two", "two"),
            ("/printers/two/", "two"),
        ):
            answer = await running.call("GET", f"{url}/api/printer", key=API_KEY)
            assert answer.json["printer"] == printer
        answer = await running.call("GET", "/printers/two/api/printer", key=API_KEY)
        assert answer.json["url"] == f"{base}/printers/two/x"
        missing = await running.call("GET", "/printers/three/api/printer", key=API_KEY)
        assert (missing.status, "three" in missing.json["error"]) == (404, True)
        assert running.http.port_of("two") == unused_tcp_port
        assert running.http.port_of("one") == running.port
        running.url = f"http://127.0.0.1:{unused_tcp_port}"
        answer = await running.call("GET", "/api/printer", key=API_KEY)
        assert answer.json["printer"] == "two"


async def test_a_key_for_one_printer_opens_no_other(tmp_path: Path) -> None:
    bus = Bus()
    printers = [FakePrinter(bus, "one"), FakePrinter(bus, "two")]
    async with serving(tmp_path, PROBES, printers=printers) as running:
        _, key = await running.auth.create_key(
            "admin", "two only", printers=frozenset({"two"}), by=LOCAL
        )
        assert (await running.call("GET", "/printers/two/api/printer", key=key)).status == 200
        assert (await running.call("GET", "/printers/one/api/printer", key=key)).status == 403
        assert (await running.call("GET", "/api/printer", key=key)).status == 403


async def test_without_a_printer_its_routes_say_so(tmp_path: Path) -> None:
    async with serving(tmp_path, PROBES) as running:
        assert (await running.call("GET", "/api/printer", key=API_KEY)).status == 404


async def test_health_tells_strangers_nothing_but_that(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        assert (await running.call("GET", "/health")).json == {"status": "ok"}
        running.appliance.failed_components["mqtt"] = "no broker"
        assert (await running.call("GET", "/health")).json == {"status": "degraded"}
        told = await running.call("GET", "/health", key=API_KEY)
        assert told.json["failed_components"] == {"mqtt": "no broker"}


async def test_metrics_are_what_prometheus_reads(tmp_path: Path) -> None:
    printer = FakePrinter(Bus(), 'odd"one')
    printer.come_online()
    async with serving(tmp_path, PROBES, printers=[printer]) as running:
        assert (await running.call("GET", "/metrics")).status == 401
        answer = await running.call("GET", "/metrics", key=API_KEY)
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = answer.text.splitlines()
        assert r'gantry_heater_celsius{heater="bed",printer="odd\"one"} 21' in lines
        assert r'gantry_printer_link{printer="odd\"one",state="online"} 1' in lines
        assert 'gantry_http_answers_total{family="gantry",status="401"} 1' in lines
        names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
        for line in lines:
            if not line.startswith("#"):
                assert re.fullmatch(r"[a-z0-9_]+(\{.*\})? -?[0-9.e+-]+", line), line
                assert re.split(r"[{ ]", line)[0] in names


async def test_the_openapi_document_holds_every_route(tmp_path: Path) -> None:
    async with serving(tmp_path, PROBES) as running:
        assert (await running.call("GET", "/api/gantry/openapi.json")).status == 401
        document = (await running.call("GET", "/api/gantry/openapi.json", key=API_KEY)).json
        declared = {
            (route.method.lower(), re.sub(r":[^}]*", "", route.path))
            for route in running.http.routes
        }
        described = {
            (method, path) for path, item in document["paths"].items() for method in item
        }
        assert described == declared
        for item in document["paths"].values():
            for operation in item.values():
                assert operation["summary"]
                assert "4XX" in operation["responses"]
        assert "security" not in document["paths"]["/health"]["get"]
        assert document["paths"]["/api/state"]["get"]["security"]


async def test_the_control_socket_needs_no_key(tmp_path: Path) -> None:
    async with serving(tmp_path, PROBES) as running:
        path = socket_path(tmp_path)
        assert path.stat().st_mode & 0o777 == 0o600
        connector = aiohttp.UnixConnector(str(path))
        async with (
            aiohttp.ClientSession(connector=connector) as client,
            client.get("http://localhost/api/gantry/me") as response,
        ):
            assert (await response.json())["method"] == "local"
        assert running.http.ports == (running.port,)
    assert not path.exists()


async def test_a_port_in_use_is_told_at_once(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        with pytest.raises(SetupError, match=f"port {running.port}: another program"):
            async with serving(tmp_path / "other", http={"port": running.port}):
                pass


async def test_tls_with_a_certificate_of_its_own(tmp_path: Path) -> None:
    config = {"tls": {"port": 0}, "port": []}
    trust = ssl.create_default_context()
    async with serving(tmp_path, http=config) as running:
        assert running.url.startswith("https://")
        folder = tmp_path / ".storage" / "tls"
        assert (folder / "key.pem").stat().st_mode & 0o777 == 0o600
        trust.load_verify_locations(folder / "certificate.pem")
        answer = await running.call("GET", "/health", ssl=trust)
        assert answer.status == 200
        cookies = await running.call("GET", "/login", ssl=trust)
        assert "Secure" in cookies.headers["Set-Cookie"]
        before = (folder / "certificate.pem").read_bytes()
    async with serving(tmp_path, http=config) as running:
        assert (await running.call("GET", "/health", ssl=trust)).status == 200
        assert (folder / "certificate.pem").read_bytes() == before


async def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("nonsense")
    config = {"tls": {"certificate": "bad.pem", "key": "bad.pem"}}
    with pytest.raises(SetupError, match=r"bad\.pem cannot be used"):
        async with serving(tmp_path, http=config):
            pass
