"""``machine.update.*`` where Gantry can update itself, and its absence elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from appliance import __version__
from appliance.components import updates
from appliance.components.updates import service
from appliance.components.updates.service import UpdateService
from appliance.domain.updates import UPDATES, Offer
from appliance.releases.places import Places
from tests.components.moonraker_api.served import Served, serve
from tests.releases.made import BASE_PYTHON, make_keys, make_slots
from tests.waiting import eventually

API = "/machine/update"


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    places = Places(make_slots(tmp_path, __version__), make_keys(tmp_path), BASE_PYTHON)
    monkeypatch.setattr(updates, "find_places", lambda: places)
    monkeypatch.setattr(service, "GOODBYE_S", 0.0)
    (tmp_path / "config").mkdir()
    async with serve(tmp_path / "config", beside=[(updates, {})]) as running:
        stops: list[Any] = []
        monkeypatch.setattr(running.running.appliance, "request_stop", stops.append)
        yield running


def offer(served: Served, version: str) -> None:
    """Let a release be available."""
    found = cast("UpdateService", served.running.appliance.use(UPDATES))
    found._set(available=Offer(version, "News"), checked_at=1.0)


async def test_where_it_cannot_be_done_it_is_not_offered(tmp_path: Path) -> None:
    async with serve(tmp_path, beside=[(updates, {})]) as found:
        assert (
            "update_manager" not in (await found.result("GET", "/server/info"))["components"]
        )
        assert (await found.call("GET", f"{API}/status")).status == 404


async def test_the_running_version_is_told_as_front_ends_read_it(served: Served) -> None:
    assert "update_manager" in (await served.result("GET", "/server/info"))["components"]
    status = await served.result("GET", f"{API}/status")
    assert status["busy"] is False
    assert list(status["version_info"]) == ["gantry"]
    gantry = status["version_info"]["gantry"]
    assert (gantry["name"], gantry["configured_type"]) == ("gantry", "python")
    assert gantry["version"] == gantry["remote_version"] == __version__
    assert gantry["current_hash"] == gantry["remote_hash"]
    assert gantry["rollback_version"] == "1.0"
    assert (gantry["is_valid"], gantry["anomalies"], gantry["warnings"]) == (True, [], [])


async def test_news_of_a_release_reaches_every_client(served: Served) -> None:
    async with served.socket() as socket:
        await socket.result("server.info")
        offer(served, "9.0")
        told = await socket.until("notify_update_refreshed")
        gantry = told["version_info"]["gantry"]
        assert (gantry["version"], gantry["remote_version"]) == (__version__, "9.0")
        assert gantry["current_hash"] != gantry["remote_hash"]
        assert told == await socket.result("machine.update.status", refresh=False)


async def test_going_back_is_told_step_by_step(served: Served) -> None:
    async with served.socket() as socket:
        assert await socket.result("machine.update.rollback", name="gantry") == "ok"
        told = await socket.until("notify_update_response", lambda it: it["complete"])
        assert (told["application"], told["message"]) == ("gantry", "Starting again")
        assert isinstance(told["proc_id"], int)
        found = served.running.appliance.use(UPDATES)
        await eventually(lambda: found.status.version == "1.0")
        assert await socket.code("machine.update.refresh") == 503
        assert (await socket.result("machine.update.status"))["busy"] is True


@pytest.mark.parametrize(
    ("method", "params", "status"),
    [
        ("upgrade", {}, 400),  # there is nothing newer
        ("upgrade", {"name": "klipper"}, 404),
        ("client", {"name": "mainsail"}, 404),
        ("client", {}, 400),
        ("rollback", {}, 400),
        ("full", {}, 400),
        ("recover", {"name": "gantry"}, 400),
        ("refresh", {}, 400),  # no channel is configured
        ("system", {}, 404),
    ],
)
async def test_what_cannot_be_done_is_said(
    served: Served, method: str, params: dict[str, Any], status: int
) -> None:
    answer = await served.call("POST", f"{API}/{method}", json=params)
    assert answer.status == status, answer.text
    assert not (await served.result("GET", f"{API}/status"))["busy"]
