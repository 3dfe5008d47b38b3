from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from appliance.domain.printer import Extruder, Profile
from appliance.domain.telemetry import SdCard
from tests.components.octoprint_api.served import Served

Body = dict[str, Any]


@pytest.mark.parametrize("part", ["", "/tool", "/bed", "/chamber"])
async def test_offline_is_409(served: Served, part: str) -> None:
    answer = await served.get(f"/api/printer{part}")
    assert answer.status == 409
    assert set(answer.json) == {"error"}


@pytest.mark.parametrize("part", ["tool", "bed", "chamber", "sd", "command"])
async def test_offline_is_409_whatever_is_sent(served: Served, part: str) -> None:
    assert (await served.post(f"/api/printer/{part}", {"command": "bogus"})).status == 409


async def test_the_printhead_judges_the_body_first(served: Served) -> None:
    path = "/api/printer/printhead"
    assert (await served.post(path, {"command": "bogus"})).status == 400
    assert (await served.post(path, {"command": "home", "axes": ["x"]})).status == 409


async def test_the_printer_and_its_parts(online: Served) -> None:
    online.printer.measure(tool0=200.5, bed=60.0)
    answer = (await online.get("/api/printer")).json
    assert answer["temperature"] == {
        "tool0": {"actual": 200.5, "target": 0.0, "offset": 0},
        "bed": {"actual": 60.0, "target": 0.0, "offset": 0},
    }
    assert answer["sd"] == {"ready": True}
    assert answer["state"]["text"] == "Operational"
    assert list((await online.get("/api/printer?exclude=temperature,sd")).json) == ["state"]
    assert (await online.get("/api/printer/sd")).json == {"ready": True}
    tool = (await online.get("/api/printer/tool?history=true&limit=1")).json
    assert tool["history"] == [{"tool0": {"actual": 200.5, "target": 0.0}}]
    history = (await online.get("/api/printer?history=1")).json["temperature"]["history"]
    assert isinstance(history[0]["time"], int)
    assert (await online.get("/api/printer/bed?history=yes&limit=abc")).json["bed"]
    assert (await online.get("/api/printer/chamber")).status == 409
    assert (await online.get("/api/printer/error")).json == {"error": "", "reason": ""}


@pytest.mark.parametrize(
    ("part", "body", "lines"),
    [
        ("tool", {"command": "target", "targets": {"tool0": 200}}, ["M104 S200"]),
        ("tool", {"command": "select", "tool": "tool0"}, ["T0"]),
        (
            "tool",
            {"command": "extrude", "amount": 5.5, "speed": 120},
            ["M83", "G1 E5.5 F120", "M82"],
        ),
        ("tool", {"command": "extrude", "amount": -50}, ["M83", "G1 E-50 F300", "M82"]),
        ("tool", {"command": "flowrate", "factor": 105}, ["M221 S105"]),
        ("tool", {"command": "flowrate", "factor": 1.2}, ["M221 S120"]),
        ("tool", {"command": "flowrate", "factor": 250}, ["M221 S250"]),
        ("bed", {"command": "target", "target": 60.5}, ["M140 S60.5"]),
        (
            "printhead",
            {"command": "jog", "x": 10, "y": -5.2},
            ["G91", "G0 X10 Y-5.2 F6000", "G90"],
        ),
        (
            "printhead",
            {"command": "jog", "z": 5, "absolute": True, "speed": 100},
            ["G90", "G0 Z5 F100"],
        ),
        ("printhead", {"command": "home", "axes": ["x", "y"]}, ["G28 X Y"]),
        ("printhead", {"command": "home", "axes": ["x", "y", "z"]}, ["G28"]),
        ("printhead", {"command": "home", "axes": []}, []),
        ("printhead", {"command": "feedrate", "factor": 0.5}, ["M220 S50"]),
        ("sd", {"command": "refresh"}, ["M20"]),
        ("sd", {"command": "init"}, ["M21", "M20"]),
        ("sd", {"command": "release"}, ["M22"]),
        ("command", {"command": "M106 S128"}, ["M106 S128"]),
        ("command", {"commands": ["G28", " G1 Z10 F300 "]}, ["G28", "G1 Z10 F300"]),
        ("command", {"command": "M117 a\nM118 b"}, ["M117 a", "M118 b"]),
        (
            "command",
            {"command": "M117 %(a)s %(b).1f", "parameters": {"a": "x", "b": 2}},
            ["M117 x 2.0"],
        ),
        ("command", {"command": "M117 50% done"}, ["M117 50% done"]),
        ("command", {"commands": []}, []),
        ("command", {"command": ""}, []),
    ],
)
async def test_commands_become_gcode(
    online: Served, part: str, body: Body, lines: list[str]
) -> None:
    answer = await online.post(f"/api/printer/{part}", body)
    assert (answer.status, answer.text) == (204, "")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert [line for line, _ in online.printer.sent] == lines
    assert all(origin in ("admin", "") for _, origin in online.printer.sent)


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("tool", {"command": "bogus"}),
        ("tool", {"command": "target"}),
        ("tool", {"command": "target", "targets": 5}),
        ("tool", {"command": "target", "targets": {"foo": 200}}),
        ("tool", {"command": "target", "targets": {"tool5": 200}}),
        ("tool", {"command": "target", "targets": {"tool0": "200"}}),
        ("tool", {"command": "target", "targets": {"tool0": -5}}),
        ("tool", {"command": "target", "targets": {"tool0": 9999}}),
        ("tool", {"command": "target", "targets": {"tool0": True}}),
        ("tool", {"command": "offset", "offsets": {"tool0": 60}}),
        ("tool", {"command": "select", "tool": "foo"}),
        ("tool", {"command": "select", "tool": 0}),
        ("tool", {"command": "extrude"}),
        ("tool", {"command": "extrude", "amount": "x"}),
        ("tool", {"command": "extrude", "amount": 5, "speed": "x"}),
        ("tool", {"command": "flowrate", "factor": 0}),
        ("tool", {"command": "flowrate", "factor": "x"}),
        ("bed", {"command": "target", "target": "x"}),
        ("bed", {"command": "offset", "offset": 51}),
        ("bed", {"command": "foo"}),
        ("printhead", {"command": "jog"}),
        ("printhead", {"command": "jog", "x": "a"}),
        ("printhead", {"command": "home"}),
        ("printhead", {"command": "home", "axes": ["x", "q"]}),
        ("printhead", {"command": "feedrate", "factor": 0}),
        ("sd", {"command": "foo"}),
        ("command", {"foo": 1}),
        ("command", {"commands": "M105"}),
        ("command", {"command": "M105", "commands": ["M105"]}),
        ("command", {"command": "M117 %(a)s", "parameters": {"b": 1}}),
        ("command", {"command": "%(a)s", "parameters": 5}),
        ("command", {"command": "%(a)9999999999d", "parameters": {"a": 1}}),
        ("command", {"command": "%(a).9999999999f", "parameters": {"a": 1}}),
        ("command", {"command": "%9999999999s", "parameters": {"a": 1}}),
    ],
)
async def test_bad_commands_are_400_and_send_nothing(
    online: Served, part: str, body: Body
) -> None:
    answer = await online.post(f"/api/printer/{part}", body)
    assert answer.status == 400
    assert set(answer.json) == {"error"}
    assert online.printer.sent == []


