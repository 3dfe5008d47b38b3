"""What happens on a websocket: identify, subscribe, batches, notifications, order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.domain.analysis import Analysis
from appliance.domain.file_events import AnalysisFinished
from appliance.domain.file_service import FILES
from appliance.domain.job import JobPhase
from appliance.domain.printer import FaultReason
from appliance.domain.telemetry import Prompt
from appliance.websocket import Channel
from tests.components.moonraker_api.served import Served
from tests.serving import API_KEY, PASSWORD

WHO = {"client_name": "test", "version": "1", "type": "web", "url": "https://example.org"}


async def test_a_client_introduces_itself_once(ready: Served) -> None:
    async with ready.socket() as socket:
        first = await socket.result("server.connection.identify", **WHO)

        assert isinstance(first["connection_id"], int)
        assert await socket.code("server.connection.identify", WHO) == 400
        answer = await socket.result("server.websocket.id")
        assert answer["websocket_id"] == first["connection_id"]


async def test_an_unknown_kind_of_client_is_refused(ready: Served) -> None:
    async with ready.socket() as socket:
        assert (
            await socket.code("server.connection.identify", {**WHO, "type": "toaster"}) == 400
        )


async def test_a_key_may_come_with_the_introduction(ready: Served) -> None:
    async with ready.socket(key=None) as socket:
        assert await socket.code("server.connection.identify", WHO) == -32602
        assert (
            await socket.code("server.connection.identify", {**WHO, "api_key": "x"}) == -32602
        )
        await socket.result("server.connection.identify", **WHO, api_key=API_KEY)

        assert (await socket.result("printer.info"))["state"] == "ready"


async def test_somebody_logs_in_over_the_open_socket(ready: Served) -> None:
    await ready.running.auth.create_user("anna", PASSWORD)
    async with ready.socket(key=None) as socket:
        assert await socket.code("access.login", {"username": "anna", "password": "no"}) == 400
        await socket.result("access.login", username="anna", password=PASSWORD)

        assert (await socket.result("access.get_user"))["username"] == "anna"
        await socket.result("access.logout")
        assert await socket.code("server.info") == -32602


async def test_a_batch_is_answered_by_an_array(ready: Served) -> None:
    async with ready.socket() as socket:
        await socket.socket.send_json(
            [
                {"jsonrpc": "2.0", "method": "server.info", "id": 1},
                {"jsonrpc": "2.0", "method": "nothing", "id": 2},
                {"jsonrpc": "2.0", "method": "server.info"},
            ]
        )
        while not isinstance(answers := await socket.read(), list):
            pass
    first, second = answers

    assert (first["id"], second["error"]["code"]) == (1, -32601)


async def test_subscribers_hear_of_changes_and_of_nothing_else(ready: Served) -> None:
    async with ready.socket() as socket:
        answer = await socket.result(
            "printer.objects.subscribe",
            objects={"extruder": ["target"], "fan": None, "nothing": None},
        )
        assert answer["status"]["extruder"] == {"target": 0.0}
        assert answer["status"]["nothing"] == {}

        ready.printer.update(fans=(0.5,))
        first = await socket.until("notify_status_update")
        assert first == {"fan": {"speed": 0.5}}
        ready.printer.measure(tool0=100.0)  # nobody has asked for that
        ready.printer.update(fans=(1.0,))
        await socket.until("notify_status_update", lambda told: told != first)

    assert [told["params"][0] for told in socket.told if "status" in told["method"]] == [
        {"fan": {"speed": 0.5}},
        {"fan": {"speed": 1.0}},
    ]
    assert all(len(each["params"]) == 2 for each in socket.told if "status" in each["method"])


async def test_each_connection_has_its_own_subscription(ready: Served) -> None:
    async with ready.socket() as one, ready.socket() as other:
        await one.result("printer.objects.subscribe", objects={"fan": ["speed"]})
        await other.result("printer.objects.subscribe", objects={"toolhead": ["homed_axes"]})
        motion = replace(ready.printer.snapshot.motion, homed="xy")

        ready.printer.update(fans=(0.25,), motion=motion)

        assert await one.until("notify_status_update") == {"fan": {"speed": 0.25}}
        assert await other.until("notify_status_update") == {"toolhead": {"homed_axes": "xy"}}


async def test_http_subscribes_for_a_connection(ready: Served) -> None:
    async with ready.socket() as socket:
        number = (await socket.result("server.websocket.id"))["websocket_id"]
        answer = await ready.result(
            "POST", f"/printer/objects/subscribe?connection_id={number}&fan=speed"
        )
        ready.printer.update(fans=(0.75,))

        assert answer["status"] == {"fan": {"speed": 0.0}}
        assert await socket.until("notify_status_update") == {"fan": {"speed": 0.75}}


async def test_states_are_told_without_params(ready: Served) -> None:
    async with ready.socket() as socket:
        await socket.result("printer.emergency_stop")
        await socket.until("notify_klippy_shutdown")
        await socket.result("printer.firmware_restart")
        await socket.until("notify_klippy_ready")
        ready.printer.fail(FaultReason.PORT_LOST)
        await socket.until("notify_klippy_disconnected")

    assert all("params" not in told for told in socket.told if "klippy" in told["method"])


@pytest.mark.parametrize("behind", [False, True])
async def test_the_reason_of_a_shutdown_comes_before_the_word_of_it(
    ready: Served, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    if behind:  # the client has not taken everything that it was sent
        monkeypatch.setattr(Channel, "backlog", property(lambda _: 1))
    async with ready.socket() as socket:
        await socket.result("printer.objects.subscribe", objects={"webhooks": None})
        await ready.printer.emergency_stop(origin="test")
        await socket.until("notify_klippy_shutdown")

    told = [each for each in socket.told if each["method"] == "notify_status_update"]
    assert told[-1]["params"][0]["webhooks"]["state"] == "shutdown"


async def test_a_lost_printer_ends_subscriptions(ready: Served) -> None:
    async with ready.socket() as socket:
        await socket.result("printer.objects.subscribe", objects={"fan": None})
        ready.printer.fail(FaultReason.PORT_LOST)
        await socket.until("notify_klippy_disconnected")
        ready.printer.come_online()
        ready.printer.update(fans=(1.0,))
        await socket.result("server.info")

    assert "notify_status_update" not in [told["method"] for told in socket.told]


async def test_the_answer_comes_before_the_facts_that_follow_from_it(ready: Served) -> None:
    await ready.upload("a.gcode")
    async with ready.socket() as socket:
        await socket.result("server.info")
        before = len(socket.told)
        await socket.result("server.files.post_directory", path="gcodes/parts")
        assert "notify_filelist_changed" not in [m["method"] for m in socket.told[before:]]
        change = await socket.until(
            "notify_filelist_changed", lambda told: told["action"] == "create_dir"
        )

    assert change["item"]["path"] == "parts"


async def test_an_analysis_is_told_once(ready: Served) -> None:
    await ready.upload("a.gcode")
    appliance = ready.running.appliance
    info = await appliance.use(FILES).info("gcodes", "a.gcode")
    async with ready.socket() as socket:
        await socket.result("server.info")
        appliance.bus.fire(AnalysisFinished(info, Analysis(60.0, None, None)))
        await socket.result("server.info")
        told = [each for each in socket.told if each["method"] == "notify_metadata_update"]

    assert [each["params"][0]["filename"] for each in told] == ["a.gcode"]


async def test_a_print_is_told(ready: Served) -> None:
    await ready.upload("a.gcode")
    async with ready.socket() as socket:
        await socket.result("printer.print.start", filename="a.gcode")
        added = await socket.until("notify_history_changed", lambda t: t["action"] == "added")
        ready.printer.finish()
        over = await socket.until(
            "notify_history_changed", lambda t: t["action"] == "finished"
        )

    assert added["job"]["status"] == "in_progress"
    assert added["job"]["metadata"]["slicer"] == "PrusaSlicer"
    assert over["job"]["status"] == "completed"
    assert over["job"]["filename"] == "a.gcode"


async def test_the_console_is_told(ready: Served) -> None:
    async with ready.socket() as socket:
        ready.printer.say("echo:Home XYZ first")
        assert await socket.until("notify_gcode_response") == "// Home XYZ first"
        await socket.result("printer.gcode.script", script="RESPOND MSG=Hello")
        await socket.until("notify_gcode_response", lambda line: line == "echo: Hello")
        assert await socket.result("printer.gcode.script", script="FOO_BAR") == "ok"
        await socket.until("notify_gcode_response", lambda line: line.startswith("!! Unknown"))

    assert not any("RESPOND" in line for line, _ in ready.printer.sent)


async def test_what_a_printer_with_klipper_refuses_is_an_error(ready: Served) -> None:
    refusal = "Must home axis first: 10.000 0.000 0.000 [0.000]"
    ready.printer.answers = {"G1 X10": (f"!! {refusal}", "ok"), "G1 X20": ("ok",)}
    async with ready.socket() as socket:
        answer = await socket.ask("printer.gcode.script", {"script": "G1 X10"})
        assert answer["error"] == {"code": 400, "message": refusal}
        assert await socket.result("printer.gcode.script", script="G1 X20") == "ok"


async def test_a_question_of_the_printer_can_be_answered(ready: Served) -> None:
    async with ready.socket() as socket:
        ready.printer.update(prompt=Prompt("Change filament", ("Continue",)))
        await socket.until("notify_gcode_response", lambda line: "prompt_show" in line)
        await socket.result("printer.gcode.script", script="M876 S0")
        await socket.until("notify_gcode_response", lambda line: "prompt_end" in line)

    assert ready.printer.snapshot.prompt is None


async def test_a_finished_print_is_put_away(ready: Served) -> None:
    await ready.upload("a.gcode")
    async with ready.socket() as socket:
        await socket.result("printer.print.start", filename="a.gcode")
        ready.printer.finish()
        query = {"objects": {"print_stats": ["state", "filename"]}}
        shown = await socket.result("printer.objects.query", **query)
        await socket.result("printer.gcode.script", script="SDCARD_RESET_FILE")
        away = await socket.result("printer.objects.query", **query)

    assert shown["status"]["print_stats"] == {"state": "complete", "filename": "a.gcode"}
    assert away["status"]["print_stats"] == {"state": "standby", "filename": ""}


async def test_rpc_over_http_always_answers_200(ready: Served) -> None:
    body = {"jsonrpc": "2.0", "method": "nothing", "id": 7}

    answer = await ready.call("POST", "/server/jsonrpc", json=body)
    broken = await ready.call("POST", "/server/jsonrpc", data=b"{")

    assert (answer.status, answer.json["error"]["code"]) == (200, -32601)
    assert (broken.status, broken.json["error"]["code"]) == (200, -32700)


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
async def test_scripts_reach_the_verbs(ready: Served, verb: str) -> None:
    await ready.upload("a.gcode")
    async with ready.socket() as socket:
        await socket.result("printer.print.start", filename="a.gcode")
        await socket.result("printer.gcode.script", script="PAUSE")
        assert ready.printer.snapshot.phase is JobPhase.PAUSED
        wanted = {"pause": "PAUSE", "resume": "RESUME", "cancel": "CANCEL_PRINT"}[verb]
        await socket.result("printer.gcode.script", script=wanted)

    phases = {"pause": JobPhase.PAUSED, "resume": JobPhase.PRINTING, "cancel": JobPhase.NONE}
    assert ready.printer.snapshot.phase is phases[verb]


async def test_the_start_up_of_the_document_of_2020(served: Served) -> None:
    async with served.socket() as socket:
        assert "error" in await socket.ask("printer.info")  # try again in two seconds
        await served.into("ready")
        assert (await socket.result("printer.info"))["state"] == "ready"
        objects = (await socket.result("printer.objects.list"))["objects"]
        wish = {"gcode": [], "toolhead": ["position", "status"]}
        state = await socket.result("printer.objects.subscribe", objects=wish)
        files = await socket.result("server.files.list")

    assert {"gcode", "toolhead", "configfile"} <= set(objects)
    assert state["status"]["toolhead"] == {"position": [0.0, 0.0, 0.0, 0.0], "status": "Ready"}
    assert state["status"]["gcode"]["gcode_position"] == [0.0, 0.0, 0.0, 0.0]
    assert state["status"]["gcode"]["busy"] is False
    assert files == []
