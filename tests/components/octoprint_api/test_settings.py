from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.components.octoprint_api.script_names import TO_YAML
from appliance.components.octoprint_api.settings import webcams
from appliance.components.octoprint_api.settings.homes import HOMES
from appliance.components.octoprint_api.settings.preferences import DEFAULTS
from appliance.config.write import SettingRefused
from appliance.domain.permissions import EVERY_PERMISSION, Permission
from tests.components.octoprint_api.served import Served, serve
from tests.fakes import person

# What the real server has at the top, and we as well.
BRANCHES = {
    "accessControl",
    "api",
    "appearance",
    "controls",
    "devel",
    "feature",
    "folder",
    "gcodeAnalysis",
    "plugins",
    "scripts",
    "serial",
    "server",
    "slicing",
    "system",
    "temperature",
    "terminalFilters",
    "webcam",
}


async def change(served: Served, tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    answer = await served.post(f"{prefix}/api/settings", tree)
    assert answer.status == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def yaml(served: Served) -> str:
    return (served.appliance.paths.config / "configuration.yaml").read_text()


async def test_the_tree_has_every_branch(served: Served) -> None:
    tree = (await served.get("/api/settings")).json
    assert set(tree) == BRANCHES
    assert tree["feature"]["sdSupport"] is True
    assert tree["webcam"]["streamUrl"] == ""
    assert tree["serial"]["baudrateOptions"] == [250000, 115200]
    assert tree["temperature"]["profiles"][0]["name"] == "ABS"
    assert len(tree["plugins"]["discovery"]["upnpUuid"]) == 36
    assert "M84" in tree["scripts"]["gcode"]["afterPrintCancelled"]


async def test_the_key_is_for_admins_with_fresh_credentials(served: Served) -> None:
    async def key() -> object:
        return (await served.get("/api/settings")).json["api"]["key"]

    assert await key() == "personal-key"
    served.auth.keys["admin-key"] = replace(person("admin", EVERY_PERMISSION), fresh=False)
    assert await key() is None
    served.auth.keys["admin-key"] = person("eve", frozenset({Permission.SETTINGS_READ}))
    assert await key() is None
    answer = await served.post("/api/settings", {"appearance": {"color": "red"}})
    assert answer.status == 403


async def test_preferences_are_merged_and_survive_a_restart(tmp_path: Path) -> None:
    profiles = [{"name": "PETG", "extruder": 240, "bed": 80}]
    async with serve(tmp_path) as served:
        tree = await change(
            served,
            {
                "appearance": {"color": "red"},
                "temperature": {"profiles": profiles},
                "controls": [{"name": "Fan on", "command": "M106"}],
            },
        )
        assert tree["appearance"]["color"] == "red"
        assert tree["appearance"]["fuzzyTimes"] is True
        controls = (await served.get("/api/printer/command/custom")).json
        assert controls == {"controls": [{"name": "Fan on", "command": "M106"}]}
    async with serve(tmp_path) as served:
        tree = (await served.get("/api/settings")).json
        assert tree["temperature"]["profiles"] == profiles
        assert tree["temperature"]["cutoff"] == 30


async def test_unknown_keys_do_not_come_back(served: Served) -> None:
    tree = await change(
        served,
        {"nonsense": 1, "appearance": {"nonsense": 2}, "plugins": {"nonsense": {"a": 1}}},
    )
    assert "nonsense" not in str(tree)


async def test_facts_cannot_be_changed(served: Served) -> None:
    before = (await served.get("/api/settings")).json
    after = await change(
        served,
        {
            "server": {"commands": {"systemShutdownCommand": "rm -rf /"}},
            "system": {"actions": [{"action": "x", "name": "x", "command": "x"}]},
            "folder": {"uploads": "/etc"},
            "webcam": {"ffmpegPath": "/bin/sh", "ffmpegCommandline": "x"},
            "feature": {"g90InfluencesExtruder": True},
        },
    )
    assert after == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"appearance": {"color": 5}},
        {"appearance": "red"},
        {"feature": {"sdSupport": "yes"}},
        {"temperature": {"cutoff": "x"}},
        {"controls": {"a": 1}},
        {"controls": [[[[[[[[[[[[[1]]]]]]]]]]]]]},
        {"serial": {"autoconnect": "yes"}},
        {"serial": {"baudrate": "fast"}},
        {"scripts": {"gcode": {"afterPrintDone": 5}}},
        {"scripts": {"gcode": {"afterPrintDone": "{% if %}"}}},
        {"webcam": {"flipH": "yes"}},
        {"webcam": []},
        {"appearance": {"name": " "}},
        {"api": {"allowCrossOrigin": "yes"}},
    ],
)
async def test_wrong_values_are_400_and_change_nothing(
    served: Served, wrong: dict[str, Any]
) -> None:
    before = (await served.get("/api/settings")).json, yaml(served)
    assert (await served.post("/api/settings", wrong)).status == 400
    assert ((await served.get("/api/settings")).json, yaml(served)) == before


