"""What stands on the broker while a printer lives."""

from __future__ import annotations

from pathlib import Path

from appliance.domain.job import JobKind, JobRequest
from tests.components.mqtt.client import Watcher
from tests.components.mqtt.mosquitto import Mosquitto
from tests.components.mqtt.running import running
from tests.fakes import card_file
from tests.waiting import eventually

BASE = "gantry/ender3"


async def test_state_follows_the_printer(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "interval": 0.1}) as run:
        await watcher.until("gantry/_appliance/availability", "online")
        await watcher.until(f"{BASE}/state", "offline")
        await watcher.until(f"{BASE}/availability", "offline")
        run.printer.come_online()
        await watcher.until(f"{BASE}/state", "idle")
        await watcher.until(f"{BASE}/availability", "online")
        run.printer.measure(tool0=201.26)
        await watcher.until(f"{BASE}/temperature/tool0/actual", "201.3")
        await run.printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))
        await watcher.until(f"{BASE}/state", "printing")
        run.printer.advance(250, 10)
        await watcher.until(f"{BASE}/job/progress", "25")
        await run.printer.pause(origin="test")
        await watcher.until(f"{BASE}/state", "paused")
        await run.printer.cancel(origin="test")
        await watcher.until(f"{BASE}/job/result", "cancelled")
        await eventually(lambda: len(watcher.all(f"{BASE}/event/job")) == 3)
        kinds = [
            message.payload.decode().split('"')[3]
            for message in watcher.all(f"{BASE}/event/job")
        ]
        assert kinds == ["job_started", "job_paused", "job_cancelled"]
    await watcher.until("gantry/_appliance/availability", "offline")
