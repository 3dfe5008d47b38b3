from __future__ import annotations

import pytest

from appliance.domain.job import JobPhase
from tests.components.octoprint_api.served import Served
from tests.waiting import eventually


async def printing(served: Served) -> None:
    await served.upload("cube.gcode", print="true")
    assert served.phase() is JobPhase.PRINTING


@pytest.mark.parametrize("command", ["start", "cancel", "restart", "pause", "bogus"])
async def test_offline_is_409_before_the_body_is_looked_at(
    served: Served, command: str
) -> None:
    answer = await served.post("/api/job", {"command": command})
    assert answer.status == 409
    answer = await served.post("/api/job", data="no json")
    assert answer.status == 409


async def test_start_without_a_selection_is_accepted_and_does_nothing(online: Served) -> None:
    answer = await online.post("/api/job", {"command": "start"})
    assert (answer.status, answer.text) == (204, "")
    assert online.printer.requests == []


async def test_start_prints_the_selected_file(online: Served) -> None:
    await online.upload("cube.gcode", select="true")
    assert (await online.get("/api/job")).json["job"]["file"]["path"] == "cube.gcode"
    assert (await online.post("/api/job", {"command": "start"})).status == 204
    (request,) = online.printer.requests
    assert (request.file.path, request.user) == ("cube.gcode", "admin")
    assert (await online.get("/api/job")).json["state"] == "Printing"


async def test_the_commands_of_a_job(online: Served) -> None:
    await printing(online)

    async def command(name: str, **more: str) -> int:
        return (await online.post("/api/job", {"command": name, **more})).status

    assert await command("start") == 409
    assert await command("restart") == 409
    assert await command("pause", action="bogus") == 400
    assert await command("pause", action="resume") == 204
    assert online.phase() is JobPhase.PRINTING
    assert await command("pause") == 204
    assert online.phase() is JobPhase.PAUSED
    assert await command("pause", action="pause") == 204
    assert online.phase() is JobPhase.PAUSED
    assert await command("pause", action="toggle") == 204
    assert online.phase() is JobPhase.PRINTING
    assert await command("cancel") == 204
    assert await command("cancel") == 409
    assert await command("pause") == 409
    assert await command("bogus") == 400


async def test_restart_begins_the_paused_job_again(online: Served) -> None:
    await printing(online)
    online.printer.advance(10, 100.0)
    await online.post("/api/job", {"command": "pause"})
    assert (await online.post("/api/job", {"command": "restart"})).status == 204
    await eventually(lambda: len(online.printer.requests) == 2)
    assert online.printer.requests[1].file.path == "cube.gcode"
    job = (await online.get("/api/job")).json
    assert (job["state"], job["progress"]["filepos"]) == ("Printing", 0)


@pytest.mark.parametrize("action", ["resume", "toggle"])
async def test_to_resume_what_is_about_to_pause_is_no_error(
    online: Served, action: str
) -> None:
    await printing(online)
    online.printer.update(phase=JobPhase.PAUSING)
    answer = await online.post("/api/job", {"command": "pause", "action": action})
    assert (answer.status, online.phase()) == (204, JobPhase.PAUSING)


async def test_the_body_is_judged_as_every_body(online: Served) -> None:
    form = await online.post("/api/job", data={"command": "start"})
    assert form.status == 415
    for text in ("", "{", "[]", '"start"', "{}"):
        answer = await online.post(
            "/api/job", data=text, headers={"Content-Type": "application/json"}
        )
        assert answer.status == 400, text
        assert set(answer.json) == {"error"}


async def test_a_job_after_its_end(online: Served) -> None:
    await printing(online)
    online.printer.advance(17, 42.5)
    online.printer.finish()
    answer = (await online.get("/api/job")).json
    assert answer["state"] == "Operational"
    assert answer["progress"] == {
        "completion": 100.0,
        "filepos": 17,
        "printTime": 42,
        "printTimeLeft": 0,
        "printTimeLeftOrigin": None,
    }


async def test_a_lost_printer_is_an_error_in_the_job(online: Served) -> None:
    await printing(online)
    online.printer.fail()
    answer = (await online.get("/api/job")).json
    assert answer["state"] == "Offline after error"
    assert answer["error"] == "the printer is gone"
    assert (await online.get("/api/printer/error")).json["reason"] == "port_lost"
