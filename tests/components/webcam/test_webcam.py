from __future__ import annotations

import asyncio
import os
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from appliance.components.webcam.fetching import MOST_BYTES
from appliance.components.webcam.options import cameras
from appliance.config.schema import vol
from appliance.core import ConfigurationChanged
from appliance.domain.camera import CAMERAS, CameraUnavailable, without_credentials
from appliance.domain.permissions import Permission
from tests.components.octoprint_api.served import serve
from tests.components.webcam.camera import JPEG, FakeCamera, camera_server
from tests.fakes import person
from tests.waiting import DEADLINE_S, deadline, eventually

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
async def camera() -> AsyncIterator[FakeCamera]:
    async with camera_server() as running:
        yield running


def config(camera: FakeCamera, **more: object) -> dict[str, object]:
    return {
        "name": "Nozzle",
        "stream": f"{camera.url}/stream",
        "snapshot": f"{camera.url}/snapshot",
        "timeout": "30 s",
        **more,
    }


async def test_a_picture_through_the_proxy(tmp_path: Path, camera: FakeCamera) -> None:
    async with serve(tmp_path, webcam=config(camera)) as served:
        answer = await served.get("/webcam/nozzle/snapshot")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        async with served.session.get(
            f"{served.url}/webcam/nozzle/snapshot", headers=served.headers
        ) as response:
            assert await response.read() == JPEG
        served.auth.keys["less"] = person("eve", frozenset({Permission.STATUS}))
        for key, status in (("less", 403), ("wrong", 401)):
            headers = {"X-Api-Key": key}
            answer = await served.get("/webcam/nozzle/snapshot", headers=headers)
            assert answer.status == status
        assert (await served.get("/webcam/none/snapshot")).status == 404


async def test_the_usual_address_is_the_first_camera(
    tmp_path: Path, camera: FakeCamera
) -> None:
    elsewhere = {"name": "Elsewhere", "printer": "other"}
    async with serve(tmp_path, webcam=[elsewhere, config(camera)]) as served:
        for path in ("/webcam", "/webcam/", "/printers/printer0/webcam/"):
            answer = await served.get(f"{path}?action=snapshot&t=1")
            assert answer.status == 200, path
            assert answer.headers["Content-Type"] == "image/jpeg"
        async with served.session.get(
            f"{served.url}/webcam/?action=stream", headers=served.headers
        ) as response:
            assert (await response.read()).count(JPEG) == 3
        assert (await served.get("/webcam/")).status == 400
        keyless = await served.get("/webcam/?action=stream", headers={"X-Api-Key": "wrong"})
        assert keyless.status == 401
        await served.appliance.use(CAMERAS).configure(cameras([]))  # type: ignore[attr-defined]
        assert (await served.get("/webcam/?action=snapshot")).status == 404


async def test_many_who_ask_at_once_share_one_picture(
    tmp_path: Path, camera: FakeCamera
) -> None:
    camera.stall.clear()
    async with serve(tmp_path, webcam=config(camera)) as served:
        service = served.appliance.use(CAMERAS)
        (known,) = service.of("printer0")
        asking = [asyncio.ensure_future(service.picture(known)) for _ in range(20)]
        await eventually(lambda: camera.asked == 1)
        camera.stall.set()
        pictures = await asyncio.gather(*asking)
        assert {picture.data for picture in pictures} == {JPEG}
        assert camera.asked == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: web.Response(status=404), "answers 404"),
        (lambda: web.Response(text="<html>"), "is no picture"),
        (lambda: web.Response(body=JPEG + b"\0" * MOST_BYTES), "more than 10 MB"),
        (lambda: web.Response(status=302, headers={"Location": "/snapshot"}), "to the next"),
    ],
)
async def test_what_is_no_picture(
    tmp_path: Path, camera: FakeCamera, answer: object, reason: str
) -> None:
    camera.answer = answer  # type: ignore[assignment]
    async with serve(tmp_path, webcam=config(camera)) as served:
        response = await served.get("/webcam/nozzle/snapshot")
        assert response.status == 502
        assert reason in response.json["error"]["message"]


async def test_a_camera_that_stalls_or_is_gone(tmp_path: Path, camera: FakeCamera) -> None:
    camera.stall.clear()
    gone = {"name": "gone", "snapshot": "http://user:secret@127.0.0.1:9/x"}
    slow = config(camera, timeout="50ms")
    async with serve(tmp_path, webcam=[slow, gone]) as served:
        answer = await served.get("/webcam/nozzle/snapshot")
        assert answer.status == 502
        assert "no picture in 0.05 s" in answer.text
        answer = await served.get("/webcam/gone/snapshot")
        assert answer.status == 502
        assert "secret" not in answer.text


async def test_pictures_are_known_by_their_bytes(tmp_path: Path, camera: FakeCamera) -> None:
    camera.answer = lambda: web.Response(body=PNG, content_type="text/html")
    async with serve(tmp_path, webcam=config(camera)) as served:
        answer = await served.get("/webcam/nozzle/snapshot")
        assert answer.headers["Content-Type"] == "image/png"


