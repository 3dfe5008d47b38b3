from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.components.octoprint_api.served import Served, serve

PATH = "/api/printerprofiles"


async def add(served: Served, **profile: Any) -> Any:
    answer = await served.post(PATH, {"profile": {"id": "big", "name": "Big", **profile}})
    assert answer.status == 200, answer.text
    return answer.json["profile"]


async def test_the_profile_of_a_fresh_printer(served: Served) -> None:
    profiles = (await served.get(PATH)).json["profiles"]
    assert list(profiles) == ["_default"]
    assert profiles["_default"] == {
        "id": "_default",
        "name": "Default",
        "model": "Generic RepRap Printer",
        "color": "default",
        "current": True,
        "default": True,
        "resource": f"{served.url}{PATH}/_default",
        "volume": {
            "formFactor": "rectangular",
            "origin": "lowerleft",
            "width": 220.0,
            "depth": 220.0,
            "height": 250.0,
            "custom_box": False,
        },
        "heatedBed": True,
        "heatedChamber": False,
        "axes": {
            "x": {"speed": 6000, "inverted": False},
            "y": {"speed": 6000, "inverted": False},
            "z": {"speed": 200, "inverted": False},
            "e": {"speed": 300, "inverted": False},
        },
        "extruder": {
            "count": 1,
            "offsets": [[0.0, 0.0]],
            "nozzleDiameter": 0.4,
            "sharedNozzle": False,
            "defaultExtrusionLength": 5,
        },
    }
    assert (await served.get(f"{PATH}/_default")).json == profiles["_default"]
    assert (await served.get(f"{PATH}/nope")).status == 404


async def test_a_profile_is_added_changed_chosen_and_deleted(served: Served) -> None:
    added = await add(served, volume={"width": 300}, extruder={"count": 2})
    assert added["volume"]["width"] == 300.0
    assert added["volume"]["depth"] == 220.0
    assert added["extruder"]["offsets"] == [[0.0, 0.0], [0.0, 0.0]]
    assert (added["current"], added["resource"]) == (False, f"{served.url}{PATH}/big")
    body = {"profile": {"name": "Bigger", "heatedChamber": True}}
    changed = (await served.call("PATCH", f"{PATH}/big", json=body)).json["profile"]
    assert (changed["name"], changed["heatedChamber"]) == ("Bigger", True)
    assert changed["volume"]["width"] == 300.0
    older = (await served.post(f"{PATH}/big", {"profile": {"color": "red"}})).json["profile"]
    assert older["color"] == "red"
    connect = {"command": "connect", "printerProfile": "big"}
    assert (await served.post("/api/connection", connect)).status == 204
    assert served.printer.profile.id == "big"
    assert len(served.printer.profile.extruders) == 2
    current = (await served.get("/api/connection")).json
    assert current["current"]["printerProfile"] == "big"
    assert (await served.call("DELETE", f"{PATH}/big")).status == 409
    back = {"profile": {"default": True}}
    listed = (await served.get(PATH)).json["profiles"]
    assert listed["_default"]["name"] == "Ender 3"
    assert (await served.call("PATCH", f"{PATH}/_default", json=back)).status == 200
    assert served.printer.profile.id == "_default"
    assert (await served.call("DELETE", f"{PATH}/big")).status == 204
    assert (await served.call("DELETE", f"{PATH}/big")).status == 204


async def test_the_own_profile_of_a_printer_is_changed_where_it_stands(served: Served) -> None:
    body = {"profile": {"volume": {"width": 333}, "model": "Self-made"}}
    answer = await served.call("PATCH", f"{PATH}/_default", json=body)
    assert answer.status == 200
    assert served.printer.profile.volume.width == 333.0
    text = (served.appliance.paths.config / "configuration.yaml").read_text()
    assert "Self-made" in text
    assert "printer_profiles" not in text
    # choosing another one keeps what was written
    await add(served)
    await served.post("/api/connection", {"command": "connect", "printerProfile": "big"})
    kept = (await served.get(f"{PATH}/_default")).json
    assert (kept["volume"]["width"], kept["current"]) == (333.0, False)


async def test_a_profile_is_based_on_another(served: Served) -> None:
    await add(served, volume={"width": 300, "formFactor": "circular"}, color="blue")
    body = {"profile": {"id": "Copy 2!", "name": "Copy"}, "basedOn": "big"}
    copy = (await served.post(PATH, body)).json["profile"]
    assert copy["id"] == "copy_2"
    assert copy["color"] == "blue"
    assert copy["volume"]["origin"] == "center"
    assert copy["volume"]["depth"] == 300.0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"profile": 5},
        {"profile": {}},
        {"profile": {"id": "p"}},
        {"profile": {"id": "!!!", "name": "x"}},
        {"profile": {"id": "p", "name": "x"}, "basedOn": "nope"},
        {"profile": {"id": "p", "name": "x", "volume": {"width": "abc"}}},
        {"profile": {"id": "p", "name": "x", "volume": {"width": -1}}},
        {"profile": {"id": "p", "name": "x", "volume": {"formFactor": "weird"}}},
        {"profile": {"id": "p", "name": "x", "extruder": {"count": 0}}},
        {"profile": {"id": "p", "name": "x", "extruder": {"count": 10**9}}},
        {"profile": {"id": "p", "name": "x", "extruder": {"offsets": [[1]]}}},
        {"profile": {"id": "p", "name": "x", "axes": {"x": {"speed": 0}}}},
        {"profile": {"id": "p", "name": 5}},
    ],
)
async def test_bad_profiles_are_400(served: Served, body: dict[str, Any]) -> None:
    assert (await served.post(PATH, body)).status == 400
    assert list((await served.get(PATH)).json["profiles"]) == ["_default"]


async def test_an_id_that_is_taken_is_409(served: Served) -> None:
    await add(served)
    body = {"profile": {"id": "big", "name": "Again"}}
    assert (await served.post(PATH, body)).status == 409
    missing = await served.call("PATCH", f"{PATH}/nope", json={"profile": {}})
    assert missing.status == 404


async def test_profiles_survive_a_restart(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await add(served, heatedBed=False)
    async with serve(tmp_path) as served:
        assert (await served.get(f"{PATH}/big")).json["heatedBed"] is False


async def test_conditional_requests(served: Served) -> None:
    tag = {"If-None-Match": (await served.get(PATH)).headers["ETag"]}
    assert (await served.get(PATH, headers=tag)).status == 304
    await add(served)
    assert (await served.get(PATH, headers=tag)).status == 200
