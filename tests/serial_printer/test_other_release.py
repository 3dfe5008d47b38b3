"""An engine of another release than the core's: replaced once, not again and again."""

from __future__ import annotations

import asyncio
import fcntl
from pathlib import Path

import pytest

from appliance.components.serial_printer import driver
from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.printer import PRINTERS
from tests.end_to_end.running import engine_processes
from tests.engine_harness import EngineProcess
from tests.simulated import simulated_printer
from tests.waiting import eventually
from tests.whole import whole_appliance

CONFIGURATION = """
printer:
  - {{id: cube, platform: serial, port: {port}, baudrate: 115200}}
"""


async def test_an_engine_that_stays_of_another_release_is_replaced_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As while an update is put in force: what is started is the new release already."""
    monkeypatch.setattr(driver, "__version__", "99.0")
    monkeypatch.setattr(driver, "REATTACH_S", 0.01)
    caplog.set_level("INFO")
    config = tmp_path / "config"
    async with simulated_printer(tmp_path, speed=100) as machine:
        text = CONFIGURATION.format(port=machine.port)
        async with whole_appliance(config, text) as appliance:
            printer = appliance.use(PRINTERS).get("cube")
            await eventually(lambda: "is of another release" in caplog.text)
            await eventually(lambda: printer.snapshot.ready)
            assert caplog.text.count("Replacing the engine") == 1
            assert len(engine_processes(config)) == 1


async def test_an_engine_waits_for_the_one_before_it_to_end(tmp_path: Path) -> None:
    """Its socket goes first, its lock with the process."""
    one = EngineProcess(tmp_path, EngineSettings())
    with (one.socket.with_suffix(".lock")).open("w") as former:
        fcntl.flock(former, fcntl.LOCK_EX)
        starting = asyncio.create_task(one.start(connect=False))
        try:
            await eventually(lambda: "is still ending" in log_of(one))
            assert not one.socket.exists()
            fcntl.flock(former, fcntl.LOCK_UN)
            await starting
            assert await one.stop() == 0
        finally:
            await one.clean_up()


def log_of(one: EngineProcess) -> str:
    return one.log.read_text() if one.log.exists() else ""
