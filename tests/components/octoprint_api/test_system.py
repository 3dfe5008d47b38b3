from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.components.octoprint_api.options import SCHEMA
from appliance.config.schema import vol
from appliance.core import StopReason
from appliance.domain.permissions import EVERY_PERMISSION
from tests.components.octoprint_api.served import Served, serve
from tests.fakes import person
from tests.waiting import eventually

COMMANDS = "/api/system/commands"


def options(touched: Path) -> dict[str, Any]:
    return {
        "shutdown_command": ["touch", str(touched)],
        "system_commands": [
            {"action": "hello", "name": "Hello", "command": "true", "confirm": "sure?"},
            {"action": "divider"},
            {"action": "bad", "name": "Bad", "command": "false"},
            {"action": "quiet", "name": "Quiet", "command": "false", "ignore": True},
            {
                "action": "later",
                "name": "Later",
                "command": f"touch '{touched}'",
                "async": True,
            },
            {"action": "gone", "name": "Gone", "command": ["no-such-program-here"]},
            {"action": "shell", "name": "Shell", "command": f"true; touch {touched}"},
        ],
    }


async def test_the_commands_and_how_they_end(tmp_path: Path) -> None:
    folder, touched = tmp_path / "config", tmp_path / "a file"
    folder.mkdir()
    async with serve(folder, octoprint_api=options(touched)) as served:
        listed = (await served.get(COMMANDS)).json
        assert set(listed) == {"core", "custom", "plugin"}
        assert [each["action"] for each in listed["core"]] == ["restart", "shutdown"]
        assert listed["custom"][0] == {
            "action": "hello",
            "name": "Hello",
            "confirm": "sure?",
            "source": "custom",
            "resource": f"{served.url}{COMMANDS}/custom/hello",
        }
        assert (await served.get(f"{COMMANDS}/custom")).json == listed["custom"]
        assert (await served.get(f"{COMMANDS}/plugin")).json == []
        assert (await served.get(f"{COMMANDS}/foo")).status == 404
        for action, status in (
            ("custom/hello", 204),
            ("custom/divider", 400),
            ("custom/bad", 500),
            ("custom/quiet", 204),
            ("custom/gone", 500),
            ("custom/nope", 404),
            ("core/reboot", 404),
            ("foo/bar", 404),
        ):
            assert (await served.post(f"{COMMANDS}/{action}")).status == status, action
        assert not touched.exists()
        assert (await served.post("/api/system", {"action": "hello"})).status == 204
        assert (await served.post("/api/system", {"action": "nope"})).status == 404
        assert (await served.post("/api/system", {})).status == 400
        assert (await served.post(f"{COMMANDS}/custom/later")).status == 204
        await eventually(touched.exists)


async def test_there_is_no_shell(tmp_path: Path) -> None:
    folder, touched = tmp_path / "config", tmp_path / "touched"
    folder.mkdir()
    async with serve(folder, octoprint_api=options(touched)) as served:
        await served.post(f"{COMMANDS}/custom/shell")
        await served.post(f"{COMMANDS}/custom/bad")
        assert not touched.exists()


async def test_the_machine_is_not_switched_off_while_printing(tmp_path: Path) -> None:
    folder, touched = tmp_path / "config", tmp_path / "touched"
    folder.mkdir()
    async with serve(folder, octoprint_api=options(touched)) as served:
        served.printer.come_online()
        await served.upload("a.gcode", print="true")
        assert (await served.post(f"{COMMANDS}/core/shutdown")).status == 409
        served.printer.finish()
        assert (await served.post(f"{COMMANDS}/core/shutdown")).status == 204
        await eventually(touched.exists)


async def test_commands_need_fresh_credentials(served: Served) -> None:
    served.auth.keys["admin-key"] = replace(person("admin", EVERY_PERMISSION), fresh=False)
    assert (await served.get(COMMANDS)).status == 200
    assert (await served.post(f"{COMMANDS}/core/restart")).status == 403


async def test_a_restart_answers_first(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[StopReason] = []
    monkeypatch.setattr(served.appliance, "request_stop", wanted.append)
    # Clients put slashes together as they like.
    assert (await served.post("///api/system/commands/core/restart")).status == 204
    await eventually(lambda: wanted == [StopReason.RESTART])


async def test_usage_info_and_startup(served: Served) -> None:
    usage = (await served.get("/api/system/usage")).json["usage"]
    assert set(usage) == {"uploads", "timelapse", "logs", "data"}
    assert 0 < usage["uploads"]["free"] <= usage["uploads"]["total"]
    info = (await served.get("/api/system/info")).json["systeminfo"]
    assert info["octoprint.version"] == "1.11.8"
    assert info["env.hardware.cores"] >= 1
    assert (await served.get("/api/system/startup")).json == {"startup": {}}
    served.appliance.failed_components["mqtt"] = "no broker"
    startup = (await served.get("/api/system/startup")).json
    assert startup == {"startup": {"failed": {"mqtt": "no broker"}}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"restart_command": ""},
        {"restart_command": "sudo 'reboot"},
        {"restart_command": [1]},
        {"system_commands": [{"action": "a b", "name": "x", "command": "x"}]},
        {"system_commands": [{"action": "a", "name": "x"}]},
        {"system_commands": [{"action": "divider", "command": "x"}]},
    ],
)
def test_wrong_options(wrong: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA(wrong)


def test_commands_are_words() -> None:
    assert SCHEMA({"restart_command": "sudo systemctl 'a b'"})["restart_command"] == [
        "sudo",
        "systemctl",
        "a b",
    ]
