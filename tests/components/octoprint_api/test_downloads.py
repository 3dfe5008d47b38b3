from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.components.octoprint_api.served import GCODE, Served, serve
from tests.components.webcam.camera import JPEG, FakeCamera, camera_server

FILES = "/downloads/files/local"


@pytest.fixture
async def camera() -> AsyncIterator[FakeCamera]:
    async with camera_server() as running:
        yield running


async def content(served: Served, path: str) -> bytes:
    async with served.session.get(served.url + path, headers=served.headers) as response:
        assert response.status == 200
        return await response.read()


async def test_a_file_is_saved_never_shown(online: Served) -> None:
    await online.upload("ü b.gcode", path="sub")
    answer = await online.get(f"{FILES}/sub/%C3%BC%20b.gcode")
    assert (answer.status, answer.text) == (200, GCODE.decode())
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"? b.gcode\"; filename*=UTF-8''%C3%BC%20b.gcode"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/plain"
    for header in ("ETag", "Last-Modified"):
        assert answer.headers[header]


async def test_ranges_validators_and_head(online: Served) -> None:
    await online.upload("a.gcode")
    path = f"{FILES}/a.gcode"
    part = await online.get(path, headers={"Range": "bytes=4-7"})
    assert (part.status, part.text) == (206, GCODE[4:8].decode())
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(GCODE)}"
    assert (await online.get(path, headers={"Range": "bytes=999-"})).status == 416
    whole = await online.call("HEAD", path)
    assert (whole.status, whole.headers["Content-Length"]) == (200, str(len(GCODE)))
    tag = {"If-None-Match": part.headers["ETag"]}
    assert (await online.get(path, headers=tag)).status == 304


@pytest.mark.parametrize(
    "path",
    [
        f"{FILES}/none.gcode",
        f"{FILES}/..%2fconfiguration.yaml",
        f"{FILES}/%2e%2e/configuration.yaml",
        f"{FILES}/.hidden.gcode",
        f"{FILES}/folder",
        f"{FILES}/link.gcode",
        "/downloads/logs/gantry.txt",
        "/downloads/logs/..%2fconfiguration.yaml",
        "/downloads/logs/none.log",
        "/downloads/logs/link.log",
    ],
)
async def test_what_cannot_be_downloaded(online: Served, path: str, tmp_path: Path) -> None:
    (tmp_path / "gcodes" / "folder").mkdir()
    (tmp_path / "gcodes" / ".hidden.gcode").write_text("x")
    (tmp_path / "gcodes" / "link.gcode").symlink_to(tmp_path / "configuration.yaml")
    (tmp_path / "logs").mkdir(exist_ok=True)
    (tmp_path / "logs" / "gantry.txt").write_text("x")
    (tmp_path / "logs" / "link.log").symlink_to(tmp_path / "configuration.yaml")
    assert (await online.get(path)).status in (400, 403, 404)


async def test_several_files_in_one_archive(online: Served, tmp_path: Path) -> None:
    await online.upload("a.gcode")
    await online.upload("b.gcode", b"G1 X1\n", path="sub")
    data = await content(online, f"{FILES}?files=a.gcode&files=sub/b.gcode")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a.gcode": GCODE,
            "sub/b.gcode": b"G1 X1\n",
        }
    assert (await online.get(FILES)).status == 400
    assert (await online.get(f"{FILES}?files=a.gcode&files=none.gcode")).status == 404
    assert (await online.get("/downloads/timelapses?files=none.mp4")).status == 404


async def test_logs(online: Served, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir(exist_ok=True)
    (tmp_path / "logs" / "test.log").write_text("a line\n")
    assert (await online.get("/downloads/logs/test.log")).text == "a line\n"
    answer = (await online.get("/plugin/logging/logs")).json
    assert 0 < answer["free"] <= answer["total"]
    assert (await online.get("/api/logs")).json["files"] == answer["files"]
    mine = next(each for each in answer["files"] if each["name"] == "test.log")
    assert mine["size"] == 7
    assert mine["refs"]["download"] == f"{online.url}/downloads/logs/test.log"


async def test_the_camera(tmp_path: Path, camera: FakeCamera) -> None:
    snapshot = f"{camera.url}/snapshot"
    for name, timeout in (("good", "30 s"), ("stalled", "200ms")):
        folder = tmp_path / name
        folder.mkdir()
        webcam = {"snapshot": snapshot, "timeout": timeout}
        async with serve(folder, webcam=webcam) as served:
            if name == "good":
                assert await content(served, "/downloads/camera/current") == JPEG
                camera.stall.clear()
            else:
                assert (await served.get("/downloads/camera/current")).status == 502


async def test_without_a_camera(served: Served) -> None:
    assert (await served.get("/downloads/camera/current")).status == 404


async def test_the_description_of_the_system(served: Served) -> None:
    data = await content(served, "/downloads/systeminfo.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"gantry.version" in archive.read("systeminfo.txt")
