"""Scripts of the configuration that cannot be rendered, now or ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.job import JobFile, JobRequest, Origin
from appliance.domain.printer import PRINTERS
from appliance.errors import InvalidRequest
from tests.waiting import eventually
from tests.whole import whole_appliance

CONFIGURATION = """
printer:
  id: cube
  platform: simulator
  speed: 50
  scripts:
    after_printer_connected: "{{ 1 / 0 }}"
    after_print_cancelled: "G1 Z{{ last_position.z + 10 }}"
    before_print_started: "M117 {{ nothing.here }}"
"""


async def test_a_script_that_cannot_be_rendered_keeps_no_printer_away(tmp_path: Path) -> None:
    async with whole_appliance(tmp_path, CONFIGURATION) as appliance:
        printer = appliance.use(PRINTERS).get("cube")
        await eventually(lambda: printer.snapshot.operational)
        file = tmp_path / "a.gcode"
        file.write_bytes(b"G28\n")
        request = JobRequest(
            JobFile(Origin.LOCAL, file.name, file.name, 4), local_path=str(file)
        )
        with pytest.raises(InvalidRequest, match="cannot be rendered"):
            await printer.start(request)
