"""Who is at a port is asked before anything is configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.bus import Bus
from appliance.components.serial_printer.detection import SerialDetection
from appliance.domain.machine import Link
from appliance.domain.printer import Connection, Printers
from appliance.domain.telemetry import Firmware
from tests.fakes import FakePrinter
from tests.simulated import simulated_printer


async def test_a_printer_says_what_it_is_and_how_large(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, volume=(235, 235, 250), speed=20) as printer:
        found = await SerialDetection(Printers()).probe(printer.port)
    firmware = found.firmware
    assert firmware is not None
    assert firmware.name.startswith("Marlin")
    assert firmware.area is not None
    assert firmware.area.max_y == 235
    assert firmware.settings["M203"]["Z"] == 5
    assert {"tool0", "bed"} <= set(found.heaters)
    assert found.baudrate == 115200


async def test_a_port_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    found = await SerialDetection(Printers()).probe(str(tmp_path / "nothing"), 115200)
    assert found.firmware is None
    assert str(tmp_path / "nothing") in (found.reason or "")


async def test_a_connected_printer_of_ours_answers_without_being_disturbed() -> None:
    printers = Printers()
    printer = FakePrinter(Bus())
    printers.add(printer)
    printer.come_online()
    printer.update(
        connection=Connection("/dev/ttyUSB7", 250000), firmware=Firmware("Marlin", "marlin")
    )
    found = await SerialDetection(printers).probe("/dev/ttyUSB7")
    assert (found.printer_id, found.baudrate) == (printer.id, 250000)


async def test_a_printer_that_looks_for_its_port_lets_go_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    printers = Printers()
    printer = FakePrinter(Bus())
    printers.add(printer)
    printer.update(link=Link.FAILED)
    printer.preferred = Connection(None, None)

    async def disconnect() -> None:
        calls.append("disconnect")

    async def connect(port: str | None = None, baudrate: int | None = None) -> None:
        calls.append("connect")

    monkeypatch.setattr(printer, "disconnect", disconnect)
    monkeypatch.setattr(printer, "connect", connect)
    await SerialDetection(printers).probe(str(tmp_path / "nothing"), 115200)
    assert calls == ["disconnect", "connect"]
