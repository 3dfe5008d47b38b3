"""A decoder of MeatPack that has lost its state hears no line end, and answers nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.components.simulator.meatpack import Unpacker
from appliance.domain.job import JobResult
from tests.engine_harness import engine
from tests.serial_printer.zoo import Checked

MOVES = [f"G1 X{number % 50} Y{number * 7 % 60} E{number}" for number in range(200)]


class ForgetfulMarlin(Checked):
    """Marlin 2 with MeatPack whose decoder goes off in the middle of the print.

    Seen on a real Marlin: the bytes that switch it on were damaged on their way.
    """

    info = b"FIRMWARE_NAME:Marlin 2.1.2 PROTOCOL_VERSION:1.0 MACHINE_TYPE:Forgetful"

    def __init__(self, *, deaf: bool) -> None:
        super().__init__()
        self.forgot = False
        self.unpacker = Unpacker(lambda text: self.say(text.encode()))
        self._deaf = deaf  # for good: it cannot be switched on again

    def receive(self, data: bytes) -> None:
        ring = bytearray(data)
        while ring:
            super().receive(self.unpacker.take(ring))
            if not self.forgot and len(self.accepted) > 100:
                self.forgot = True
                self.unpacker.reset()
            if self.forgot and self._deaf:
                self.unpacker.active = False

    def execute(self, text: bytes) -> list[bytes]:
        if text == b"M115":
            return [self.info, b"Cap:MEATPACK:1"]
        if not text.isascii():
            return [b'echo:Unknown command: "..."']
        return super().execute(text)

    def refuse(self, reason: str, wanted: int) -> None:
        self.resends += 1
        text = (
            b"Error:checksum mismatch, Last Line: %d"
            if reason == "checksum"
            else b"Error:Line Number is not Last Line Number+1, Last Line: %d"
        )
        self.say(text % (wanted - 1), b"Resend: %d" % wanted, b"ok")


@pytest.mark.parametrize("deaf", [False, True])
async def test_the_print_goes_on(tmp_path: Path, deaf: bool) -> None:
    path = tmp_path / "part.gcode"
    path.write_text("\n".join(["G28", "G90", "M82", *MOVES, ""]))
    animal = ForgetfulMarlin(deaf=deaf)
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            assert one.snapshot.health.meatpack
            await one.print_file(path)
            job = await one.ended()
            assert one.snapshot.health.meatpack is not deaf
    assert job.result is JobResult.COMPLETE, job.cause
    assert animal.forgot
    spaceless = [line.replace(" ", "") for line in MOVES]
    printed = [line.replace(" ", "") for line in animal.accepted if line.startswith("G1")]
    assert printed == spaceless
