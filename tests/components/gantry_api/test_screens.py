"""What the screens of a print need: cameras, macros, the dialogue, objects, layers, lint."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from appliance.components import gantry_api, macro, webcam
from appliance.components.file_manager import component as file_manager
from appliance.core import ApplianceStopping, StopReason
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.domain.printer import ConsoleGrew, ConsoleLine, Direction
from appliance.domain.telemetry import Heater, Prompt
from tests.fakes import FakePrinter
from tests.serving import API_KEY, Answer, Running, serving
from tests.waiting import deadline, eventually

LAYERED = b"G28\nM82\n" + b"".join(
    b";LAYER:%d\nG1 Z%.1f\nG1 X%d Y10 E%d F900\n" % (n, 0.2 + n / 5, 20 + n, n + 1)
    for n in range(5)
)
CAMERAS = [
    {"name": "Front", "stream": "http://camera.local/s", "snapshot": "http://u:p@camera/x"},
    {"name": "Door", "stream": "http://camera.local/s.m3u8", "kind": "hlsstream"},
    {"name": "Other", "snapshot": "http://camera.local/o", "printer": "mini"},
]
MACROS = {
    "LOAD": {"gcode": "M117 {{ params.WORD }}", "parameters": {"WORD": None, "N": 5}},
    "_HELPER": "M84",
    "SECRET": {"gcode": "M84", "hidden": True},
}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    components: list[tuple[Any, Any]] = [
        (file_manager, {}),
        (webcam, CAMERAS),
        (macro, MACROS),
        (gantry_api, {}),
    ]
    async with serving(tmp_path, components=components) as found:
        found.printers.add(FakePrinter(found.appliance.bus))
        printer_of(found).come_online()
        yield found


def printer_of(running: Running) -> FakePrinter:
    printer = running.printers.first
    assert isinstance(printer, FakePrinter)
    return printer


async def ask(running: Running, method: str, path: str, **options: Any) -> Answer:
    return await running.call(method, f"/api/gantry{path}", key=API_KEY, **options)


async def upload(running: Running, name: str, content: bytes) -> None:
    async with await running.appliance.use(FILES).upload(size=len(content)) as coming:
        await coming.write(content)
        await coming.keep(GCODES, name)


async def test_cameras_are_seen_through_our_own_door(running: Running) -> None:
    answer = await ask(running, "GET", "/cameras")
    shown = {camera["id"]: camera for camera in answer.json["cameras"]}
    assert shown.keys() == {"front", "door"}, "the third one sees another printer"
    assert shown["front"]["stream"] == "webcam/front/stream"
    assert shown["front"]["snapshot"] == "webcam/front/snapshot"
    assert shown["door"]["stream"] is None, "no <img> shows that kind"
    assert "camera.local" not in answer.text


async def test_macros_are_told_with_their_parameters_and_run(running: Running) -> None:
    answer = await ask(running, "GET", "/macros")
    assert [each["name"] for each in answer.json["macros"]] == ["LOAD"]
    assert answer.json["macros"][0]["parameters"] == [
        {"name": "WORD", "default": None, "description": ""},
        {"name": "N", "default": "5", "description": ""},
    ]
    assert "M117" not in answer.text
    body = {"name": "LOAD", "parameters": {"WORD": "blue"}}
    assert (await ask(running, "POST", "/macros", json=body)).status == 204
    assert printer_of(running).sent == [("M117 blue", "admin")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": 5},
        {"name": "NOTHING"},
        {"name": "LOAD"},
        {"name": "LOAD", "parameters": ["WORD"]},
        {"name": "LOAD", "parameters": {"WORD": 5}},
        {"name": "LOAD", "parameters": {"WORD": "a\nM112"}},
    ],
)
async def test_a_macro_that_cannot_run_says_why(running: Running, body: Any) -> None:
    answer = await ask(running, "POST", "/macros", json=body)
    assert answer.status == 400
    assert answer.json["error"]["message"]
    assert not printer_of(running).sent


async def test_the_dialogue_goes_on_where_one_was(running: Running) -> None:
    printer = printer_of(running)
    printer.console[:] = [
        ConsoleLine(7, 1.0, Direction.SENT, "M115", "handshake"),
        ConsoleLine(8, 2.0, Direction.RECEIVED, "ok"),
    ]
    first = (await ask(running, "GET", "/console")).json
    assert first["last"] == 8
    assert first["lines"][0] == {
        "number": 7,
        "time": 1.0,
        "direction": "sent",
        "text": "M115",
        "origin": "handshake",
    }
    assert (await ask(running, "GET", "/console?after=8")).json["lines"] == []
    assert len((await ask(running, "GET", "/console?after=7")).json["lines"]) == 1
    # A new engine counts from the beginning: everything is new.
    assert len((await ask(running, "GET", "/console?after=900")).json["lines"]) == 2
    assert (await ask(running, "GET", "/console?after=x")).status == 400


async def test_the_dialogue_is_told_as_it_is_said(running: Running) -> None:
    printer = printer_of(running)

    def say(*lines: ConsoleLine) -> None:
        printer.console.extend(lines)
        running.appliance.bus.fire(ConsoleGrew(printer.id, lines))

    def line(number: int, text: str) -> ConsoleLine:
        return ConsoleLine(number, 1.0, Direction.SENT, text, "maria")

    printer.console[:] = [line(4, "M115")]
    url = f"{running.url}/api/gantry/console/stream?after=3"
    headers = {"X-Api-Key": API_KEY}
    async with (
        deadline("the lines"),
        running.client.get(url, headers=headers) as response,
    ):
        assert response.content_type == "text/event-stream"

        async def heard() -> list[str]:
            data = (await response.content.readuntil(b"\n\n")).removeprefix(b"data: ")
            return [each["text"] for each in json.loads(data)["lines"]]

        assert await heard() == ["M115"]
        say(line(5, "M117 <b>a</b>\u2028data: x"))
        assert await heard() == ["M117 <b>a</b>\u2028data: x"]
        # A new engine counts from the beginning.
        printer.console.clear()
        say(line(0, "M105"), line(1, "M114"))
        assert await heard() == ["M105", "M114"]
        running.appliance.bus.fire(ApplianceStopping(StopReason.TERMINATE))
        assert await response.content.read() == b""


async def test_an_object_is_left_out_by_its_name(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out: list[str] = []

    async def exclude(name: str) -> None:
        left_out.append(name)

    assert (await ask(running, "POST", "/exclude", json={"name": "cube"})).status == 409
    monkeypatch.setattr(printer_of(running), "exclude", exclude)
    for name in ("", 5, None):
        assert (await ask(running, "POST", "/exclude", json={"name": name})).status == 400
    assert (await ask(running, "POST", "/exclude", json={"name": "<b>;"})).status == 204
    assert left_out == ["<b>;"]


async def test_layers_are_told_with_the_bytes_where_they_begin(running: Running) -> None:
    await upload(running, "stairs.gcode", LAYERED)

    async def analysed() -> Any:
        found = (await ask(running, "GET", "/layers?path=stairs.gcode")).json
        return found if found["analysed"] else None

    found: dict[str, Any] = await eventually(analysed)
    assert found["size"] == len(LAYERED)
    assert [height for _, height in found["layers"]] == [0.2, 0.4, 0.6, 0.8, 1.0]
    for number, (byte, _) in enumerate(found["layers"]):
        assert LAYERED[byte:].startswith(b";LAYER:%d\n" % number)
    assert found["bounds"][2] == 24.0
    assert found["analysing"] is None
    assert (await ask(running, "GET", "/layers?path=nothing.gcode")).status == 404


async def test_layers_of_a_packed_file_are_those_of_its_text(running: Running) -> None:
    await upload(running, "stairs.gcode.gz", gzip.compress(LAYERED))

    async def analysed() -> Any:
        found = (await ask(running, "GET", "/layers?path=stairs.gcode.gz")).json
        return found if found["analysed"] else None

    found: dict[str, Any] = await eventually(analysed)
    assert found["packed"]
    assert found["size"] == len(LAYERED)
    first, second = (byte for byte, _ in found["layers"][:2])
    answer = await running.call(
        "GET",
        "/api/gantry/gcode?path=stairs.gcode.gz",
        key=API_KEY,
        headers={"Range": f"bytes={first}-{second - 1}"},
    )
    assert answer.status == 206
    assert answer.body == LAYERED[first:second]
    assert answer.headers["Content-Type"].startswith("text/plain")
    await upload(running, "no.stl", b"nothing to print")
    for missing, status in (("nothing.gcode", 404), ("../secrets.yaml", 400), ("no.stl", 415)):
        assert (await ask(running, "GET", f"/gcode?path={missing}")).status == status, missing


async def test_the_fleet_tells_of_each_printer_what_a_person_looks_for(
    running: Running,
) -> None:
    mini = FakePrinter(running.appliance.bus, "mini")
    running.printers.add(mini)
    printer = printer_of(running)
    printer.update(
        heaters={"tool0": Heater(201.5, 210.0), "bed": Heater(60.0, 60.0)},
        prompt=Prompt("Is it <clear>?", ("Yes", "No")),
        waiting_for_user=True,
    )
    first, second = (await ask(running, "GET", "/printers")).json["printers"]
    assert first["heaters"]["tool0"] == {"actual": 201.5, "target": 210.0}
    assert first["prompt"] == {"text": "Is it <clear>?", "buttons": ["Yes", "No"]}
    assert first["waiting_for_user"]
    assert (second["id"], second["link"], second["job"]) == ("mini", "offline", None)


async def test_a_folder_tells_the_worst_of_each_file(running: Running) -> None:
    await upload(running, "parts/wide.gcode", b"G28\nG1 X500 Y10 Z0.2 F3000\nG1 X510 E5\n")
    await upload(running, "parts/stairs.gcode", LAYERED)

    async def analysed() -> Any:
        found = (await ask(running, "GET", "/lint/folder?path=parts")).json["files"]
        return found if len(found) == 2 else None

    found: dict[str, Any] = await eventually(analysed)
    one = (await ask(running, "GET", "/lint?path=parts/wide.gcode")).json["findings"]
    assert found["wide.gcode"] == one[0]["severity"]
    assert (await ask(running, "GET", "/lint/folder?path=nothing")).status == 404


async def test_nothing_answers_without_a_credential(running: Running) -> None:
    for path in (
        "cameras",
        "macros",
        "console",
        "layers?path=x",
        "gcode?path=x",
        "lint/folder",
    ):
        assert (await running.call("GET", f"/api/gantry/{path}")).status == 401, path
