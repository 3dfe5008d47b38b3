from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.permissions import EVERY_PERMISSION, Permission
from appliance.domain.telemetry import Mesh, Motion, Position, Prompt
from tests.components.octoprint_api.served import Served, serve
from tests.components.octoprint_api.test_push import listening
from tests.fakes import person

PROMPT = "/api/plugin/action_command_prompt"
NOTES = "/api/plugin/action_command_notification"
MESH = "/api/plugin/bedlevelvisualizer"


async def test_a_prompt_is_shown_and_answered(online: Served) -> None:
    assert (await online.get(PROMPT)).json is None
    assert (await online.post(PROMPT, {"command": "select", "choice": 0})).status == 409
    online.printer.update(prompt=Prompt("Ok?", ("Yes", "No")))
    assert (await online.get(PROMPT)).json == {"text": "Ok?", "choices": ["Yes", "No"]}
    for choice in (2, -1, "x", True, None):
        answer = await online.post(PROMPT, {"command": "select", "choice": choice})
        assert answer.status == 400, choice
    assert (await online.post(PROMPT, {"command": "bogus"})).status == 400
    assert (await online.post(PROMPT, {"command": "select", "choice": 1})).status == 204
    assert ("M876 S1", "admin") in online.printer.sent


async def test_notifications_are_kept_until_they_are_cleared(online: Served) -> None:
    online.printer.update(notification="filament low")
    online.printer.update(message="something else")
    online.printer.update(notification="<b>door open</b>")
    said = (await online.get(NOTES)).json["notifications"]
    assert [each["message"] for each in said] == ["filament low", "<b>door open</b>"]
    assert (await online.post(NOTES, {"command": "clear"})).status == 204
    assert (await online.get(NOTES)).json == {"notifications": []}


async def test_the_bed_is_measured_and_told(online: Served) -> None:
    points = ((0.1, 0.2), (0.3, 0.4))
    async with listening(online) as client:
        assert (await online.post(MESH, {"command": "mesh"})).status == 204
        online.printer.update(mesh=Mesh(points))
        told = await client.next_of("plugin")
        assert told["plugin"] == "bedlevelvisualizer"
    assert [line for line, _ in online.printer.sent] == ["G28", "G29", "M420 V1"]
    assert (await online.get(MESH)).json == {"mesh": [[0.1, 0.2], [0.3, 0.4]]}
    await online.upload("a.gcode", print="true")
    assert (await online.post(MESH, {"command": "mesh"})).status == 409


async def test_the_bed_of_an_offline_printer(served: Served) -> None:
    assert (await served.post(MESH, {"command": "mesh"})).status == 409


async def test_unknown_plugins(served: Served) -> None:
    assert (await served.get("/api/plugin/nope")).status == 404
    assert (await served.post("/api/plugin/nope", {"command": "x"})).status == 400
    for path in ("pluginmanager/plugins", "softwareupdate/check", "backup/"):
        assert (await served.get(f"/plugin/{path}")).status == 404


@pytest.mark.parametrize(
    ("path", "body", "permission"),
    [
        (PROMPT, {"command": "select", "choice": 0}, Permission.PROMPT_INTERACT),
        (NOTES, {"command": "clear"}, Permission.NOTIFICATION_CLEAR),
        (MESH, {"command": "mesh"}, Permission.CONTROL),
    ],
)
async def test_each_plugin_has_its_permission(
    online: Served, path: str, body: dict[str, object], permission: Permission
) -> None:
    online.auth.keys["less"] = person("eve", EVERY_PERMISSION - {permission, Permission.ADMIN})
    answer = await online.post(path, body, headers={"X-Api-Key": "less"})
    assert answer.status == 403


async def test_layers_are_told_as_a_plugin_would(online: Served) -> None:
    path = "/plugin/DisplayLayerProgress/values"
    idle = (await online.get(path)).json
    assert idle["layer"] == {"current": "-", "total": "-"}
    assert idle["print"] == {"progress": "0", "timeLeft": "-", "timeLeftInSeconds": None}
    await online.upload("a.gcode", print="true")
    online.printer.advance(8, 10.0)
    online.printer.update(motion=Motion(Position(0, 0, 0.3, 0), feedrate=30.0), fans=(0.5,))
    running = (await online.get(path)).json
    assert running["height"]["current"] == "0.3"
    assert (running["fanSpeed"], running["feedrate"]) == ("50%", "1800")
    assert running["print"]["progress"] == "47"


async def test_octolapse_is_answered_from_our_timelapse(tmp_path: Path) -> None:
    options = {"mode": "layer", "fps": 30, "retraction_z_hop": 0.4}
    async with serve(tmp_path, webcam=[], timelapse=options) as served:
        status = (await served.get("/plugin/octolapse/status")).json
        assert (status["enabled"], status["is_timelapse_active"]) == (True, False)
        settings = (await served.get("/plugin/octolapse/settings")).json
        assert settings["rendering"]["fps"] == 30
        assert settings["trigger"]["z_lift_height"] == 0.4


async def test_without_a_timelapse_octolapse_is_off(served: Served) -> None:
    assert (await served.get("/plugin/octolapse/status")).json["enabled"] is False
    settings = (await served.get("/plugin/octolapse/settings")).json
    assert settings["main_settings"] == {"is_octolapse_enabled": False}
