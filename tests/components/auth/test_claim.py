"""S1, S2: an appliance that nobody owns yet."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from appliance.components.auth.claim import LENGTH, MAX_WRONG
from appliance.domain.auth import SETUP_PAGE
from appliance.domain.printer import Snapshot
from tests.components.auth.browser import Browser
from tests.fakes import FakePrinter
from tests.serving import Running, serving
from tests.waiting import eventually

FIRST_RUN = {"first_run": "claim"}
BODY = {"user": "olga", "password": "password of olga"}
CLAIM = "/api/gantry/claim"


def code_in(text: str) -> str:
    found = re.search(rf"code ([2-9A-Z]{{{LENGTH}}})", text)
    assert found is not None, text
    return found[1]


async def claim(running: Running, code: str, **changed: object) -> int:
    answer = await running.call("POST", CLAIM, json={**BODY, "code": code, **changed})
    return answer.status


async def test_s1_only_what_is_public_answers(tmp_path: Path) -> None:
    async with serving(tmp_path, auth=FIRST_RUN) as running:
        for route in running.http.routes:
            path = re.sub(r"\{\w+(:[^}]*)?\}", "x", route.path)
            answer = await running.call(route.method, path, json={})
            if route.path in (CLAIM, "/plugin/appkeys/request"):
                assert answer.status == 400
            elif route.access.need == "nothing":
                assert answer.status in (200, 204, 404)
            else:
                assert answer.status in (400, 401, 403), route.path


async def test_s2_whoever_knows_the_code_becomes_the_administrator(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with serving(tmp_path, auth=FIRST_RUN) as running:
            code = code_in(caplog.text)
            assert (await running.call("GET", "/claim")).status == 200
            assert await claim(running, code.lower()[:4] + "-" + code[4:] + " ") == 200
            assert await claim(running, code) == 409
            assert "has an owner" in (await running.call("GET", "/claim")).text
            answer = await Browser(running).login("olga", BODY["password"])
            assert (answer.status, answer.json["admin"]) == (200, True)
    async with serving(tmp_path, auth=FIRST_RUN) as running:
        assert running.auth.claimed


async def test_the_page_of_its_own_leads_to_the_set_up_where_there_is_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with serving(tmp_path, auth=FIRST_RUN) as running:
            running.appliance.provide(SETUP_PAGE, "#/setup")
            for claimed, place in ((False, "/#/setup"), (True, "/")):
                assert running.auth.claimed is claimed
                answer = await running.call("GET", "/claim")
                assert (answer.status, answer.headers["Location"]) == (302, place)
                await claim(running, code_in(caplog.text))


async def test_s2_ten_wrong_codes_close_the_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with serving(tmp_path, auth=FIRST_RUN) as running:
            for _ in range(MAX_WRONG):
                assert await claim(running, "WRONG") == 403
            assert await claim(running, code_in(caplog.text)) == 429


async def test_s2_only_from_a_private_address(tmp_path: Path) -> None:
    proxy = {"trusted_proxies": ["127.0.0.1"]}
    async with serving(tmp_path, auth=FIRST_RUN, http=proxy) as running:
        for address, status in (("8.8.8.8", 403), ("192.168.1.7", 200)):
            headers = {"X-Forwarded-For": address}
            assert (await running.call("GET", "/claim", headers=headers)).status == status


@pytest.mark.parametrize("changed", [{"password": "short"}, {"user": "a/b"}, {"user": ""}])
async def test_what_cannot_be_is_refused_and_the_code_stays_good(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, changed: dict[str, object]
) -> None:
    with caplog.at_level(logging.WARNING):
        async with serving(tmp_path, auth=FIRST_RUN) as running:
            code = code_in(caplog.text)
            assert await claim(running, code, **changed) == 400
            assert not running.auth.claimed
            assert await claim(running, code) == 200


async def test_the_code_is_in_a_file_and_on_the_display(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = {**FIRST_RUN, "code_file": "gantry-code.txt"}
    file = tmp_path / "gantry-code.txt"
    with caplog.at_level(logging.WARNING):
        async with serving(tmp_path, auth=config) as running:
            code = code_in(caplog.text)
            assert code in file.read_text()
            assert await claim(running, code) == 200
            assert not file.exists()


async def test_the_code_is_shown_when_a_printer_comes_online(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with serving(tmp_path, auth=FIRST_RUN) as running:
            printer = FakePrinter(running.appliance.bus)
            running.printers.add(printer)
            assert printer.snapshot == Snapshot()
            printer.come_online()
            await eventually(lambda: printer.sent)
            assert printer.sent == [(f"M117 Code {code_in(caplog.text)}", "claim")]


async def test_a_password_in_the_configuration_claims(tmp_path: Path) -> None:
    async with serving(tmp_path, auth={**FIRST_RUN, "password": "from the yaml"}) as running:
        assert running.auth.claimed
        assert (await Browser(running).login("admin", "from the yaml")).status == 200


async def test_the_default_makes_a_key_and_prints_it_at_every_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        async with serving(tmp_path, auth={}) as running:
            printed = capsys.readouterr().out
            key = running.auth.personal_key("admin")
            assert printed == f"API key: {key}\n"
            answer = await running.call("GET", "/api/currentuser", key=key)
            assert answer.json["name"] == "admin"


async def test_a_fixed_key_is_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(tmp_path):
        assert capsys.readouterr().out == ""
    assert "test-key" not in (tmp_path / ".storage" / "auth.json").read_text()


async def test_the_pages_hold_nothing_inline(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        for path in ("/login", "/claim", "/plugin/appkeys/auth/token"):
            answer = await running.call("GET", path)
            assert answer.status == 200
            assert f"csrf_token_P{running.port}=" in answer.headers["Set-Cookie"]
            assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=|\{\{", answer.text)
            for name in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
                assert (await running.call("GET", name)).status == 200
        assert (await running.call("GET", "/auth/login.html")).status == 404
        assert (await running.call("GET", "/auth/..%2Fclaim.py")).status == 404
