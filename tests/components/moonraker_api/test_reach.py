"""How far a key of little reach gets: what it reads, replaces, and plants for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from appliance.components import webcam
from appliance.components.auth import tokens as tokens_module
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Scope
from tests.components.moonraker_api.served import GCODE, Served, serve
from tests.serving import API_KEY, PASSWORD

PLANTED = "planted-0123456789"
IDENTIFY = {"client_name": "x", "version": "1", "type": "other", "url": "x"}


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """Run the API with a secret in the configuration, in a log and in a camera's address."""
    (tmp_path / "configuration.yaml").write_text(f"mqtt: {{password: {PLANTED}}}\n")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "gantry.log").write_text(PLANTED)
    cameras = [
        {"name": "nozzle", "stream": f"http://me:{PLANTED}@192.0.2.1/s"},
        {"name": "bed", "kind": "iframe", "stream": f"http://me:{PLANTED}@192.0.2.1/s"},
    ]
    auth = {"password": PASSWORD, "api_key": API_KEY}
    async with serve(tmp_path, beside=[(webcam, cameras)], auth=auth) as running:
        yield running


async def key(served: Served, *scopes: Scope) -> str:
    _, made = await served.running.auth.create_key(
        "admin", "x", scopes=frozenset(scopes), by=LOCAL
    )
    return made


async def ask(served: Served, who: str, method: str, **params: Any) -> Any:
    body = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
    return (await served.call("POST", "/server/jsonrpc", json=body, key=who)).json


async def test_configuration_and_logs_are_read_by_administrators_only(served: Served) -> None:
    small = await key(served, *(set(Scope) - {Scope.ADMIN}))
    for path in ("config/configuration.yaml", "logs/gantry.log"):
        refused = await served.call("GET", f"/server/files/{path}", key=small)
        assert (refused.status, PLANTED in refused.text) == (403, False)
        assert PLANTED in (await served.call("GET", f"/server/files/{path}")).text
    for item in ("config", "config/configuration.yaml", "logs"):
        answer = await ask(
            served, small, "server.files.zip", items=[item], dest="gcodes/x.zip"
        )
        assert answer["error"]["code"] == 403
    assert (await served.call("GET", "/server/files/gcodes/x.zip")).status == 404


async def test_who_may_not_read_is_told_nothing(served: Served) -> None:
    uploader = await key(served, Scope.UPLOAD)
    async with served.socket(key=uploader) as deaf, served.socket() as hearing:
        await deaf.ask("server.connection.identify", IDENTIFY)
        await served.upload()
        await hearing.until("notify_filelist_changed")
        await deaf.ask("printer.info")
        assert deaf.told == []


async def test_an_uploader_replaces_nothing(served: Served) -> None:
    await served.upload()
    for scopes, status in (((Scope.UPLOAD,), 403), ((Scope.UPLOAD, Scope.FILES_DELETE), 201)):
        who = await key(served, *scopes)
        answer = await served.upload(content=b"M104 S300\n", key=who)
        assert answer.status == status
        kept = (await served.call("GET", "/server/files/gcodes/cube.gcode")).body
        assert (kept == GCODE) is (status == 403)


async def test_an_uploader_replaces_no_archive(served: Served) -> None:
    await served.upload()
    order = {"items": ["gcodes/cube.gcode"], "dest": "gcodes/all.zip"}
    small = await key(served, Scope.READ, Scope.UPLOAD)
    larger = await key(served, Scope.READ, Scope.UPLOAD, Scope.FILES_DELETE)
    assert "result" in await ask(served, small, "server.files.zip", **order)
    refused = await ask(served, small, "server.files.zip", **order)
    assert refused["error"]["code"] == 403
    assert "result" in await ask(served, larger, "server.files.zip", **order)