async def test_offsets_are_shown_as_they_were_set(online: Served) -> None:
    for body in ({"tool0": 5}, {"tool0": -2.5}):
        answer = await online.post("/api/printer/tool", {"command": "offset", "offsets": body})
        assert answer.status == 204
    await online.post("/api/printer/bed", {"command": "offset", "offset": 3})
    shown = (await online.get("/api/printer")).json["temperature"]
    assert (shown["tool0"]["offset"], shown["bed"]["offset"]) == (-2.5, 3)


async def test_a_second_tool_and_a_chamber_by_the_profile(online: Served) -> None:
    online.printer.profile = replace(
        Profile(), extruders=(Extruder(), Extruder()), heated_chamber=True, heated_bed=False
    )
    targets = {"tool0": 200, "tool1": 210}
    await online.post("/api/printer/tool", {"command": "target", "targets": targets})
    assert [line for line, _ in online.printer.sent] == ["M104 T0 S200", "M104 T1 S210"]
    answer = await online.post("/api/printer/chamber", {"command": "target", "target": 40})
    assert answer.status == 204
    assert (await online.get("/api/printer/chamber")).json["chamber"]["target"] == 40.0
    assert (await online.get("/api/printer/bed")).status == 409
    assert (await online.post("/api/printer/bed", {"command": "x"})).status == 409


async def test_what_is_refused_while_printing_and_allowed_while_paused(
    online: Served,
) -> None:
    await online.upload("cube.gcode", print="true")
    tries: list[tuple[str, Body, int, int]] = [
        ("tool", {"command": "extrude", "amount": 5}, 409, 204),
        ("tool", {"command": "select", "tool": "tool0"}, 204, 204),
        ("tool", {"command": "flowrate", "factor": 105}, 204, 204),
        ("printhead", {"command": "home", "axes": ["x"]}, 409, 204),
        ("printhead", {"command": "jog", "x": 1}, 409, 204),
        ("printhead", {"command": "feedrate", "factor": 105}, 204, 204),
        ("sd", {"command": "refresh"}, 409, 409),
        ("bed", {"command": "target", "target": 50}, 204, 204),
        ("command", {"command": "M105"}, 204, 204),
    ]
    for part, body, expected, _ in tries:
        answer = await online.post(f"/api/printer/{part}", body)
        assert answer.status == expected, (part, body)
    await online.post("/api/job", {"command": "pause"})
    for part, body, _, expected in tries:
        answer = await online.post(f"/api/printer/{part}", body)
        assert answer.status == expected, (part, body)


async def test_without_a_card_only_init_is_possible(online: Served) -> None:
    online.printer.update(sd=SdCard(supported=True))
    for command, status in (("refresh", 409), ("release", 409), ("init", 204)):
        answer = await online.post("/api/printer/sd", {"command": command})
        assert answer.status == status, command


async def test_an_emergency_stop_leaves_nothing_to_heat(online: Served) -> None:
    assert (await online.post("/api/printer/command", {"command": "M112"})).status == 204
    targets = {"command": "target", "targets": {"tool0": 0}}
    assert (await online.post("/api/printer/tool", targets)).status == 409
    assert (await online.get("/api/printer")).status == 409
    job = (await online.get("/api/job")).json
    assert (job["state"], job["error"]) == ("Offline after error", "the printer is gone")


async def test_the_logs_of_an_error_are_for_those_who_may_see_the_terminal(
    online: Served,
) -> None:
    online.printer.say("Error:Heating failed")
    online.printer.fail()
    assert (await online.get("/api/printer/error")).json["logs"] == [
        "Recv: Error:Heating failed"
    ]
