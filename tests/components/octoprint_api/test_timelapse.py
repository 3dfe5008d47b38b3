from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.components.octoprint_api.served import Served, serve
from tests.components.octoprint_api.test_push import listening
from tests.components.webcam.camera import FakeCamera, camera_server

PATH = "/api/timelapse"


@pytest.fixture
async def camera() -> AsyncIterator[FakeCamera]:
    async with camera_server() as running:
        yield running


@pytest.fixture
async def recorded(tmp_path: Path, camera: FakeCamera) -> AsyncIterator[Served]:
    videos = tmp_path / "timelapse"
    videos.mkdir()
    (videos / "a b.mp4").write_bytes(b"\0" * 123456)
    (videos / "secret.txt").write_text("no video")
    webcam = {"snapshot": f"{camera.url}/snapshot", "timeout": "30 s"}
    async with serve(tmp_path, webcam=webcam, timelapse={}) as running:
        running.printer.come_online()
        yield running


async def test_without_a_camera_it_is_off(served: Served) -> None:
    off: dict[str, Any] = {"enabled": False, "config": {"type": "off"}, "files": []}
    assert (await served.get(PATH)).json == off
    chosen = (await served.post(PATH, {"type": "timed"})).json
    assert (chosen["enabled"], chosen["config"]["type"]) == (False, "timed")
    assert (await served.call("DELETE", f"{PATH}/x.mp4")).json["files"] == []
    assert (await served.get("/downloads/timelapse/x.mp4")).status == 404


async def test_the_videos(recorded: Served) -> None:
    answer = (await recorded.get(f"{PATH}?unrendered=true")).json
    assert (answer["enabled"], answer["unrendered"]) == (True, [])
    (video,) = answer["files"]
    assert video["name"] == "a b.mp4"
    assert (video["size"], video["bytes"]) == ("120.6KB", 123456)
    assert video["url"] == "/downloads/timelapse/a%20b.mp4"
    assert isinstance(video["timestamp"], float)
    assert len(video["date"]) == 16
    download = await recorded.get(video["url"])
    assert (download.status, download.headers["Content-Type"]) == (200, "video/mp4")
    pointed = await recorded.get(f"{PATH}/a%20b.mp4")
    assert pointed.status == 302
    assert pointed.headers["Location"] == f"{recorded.url}{video['url']}"
    for hidden in ("secret.txt", "..%2fconfiguration.yaml", "nope.mp4"):
        assert (await recorded.get(f"/downloads/timelapse/{hidden}")).status == 404
        assert (await recorded.call("DELETE", f"{PATH}/{hidden}")).status == 200
    assert len((await recorded.get(PATH)).json["files"]) == 1
    gone = await recorded.call("DELETE", f"{PATH}/a%20b.mp4")
    assert gone.json["files"] == []


async def test_the_options(recorded: Served) -> None:
    async def change(**body: Any) -> Any:
        answer = await recorded.post(PATH, body)
        assert answer.status == 200, answer.text
        return answer.json["config"]

    assert await change(
        type="zchange", postRoll=3, fps=20, retractionZHop=0.5, minDelay=2
    ) == {
        "type": "zchange",
        "fps": 20,
        "postRoll": 3,
        "renderAfterPrint": "always",
        "retractionZHop": 0.5,
        "minDelay": 2.0,
    }
    timed = await change(type="timed", interval=7, postRoll=0)
    assert (timed["type"], timed["interval"], timed["fps"]) == ("timed", 7, 20)
    assert (await change(type="bogus"))["type"] == "timed"
    form = await recorded.post(PATH, data={"type": "timed", "interval": "9"})
    assert form.json["config"]["interval"] == 9
    assert await change(type="off") == {"type": "off"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"interval": -5},
        {"fps": "x"},
        {"fps": 0},
        {"minDelay": -1},
        {"postRoll": -1},
        {"retractionZHop": True},
    ],
)
async def test_wrong_options_are_400(recorded: Served, wrong: dict[str, Any]) -> None:
    assert (await recorded.post(PATH, {"type": "timed", **wrong})).status == 400
    assert (await recorded.get(PATH)).json["config"] == {"type": "off"}


async def test_saved_options_stand_in_the_configuration(recorded: Served) -> None:
    await recorded.post(PATH, {"type": "timed", "interval": 7})
    text = (recorded.appliance.paths.config / "configuration.yaml").read_text
    assert "timed" not in text()
    await recorded.post(PATH, {"type": "timed", "interval": 8, "save": True})
    assert "timed" in text()
    assert (await recorded.get(PATH)).json["config"]["interval"] == 8


async def test_conditional_requests(recorded: Served) -> None:
    tag = {"If-None-Match": (await recorded.get(PATH)).headers["ETag"]}
    assert (await recorded.get(PATH, headers=tag)).status == 304
    await recorded.post(PATH, {"type": "timed"})
    assert (await recorded.get(PATH, headers=tag)).status == 200


async def test_unrendered_recordings(recorded: Served) -> None:
    one = f"{PATH}/unrendered/none"
    assert (await recorded.post(one, {"command": "render"})).status == 204
    assert (await recorded.post(one, {"command": "x"})).status == 400
    assert (await recorded.call("DELETE", one)).status == 204
    await recorded.upload("a.gcode", print="true")
    assert (await recorded.post(one, {"command": "render"})).status == 409


async def test_a_recording_is_pushed_from_start_to_end(recorded: Served) -> None:
    async with listening(recorded) as client:
        assert await client.next_of("timelapse") is None
        await recorded.post(PATH, {"type": "timed", "interval": 1, "fps": 10})
        assert (await client.next_of("timelapse"))["type"] == "timed"
        await recorded.upload("cube.gcode", print="true")
        name = (await client.event("CaptureStart"))["file"]
        assert name.startswith("cube_")
        assert (await client.event("CaptureDone"))["file"] == "000000.jpg"
        listed = (await recorded.get(f"{PATH}?unrendered=true")).json["unrendered"]
        assert (listed[0]["name"], listed[0]["recording"]) == (name, True)
        assert set(listed[0]) == {
            "name",
            "size",
            "bytes",
            "date",
            "count",
            "recording",
            "rendering",
            "processing",
        }
        recorded.printer.finish()
        rendering = await client.event("MovieRendering")
        assert (rendering["gcode"], rendering["movie_prefix"]) == ("cube.gcode", "cube")
        assert (await client.event("MovieDone"))["movie"] == f"{name}.mp4"
