"""Dashboards that were made for other programs go on."""

from __future__ import annotations

from pathlib import Path

from appliance.domain.job import JobKind, JobRequest
from tests.components.mqtt.client import Watcher
from tests.components.mqtt.mosquitto import Mosquitto
from tests.components.mqtt.running import running
from tests.fakes import card_file
from tests.waiting import eventually


async def test_octoprint_mqtt(tmp_path: Path, broker: Mosquitto, watcher: Watcher) -> None:
    options = {"port": broker.port, "layouts": ["octoprint"], "interval": 0.1}
    async with running(tmp_path / "config", options, printers=("ender3", "mk3")) as run:
        await watcher.until("octoPrint/mqtt", "connected")
        run.printer.come_online()
        await watcher.until("octoPrint/event/Connected")
        assert watcher.json("octoPrint/event/Connected")["baudrate"] == 115200
        await watcher.until("octoPrint/temperature/tool0")
        run.printer.measure(tool0=200.0)
        await eventually(
            lambda: watcher.json("octoPrint/temperature/tool0")["actual"] == 200.0
        )
        told = watcher.json("octoPrint/temperature/tool0")
        assert set(told) == {"actual", "target", "_timestamp"}
        await run.printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))
        run.printer.advance(500, 10)
        await eventually(
            lambda: (
                watcher.latest.get("octoPrint/progress/printing")
                and watcher.json("octoPrint/progress/printing")["progress"] == 50
            )
        )
        await watcher.until("octoPrint/event/PrintStarted")
        assert watcher.json("octoPrint/event/PrintStarted")["path"] == "cube.gco"
        run.printer.finish()
        await watcher.until("octoPrint/event/PrintDone")
        assert watcher.json("octoPrint/event/PrintDone")["_event"] == "PrintDone"
        run.printers[1].come_online()
        await watcher.until("octoPrint/mk3/event/Connected")
    await watcher.until("octoPrint/mqtt", "disconnected")


async def test_moonraker(tmp_path: Path, broker: Mosquitto, watcher: Watcher) -> None:
    options = {"port": broker.port, "layouts": ["moonraker"], "interval": 0.1}
    state = "ender3/klipper/state"

    def says(topic: str, value: object) -> bool:
        known = watcher.latest.get(f"{state}/{topic}")
        return known is not None and watcher.json(f"{state}/{topic}")["value"] == value

    async with running(tmp_path / "config", options) as run:
        await watcher.until("ender3/moonraker/status", '{"server": "online"}')
        run.printer.come_online()
        await eventually(lambda: says("webhooks/state", "ready"))
        run.printer.measure(bed=60.0)
        await eventually(lambda: says("heater_bed/temperature", 60.0))
        await run.printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))
        await eventually(lambda: says("print_stats/state", "printing"))
        await run.printer.pause(origin="test")
        await eventually(lambda: says("print_stats/state", "paused"))
        await run.printer.cancel(origin="test")
        await eventually(lambda: says("print_stats/state", "cancelled"))
        await watcher.until("ender3/klipper/status")
        status = watcher.json("ender3/klipper/status")
        assert status["status"]["print_stats"]["filename"] == "cube.gco"
        assert status["eventtime"] > 0
    await watcher.until("ender3/moonraker/status", '{"server": "offline"}')
