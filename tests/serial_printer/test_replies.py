"""What a line means: every form that a firmware of the family was seen or read to say."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.lines import LineSplitter, clean
from appliance.components.serial_printer.engine.replies import (
    Action,
    AreaReport,
    Busy,
    Capability,
    FirmwareInfo,
    Ok,
    PositionReport,
    Problem,
    Reading,
    Reply,
    Resend,
    Started,
    Temperatures,
    Text,
    Wait,
    parse,
)
from appliance.domain.wire import to_plain

OKS = {
    "ok": Ok(),
    "ok N2 P15 B3": Ok(2, 15, 3),
    "ok P15 B3": Ok(None, 15, 3),
    "ok N1 P14 B0": Ok(1, 14, 0),
    "ok P12 B0": Ok(None, 12, 0),
    "ok 57": Ok(57),  # Repetier
    "ok N57": Ok(57),
    "ok - ignored": Ok(),  # Smoothieware
    "ok Emergency Stop Requested - reset or M999 required to exit HALT state": Ok(),
    "ok T:21.33 /0.00 B:21.29 /0.00 @:0 B@:0": Ok(
        readings={"tool": Reading(21.33, 0.0, 0.0), "bed": Reading(21.29, 0.0, 0.0)}
    ),
    "ok T:201 /202 B:117 /120": Ok(
        readings={"tool": Reading(201.0, 202.0), "bed": Reading(117.0, 120.0)}
    ),
    # Klipper: bed first, no power.
    "ok B:60.0 /60.0 T0:205.0 /205.0": Ok(
        readings={"bed": Reading(60.0, 60.0), "tool0": Reading(205.0, 205.0)}
    ),
    "ok T:0": Ok(readings={"tool": Reading(0.0)}),
    "ok T:21.3 /0.0 T0:21.3 /0.0 T1:22.1 /0.0 @:0 B@:0 @0:0 @1:64": Ok(
        readings={"tool0": Reading(21.3, 0.0, 0.0), "tool1": Reading(22.1, 0.0, 64 / 127)}
    ),
    "ok X:10.00 Y:20.00 Z:0.30 E:1.50 Count X:800 Y:1600 Z:120": Ok(
        position={"x": 10.0, "y": 20.0, "z": 0.3, "e": 1.5}
    ),
    "ok C: X:0.00": Ok(),
    # Marlin's M290 forgets the line end before its ok (recorded).
    "echo:ok P15 B3": Ok(None, 15, 3),
    "echo:ok": Ok(),
    "echo:ok N17 P15 B3": Ok(17, 15, 3),
    "File deleted:NEW.GCOok P15 B3": Ok(None, 15, 3, before="File deleted:NEW.GCO"),
    "File deleted:NEW.GCOok": Ok(before="File deleted:NEW.GCO"),
    "FR:100%ok": Ok(before="FR:100%"),
}

OTHERS: dict[str, Reply] = {
    # Resends of all firmwares
    "Resend: 3": Resend(3),
    "Resend:3": Resend(3),
    "resend 12": Resend(12),
    "Resend: N:12": Resend(12),
    "Resend: N12": Resend(12),
    "rs 12": Resend(12),
    "rs N12": Resend(12),
    "rs N2 Expected checksum 67": Resend(2),  # Teacup: the first number counts
    "rs  Checksum error on line 5": Resend(5),  # RepRapFirmware
    # life
    "start": Started(),
    "wait": Wait(),
    "echo:busy: processing": Busy(for_user=False),
    "echo:busy: paused for user": Busy(for_user=True),
    "echo:busy: paused for input": Busy(for_user=True),
    "busy:processing": Busy(for_user=False),
    # errors
    "Error:checksum mismatch, Last Line: 2": Problem("Error:checksum mismatch, Last Line: 2"),
    "error: x": Problem("error: x"),
    "!!": Problem("!!"),
    "!! Printer is not ready": Problem("!! Printer is not ready"),
    "fatal:heater": Problem("fatal:heater"),
    "ALARM:1": Problem("ALARM:1"),
    # temperatures
    "T:21.29 /0.00 B:21.29 /0.00 @:0 B@:0": Temperatures(
        {"tool": Reading(21.29, 0.0, 0.0), "bed": Reading(21.29, 0.0, 0.0)}
    ),
    "T:219.01 /220.00 B:21.33 /0.00 @:127 B@:0 W:9": Temperatures(
        {"tool": Reading(219.01, 220.0, 1.0), "bed": Reading(21.33, 0.0, 0.0)}, waiting=True
    ),
    "T:150.00 /220.00 B:21.33 /0.00 @:127 B@:0 W:?": Temperatures(
        {"tool": Reading(150.0, 220.0, 1.0), "bed": Reading(21.33, 0.0, 0.0)}, waiting=True
    ),
    # Prusa MK3
    "T:24.3 /0.0 B:23.9 /0.0 T0:24.3 /0.0 @:0 B@:0 P:25.1 A:30.2": Temperatures(
        {
            "tool0": Reading(24.3, 0.0, 0.0),
            "bed": Reading(23.9, 0.0, 0.0),
            "pinda": Reading(25.1),
            "ambient": Reading(30.2),
        }
    ),
    "T:170.5 E:0 W:3": Temperatures({"tool": Reading(170.5)}, waiting=True),
    "T:170.5 E:0 B:23.8": Temperatures(
        {"tool": Reading(170.5), "bed": Reading(23.8)}, waiting=True
    ),
    # Repetier
    "TargetExtr0:205": Temperatures({"tool0": Reading(None, 205.0)}),
    "TargetBed:60": Temperatures({"bed": Reading(None, 60.0)}),
    # RepRapFirmware
    "T0:21.3 /0.0 B:21.3 /60.0 C:30.0 /0.0": Temperatures(
        {
            "tool0": Reading(21.3, 0.0),
            "bed": Reading(21.3, 60.0),
            "chamber": Reading(30.0, 0.0),
        }
    ),
    # a broken thermistor
    "T:-14.2 /0.00 B:21.29 /0.00 @:0 B@:0": Temperatures(
        {"tool": Reading(-14.2, 0.0, 0.0), "bed": Reading(21.29, 0.0, 0.0)}
    ),
    # positions
    "X:100.00 Y:100.00 Z:0.00 E:0.00 Count X:8000 Y:8000 Z:0": PositionReport(
        {"x": 100.0, "y": 100.0, "z": 0.0, "e": 0.0}
    ),
    "X:0.00 Y:0.00 Z:4.91 E:-2.50 Count X:0 Y:0 Z:1924": PositionReport(
        {"x": 0.0, "y": 0.0, "z": 4.91, "e": -2.5}
    ),
    # the X of a position, damaged: not a temperature of 89 degrees
    "P:89.00 Y:63.00 Z:0.00 E:1.58 Count X:0 Y:0 Z:0": Text(
        "P:89.00 Y:63.00 Z:0.00 E:1.58 Count X:0 Y:0 Z:0"
    ),
    # M114 D: only the line that begins with X is the position.
    "Logical: X: 0.000 Y: 0.000 Z: 0.000": Text("Logical: X: 0.000 Y: 0.000 Z: 0.000"),
    # actions, with and without the blank
    "//action:pause": Action("pause"),
    "// action:pause": Action("pause"),
    "//action:paused filament_runout 0": Action("paused", "filament_runout 0"),
    "//action:prompt_begin Nozzle Parked": Action("prompt_begin", "Nozzle Parked"),
    "//action:prompt_end": Action("prompt_end"),
    '// Unknown command:"FOO"': Text('Unknown command:"FOO"', echoed=True),
    # M115
    "Cap:EMERGENCY_PARSER:1": Capability("EMERGENCY_PARSER", True),
    "Cap:SDCARD:0": Capability("SDCARD", False),
    "area:{full:{min:{x:0.00,y:-1.50,z:0.00},max:{x:200.00,y:210.00,z:220.00}},"
    "work:{min:{x:0.00,y:0.00,z:0.00},max:{x:1.00,y:1.00,z:1.00}}}": AreaReport(
        (0.0, -1.5, 0.0), (200.0, 210.0, 220.0)
    ),
    # words
    'echo:Unknown command: "G999"': Text('Unknown command: "G999"', echoed=True),
    "echo: cold extrusion prevented": Text("cold extrusion prevented", echoed=True),
    "echo:SD card ok": Text("SD card ok", echoed=True),
    "okay": Text("okay"),
    "Not SD printing": Text("Not SD printing"),
    "Begin file list": Text("Begin file list"),
    "ALONGN~1.GCO 7087 A long named print file (v": Text(
        "ALONGN~1.GCO 7087 A long named print file (v"
    ),
    "M106 P0 S255": Text("M106 P0 S255"),
    "Now doing a book": Text("Now doing a book"),
    "x_min: open": Text("x_min: open"),
    "echo:; Print is ok": Text("; Print is ok", echoed=True),
}


@pytest.mark.parametrize(("line", "meaning"), OKS.items())
def test_forms_of_ok(line: str, meaning: Ok) -> None:
    assert parse(line) == meaning


@pytest.mark.parametrize(("line", "meaning"), OTHERS.items())
def test_forms_of_everything_else(line: str, meaning: Reply) -> None:
    assert parse(line) == meaning


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            (
                "FIRMWARE_NAME:Marlin bugfix-2.1.x (Nov 22 2026 01:12:53) "
                "SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 "
                "MACHINE_TYPE:Sim Cartesian EXTRUDER_COUNT:1 UUID:cede2a2f-41a2"
            ),
            {
                "FIRMWARE_NAME": "Marlin bugfix-2.1.x (Nov 22 2026 01:12:53)",
                "SOURCE_CODE_URL": "github.com/MarlinFirmware/Marlin",
                "PROTOCOL_VERSION": "1.0",
                "MACHINE_TYPE": "Sim Cartesian",
                "EXTRUDER_COUNT": "1",
                "UUID": "cede2a2f-41a2",
            },
        ),
        (
            (
                "FIRMWARE_NAME:Prusa-Firmware 3.14.0 based on Marlin FIRMWARE_URL:https://x.y "
                "PROTOCOL_VERSION:1.0 MACHINE_TYPE:Prusa i3 MK3S EXTRUDER_COUNT:1"
            ),
            {
                "FIRMWARE_NAME": "Prusa-Firmware 3.14.0 based on Marlin",
                "FIRMWARE_URL": "https://x.y",
                "PROTOCOL_VERSION": "1.0",
                "MACHINE_TYPE": "Prusa i3 MK3S",
                "EXTRUDER_COUNT": "1",
            },
        ),
        (
            (
                "FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org, "
                "X-SOURCE_CODE_URL:https://github.com/Smoothieware"
            ),
            None,
        ),
        ("NAME: Malyan VER: 2.9 MODEL: M200 HW: HA02", {"NAME": "Malyan", "MODEL": "M200"}),
        ("NAME. Malyan\tVER:2.9\tMODEL:M200\tHW:HA02", {"NAME": "Malyan", "MODEL": "M200"}),
    ],
)
def test_who_the_firmware_is(line: str, fields: dict[str, str] | None) -> None:
    info = parse(line)
    assert isinstance(info, FirmwareInfo)
    if fields is None:
        assert info.fields["FIRMWARE_NAME"] == "Smoothieware"
    else:
        assert {key: info.fields[key] for key in fields} == fields


BITS = st.sampled_from(
    ["ok", "echo:", "busy:", " ", "N", "12", "P1", "B3", "T:", "/", "21.5", "X:", "Y:", "@:",
     "Resend:", "rs", "Error:", "//action:", "Cap:", "A:1", "FIRMWARE_NAME:", "area:{", "x:1,",
     "W:?", "E:0", "TargetBed:", "-", "+", ".", "(", "\t", "ok T:", "B@:", "9" * 30, "٣", "²"]
)  # fmt: skip


@given(st.one_of(st.text(min_size=1), st.lists(BITS, min_size=1, max_size=12).map("".join)))
@example("Resend: ²")
@example("T:٣")
@example("ok " + "9" * 5000)
@example("T:" + "9" * 400)
@example("ok P" + "9" * 400)
@example("Resend: " + "9" * 400)
@example("ok T:21 /" + "9" * 400)
def test_no_text_whatever_raises(text: str) -> None:
    for raw in LineSplitter().feed(text.encode("utf-8", "replace") + b"\n"):
        line = clean(raw)
        if line:
            # An infinite number would be no JSON: the core could never read a snapshot.
            orjson.loads(json.dumps(to_plain(parse(line)), allow_nan=False))