async def test_an_old_session_neither_reads_nor_changes_the_configuration(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = await served.running.auth.login_for_tokens("admin", PASSWORD, address="::1")
    session = {"Authorization": f"Bearer {tokens.token}"}

    async def upload() -> int:
        form = aiohttp.FormData({"root": "config"}, default_to_multipart=True)
        form.add_field("file", b"notes", filename="notes.txt")
        path = "/server/files/upload"
        return (await served.call("POST", path, data=form, key=None, headers=session)).status

    async def read(root: str, name: str) -> int:
        path = f"/server/files/{root}/{name}"
        return (await served.call("GET", path, key=None, headers=session)).status

    assert (await upload(), await read("config", "notes.txt")) == (201, 200)
    monkeypatch.setattr(tokens_module, "FRESH_S", 0.0)
    assert (await upload(), await read("config", "notes.txt")) == (403, 403)
    assert await read("logs", "gantry.log") == 200


@pytest.mark.parametrize(("scope", "status"), [("admin", 200), ("files:delete", 403)])
async def test_a_network_with_every_right_opens_the_configuration_and_makes_no_users(
    tmp_path: Path, scope: str, status: int
) -> None:
    """Mainsail knows no login: its editor works where somebody trusts the network so far."""
    auth = {
        "api_key": API_KEY,
        "trusted_networks": [{"network": "127.0.0.0/8", "scope": scope}],
    }
    async with serve(tmp_path, auth=auth) as served:
        (served.running.appliance.paths.config / "notes.txt").write_text("notes")
        path = "/server/files/config/notes.txt"
        assert (await served.call("GET", path, key=None)).status == status
        made = {"username": "eve", "password": "long enough"}
        refused = await served.call("POST", "/access/user", json=made, key=None)
        assert refused.status == 403


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "java\tscript:x", "\x01javascript:x", " data:x", "VBscript:x"],
)
async def test_no_address_of_a_camera_is_a_script(served: Served, address: str) -> None:
    who = await key(served, Scope.CONTROL)
    answer = await ask(served, who, "server.webcams.post_item", name="x", stream_url=address)
    assert answer["error"]["code"] == 400
    planted = {"uid": "x", "name": "x", "stream_url": address, "service": "iframe"}
    await ask(
        served, who, "server.database.post_item", namespace="webcams", key="x", value=planted
    )
    listed = await served.result("GET", "/server/webcams/list")
    assert [each["name"] for each in listed["webcams"]] == ["nozzle", "bed"]


async def test_passwords_of_cameras_are_not_told(served: Served) -> None:
    answer = await served.call("GET", "/server/webcams/list")
    assert PLANTED not in answer.text
    shown = {each["name"]: each["stream_url"] for each in answer.json["result"]["webcams"]}
    assert shown == {"nozzle": "/webcam/nozzle/stream", "bed": "http://192.0.2.1/s"}


@pytest.mark.parametrize(
    "path", ["/printer/gcode/script?script=M104+S50", "/printer/emergency_stop"]
)
async def test_a_get_acts_as_in_klipper_but_not_for_any_page(
    tmp_path: Path, path: str
) -> None:
    auth = {
        "password": PASSWORD,
        "api_key": API_KEY,
        "trusted_networks": [{"network": "127.0.0.0/8", "scope": "admin"}],
    }
    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    async with serve(tmp_path, auth=auth) as running:
        await running.into("ready")
        printer = running.printer
        before = printer.snapshot, list(printer.sent)

        for headers in (
            {"User-Agent": browser},
            {"User-Agent": "curl/8", "Referer": "http://evil.example/"},
            {"User-Agent": "curl/8", "Sec-Fetch-Site": "cross-site"},
        ):
            answer = await running.call("GET", path, key=None, headers=headers)
            assert (answer.status, answer.json["error"]["code"]) == (405, 405)
        assert (await running.call("HEAD", path)).status == 405
        assert (printer.snapshot, printer.sent) == before

        answer = await running.call("GET", path, key=None, headers={"User-Agent": "curl/8"})
        assert (answer.status, answer.json) == (200, {"result": "ok"})
        answer = await running.call("GET", path, headers={"User-Agent": browser})
        assert answer.status == 200
        assert (printer.snapshot, printer.sent) != before
