"""A camera is seen before it is configured; without a real picture there is none."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from aiohttp import web

from appliance.components.webcam import trying
from appliance.domain.camera import CAMERAS, CameraUnavailable
from appliance.errors import InvalidRequest
from tests.components.octoprint_api.served import serve
from tests.components.webcam.camera import JPEG, camera_server
from tests.components.webcam.test_webcam import FAKE_USTREAMER
from tests.waiting import DEADLINE_S

# As ustreamer does: a picture of its own until the device gives one, and a word that says so.
WAITING = FAKE_USTREAMER.replace(
    '        self.send_header("Content-Type"',
    """        Handler.asked = getattr(Handler, "asked", 0) + 1
        online = Handler.asked > 2
        self.send_header("X-UStreamer-Online", "true" if online else "false")
        if not online:
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"blank")
            return
        self.send_header("Content-Type\"""",
)


@pytest.fixture
def program(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where ustreamer is looked for; nothing is there yet."""
    monkeypatch.setattr(trying, "DEVICE_S", DEADLINE_S)
    found = tmp_path / "bin" / "ustreamer"
    found.parent.mkdir()
    monkeypatch.setenv("PATH", str(found.parent))
    (tmp_path / "config").mkdir()
    return found


async def test_addresses_are_seen_without_any_camera(tmp_path: Path) -> None:
    async with (
        camera_server() as camera,
        serve(tmp_path, webcam=[]) as served,
    ):
        cameras = served.appliance.use(CAMERAS)
        for address in (
            {"snapshot": f"{camera.url}/snapshot"},
            {"stream": f"{camera.url}/stream"},
        ):
            picture = await cameras.try_out({**address, "timeout": "30 s"})
            assert (picture.data, picture.media_type) == (JPEG, "image/jpeg")
        assert not cameras.of("printer0")


@pytest.mark.parametrize(
    "options", [{"snapshot": "ftp://x/y"}, {"device": "/etc/passwd"}, {"stream": "nonsense"}]
)
async def test_what_is_no_camera_is_refused(tmp_path: Path, options: dict[str, str]) -> None:
    async with serve(tmp_path, webcam=[]) as served:
        with pytest.raises(InvalidRequest):
            await served.appliance.use(CAMERAS).try_out(options)


async def test_a_stream_without_pictures_is_none(tmp_path: Path) -> None:
    async with camera_server() as camera, serve(tmp_path, webcam=[]) as served:
        cameras = served.appliance.use(CAMERAS)
        await refused(cameras, {"stream": f"{camera.url}/nothing-here"}, "answers 404")
        camera.answer = lambda: web.Response(text="<h1>log in</h1>", content_type="text/html")
        await refused(cameras, {"stream": f"{camera.url}/snapshot"}, "no picture")
        await refused(cameras, {"stream": "/webcam/other/stream"}, "an address or a device")
        await refused(cameras, {"stream": "http://u:hidden@127.0.0.1:9/"}, "cannot be reached")


async def refused(cameras: object, options: dict[str, str], words: str) -> None:
    with pytest.raises(CameraUnavailable, match=words) as found:
        await cameras.try_out(options)  # type: ignore[attr-defined]
    assert "hidden" not in str(found.value)


async def test_a_device_is_waited_for_and_let_go(
    tmp_path: Path, program: Path, runtime: Path
) -> None:
    program.write_text(WAITING)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    async with serve(tmp_path / "config", webcam=[]) as served:
        picture = await served.appliance.use(CAMERAS).try_out({"device": "/dev/video7"})
        assert picture.data == JPEG
    assert not [path for path in runtime.rglob("*") if path.is_socket()]


async def test_a_device_that_gives_nothing_says_why(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(tmp_path / "config", webcam=[]) as served:
        cameras = served.appliance.use(CAMERAS)
        await refused(cameras, {"device": "/dev/video7"}, "ustreamer is not installed")
        program.write_text("#!/bin/sh\necho 'Device or resource busy' >&2; exit 1\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        await refused(cameras, {"device": "/dev/video7"}, "ended with 1: .*busy")
        monkeypatch.setattr(trying, "DEVICE_S", 0.3)
        program.write_text(WAITING.replace("Handler.asked > 2", "False"))
        await refused(cameras, {"device": "/dev/video7"}, "gave no picture in 0.3 s")