async def test_a_stream_is_handed_on(tmp_path: Path, camera: FakeCamera) -> None:
    async with serve(tmp_path, webcam=config(camera)) as served:
        async with served.session.get(
            f"{served.url}/webcam/nozzle/stream", headers=served.headers
        ) as response:
            assert response.headers["Content-Type"].startswith("multipart/x-mixed-replace")
            assert response.headers["Content-Security-Policy"] == "sandbox"
            assert (await response.read()).count(JPEG) == 3
        no_stream = {"name": "x", "snapshot": f"{camera.url}/snapshot"}
        await served.appliance.use(CAMERAS).configure(cameras(no_stream))  # type: ignore[attr-defined]
        assert (await served.get("/webcam/x/stream")).status in (404, 409, 502)


async def test_a_stream_that_is_a_document_is_not_handed_on(tmp_path: Path) -> None:
    async with camera_server() as camera:
        camera.answer = lambda: web.Response(
            body=b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            content_type="image/svg+xml",
        )
        drawn = config(camera, stream=f"{camera.url}/snapshot")
        async with serve(tmp_path, webcam=drawn) as served:
            assert (await served.get("/webcam/nozzle/stream")).status == 502


async def test_cameras_by_printer_and_a_changed_configuration(
    tmp_path: Path, camera: FakeCamera
) -> None:
    own = {"name": "own", "printer": "printer1", "snapshot": f"{camera.url}/snapshot"}
    async with serve(tmp_path, count=2, webcam=[config(camera), own]) as served:
        service = served.appliance.use(CAMERAS)
        assert [each.id for each in service.of("printer0")] == ["nozzle"]
        assert [each.id for each in service.of("printer1")] == ["own", "nozzle"]
        before = served.appliance.configuration
        now = type(before)(
            before.directory, before.appliance, components={"webcam": cameras(own)}
        )
        served.appliance.bus.fire(ConfigurationChanged(now, before))
        await eventually(lambda: not service.of("printer0"))
        with pytest.raises(CameraUnavailable):
            service.get("nozzle")


CAMERA_UNIT = Path(__file__).parents[3] / "image/overlay/usr/lib/gantry/camera"
FAKE_USTREAMER = f"""#!{sys.executable}
import http.server, socketserver, sys
JPEG = bytes.fromhex("{JPEG.hex()}")
path = next(word.split("=", 1)[1] for word in sys.argv if word.startswith("--unix="))
assert "--device=/dev/video7" in sys.argv

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.end_headers()
        self.wfile.write(JPEG)
    def address_string(self):
        return "local"
    def log_message(self, *args):
        pass

socketserver.UnixStreamServer(path, Handler).serve_forever()
"""


async def test_a_camera_on_this_machine(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ustreamer"
    program.parent.mkdir()
    program.write_text(FAKE_USTREAMER)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    folder = tmp_path / "config"
    folder.mkdir()
    async with serve(folder, webcam={"name": "Top", "device": "/dev/video7"}) as served:
        (known,) = served.appliance.use(CAMERAS).of("printer0")
        assert (known.stream, known.snapshot) == ("/webcam/top/stream", "/webcam/top/snapshot")

        async def status() -> int:
            return (await served.get("/webcam/top/snapshot")).status

        async with deadline("a picture"):
            while await status() != 200:
                pass


async def test_a_camera_that_systemd_starts(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ustreamer"
    program.parent.mkdir()
    program.write_text(FAKE_USTREAMER)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    cameras_folder = runtime / "cameras"
    cameras_folder.mkdir()
    starter = runtime / "cameras.socket"
    environment = {
        **os.environ,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "RUNTIME_DIRECTORY": str(cameras_folder),
    }
    monkeypatch.setenv("GANTRY_CAMERA_STARTER", str(starter))
    folder = tmp_path / "config"
    folder.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def accept() -> None:
        connection, _ = listener.accept()
        with connection:
            started.append(
                subprocess.Popen([CAMERA_UNIT], stdin=connection.fileno(), env=environment)
            )

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(starter))
        listener.listen()
        unit = asyncio.get_running_loop().run_in_executor(None, accept)
        async with serve(folder, webcam={"name": "Top", "device": "/dev/video7"}) as served:
            await unit

            async def status() -> int:
                return (await served.get("/webcam/top/snapshot")).status

            async with deadline("a picture"):
                while await status() != 200:
                    pass
        # The core has gone, so its camera ends.
        await asyncio.to_thread(started[0].wait, DEADLINE_S)


@pytest.mark.parametrize(
    "wrong",
    [
        {"snapshot": "file:///etc/passwd"},
        {"snapshot": "/relative"},
        {"stream": "javascript:alert(1)"},
        {"stream": "//evil/x"},
        {"device": "/dev/../etc/passwd"},
        {"device": "--help"},
        {"resolution": "big"},
        {"rotation": 45},
        {"aspect_ratio": "wide"},
        {"kind": "magic"},
        {"unknown": 1},
        [{"id": "a"}, {"id": "a"}],
    ],
)
def test_wrong_options(wrong: object) -> None:
    with pytest.raises(vol.Invalid):
        cameras(wrong)


def test_names_become_ids() -> None:
    entries = cameras([{"name": "Düse 1"}, {"name": "Düse 1"}, {"name": "!!!"}, {}])
    assert [entry["id"] for entry in entries] == ["d-se-1", "d-se-1-2", "camera", "camera-2"]
    assert cameras({}) == cameras(None) == []


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (None, None),
        ("/webcam/?action=stream", "/webcam/?action=stream"),
        ("http://u:p@cam:81/x?a=1", "http://cam:81/x?a=1"),
    ],
)
def test_credentials_are_taken_out(url: str | None, shown: str | None) -> None:
    assert without_credentials(url) == shown
