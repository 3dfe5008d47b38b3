"""Pictures, the computer, the audit log, and what must never be seen."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.components.mqtt.host import HostProbe
from appliance.domain.audit import AUDIT
from appliance.domain.camera import CAMERAS, Camera, CameraUnavailable, Picture
from appliance.domain.file_service import FILES
from appliance.domain.job import JobFile, Origin
from appliance.domain.metadata import Metadata, Thumbnail
from tests.components.mqtt.client import Watcher
from tests.components.mqtt.mosquitto import Mosquitto
from tests.components.mqtt.running import running
from tests.waiting import eventually

BASE = "gantry/ender3"
PNG = b"\x89PNG a picture"


class Files:
    """As much of the files as a preview asks for."""

    def __init__(self, folder: Path) -> None:
        self.picture = folder / "large.png"
        self.picture.write_bytes(PNG)

    async def metadata(self, path: str) -> Metadata | None:
        if path == "plain.gcode":
            return Metadata()
        small, large = (Thumbnail(n, n, len(PNG), f"{n}.png") for n in (32, 300))
        return Metadata(thumbnails=(small, large))

    async def download(self, root: str, path: str) -> Path:
        assert (root, path) == ("gcodes", "300.png")
        return self.picture


def file(name: str) -> JobFile:
    return JobFile(Origin.LOCAL, name, name, 100)


async def test_the_preview_follows_the_file(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    provide = {FILES: Files(tmp_path)}
    async with running(tmp_path / "config", {"port": broker.port}, provide=provide) as run:
        run.printer.come_online()
        await run.printer.select(file("cube.gcode"))
        await eventually(lambda: watcher.latest.get(f"{BASE}/thumbnail") == PNG)
        await run.printer.select(file("plain.gcode"))
        await eventually(lambda: watcher.latest.get(f"{BASE}/thumbnail") == b"")
        await run.printer.select(file("cube.gcode"))
        await eventually(lambda: watcher.latest.get(f"{BASE}/thumbnail") == PNG)
        await run.printer.select(None)
        await eventually(lambda: watcher.latest.get(f"{BASE}/thumbnail") == b"")


class Cameras:
    """One camera that sees something, and one that is broken."""

    def of(self, printer_id: str) -> list[Camera]:
        return [
            Camera("Nozzle", "nozzle", snapshot="http://x/"),
            Camera("Broken", "broken", snapshot="http://y/"),
            Camera("Stream only", "stream"),
        ]

    async def picture(self, camera: Camera) -> Picture:
        if camera.id == "nozzle":
            return Picture(b"jpeg", "image/jpeg")
        raise CameraUnavailable("it is dark")


async def test_cameras_are_looked_through(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    options = {"port": broker.port, "camera_interval": 0.05}
    provide = {CAMERAS: Cameras()}
    async with running(tmp_path / "config", options, provide=provide):
        await watcher.until(f"{BASE}/camera/nozzle", "jpeg")
        announced = await eventually(
            lambda: next((t for t in watcher.latest if t.endswith("_ender3/config")), "")
        )
        components = watcher.json(announced)["components"]
        assert components["camera_nozzle"]["topic"] == f"{BASE}/camera/nozzle"
        assert "camera_stream" not in components


async def test_the_computer_is_published(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "host_interval": 1}):
        await watcher.until("gantry/_appliance/host")
        host = watcher.json("gantry/_appliance/host")
        assert 0 < host["memory_percent"] <= 100
        assert 0 <= host["disk_percent"] <= 100
        await watcher.until("gantry/_appliance/update")
        assert "latest_version" not in watcher.json("gantry/_appliance/update")


def test_the_computer_tells_what_it_knows(tmp_path: Path) -> None:
    probe = HostProbe(tmp_path)
    first, second = probe.look(), probe.look()
    assert first.cpu_percent is None  # nothing to compare with yet
    assert second.boot == first.boot
    assert second.load >= 0


class Audit:
    def __init__(self) -> None:
        self.entries: list[tuple[str, str, str | None, str]] = []

    def record(
        self,
        who: Any,
        action: str,
        *,
        target: str = "",
        printer_id: str | None = None,
        outcome: str = "ok",
        **_: Any,
    ) -> None:
        assert who.method == "mqtt"
        self.entries.append((action, target, printer_id, outcome))


async def test_commands_are_recorded(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    audit = Audit()
    options = {"port": broker.port, "commands": True}
    provide = {AUDIT: audit}
    async with running(tmp_path / "config", options, provide=provide) as run:
        run.printer.come_online()
        await watcher.ask(BASE, "target/bed", "60")
        await watcher.ask(BASE, "pause")
        assert audit.entries == [
            ("mqtt target", "bed", "ender3", "ok"),
            ("mqtt pause", "", "ender3", "refused"),
        ]


async def test_a_restart_needs_the_scope_admin(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for commands, wanted in (([], 0), (["control"], 0), (["admin"], 1)):
        asked = SimpleNamespace(count=0)

        def request_stop(_reason: Any, asked: SimpleNamespace = asked) -> None:
            asked.count += 1

        options = {"port": broker.port, "commands": commands}
        async with running(tmp_path / "config", options) as run:
            monkeypatch.setattr(run.appliance, "request_stop", request_stop)
            watcher.send("gantry/_appliance/command/restart", "PRESS")
            watcher.send("marker", str(commands))
            await watcher.until("marker", str(commands))
            run.printer.come_online()
            await watcher.until(f"{BASE}/state", "idle")
            await eventually(lambda asked=asked, wanted=wanted: asked.count >= wanted)  # type: ignore[misc]
            assert asked.count == wanted
        watcher.latest.clear()


async def test_secrets_stand_on_no_topic_and_in_no_log(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "canary-5f1c"
    options = {
        "port": broker.port,
        "username": "somebody",
        "password": secret,
        "commands": True,
    }
    async with running(tmp_path / "config", options) as run:
        run.printer.come_online()
        await watcher.until(f"{BASE}/state", "idle")
        await watcher.ask(BASE, "target/bed", secret)
        await watcher.ask(BASE, "jog", f'{{"x": "{secret}"}}')
    assert secret not in caplog.text
    said = [m.payload for m in watcher.seen if "/command/" not in m.topic]
    assert not any(secret.encode() in payload for payload in said)
