"""An engine of another release than the core's: replaced once, not again and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.components.serial_printer import driver
from appliance.domain.printer import PRINTERS
from tests.end_to_end.running import engine_processes
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
