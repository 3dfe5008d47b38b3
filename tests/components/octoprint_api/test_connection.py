from __future__ import annotations

import pytest

from appliance.domain.machine import Link
from appliance.errors import PrinterOffline
from tests.components.octoprint_api.served import Served
from tests.fakes import PORT


async def test_the_connection_and_what_could_be_chosen(served: Served) -> None:
    answer = (await served.get("/api/connection")).json
    assert answer["current"] == {
        "state": "Closed",
        "port": None,
        "baudrate": None,
        "printerProfile": "_default",
    }
    assert answer["options"] == {
        "ports": [PORT],
        "baudrates": [250000, 115200],
        "printerProfiles": [{"id": "_default", "name": "Default"}],
        "portPreference": PORT,
        "baudratePreference": 115200,
        "printerProfilePreference": "_default",
        "autoconnect": True,
    }
    served.printer.come_online()
    current = (await served.get("/api/connection")).json["current"]
    assert (current["state"], current["port"], current["baudrate"]) == (
        "Operational",
        PORT,
        115200,
    )


@pytest.mark.parametrize(
    "body",
    [
        {"command": "connect"},
        {"command": "connect", "port": PORT, "baudrate": 115200},
        {"command": "connect", "port": "AUTO", "baudrate": 0},
        {"command": "connect", "port": "/dev/serial/by-id/usb-fake", "baudrate": "115200"},
        {"command": "connect", "printerProfile": "_default", "save": True},
    ],
)
async def test_connect_and_disconnect(served: Served, body: dict[str, object]) -> None:
    assert (await served.post("/api/connection", body)).status == 204
    assert served.link() is Link.ONLINE
    assert (await served.post("/api/connection", {"command": "disconnect"})).status == 204
    assert served.link() is Link.OFFLINE


@pytest.mark.parametrize(
    "body",
    [
        {"command": "bogus"},
        {"command": "connect", "port": "/dev/none"},
        {"command": "connect", "port": 5},
        {"command": "connect", "baudrate": 1},
        {"command": "connect", "baudrate": "abc"},
        {"command": "connect", "baudrate": True},
        {"command": "connect", "printerProfile": "none"},
    ],
)
async def test_bad_choices_are_400(served: Served, body: dict[str, object]) -> None:
    assert (await served.post("/api/connection", body)).status == 400
    assert served.link() is Link.OFFLINE


async def test_fake_ack(online: Served) -> None:
    assert (await online.post("/api/connection", {"command": "fake_ack"})).status == 204
    assert online.printer.acknowledged == 1


async def test_a_job_is_not_cut_off(online: Served) -> None:
    await online.upload("cube.gcode", print="true")
    assert (await online.post("/api/connection", {"command": "disconnect"})).status == 409


async def test_to_connect_in_a_job_changes_nothing(online: Served) -> None:
    await online.upload("cube.gcode")
    await online.analysed("cube.gcode")
    select = {"command": "select", "print": True}
    assert (await online.post("/api/files/local/cube.gcode", select)).status == 204
    before = online.printer.snapshot
    body = {"command": "connect", "port": "AUTO", "printerProfile": "_default"}
    assert (await online.post("/api/connection", body)).status == 204
    assert online.printer.snapshot == before
    bad = {"command": "connect", "baudrate": 1}
    assert (await online.post("/api/connection", bad)).status == 400


async def test_what_could_be_chosen_while_the_engine_does_not_answer(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ports() -> list[object]:
        raise PrinterOffline("the print engine does not answer")

    monkeypatch.setattr(served.printer, "ports", ports)
    answer = await served.get("/api/connection")
    assert (answer.status, answer.json["options"]["ports"]) == (200, [PORT])
    assert (await served.get("/api/settings")).status == 200
