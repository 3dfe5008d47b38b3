"""Recording with a simulated camera, rendering with the real ffmpeg."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from appliance.components.timelapse.frames import Description, Frames, recording_name
from appliance.components.timelapse.options import (
    SCHEMA,
    RenderOptions,
    options_for,
    to_config,
)
from appliance.components.timelapse.renderer import arguments
from appliance.config.schema import vol
from appliance.core import ConfigurationChanged
from appliance.domain.camera import Picture
from appliance.domain.timelapse import (
    TIMELAPSE,
    CaptureDone,
    CaptureFailed,
    PostRollEnded,
    PostRollStarted,
    RenderDone,
    RenderFailed,
    RenderStarted,
    Timelapse,
    TimelapseMode,
)
from appliance.errors import FileInUse, FileMissing
from tests.components.octoprint_api.served import Served, serve
from tests.components.webcam.camera import JPEG, FakeCamera, camera_server
from tests.waiting import eventually, eventually_answers

OFTEN = {"mode": "timed", "interval": "100ms", "fps": 10}


@pytest.fixture
async def camera() -> AsyncIterator[FakeCamera]:
    async with camera_server() as running:
        yield running


def setup(camera: FakeCamera, **options: Any) -> dict[str, Any]:
    return {
        "webcam": {"name": "cam", "snapshot": f"{camera.url}/snapshot", "timeout": "30 s"},
        "timelapse": options,
    }


class Heard:
    """The events of the kinds that were asked for."""

    def __init__(self, served: Served, *kinds: type) -> None:
        self.events: list[Any] = []
        for kind in kinds:
            served.appliance.bus.listen(kind, self.events.append)

    def count(self, kind: type) -> int:
        return sum(isinstance(event, kind) for event in self.events)

    async def times(self, kind: type, number: int) -> None:
        await eventually(lambda: self.count(kind) == number)

    async def first(self, kind: type) -> Any:
        await eventually(lambda: self.count(kind))
        return next(event for event in self.events if isinstance(event, kind))


def layer(served: Served, number: int) -> None:
    job = served.printer.snapshot.job
    assert job is not None
    served.printer.update(job=replace(job, layer=number))


def probe(video: Path) -> dict[str, str]:
    """Ask ffprobe what a video is."""
    wanted = "stream=codec_name,r_frame_rate,nb_read_frames"
    command = f"ffprobe -v error -count_frames -select_streams v:0 -show_entries {wanted}"
    output = subprocess.run(
        [*command.split(), "-of", "default=nw=1", str(video)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return dict(line.split("=", 1) for line in output.splitlines())


async def test_a_print_by_layer_becomes_a_video(tmp_path: Path, camera: FakeCamera) -> None:
    options = {"mode": "layer", "min_delay": 0, "fps": 10, "post_roll": "1 s"}
    async with serve(tmp_path, **setup(camera, **options)) as served:
        timelapse = served.appliance.use(TIMELAPSE)
        heard = Heard(served, CaptureDone, RenderStarted, RenderDone, RenderFailed)
        served.printer.come_online()
        await served.upload("my cube%d.gcode", print="true")
        for number in range(1, 6):
            layer(served, number)
            await heard.times(CaptureDone, number)
        (recording,) = await timelapse.recordings("printer0")
        assert (recording.frames, recording.recording) == (5, True)
        with pytest.raises(FileInUse):
            await timelapse.render("printer0", recording.name)
        served.printer.finish()
        done = await heard.first(RenderDone)
        assert heard.count(RenderFailed) == 0
        assert done.gcode == "my cube%d.gcode"
        (video,) = await timelapse.videos("printer0")
        assert video.name == done.video
        assert video.name.startswith("my cube_d_")
        path = await timelapse.video_path("printer0", video.name)
        facts = await asyncio.to_thread(probe, path)
        # five layers, the closing one at the end, and the still second of the post-roll
        assert facts == {"codec_name": "h264", "r_frame_rate": "10/1", "nb_read_frames": "16"}
        assert await timelapse.recordings("printer0") == []
        await timelapse.delete_video("printer0", video.name)
        with pytest.raises(FileMissing):
            await timelapse.delete_video("printer0", video.name)


async def test_a_timed_recording_skips_pauses_and_rolls_on(
    tmp_path: Path, camera: FakeCamera
) -> None:
    options = {**OFTEN, "post_roll": "300ms", "interval": "100ms"}
    async with serve(tmp_path, **setup(camera, **options)) as served:
        heard = Heard(served, CaptureDone, RenderDone, PostRollStarted, PostRollEnded)
        served.printer.come_online()
        await served.upload("cube.gcode", print="true")
        await eventually(lambda: heard.count(CaptureDone) >= 2)
        await served.post("/api/job", {"command": "pause"})
        await served.post("/api/job", {"command": "pause"})
        before = heard.count(CaptureDone)
        served.printer.finish()
        started = await heard.first(PostRollStarted)
        assert (started.duration_s, started.fps) == (pytest.approx(0.3), 10)
        await heard.first(PostRollEnded)
        assert heard.count(CaptureDone) >= before + 3
        await heard.first(RenderDone)


async def test_a_failed_print_says_so_in_its_name(tmp_path: Path, camera: FakeCamera) -> None:
    async with serve(tmp_path, **setup(camera, **OFTEN)) as served:
        heard = Heard(served, CaptureDone, RenderDone)
        served.printer.come_online()
        await served.upload("cube.gcode", print="true")
        await eventually(lambda: heard.count(CaptureDone) >= 2)
        served.printer.fail()
        assert (await heard.first(RenderDone)).video.endswith("-fail.mp4")


async def _no_recordings(timelapse: Timelapse) -> bool:
    return not await timelapse.recordings("printer0")


async def test_no_pictures_no_recording(tmp_path: Path, camera: FakeCamera) -> None:
    camera.answer = lambda: web.Response(status=500)
    async with serve(tmp_path, **setup(camera, **OFTEN)) as served:
        timelapse = served.appliance.use(TIMELAPSE)
        heard = Heard(served, CaptureFailed, RenderStarted)
        served.printer.come_online()
        await served.upload("cube.gcode", print="true")
        assert "answers 500" in (await heard.first(CaptureFailed)).error
        served.printer.finish()

        await eventually_answers(partial(_no_recordings, timelapse), "the recording is gone")
        assert heard.count(RenderStarted) == 0


async def test_a_camera_that_changes_its_kind_of_picture(
    tmp_path: Path, camera: FakeCamera
) -> None:
    async with serve(tmp_path, **setup(camera, **OFTEN)) as served:
        heard = Heard(served, CaptureDone, CaptureFailed)
        served.printer.come_online()
        await served.upload("cube.gcode", print="true")
        await heard.first(CaptureDone)
        png = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
        camera.answer = lambda: web.Response(body=png)
        assert "changed from .jpg to .png" in (await heard.first(CaptureFailed)).error


async def test_the_recording_of_a_print_that_outlived_us_goes_on(
    tmp_path: Path, camera: FakeCamera
) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    async with serve(folder, **setup(camera, **OFTEN)) as served:
        heard = Heard(served, CaptureDone)
        served.printer.come_online()
        await served.upload("cube.gcode", print="true")
        await heard.first(CaptureDone)
        job = served.printer.snapshot.job
    async with serve(folder, **setup(camera, **OFTEN)) as served:
        (left,) = await served.appliance.use(TIMELAPSE).recordings("printer0")
        assert not left.recording
        served.printer.come_online()
        heard = Heard(served, CaptureDone, RenderDone)
        assert job is not None
        served.printer.go_on_with(job)
        await heard.first(CaptureDone)
        (recording,) = await served.appliance.use(TIMELAPSE).recordings("printer0")
        assert recording.name == left.name
        assert recording.recording
        assert recording.frames > left.frames


async def test_what_a_power_cut_left_is_found_and_rendered(
    tmp_path: Path, camera: FakeCamera
) -> None:
    folder = tmp_path / "config"
    videos = folder / "timelapse"
    videos.mkdir(parents=True)
    (videos / "half.mp4.part").write_bytes(b"half a video")
    frames = Frames(folder / ".storage" / "timelapse" / "printer0" / "cube_20250101000000")
    frames.begin(Description("printer0", "77", "cube.gcode", fps=5))
    for _ in range(4):
        frames.add(Picture(JPEG, "image/jpeg"))
    broken = Frames(frames.folder.with_name("broken"))
    broken.folder.mkdir()
    (broken.folder / "000000.jpg").write_bytes(b"no picture")
    async with serve(folder, **setup(camera)) as served:
        assert not (videos / "half.mp4.part").exists()
        timelapse = served.appliance.use(TIMELAPSE)
        found = await timelapse.recordings("printer0")
        assert [(each.name, each.frames) for each in found] == [
            ("broken", 1),
            ("cube_20250101000000", 4),
        ]
        heard = Heard(served, RenderDone, RenderFailed)
        await timelapse.render("printer0", "cube_20250101000000")
        await heard.first(RenderDone)
        facts = await asyncio.to_thread(probe, videos / "cube_20250101000000.mp4")
        assert facts["nb_read_frames"] == "4"
        await timelapse.render("printer0", "broken")
        assert "ffmpeg says" in (await heard.first(RenderFailed)).error
        assert [each.name for each in await timelapse.recordings("printer0")] == ["broken"]
        await timelapse.delete_recording("printer0", "broken")
        assert await timelapse.recordings("printer0") == []
        for action in (timelapse.render, timelapse.delete_recording, timelapse.delete_video):
            with pytest.raises(FileMissing):
                await action("printer0", "../../etc")


async def test_printers_keep_their_recordings_apart(
    tmp_path: Path, camera: FakeCamera
) -> None:
    options = {**OFTEN, "printers": {"printer1": {"mode": "off"}}}
    async with serve(tmp_path, count=2, **setup(camera, **options)) as served:
        timelapse = served.appliance.use(TIMELAPSE)
        assert timelapse.options("printer1").mode is TimelapseMode.OFF
        heard = Heard(served, CaptureDone)
        for printer in served.printers:
            printer.come_online()
        await served.upload("cube.gcode", print="true")
        await served.upload("cube2.gcode", prefix="/printers/printer1", print="true")
        assert (await heard.first(CaptureDone)).printer_id == "printer0"
        assert len(await timelapse.recordings("printer0")) == 1
        assert await timelapse.recordings("printer1") == []


async def test_changed_options_count_from_the_next_print(
    tmp_path: Path, camera: FakeCamera
) -> None:
    async with serve(tmp_path, **setup(camera)) as served:
        timelapse = served.appliance.use(TIMELAPSE)
        before = served.appliance.configuration
        now = type(before)(
            before.directory, before.appliance, components={"timelapse": SCHEMA(OFTEN)}
        )
        served.appliance.bus.fire(ConfigurationChanged(now, before))
        assert timelapse.options("printer0").mode is TimelapseMode.TIMED
        assert timelapse.possible("printer0")


async def test_without_ffmpeg_or_camera_nothing_is_possible(
    tmp_path: Path, camera: FakeCamera
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    async with serve(one, **setup(camera, ffmpeg="no-such-ffmpeg")) as served:
        assert not served.appliance.use(TIMELAPSE).possible("printer0")
    async with serve(two, webcam=[], timelapse={}) as served:
        assert not served.appliance.use(TIMELAPSE).possible("printer0")


def test_pictures_are_turned_upright_and_shell_words_stay_words() -> None:
    description = Description("p", "1", "a;rm -rf.gcode", 25, 2.0, transform="hflip,vflip")
    words = arguments(RenderOptions(), description, [Path("000003.jpg")], Path("/x/$(y).mp4"))
    assert words[words.index("-vf") + 1] == (
        "hflip,vflip,tpad=stop_mode=clone:stop_duration=2,"
        "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p"
    )
    assert words[words.index("-start_number") + 1] == "3"
    assert words[-1] == "/x/$(y).mp4"


@pytest.mark.parametrize(
    ("gcode", "start"),
    [
        ("sub/cube.gcode", "cube_"),
        ("../..", "print_"),
        ("a/b;c|d.gcode", "b_c_d_"),
        ("ü x (2).gcode", "ü x (2)_"),
        ("x" * 300 + ".gcode", "x" * 100 + "_"),
    ],
)
def test_names_of_recordings_are_safe(gcode: str, start: str) -> None:
    name = recording_name(gcode, 0.0)
    assert name.startswith(start)
    assert "/" not in name


def test_options_survive_being_written() -> None:
    for given in (
        {},
        {"mode": "timed", "interval": 7, "fps": 30},
        {"mode": "layer", "retraction_z_hop": 0.5, "min_delay": 2, "post_roll": 3},
    ):
        options = options_for(SCHEMA(given), "p")
        assert options_for(SCHEMA(to_config(options)), "p") == options


@pytest.mark.parametrize(
    "wrong",
    [{"mode": "often"}, {"fps": 0}, {"interval": 0}, {"bitrate": "1k;ls"}, {"codec": "x"}],
)
def test_wrong_options(wrong: dict[str, object]) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA(wrong)
