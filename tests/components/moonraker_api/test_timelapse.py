"""The panels for timelapses: a print is recorded, rendered and shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.components import timelapse, webcam
from appliance.components.moonraker_api.render import timelapse as render
from appliance.domain.timelapse import TIMELAPSE, RenderWhen, TimelapseMode, TimelapseOptions
from appliance.errors import InvalidRequest
from tests.components.moonraker_api.served import Served, Socket, serve
from tests.components.webcam.camera import JPEG, camera_server

SETTINGS = "/machine/timelapse/settings"
BY_LAYER = {"mode": "layer", "min_delay": 0, "fps": 10, "render": "off"}


@asynccontextmanager
async def recorded(folder: Path, **options: Any) -> AsyncIterator[Served]:
    async with camera_server() as camera:
        cameras = [{"name": "cam", "snapshot": f"{camera.url}/snapshot"}]
        beside = (
            (webcam, webcam.CONFIG_SCHEMA(cameras)),
            (timelapse, timelapse.CONFIG_SCHEMA(options)),
        )
        async with serve(folder, beside=beside) as served:
            await served.into("ready")
            yield served


async def event(socket: Socket, **wanted: Any) -> dict[str, Any]:
    """Wait for an event of the timelapse."""
    found = await socket.until(
        "notify_timelapse_event", lambda told: wanted.items() <= told.items()
    )
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("second", [False, True])
async def test_a_print_is_shown_while_it_is_recorded(tmp_path: Path, second: bool) -> None:
    async with recorded(tmp_path, **BY_LAYER) as first:
        served = first
        if second:
            served = first.on_second()
            await served.into("ready")
        assert "timelapse" in (await served.result("GET", "/server/info"))["components"]
        assert "timelapse" in (await served.result("GET", "/server/config"))["orig"]
        empty = await served.result("GET", "/machine/timelapse/lastframeinfo")
        assert empty == {"framecount": 0, "lastframefile": ""}
        async with served.socket() as socket:
            await served.upload("cube.gcode", print="true")
            for number in (1, 2):
                job = served.printer.snapshot.job
                assert job is not None
                served.printer.update(job=replace(job, layer=number))
                await event(socket, action="newframe", frame=str(number))
            last = await socket.result("machine.timelapse.lastframeinfo")
            shown = await served.call(
                "GET", f"/server/files/timelapse_frames/{last['lastframefile']}"
            )
            assert (shown.status, shown.body) == (200, JPEG)
            busy = await socket.code("machine.timelapse.render")
            assert busy == 403  # it goes on
            served.printer.finish()
            saved = await _when_over(socket, "machine.timelapse.saveframes")
            assert saved["status"] == "finished"

            assert (await _when_over(socket, "machine.timelapse.render"))["action"] == "render"
            done = await event(socket, action="render", status="success")
            change = await socket.until(
                "notify_filelist_changed", lambda told: told["item"]["root"] == "timelapse"
            )
        assert change["item"]["path"] == done["filename"]
        video = await served.call("GET", f"/server/files/timelapse/{done['filename']}")
        assert video.body[4:8] == b"ftyp"
        folder = await served.result("GET", "/server/files/list?root=timelapse")
        assert {each["path"] for each in folder} == {done["filename"], saved["zipfile"]}


async def _when_over(socket: Socket, method: str) -> Any:
    """Call a method that is refused as long as the recording goes on."""
    while "result" not in (answer := await socket.ask(method)):
        assert answer["error"]["code"] == 403, answer
    return answer["result"]


async def test_the_settings_are_those_of_the_appliance(tmp_path: Path) -> None:
    async with recorded(tmp_path, mode="timed", interval="7 s", post_roll="2 s") as served:
        found = await served.result("GET", SETTINGS)
        assert (found["enabled"], found["mode"]) == (True, "hyperlapse")
        assert (found["hyperlapse_cycle"], found["duplicatelastframe"]) == (7, 50)
        assert {"parkhead", "camera"} <= set(found["blockedsettings"])

        changed = {"enabled": False, "output_framerate": 10, "autorender": False}
        await served.result("POST", SETTINGS, json=changed)
        options = served.running.appliance.use(TIMELAPSE).options("first")
        assert (options.mode, options.fps) == (TimelapseMode.OFF, 10)
        assert options.render is RenderWhen.OFF
        await served.result("POST", SETTINGS, json={"mode": "layermacro"})
        await served.result("POST", SETTINGS, json={"enabled": True})
        options = served.running.appliance.use(TIMELAPSE).options("first")
        assert options.mode is TimelapseMode.LAYER


@pytest.mark.parametrize(
    "given",
    [
        {"mode": "sometimes"},
        {"output_framerate": 0},
        {"output_framerate": "many"},
        {"hyperlapse_cycle": -1},
        {"duplicatelastframe": 10**9},
        {"enabled": "perhaps"},
    ],
)
def test_what_cannot_be_set(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        timelapse_changed(given)


def test_what_is_not_said_stays() -> None:
    known = TimelapseOptions(TimelapseMode.TIMED, post_roll_s=0.33, render=RenderWhen.SUCCESS)
    assert timelapse_changed({"enabled": True, "autorender": True}, known)[0] == known


def timelapse_changed(
    given: dict[str, Any], known: TimelapseOptions | None = None
) -> tuple[TimelapseOptions, str]:
    return render.changed(known or TimelapseOptions(), given, render.LAYER)
