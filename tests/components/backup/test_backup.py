"""Backups over a real server: made, listed, taken away, brought back, restored."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from appliance.backup.order import Order
from appliance.backup.replacing import finish_restore
from appliance.backup.work import let_work
from appliance.cli import main
from appliance.components import backup, gantry_api
from appliance.components.backup import service
from appliance.components.file_manager import component as file_manager
from appliance.core import StopReason
from appliance.domain.backup import BACKUPS, BackupMade, BackupReason, RestoreBegan
from tests.components.auth.browser import Browser
from tests.serving import API_KEY, PASSWORD, Answer, Running, serving
from tests.waiting import eventually

PASSPHRASE = "a passphrase of people"
YAML = f"""\
appliance: {{name: Work shop}}
http: {{port: 0}}
auth: {{api_key: {API_KEY}}}
gantry_api:
"""


@asynccontextmanager
async def appliance_on(folder: Path, **options: Any) -> AsyncIterator[Running]:
    """Serve; the key never asks for a password again, so that routes can be tried."""
    folder.mkdir(exist_ok=True)
    if not (folder / "configuration.yaml").exists():
        (folder / "configuration.yaml").write_text(YAML)
    components: list[tuple[Any, dict[str, Any]]] = [
        (file_manager, {"watch": False, "analysis": False}),
        (backup, options),
        (gantry_api, {}),
    ]
    auth = {"api_key": API_KEY, "password": PASSWORD}
    async with serving(folder, components=components, auth=auth) as running:
        yield running


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with appliance_on(tmp_path / "config") as found:
        yield found


@pytest.fixture
async def admin(running: Running) -> Browser:
    browser = Browser(running)
    assert (await browser.login("admin", PASSWORD)).status == 200
    return browser


async def ask(running: Running, method: str, path: str = "", **options: Any) -> Answer:
    return await running.call(method, f"/api/gantry/backups{path}", key=API_KEY, **options)


async def make(running: Running, **body: Any) -> dict[str, Any]:
    answer = await ask(running, "POST", json=body)
    assert answer.status == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def content(made: dict[str, Any]) -> bytes:
    return Path(made["folder"], made["name"]).read_bytes()


@contextmanager
def no_restart(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[StopReason]]:
    asked: list[StopReason] = []
    with monkeypatch.context() as patch:
        patch.setattr(running.appliance, "request_stop", asked.append)
        patch.setattr(service, "GOODBYE_S", 0.0)
        yield asked


async def test_a_backup_is_made_listed_taken_away_and_deleted(running: Running) -> None:
    told: list[BackupMade] = []
    running.appliance.bus.listen(BackupMade, told.append)
    made = await make(running)
    assert made["appliance"] == "Test"
    assert (made["reason"], made["has_files"], made["encrypted"]) == ("wanted", False, False)
    assert [each.backup.name for each in told] == [made["name"]]
    listed = (await ask(running, "GET")).json
    assert [each["name"] for each in listed["backups"]] == [made["name"]]
    assert listed["busy"] is False
    answer = await ask(running, "GET", f"/{made['name']}")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert made["name"] in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert "config/configuration.yaml" in archive.namelist()
        assert "config/.storage/auth.json" in archive.namelist(), "flushed before it is made"
    assert (await ask(running, "DELETE", f"/{made['name']}")).status == 204
    assert (await ask(running, "GET", f"/{made['name']}")).status == 404
    assert (await ask(running, "GET")).json["backups"] == []


async def test_what_leaves_or_replaces_everything_needs_a_password_given_just_now(
    running: Running, admin: Browser
) -> None:
    declared = {
        (route.method, route.path.rpartition("/backups")[2]): route.access.fresh
        for route in running.http.routes
        if route.path.startswith("/api/gantry/backups")
    }
    assert declared == {
        ("GET", ""): False,
        ("POST", ""): False,
        ("GET", "/{name}"): True,
        ("DELETE", "/{name}"): False,
        ("POST", "/upload"): True,
        ("POST", "/{name}/restore"): True,
    }
    assert (await admin.call("GET", "/api/gantry/backups")).status == 200
    assert (await running.call("GET", "/api/gantry/backups")).status == 401


@pytest.mark.parametrize(
    "name", ["..%2Fconfiguration.yaml", "%2Fetc%2Fpasswd", ".zip", "x.zip", "a%00.zip"]
)
async def test_nothing_but_backups_is_given_away_or_deleted(
    running: Running, name: str
) -> None:
    for method in ("GET", "DELETE"):
        assert (await ask(running, method, f"/{name}")).status in (400, 404)
    assert (running.appliance.paths.config / "configuration.yaml").exists()


async def test_a_link_in_the_folder_is_no_backup(running: Running) -> None:
    made = await make(running)
    Path(made["folder"], "link.zip").symlink_to("/etc/passwd")
    assert (await ask(running, "GET", "/link.zip")).status == 404
    assert len((await ask(running, "GET")).json["backups"]) == 1


async def test_a_short_passphrase_and_a_wrong_wish_are_refused(running: Running) -> None:
    assert (await ask(running, "POST", json={"passphrase": "short"})).status == 400
    assert (await ask(running, "POST", json={"passphrase": 5})).status == 400
    assert (await ask(running, "POST", json={"files": "yes"})).status == 400
    assert (await ask(running, "GET")).json["backups"] == []


async def test_one_at_a_time(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def held_up(order: Order, size: int) -> None:
        begun.set()
        await may_go_on.wait()
        await let_work(order, size)

    monkeypatch.setattr(service, "let_work", held_up)
    first = asyncio.create_task(ask(running, "POST"))
    await begun.wait()
    assert (await ask(running, "POST")).status == 409
    may_go_on.set()
    assert (await first).status == 201


async def test_those_that_made_themselves_are_removed_in_their_turn(running: Running) -> None:
    backups = running.appliance.use(BACKUPS)
    await backups.create()
    for _ in range(4):
        await backups.create(reason=BackupReason.UPDATE)
    reasons = [each.reason for each in await backups.list()]
    assert sorted(reasons) == ["update", "update", "update", "wanted"]


@pytest.mark.parametrize("form", [False, True], ids=["body", "form"])
async def test_a_backup_comes_back_from_elsewhere(running: Running, form: bool) -> None:
    made = await make(running)
    data: Any = content(made)
    await ask(running, "DELETE", f"/{made['name']}")
    if form:
        fields = aiohttp.FormData()
        fields.add_field("file", data, filename="../evil.zip")
        answer = await ask(running, "POST", "/upload", data=fields)
    else:
        answer = await ask(running, "POST", "/upload", data=data)
    assert answer.status == 201, answer.text
    assert answer.json["reason"] == "uploaded"
    assert answer.json["name"].endswith("-uploaded.zip")
    assert content(answer.json) == content({**made, "name": answer.json["name"]})


@pytest.mark.parametrize("damage", [b"", b"no archive", b"cut"])
async def test_what_is_no_whole_backup_is_not_taken(running: Running, damage: bytes) -> None:
    made = await make(running)
    whole = content(made)
    sent = (
        whole[: len(whole) // 2] + whole[len(whole) // 2 + 1 :] if damage == b"cut" else damage
    )
    answer = await ask(running, "POST", "/upload", data=sent)
    assert answer.status == 400, answer.text
    folder = Path(made["folder"])
    assert [path.name for path in folder.iterdir() if path.is_file()] == [made["name"]]


async def test_a_restore_backs_up_what_is_there_and_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "config"
    async with appliance_on(folder) as running:
        made = await make(running, passphrase=PASSPHRASE)
        (folder / "configuration.yaml").write_text(YAML + "history:\n")
        with no_restart(running, monkeypatch) as asked:
            path = f"/{made['name']}/restore"
            for wrong in ({}, {"passphrase": "another passphrase"}):
                answer = await ask(running, "POST", path, json=wrong)
                assert answer.status == 400, answer.text
                assert "passphrase" in answer.json["error"]["message"]
            assert len((await ask(running, "GET")).json["backups"]) == 1
            told: list[RestoreBegan] = []
            running.appliance.bus.listen(RestoreBegan, told.append)
            answer = await ask(running, "POST", path, json={"passphrase": PASSPHRASE})
            assert answer.status == 202, answer.text
            assert answer.json["restart"] is True
            await eventually(lambda: asked)
        assert asked == [StopReason.RESTART]
        assert [each.backup.name for each in told] == [made["name"]]
        reasons = [each["reason"] for each in (await ask(running, "GET")).json["backups"]]
        assert sorted(reasons) == ["restore", "wanted"]
        assert (folder / "configuration.yaml").read_text().endswith("history:\n"), "not yet"
    finish_restore(folder)
    assert (folder / "configuration.yaml").read_text() == YAML
    async with appliance_on(folder) as running:
        assert len((await ask(running, "GET")).json["backups"]) == 2, (
            "they are all still there"
        )


@pytest.mark.parametrize("running", [True, False], ids=["running", "not running"])
async def test_the_commands_work_whether_it_runs_or_not(
    tmp_path: Path,
    running: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, away = tmp_path / "config", tmp_path / "away"
    away.mkdir()
    monkeypatch.setenv("GANTRY_BACKUP_PASSPHRASE", PASSPHRASE)

    async def gantry(*words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(main, [*words, "--config", str(folder)])
        return code, capsys.readouterr().out.strip()

    async with appliance_on(folder) as one:
        if not running:
            await one.appliance.stop(StopReason.TERMINATE)
        code, kept = await gantry("backup")
        assert code == 0
        assert Path(kept).parent == folder / ".storage/backups"
        code, sealed = await gantry("backup", "--output", str(away), "--encrypt", "--files")
        assert code == 0
        assert Path(sealed).parent == away
        assert Path(sealed).suffix == ".sealed"
        (folder / "configuration.yaml").write_text(YAML + "history:\n")
        with no_restart(one, monkeypatch) as asked:
            code, said = await gantry("restore", sealed)
            assert code == 0
            assert "Restor" in said
            if running:
                await eventually(lambda: asked)
    finish_restore(folder)
    assert (folder / "configuration.yaml").read_text() == YAML
    assert (await gantry("restore", str(tmp_path / "nothing.zip")))[0] == 1


async def test_a_disk_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "no_disk").touch()
    folder = tmp_path / "no_disk" / "backups"
    async with appliance_on(tmp_path / "config", path=str(folder)) as running:
        assert (await ask(running, "GET")).json["backups"] == []
        answer = await ask(running, "POST", json={})
        assert (answer.status, "no backups can be kept in" in answer.text) == (507, True)
        (tmp_path / "no_disk").unlink()  # now it is mounted
        assert (await make(running))["name"]
