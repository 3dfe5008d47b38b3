"""The audit log."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.bus import Bus
from appliance.components import audit as audit_component
from appliance.components import moonraker_api
from appliance.components.audit import journal as journal_module
from appliance.components.audit import log as log_module
from appliance.components.audit.journal import Journal
from appliance.components.audit.log import AuditLog
from appliance.components.file_manager import component as file_manager
from appliance.domain.audit import AUDIT, AuditEntry, broken_at
from appliance.domain.identity import LOCAL
from appliance.domain.telemetry import Motion, Position
from tests.components.auth.browser import Browser
from tests.fakes import FakePrinter
from tests.serving import API_KEY, PASSWORD, Answer, Running, serving
from tests.waiting import deadline, eventually

AUDITED = [(audit_component, dict[str, object]())]
PATH = "/api/gantry/audit"


class FullDisk:
    """The module os of a disk that takes so many bytes more, and then none."""

    def __init__(self, after: int) -> None:
        self._room = after

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, descriptor: int, data: memoryview) -> int:
        if not self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = os.write(descriptor, data[: self._room])
        self._room -= written
        return written


async def chain(tmp_path: Path, count: int) -> list[AuditEntry]:
    """Write so many entries and read them back."""
    journal = Journal(tmp_path / "audit.jsonl")
    log = AuditLog(journal, journal.last())
    for number in range(count):
        log.record(LOCAL, "test", target=str(number))
    await log.flush()
    return list(journal.entries())


async def show(running: Running, query: str = "") -> Answer:
    return await running.call("GET", PATH + query, key=API_KEY)


async def test_an_untouched_chain_holds(tmp_path: Path) -> None:
    entries = await chain(tmp_path, 5)
    assert [entry.target for entry in entries] == ["0", "1", "2", "3", "4"]
    assert broken_at(entries) is None
    assert broken_at(entries[2:]) is None


@given(st.integers(0, 4), st.sampled_from(["user", "action", "target", "time"]))
def test_every_change_shows(index: int, field: str) -> None:
    entries: list[AuditEntry] = []
    before = "0" * 64
    for number in range(1, 6):
        entry = AuditEntry(
            number, 1.0, "a", "apikey", "key:1", "::1", "b", "c", None, "ok", before
        ).sealed()
        entries.append(entry)
        before = entry.hash
    value: object = 2.0 if field == "time" else "changed"
    changed = replace(entries[index], **{field: value})  # type: ignore[arg-type]
    assert broken_at([*entries[:index], changed, *entries[index + 1 :]]) == index + 1
    resealed = changed.sealed()
    after = broken_at([*entries[:index], resealed, *entries[index + 1 :]])
    assert after == (index + 2 if index < 4 else None)
    removed = broken_at([*entries[:index], *entries[index + 1 :]])
    assert removed == (None if index in (0, 4) else index + 2)


async def test_the_chain_goes_on_after_a_restart(tmp_path: Path) -> None:
    await chain(tmp_path, 2)
    entries = await chain(tmp_path, 2)
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert broken_at(entries) is None


async def test_a_line_cut_off_by_a_power_cut_harms_no_other(tmp_path: Path) -> None:
    await chain(tmp_path, 2)
    with (tmp_path / "audit.jsonl").open("ab") as file:
        file.write(b'{"number": 3, "ti')
    entries = await chain(tmp_path, 1)
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert broken_at(entries) is None


async def test_nothing_is_written_twice_when_many_read_at_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "audit.jsonl")
    log = AuditLog(journal, None)
    for number in range(3):
        log.record(LOCAL, "test", target=str(number))
    first = asyncio.create_task(log.flush())
    await asyncio.sleep(0)  # it is on its way to the disk
    log.record(LOCAL, "test", target="3")
    await asyncio.gather(first, log.flush(), log.flush())
    entries = list(journal.entries())
    assert [entry.target for entry in entries] == ["0", "1", "2", "3"]
    assert broken_at(entries) is None


async def test_what_a_full_disk_breaks_off_is_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = AuditLog(journal := Journal(tmp_path / "audit.jsonl"), None)
    log.record(LOCAL, "test", target="before")
    await log.flush()
    with monkeypatch.context() as full:
        full.setattr(journal_module, "os", FullDisk(after=1000))
        for number in range(5):
            log.record(LOCAL, "test", target=str(number))
        await log.flush()
    assert [entry.target for entry in journal.entries()] == ["before"]
    await log.flush()
    entries = list(journal.entries())
    assert [entry.target for entry in entries] == ["before", "0", "1", "2", "3", "4"]
    assert broken_at(entries) is None


async def test_files_are_rotated_and_the_oldest_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FILE_BYTES", 1000)
    journal = Journal(tmp_path / "audit.jsonl")
    log = AuditLog(journal, None)
    for number in range(40):
        log.record(LOCAL, "test", target=str(number))
        await log.flush()
    entries = list(journal.entries())
    assert len(list(tmp_path.iterdir())) == journal_module.FILES_KEPT
    assert entries[-1].target == "39"
    assert 5 < len(entries) < 40
    assert broken_at(entries) is None


async def test_what_changes_something_is_written_down(tmp_path: Path) -> None:
    async with serving(tmp_path, components=AUDITED) as running:
        body = {"label": "secret-free", "scopes": ["read"]}
        made = await running.call("POST", "/api/gantry/keys", key=API_KEY, json=body)
        await running.call("GET", "/api/gantry/keys", key=API_KEY)
        await running.call("DELETE", f"/api/gantry/keys/{made.json['id']}", key=API_KEY)
        answer = await show(running)
        assert answer.json["intact"] is True
        newest, before = answer.json["entries"]
        assert (newest["action"], newest["target"], newest["outcome"]) == (
            "DELETE /api/gantry/keys/{id}",
            made.json["id"],
            "204",
        )
        assert (newest["user"], newest["method"]) == ("admin", "apikey")
        assert newest["address"] == "127.0.0.1"
        assert newest["credential"].startswith("key:")
        assert before["action"] == "POST /api/gantry/keys"


async def test_logins_are_written_down_whether_they_work_or_not(tmp_path: Path) -> None:
    config = {"api_key": API_KEY, "password": PASSWORD}
    async with serving(tmp_path, auth=config, components=AUDITED) as running:
        await Browser(running).login("admin", "wrong")
        await Browser(running).login("admin", PASSWORD)
        entries = (await show(running)).json["entries"]
        assert [(e["action"], e["outcome"], e["user"], e["target"]) for e in entries] == [
            ("login", "ok", "admin", ""),
            ("login", "wrong password", None, "admin"),
        ]


async def test_entries_can_be_chosen(tmp_path: Path) -> None:
    async with serving(tmp_path, components=AUDITED) as running:
        audit = running.appliance.use(AUDIT)
        for number in range(5):
            audit.record(LOCAL, "printer.print.start", target=f"{number}", printer_id="one")
            audit.record(LOCAL, "printer.print.cancel", printer_id="two")
        chosen = (await show(running, "?action=printer.print.start&limit=2")).json["entries"]
        assert [entry["target"] for entry in chosen] == ["4", "3"]
        chosen = (await show(running, "?printer=two")).json["entries"]
        assert {entry["printer_id"] for entry in chosen} == {"two"}
        for limit in ("0", "x", "1001", "9" * 30):
            assert (await show(running, f"?limit={limit}")).status == 400


async def test_a_changed_file_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path, components=AUDITED) as running:
        audit = running.appliance.use(AUDIT)
        for number in range(3):
            audit.record(LOCAL, "start", target=f"file {number}")
        assert (await show(running)).json["intact"] is True
        path = tmp_path / ".storage" / "audit.jsonl"
        path.write_bytes(path.read_bytes().replace(b"file 1", b"file X"))
        answer = await show(running)
        assert (answer.json["intact"], answer.json["broken_at"]) == (False, 2)
        assert path.stat().st_mode & 0o777 == 0o600


async def test_only_administrators_read_it(tmp_path: Path) -> None:
    async with serving(tmp_path, components=AUDITED) as running:
        await running.auth.create_user("bob", "password of bob")
        key = await running.auth.renew_personal_key("bob")
        assert (await running.call("GET", PATH, key=key)).status == 403
        assert (await running.call("GET", PATH)).status == 401


async def test_calls_over_a_websocket_are_written_down_too(tmp_path: Path) -> None:
    printer = FakePrinter(Bus())
    components: list[tuple[Any, Mapping[str, Any]]] = [
        *AUDITED,
        (file_manager, {"watch": False}),
        (moonraker_api, {}),
    ]
    async with serving(tmp_path, printers=[printer], components=components) as running:
        printer.bus = running.appliance.bus
        printer.come_online()
        printer.update(motion=Motion(position=Position(0.0, 0.0, 0.0, 0.0)))
        headers = {"X-Api-Key": API_KEY}
        async with running.client.ws_connect(
            running.url + "/websocket", headers=headers
        ) as ws:
            for number, (method, params) in enumerate(
                [
                    ("server.info", {}),
                    ("printer.gcode.script", {"script": "M104 S200"}),
                    ("printer.print.start", {"filename": "missing.gcode"}),
                ]
            ):
                call = {"jsonrpc": "2.0", "method": method, "params": params, "id": number}
                await ws.send_json(call)
                async with deadline(method):
                    while (await ws.receive_json()).get("id") != number:
                        pass
        entries = (await show(running)).json["entries"]
        told = [(e["action"], e["target"], e["outcome"] == "ok") for e in entries]
        assert told == [
            ("printer.print.start", "missing.gcode", False),
            ("printer.gcode.script", "M104 S200", True),
        ]
        assert {entry["printer_id"] for entry in entries} == {printer.id}


async def test_a_log_that_cannot_be_read_keeps_nobody_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "WRITE_AFTER_S", 0.001)
    (tmp_path / ".storage" / "audit.jsonl").mkdir(parents=True)
    async with serving(tmp_path, components=AUDITED) as running:
        log = running.appliance.use(AUDIT)
        tries: list[int] = []
        append = Journal.append

        def counted(journal: Journal, entries: Sequence[AuditEntry]) -> None:
            tries.append(len(entries))
            append(journal, entries)

        monkeypatch.setattr(Journal, "append", counted)
        log.record(LOCAL, "test")
        await eventually(lambda: len(tries) > 2)
    said = [each.getMessage() for each in caplog.records if "audit log" in each.getMessage()]
    assert [text.split(":")[0] for text in said] == [
        "The audit log cannot be read, another chain begins",
        "The audit log cannot be written",
    ]
