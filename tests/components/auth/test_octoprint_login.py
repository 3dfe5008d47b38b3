"""OctoPrint's login: with a password, passively, and the cookies around it."""

from __future__ import annotations

from pathlib import Path

from appliance.bus import Bus
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Scope
from appliance.domain.users import USERS
from appliance.errors import CredentialInvalid
from tests.components.auth.browser import Browser
from tests.fakes import FakePrinter
from tests.serving import API_KEY, PASSWORD, serving


async def test_active_login_opens_a_session(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        browser = Browser(running)
        answer = await browser.login("admin", PASSWORD)
        assert answer.status == 200
        record = answer.json
        assert record["name"] == "admin"
        assert record["admin"] is True
        assert record["_login_mechanism"] == "password"
        assert record["_is_external_client"] is False
        assert isinstance(record["_credentials_seen"], str)
        assert "admin" in record["needs"]["role"]
        cookies = answer.headers.getall("Set-Cookie")
        session = next(each for each in cookies if each.startswith("session_P"))
        assert "HttpOnly" in session
        assert "SameSite=Lax" in session
        assert (await browser.call("GET", "/api/access/users")).status == 200


async def test_active_login_needs_the_csrf_pair(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        body = {"user": "admin", "pass": PASSWORD}
        answer = await running.call("POST", "/api/login", json=body)
        assert (answer.status, answer.json) == (400, {"error": "CSRF validation failed"})


async def test_unknown_user_and_wrong_password_are_told_the_same(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        wrong = await Browser(running).login("admin", "wrong")
        unknown = await Browser(running).login("nobody", PASSWORD)
        assert (wrong.status, wrong.json) == (403, {"error": "unknown user or wrong password"})
        assert (unknown.status, unknown.json) == (wrong.status, wrong.json)


async def test_login_is_a_post_with_a_body(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        assert (await running.call("GET", "/api/login")).status == 405
        browser = Browser(running)
        assert (await browser.call("POST", "/api/login", data=b"{")).status == 400
        assert (await browser.call("POST", "/api/login", json=[])).status == 400
        assert (await browser.call("POST", "/api/login", json={"user": "x"})).status == 400


async def test_old_scripts_log_in_with_a_form(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        browser = Browser(running)
        form = {"user": "admin", "pass": PASSWORD}
        assert (await browser.call("POST", "/api/login", data=form)).status == 200
        for kind in ("multipart/form-data", "application/x-www-form-urlencoded; charset=x"):
            answer = await browser.call(
                "POST", "/api/login", data=b"\xff", headers={"Content-Type": kind}
            )
            assert answer.status == 400


async def test_passive_login_with_a_key_names_user_and_session(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        answer = await running.call("POST", "/api/login", key=API_KEY, json={"passive": True})
        assert (answer.status, answer.json["name"]) == (200, "admin")
        assert answer.json["_login_mechanism"] == "apikey"
        who = running.auth.identify_handle("admin", answer.json["session"])
        assert (who.user, who.admin) == ("admin", True)
        assert "Set-Cookie" not in answer.headers


async def test_passive_login_of_nobody_names_nobody(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        answer = await Browser(running).call("POST", "/api/login", json={"passive": True})
        assert (answer.status, answer.json["name"]) == (200, None)


async def test_the_session_of_a_limited_key_reaches_no_further(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        key, secret = await running.auth.create_key(
            "admin", "slicer", scopes=frozenset({Scope.UPLOAD}), by=LOCAL
        )
        answer = await running.call("POST", "/api/login", key=secret, json={"passive": True})
        assert answer.json["apikey"] is None
        who = running.auth.identify_handle("admin", answer.json["session"])
        assert who.scopes == {Scope.UPLOAD}
        await running.auth.revoke_key(key.id)
        try:
            running.auth.identify_handle("admin", answer.json["session"])
        except CredentialInvalid:
            return
        raise AssertionError("the session outlived its key")


async def test_cookies_alone_change_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD)
        body = {"name": "eve", "password": "x" * 12, "active": True}
        path = "/api/access/users"
        forged = await browser.call("POST", path, csrf=False, json=body)
        assert (forged.status, forged.json) == (400, {"error": "CSRF validation failed"})
        browser.origin = "http://evil.example"
        assert (await browser.call("POST", path, json=body)).status == 403
        assert len(running.auth.users) == 1


async def test_the_page_of_all_printers_may_ask_each_of_them(tmp_path: Path) -> None:
    printers = [FakePrinter(Bus(), name) for name in ("ender3", "mini")]
    async with serving(tmp_path, auth={"password": PASSWORD}, printers=printers) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD)
        path = "/printers/mini/api/logout"
        forged = await browser.call("POST", path, csrf=False)
        assert (forged.status, forged.json) == (400, {"error": "CSRF validation failed"})
        browser.cookies[f"csrf_token_P{running.port}_R|printers|mini"] = "its-own"
        own = {"X-CSRF-Token": "its-own"}
        assert (await browser.call("POST", path, csrf=False, headers=own)).status == 200
        other = "/printers/ender3/api/logout"
        assert (await browser.call("POST", other, csrf=False, headers=own)).status == 400
        assert (await browser.call("POST", path)).status == 200


async def test_logout_ends_the_session(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD, remember=True)
        stolen = dict(browser.cookies)
        answer = await browser.call("POST", "/api/logout")
        assert (answer.status, answer.json) == (200, {"needs": {}})
        assert browser.cookie("active_logout") == "true"
        browser.cookies = stolen
        assert (await browser.call("GET", "/api/currentuser")).json["name"] is None


async def test_remember_me_brings_a_new_session(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD, remember=True)
        del browser.cookies[f"session_P{running.port}"]
        assert (await browser.call("GET", "/api/currentuser")).json["name"] == "admin"
        answer = await browser.call("POST", "/api/login", json={"passive": True})
        assert answer.json["_login_mechanism"] == "remember_me"
        assert answer.json["_credentials_seen"] is False
        assert browser.cookie("session") is not None


async def test_sessions_outlive_a_restart(tmp_path: Path, unused_tcp_port: int) -> None:
    auth, http = {"password": PASSWORD}, {"port": unused_tcp_port}
    async with serving(tmp_path, auth=auth, http=http) as running:
        browser = Browser(running)
        await browser.login("admin", PASSWORD)
    async with serving(tmp_path, auth=auth, http=http) as running:
        browser.running = running
        assert (await browser.call("GET", "/api/currentuser")).json["name"] == "admin"


async def test_an_old_cookie_is_no_error(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        browser = Browser(running)
        browser.cookies[f"session_P{running.port}"] = "gone"
        answer = await browser.call("GET", "/api/currentuser")
        assert (answer.status, answer.json) == (
            200,
            {"name": None, "permissions": [], "groups": ["guests"]},
        )


async def test_a_wrong_key_is_an_error_even_there(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        assert (await running.call("GET", "/api/currentuser", key="wrong")).status == 403


async def test_current_user_lists_what_one_may(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.auth.create_user("bob", "password of bob", groups=[USERS])
        key = await running.auth.renew_personal_key("bob")
        answer = await running.call("GET", "/api/currentuser", key=key)
        assert (answer.json["name"], answer.json["groups"]) == ("bob", ["users"])
        assert "PRINT" in answer.json["permissions"]
        assert "ADMIN" not in answer.json["permissions"]


async def test_who_is_logged_in_at_the_root_is_so_with_every_printer(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={"password": PASSWORD}) as running:
        running.printers.add(FakePrinter(running.appliance.bus))
        browser = Browser(running)
        await browser.login("admin", PASSWORD)
        below = "/printers/ender3/api"
        assert (await browser.call("GET", f"{below}/currentuser")).json["name"] == "admin"
        # A request that may be forged is still none of theirs.
        forged = await browser.call("POST", f"{below}/logout", csrf=False, json={})
        assert forged.status == 400
        suffix = f"_P{running.port}_R|printers|ender3"
        other = Browser(running)
        other.cookies[f"session{suffix}"] = browser.cookies[f"session_P{running.port}"]
        assert (await other.call("GET", "/api/currentuser")).json["name"] is None
        assert (await other.call("GET", f"{below}/currentuser")).json["name"] == "admin"