async def test_the_name_is_that_of_the_appliance(served: Served) -> None:
    tree = await change(served, {"appearance": {"name": "Workshop"}})
    assert tree["appearance"]["name"] == "Workshop"
    assert "Workshop" in yaml(served)
    assert served.appliance.name == "Workshop"


async def test_scripts_are_written_and_run(online: Served) -> None:
    script = "M117 done\nM300"
    tree = await change(online, {"scripts": {"gcode": {"afterPrintDone": script}}})
    assert tree["scripts"]["gcode"]["afterPrintDone"] == script
    assert "after_print_done" in yaml(online)
    answer = await online.post("/api/printer/command", {"script": "afterPrintDone"})
    assert answer.status == 204
    assert [line for line, _ in online.printer.sent] == ["M117 done", "M300"]
    answer = await online.post("/api/printer/command", {"script": "nope"})
    assert answer.status == 404


async def test_without_support_there_is_no_card(online: Served) -> None:
    await change(online, {"feature": {"sdSupport": False}})
    assert (await online.get("/api/printer/sd")).status == 404
    assert (await online.post("/api/printer/sd", {"command": "init"})).status == 404
    assert (await online.get("/api/files/sdcard")).status == 404
    assert (await online.upload("a.gcode", location="sdcard")).status == 404
    assert (await online.get("/api/files")).status == 200


async def test_cross_origin_requests_are_allowed_page_by_page(served: Served) -> None:
    wish = {"api": {"allowCrossOrigin": True}}
    assert (await served.post("/api/settings", wish)).status == 400
    page = {"Origin": "http://pages.example"}
    answer = await served.post("/api/settings", wish, headers=page)
    assert answer.json["api"]["allowCrossOrigin"] is True
    assert "http://pages.example" in yaml(served)
    tree = await change(served, {"api": {"allowCrossOrigin": False}})
    assert tree["api"]["allowCrossOrigin"] is False


async def test_a_camera_is_added_and_changed_where_it_stands(served: Served) -> None:
    urls = {"streamUrl": "http://cam/stream", "snapshotUrl": "http://cam/shot"}
    tree = await change(served, {"webcam": urls})
    # Without the component nothing shows the camera; the configuration has it.
    assert "http://cam/shot" in yaml(served)
    assert tree["webcam"]["webcamEnabled"] is False


async def test_the_camera_of_the_configuration(tmp_path: Path) -> None:
    camera = {"name": "Top", "snapshot": "http://u:secret@cam/shot", "stream": "/webcam/"}
    async with serve(tmp_path, webcam=camera, timelapse={}) as served:
        tree = (await served.get("/api/settings")).json["webcam"]
        assert tree["snapshotUrl"] == "http://cam/shot"
        assert tree["streamUrl"] == "/webcam/"
        assert tree["webcams"][0]["displayName"] == "Top"
        assert "secret" not in str(tree)
        await change(
            served,
            {"webcam": {**tree, "flipH": True, "rotate90": True, "ffmpegThreads": 2}},
        )
        written = yaml(served)
        assert "u:secret@cam" in written  # what was not changed is not written
        for line in ('"flip_horizontal": true', '"rotation": 270', '"threads": 2'):
            assert line in written.replace("flip_horizontal:", '"flip_horizontal":').replace(
                "rotation:", '"rotation":'
            ).replace("threads:", '"threads":')


async def test_a_second_printer_gets_a_camera_of_its_own(tmp_path: Path) -> None:
    shared = {"name": "Room", "snapshot": "http://cam/room"}
    async with serve(tmp_path, count=2, webcam=shared) as served:
        wish = {"webcam": {"snapshotUrl": "http://cam/own"}, "appearance": {"name": "Left"}}
        await change(served, wish, "/printers/printer1")
        entries = served.appliance.configuration.components["webcam"]
        assert [each.get("printer") for each in entries] == [None, "printer1"]
        first = (await served.get("/api/settings")).json
        second = (await served.get("/printers/printer1/api/settings")).json
        assert first["appearance"]["name"] != "Left"
        assert second["appearance"]["name"] == "Left"
        uuids = [tree["plugins"]["discovery"]["upnpUuid"] for tree in (first, second)]
        assert uuids[0] != uuids[1]


