"""``machine.device_power.*`` as front ends and slicers ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from appliance.components import power
from appliance.domain.job import JobPhase
from tests.components.moonraker_api.served import Served, serve
from tests.components.power.plugs import Plugs, plugs

API = "/machine/device_power"


def devices(port: int) -> list[dict[str, Any]]:
    lamp = f"http://127.0.0.1:{port}"
    request = {"url": f"{lamp}/set", "method": "post"}
    return [
        {"name": "plug", "type": "gcode", "printer": "first"},
        {"name": "other plug", "type": "gcode", "printer": "second"},
        {
            "name": "lamp",
            "type": "http",
            "turn_on": {**request, "body": '{"power": true}'},
            "turn_off": {**request, "body": '{"power": false}'},
            "status": {"url": f"{lamp}/get", "is_on": "{{ value_json.relay.power }}"},
        },
    ]


@pytest.fixture
async def lamp() -> AsyncIterator[Plugs]:
    async with plugs() as served:
        yield served


@pytest.fixture(params=["first", "second"])
async def served(
    tmp_path: Path, lamp: Plugs, request: pytest.FixtureRequest
) -> AsyncIterator[Served]:
    async with serve(tmp_path, beside=[(power, devices(lamp.port))]) as running:
        yield running.on_second() if request.param == "second" else running


def plug_of(served: Served) -> str:
    return "other plug" if served.prefix else "plug"


async def test_the_devices_of_a_printer_and_those_of_none(served: Served) -> None:
    assert "power" in (await served.result("GET", "/server/info"))["components"]
    listed = (await served.result("GET", f"{API}/devices"))["devices"]
    assert [device["device"] for device in listed] == [plug_of(served), "lamp"]
    assert listed[0] == {
        "device": plug_of(served),
        "status": "init",
        "locked_while_printing": True,
        "type": "gcode",
    }


async def test_switching_over_both_transports(served: Served, lamp: Plugs) -> None:
    await served.into("ready")
    plug = plug_of(served)
    async with served.socket() as socket:
        on = await socket.result("machine.device_power.post_device", device=plug, action="on")
        assert on == {plug: "on"}
        told = await socket.until("notify_power_changed", lambda it: it["device"] == plug)
        assert told["status"] == "on"
        toggled = await served.result(
            "POST", f"{API}/device", json={"device": plug, "action": "toggle"}
        )
        assert toggled == {plug: "off"}
        many = await served.result("POST", f"{API}/on?lamp&nothing")
        assert many == {"lamp": "on", "nothing": "device_not_found"}
        assert lamp.on
        lamp.on = False
        asked = await socket.result(
            "machine.device_power.status", **{"lamp": None, plug: None}
        )
        assert asked == {"lamp": "off", plug: "off"}
        assert await served.result("GET", f"{API}/device?device=lamp") == {"lamp": "off"}
        lamp.broken = True
        assert (await socket.result("machine.device_power.on", lamp=None)) == {"lamp": "error"}
    assert [line for line, _ in served.printer.sent] == ["M80", "M81"]


async def test_what_is_refused(served: Served) -> None:
    method = "machine.device_power.post_device"
    others = "plug" if served.prefix else "other plug"
    async with served.socket() as socket:
        assert await socket.code(method, {"device": others, "action": "on"}) == -32601
        assert await socket.code(method, {"device": "lamp", "action": "blink"}) == 400
        assert await socket.code(method, {"device": "lamp"}) == 400
        assert await socket.code("machine.device_power.status") == 400
        offline = {"device": plug_of(served), "action": "on"}
        assert await socket.code(method, offline) == 400
    answer = await served.call("GET", f"{API}/device?device={others}")
    assert answer.status == 404


@pytest.mark.parametrize("state", ["printing", "paused"])
async def test_a_print_keeps_its_power(served: Served, state: str) -> None:
    await served.into(state)
    plug = plug_of(served)
    answer = await served.call("POST", f"{API}/off?{plug}")
    assert answer.status == 400
    assert "a print is going on" in answer.json["error"]["message"]
    answer = await served.call("POST", f"{API}/device?device={plug}&action=off")
    assert answer.status == 400
    assert await served.result("POST", f"{API}/off?lamp") == {"lamp": "off"}


async def test_an_upload_with_print_switches_the_printer_on(
    tmp_path: Path, lamp: Plugs
) -> None:
    entry = {
        **devices(lamp.port)[2],
        "printer": "second",
        "on_when_job_queued": True,
        "connect_delay": 0,
    }
    async with serve(tmp_path, beside=[(power, [entry])]) as first:
        answer = await first.upload(print="true")
        assert not answer.json["print_queued"]
        second = first.on_second()
        answer = await second.upload(print="true")
        assert answer.json["print_queued"]
        assert not answer.json["print_started"]
        await second.has_phase(JobPhase.PRINTING)
        assert lamp.on


async def test_gantrys_own_routes(served: Served, lamp: Plugs) -> None:
    path = "/api/gantry/power"
    listed = (await served.call("GET", path)).json["devices"]
    assert {device["name"] for device in listed} == {plug_of(served), "lamp"}
    answer = await served.call("POST", f"{path}/lamp", json={"state": "on"})
    assert (answer.status, answer.json["state"]) == (200, "on")
    assert lamp.on
    lamp.broken = True
    answer = await served.call("POST", f"{path}/lamp", json={"state": "off"})
    assert answer.status == 502
    others = "plug" if served.prefix else "other plug"
    assert (await served.call("POST", f"{path}/{others}", json={"state": "on"})).status == 404
    assert (await served.call("POST", f"{path}/lamp", json={"state": "?"})).status == 400
