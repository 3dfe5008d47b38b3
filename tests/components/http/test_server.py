"""The front door, from outside."""

from __future__ import annotations

from pathlib import Path

from appliance import web
from appliance.domain.permissions import Permission, Scope, authenticated, permission, public
from appliance.domain.permissions import scope as reach
from appliance.errors import FileMissing, PrinterOffline
from appliance.web import Family, Route
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