async def test_preferences_of_printers_are_their_own(tmp_path: Path) -> None:
    async with serve(tmp_path, count=2) as served:
        await change(served, {"appearance": {"color": "red"}}, "/printers/printer1")
        first = (await served.get("/api/settings")).json
        assert first["appearance"]["color"] == "default"


async def test_conditional_requests(served: Served) -> None:
    first = await served.get("/api/settings")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert (await served.get("/api/settings", headers=tag)).status == 304
    await change(served, {"appearance": {"color": "red"}})
    assert (await served.get("/api/settings", headers=tag)).status == 200


async def test_the_key_can_be_shown_renewed_and_deleted(served: Served) -> None:
    path = "/api/settings/apikey"
    assert (await served.get(path)).json == {"apikey": "personal-key"}
    assert (await served.get(path)).json == {"apikey": "personal-key"}
    assert (await served.post(path)).json == {"apikey": "another-key"}
    assert (await served.call("DELETE", path)).status == 204
    assert (await served.get(path)).json == {"apikey": None}


async def test_templates_have_an_order(served: Served) -> None:
    assert "settings" in (await served.get("/api/settings/templates")).json["order"]


async def test_what_the_configuration_refuses_is_409(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise SettingRefused("it stands in !env_var NAME")

    writer = "appliance.config.write.ConfigurationWriter.change"
    monkeypatch.setattr(writer, refuse)
    answer = await served.post("/api/settings", {"appearance": {"name": "x"}})
    assert (answer.status, answer.json["error"]) == (409, "it stands in !env_var NAME")


# What each key that stands in the YAML is set to, from what it is in a new installation.
AT_HOME = {
    "appearance.name": "Workshop",
    "api.allowCrossOrigin": True,
    "serial.port": "/dev/ttyOTHER",
    "serial.baudrate": 250000,
    "serial.autoconnect": False,
    "serial.log": True,
    "serial.blacklistedPorts": ["/dev/ttyS*"],
    "webcam.streamUrl": "http://camera/stream",
    "webcam.snapshotUrl": "http://camera/snapshot",
    "webcam.flipH": True,
    "webcam.flipV": True,
    "webcam.rotate90": True,
    "webcam.streamRatio": "4:3",
    "webcam.snapshotTimeout": 7,
    "webcam.snapshotSslValidation": False,
    "webcam.bitrate": "5000k",
    "webcam.ffmpegThreads": 2,
    "webcam.ffmpegVideoCodec": "mpeg4",
    "webcam.renderAfterPrintDelay": 5,
    **{f"scripts.gcode.{name}": f"M117 {name}" for name in TO_YAML},
}


def preferences(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key that is kept for clients, with another value than it has."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from preferences(value, f"{path}{key}.")
        elif isinstance(value, list):
            yield f"{path}{key}", [{"name": "other"}] if path != "feature." else ["M118"]
        else:
            yield f"{path}{key}", not value if isinstance(value, bool) else value * 2


def nested(path: str, value: Any) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def at(tree: Any, path: str) -> Any:
    for key in path.split("."):
        tree = tree[key]
    return tree


async def test_every_key_that_is_accepted_survives_a_restart(tmp_path: Path) -> None:
    wanted = {**AT_HOME, **dict(preferences(DEFAULTS))}
    assert {".".join(home.path) for home in HOMES} <= set(AT_HOME)
    assert {f"webcam.{name}" for name in (*webcams._OPTIONS, *webcams._RENDERING)} <= set(
        wanted
    )
    origin = {"Origin": "http://page.example"}
    entry = {"id": "one", "platform": "serial", "port": "/dev/ttyFAKE0"}
    camera = {"stream": "http://camera/", "verify_tls": True}
    async with serve(tmp_path, printer=entry, webcam=camera, timelapse={}) as served:
        for path, value in wanted.items():
            answer = await served.post("/api/settings", nested(path, value), headers=origin)
            assert answer.status == 200, (path, answer.text)
    async with serve(tmp_path) as served:
        after = (await served.get("/api/settings")).json
        lost = {p: at(after, p) for p, value in wanted.items() if at(after, p) != value}
        assert not lost
