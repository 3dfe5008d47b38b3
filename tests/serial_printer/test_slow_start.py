"""A computer so slow that its engine is not there when everything else is."""

from pathlib import Path

import pytest

from appliance.components.serial_printer import driver
from appliance.domain.printer import PRINTERS
from tests.simulated import simulated_printer
from tests.waiting import eventually
from tests.whole import whole_appliance

CONFIGURATION = """
printer:
  - {{id: late, platform: serial, port: {port}, baudrate: 115200}}
"""


async def test_an_engine_that_comes_late_has_its_printer_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(driver, "BEGIN_TIMEOUT_S", 0.0)
    async with simulated_printer(tmp_path) as machine:
        text = CONFIGURATION.format(port=machine.port)
        async with whole_appliance(tmp_path / "config", text) as appliance:
            late = appliance.use(PRINTERS).get("late")
            assert "The engine of 'late' takes long to start" in caplog.text
            await eventually(lambda: late.snapshot.ready)
