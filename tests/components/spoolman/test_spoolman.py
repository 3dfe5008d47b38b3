"""What printers use of their spools, from the job to Spoolman and Moonraker's clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.bus import Bus
from appliance.components import spoolman as component
from appliance.components.spoolman import service
from appliance.components.spoolman.server import check
from appliance.components.spoolman.usage import Usage, from_plain
from appliance.domain.job import Job, JobFile, JobKind, Origin
from appliance.domain.machine import Link
from appliance.domain.telemetry import Motion
from appliance.errors import InvalidRequest
from tests.components.moonraker_api.served import Served, serve
from tests.components.spoolman.fake import Spoolman, spoolman
from tests.fakes import FakePrinter
from tests.ports import free_port
from tests.waiting import eventually, eventually_answers

BASE = "/server/spoolman"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "RECONNECT_S", 0.01)


@asynccontextmanager
async def connected(folder: Path, url: str) -> AsyncIterator[Served]:
    config = {"server": url, "sync_rate": "10ms"}
    async with serve(folder, beside=[(component, config)]) as served:
        yield served


@pytest.fixture
async def store() -> AsyncIterator[Spoolman]:
    async with spoolman() as made:
        yield made


@pytest.fixture(params=["first", "second"])
async def served(
    tmp_path: Path, store: Spoolman, request: pytest.FixtureRequest
) -> AsyncIterator[Served]:
    async with connected(tmp_path, store.url) as running:
        found = running.on_second() if request.param == "second" else running
        await reached(found)
        yield found


async def reached(served: Served) -> None:
    async def is_there() -> bool:
        status = await served.result("GET", f"{BASE}/status")
        return bool(status["spoolman_connected"])

    await eventually_answers(is_there)


def extrude(printer: FakePrinter, *filament_mm: float) -> None:
    job = printer.snapshot.job
    assert job is not None
    printer.update(job=replace(job, filament_mm=filament_mm))


async def test_the_spool_on_a_printer(served: Served, store: Spoolman) -> None:
    assert "spoolman" in (await served.result("GET", "/server/info"))["components"]
    async with served.socket() as socket:
        assert await socket.result("server.spoolman.get_spool_id") == {"spool_id": None}
        chosen = await socket.result("server.spoolman.post_spool_id", spool_id=2)
        assert chosen == {"spool_id": 2}
        assert await socket.until("notify_active_spool_set") == {"spool_id": 2}
        other = replace(served, prefix="" if served.prefix else "/printers/second")
        assert (await other.result("GET", f"{BASE}/spool_id")) == {"spool_id": None}
        await store.delete(2)
        await socket.until("notify_active_spool_set", lambda it: it["spool_id"] is None)
    chosen = await served.result("POST", f"{BASE}/spool_id", json={"spool_id": 3})
    assert chosen == {"spool_id": 3}
    assert await served.result("POST", f"{BASE}/spool_id", json={}) == {"spool_id": None}
    assert (await served.call("POST", f"{BASE}/spool_id", json={"spool_id": 0})).status == 400


async def test_a_print_uses_its_spool_up(served: Served, store: Spoolman) -> None:
    await served.result("POST", f"{BASE}/spool_id", json={"spool_id": 1})
    await served.into("printing")
    extrude(served.printer, 100.0)
    extrude(served.printer, 98.0)  # a retraction
    extrude(served.printer, 120.0, 5.0)
    await eventually(lambda: store.used(1) == pytest.approx(125.0))
    await served.result("POST", f"{BASE}/spool_id", json={"spool_id": 2})
    extrude(served.printer, 150.0, 5.0)
    served.printer.finish()
    await eventually(lambda: store.used(2) == pytest.approx(30.0))
    assert store.used(1) == pytest.approx(125.0)


async def test_filament_that_is_moved_by_hand_is_used_too(
    served: Served, store: Spoolman
) -> None:
    await served.result("POST", f"{BASE}/spool_id", json={"spool_id": 1})
    await served.into("ready")

    def move_to(extruded_mm: float) -> None:
        motion = replace(served.printer.snapshot.motion, extruded_mm=extruded_mm)
        served.printer.update(motion=motion)

    move_to(50.0)
    move_to(20.0)  # pulled back
    move_to(60.0)
    await eventually(lambda: store.used(1) == pytest.approx(60.0))
    answer = await served.upload("cube.gcode", print="true")
    assert answer.json["print_started"]
    move_to(160.0)
    extrude(served.printer, 100.0)
    served.printer.finish()
    move_to(161.0)
    await eventually(lambda: store.used(1) == pytest.approx(161.0))
    served.printer.update(link=Link.OFFLINE)
    served.printer.update(motion=Motion())
    served.printer.come_online()  # switched off and on
    move_to(4.0)
    await eventually(lambda: store.used(1) == pytest.approx(165.0))


async def test_what_cannot_be_reported_is_kept(served: Served, store: Spoolman) -> None:
    store.broken = True
    await served.result("POST", f"{BASE}/spool_id", json={"spool_id": 1})
    await served.into("printing")
    extrude(served.printer, 10.0)

    async def waits() -> Any:
        return (await served.result("GET", f"{BASE}/status"))["pending_reports"]

    assert await eventually_answers(waits) == [{"spool_id": 1, "filament_used": 10.0}]
    store.broken = False
    await eventually(lambda: store.used(1) == pytest.approx(10.0))


async def test_nothing_is_lost_without_the_server_and_over_a_restart(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with connected(tmp_path, url) as served:
        await served.result("POST", f"{BASE}/spool_id", json={"spool_id": 3})
        await served.into("printing")
        extrude(served.printer, 40.0)
    async with spoolman(port) as store, connected(tmp_path, url) as served:
        assert (await served.result("GET", f"{BASE}/spool_id")) == {"spool_id": 3}
        await eventually(lambda: store.used(3) == pytest.approx(40.0))


async def test_a_report_that_is_broken_off_is_made_again() -> None:
    asked: list[str] = []

    async def stall(_method: str, path: str, **_: object) -> None:
        asked.append(path)
        await asyncio.Event().wait()

    server, kept = SimpleNamespace(request=stall), SimpleNamespace(save_soon=lambda *_: None)
    spools = service.SpoolService(cast("Any", server), Bus(), cast("Any", kept), 1.0)
    used = {1: 10.0, 2: 20.0}
    for spool_id, length in used.items():
        spools._usage.add(spool_id, length)
    reporting = asyncio.create_task(spools.report())
    await eventually(lambda: asked)
    reporting.cancel()  # as the server hangs up, or we stop
    await asyncio.wait([reporting])
    assert spools.pending() == used


async def test_the_way_through(served: Served, store: Spoolman) -> None:
    async def ask(**params: Any) -> Any:
        return await served.call("POST", f"{BASE}/proxy", json=params)

    listed = await ask(request_method="GET", path="/v1/spool", query="limit=2")
    assert [spool["id"] for spool in listed.json["result"]] == [1, 2]
    both = {"request_method": "POST", "path": "/v1/spool"}
    made = await ask(**both, body={"filament_id": 1}, use_v2_response=True)
    assert made.json["result"]["response"]["id"] == 4
    assert made.json["result"]["error"] is None
    counted = await ask(request_method="GET", path="/v1/spool", use_v2_response=True)
    assert counted.json["result"]["response_headers"]["x-total-count"] == "4"
    missing = await ask(request_method="GET", path="/v1/spool/99", use_v2_response=True)
    assert missing.json["result"] == {
        "response": None,
        "error": {"status_code": 404, "message": "No spool with that ID found."},
    }
    assert (await ask(request_method="GET", path="/v1/spool/99")).status == 404
    unknown = await ask(request_method="GET", path="/v1/nothing", use_v2_response=True)
    assert unknown.json["result"]["error"]["status_code"] == 404
    assert (await ask(**both, body={})).status == 422


async def test_an_absent_server_is_told(tmp_path: Path) -> None:
    async with connected(tmp_path, f"http://127.0.0.1:{free_port()}") as served:
        params = {"request_method": "GET", "path": "/v1/spool"}
        answer = await served.call("POST", f"{BASE}/proxy", json=params)
        assert answer.status == 503
        async with served.socket() as socket:
            both = await socket.result("server.spoolman.proxy", use_v2_response=True, **params)
        assert both["error"]["status_code"] == 503


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/admin", None, None),
        ("GET", "/v1/../../etc", None, None),
        ("GET", "/v1/%2e%2e/x", None, None),
        ("GET", "/v1/spool?x=1", None, None),
        ("GET", "/v1/spool\r\nX: y", None, None),
        ("GET", "/v1//evil@host/", "a b", None),
        ("GET", "/v1/spool", "x=1#y", None),
        ("GET", "/v1/spool", None, {}),
        ("TRACE", "/v1/spool", None, None),
    ],
)
def test_the_way_leads_nowhere_else(
    method: str, path: str, query: str | None, body: Any
) -> None:
    with pytest.raises(InvalidRequest):
        check(method, path, query, body)


FILE = JobFile(Origin.LOCAL, "a.gcode", "a.gcode", 1)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([None, 1, 2]), st.floats(0, 50), st.booleans()), max_size=20
    )
)
def test_every_millimetre_is_counted_once(
    steps: list[tuple[int | None, float, bool]],
) -> None:
    usage = Usage()
    extruded = 0.0
    expected: dict[int, float] = {}
    for spool, more, restart in steps:
        usage.reel("p").spool_id = spool
        extruded += more
        usage.count("p", Job("1", JobKind.FILE, FILE, 0.0, filament_mm=(extruded,)))
        if spool is not None:
            expected[spool] = expected.get(spool, 0.0) + more
        if restart:
            usage = from_plain(usage.plain())
    assert sum(usage.pending.values()) == pytest.approx(sum(expected.values()))
    for spool, used in usage.pending.items():
        assert used == pytest.approx(expected[spool])
