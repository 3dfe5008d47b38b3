"""Firmware recognised by what it says of itself."""

from __future__ import annotations

import pytest

from appliance.components.serial_printer.engine.dialect import (
    UNKNOWN,
    recognise,
    recognise_banner,
)
from appliance.components.serial_printer.engine.replies import FirmwareInfo, parse


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("FIRMWARE_NAME:Marlin bugfix-2.1.x (Nov 22 2026) EXTRUDER_COUNT:1", "marlin"),
        ("FIRMWARE_NAME:Marlin V1.1.9 Creality", "marlin"),
        ("FIRMWARE_NAME:Prusa-Firmware 3.14.0 based on Marlin FIRMWARE_URL:x", "prusa"),
        ("FIRMWARE_NAME:Prusa-Firmware-Buddy 6.0.1 based on Marlin", "buddy"),
        ("FIRMWARE_NAME: RepRapFirmware for Duet 2 FIRMWARE_VERSION: 3.4", "reprapfirmware"),
        ("FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//x", "smoothieware"),
        ("FIRMWARE_NAME:Repetier_1.0.4 FIRMWARE_URL:https://x", "repetier"),
        ("FIRMWARE_NAME:Klipper FIRMWARE_VERSION:v0.12", "klipper"),
        ("NAME: Malyan VER: 2.9 MODEL: M200 HW: HA02", "malyan"),
        ("NAME. Malyan\tVER:2.9\tMODEL:M200", "malyan"),
        ("FIRMWARE_NAME:Teacup FIRMWARE_URL:http%3A//x", "teacup"),
        ("FIRMWARE_NAME:My Own 1.0", "unknown"),
    ],
)
def test_by_m115(line: str, name: str) -> None:
    info = parse(line)
    assert isinstance(info, FirmwareInfo)
    assert recognise(info.fields).name == name


def test_what_is_not_known_is_treated_with_care() -> None:
    assert UNKNOWN.window == 1
    assert recognise({}) is UNKNOWN


def test_by_banner() -> None:
    grbl = recognise_banner("Grbl 1.1h ['$' for help]")
    assert grbl is not None
    assert grbl.refused is not None
    assert "grbl" in grbl.refused
    assert recognise_banner("Marlin 2.1") is None
