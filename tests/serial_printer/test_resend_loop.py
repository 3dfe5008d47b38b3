"""A line that is asked for again and again: the heaters go off all the same."""

from __future__ import annotations

from pathlib import Path

from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.zoo import Checked
from tests.waiting import eventually


class Deaf(Checked):
    """Takes the first moves, then asks for the same line for ever."""

    info = b"FIRMWARE_NAME:Marlin 2.1 deaf PROTOCOL_VERSION:1.0 EXTRUDER_COUNT:1"

    def line(self, line: bytes) -> None:
        if line.startswith(b"N") and b"G1" in line and self.last > 20:
            self.refuse("checksum", self.last + 1)
        else:
            super().line(line)

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        self.say(
            b"Error:checksum mismatch, Last Line: %d" % (wanted - 1),
            b"Resend: %d" % wanted,
            b"ok",
        )


async def test_heaters_go_off_behind_a_line_that_never_arrives(tmp_path: Path) -> None:
    path = tmp_path / "part.gcode"
    path.write_text("\n".join(["M104 S200", *(f"G1 X{n}" for n in range(100)), ""]))
    printer = Deaf()
    with printer.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            await one.print_file(path)
            job = await one.ended()
            assert job.result is JobResult.FAILED
            assert job.cause is not None
            assert "again and again" in job.cause
            await eventually(lambda: "M104 S0" in printer.accepted, "the heater is off")
            await eventually(lambda: "M140 S0" in printer.accepted, "the bed is off")
