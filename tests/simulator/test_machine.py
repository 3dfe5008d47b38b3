"""What no recording shows: other builds, the panel, and the main loop's back-pressure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.components.simulator.machine import Printer
from appliance.components.simulator.options import Options
from appliance.components.simulator.panel import press, print_file
from tests.simulator.transcript import Dialogue

Talk = Callable[..., Dialogue]


@pytest.fixture
def talk() -> Iterator[Talk]:
    """Start dialogues and let go of their printers in the end."""
    printers: list[Printer] = []

    def start(**options: object) -> Dialogue:
        dialogue = Dialogue.with_printer(Options(**options))  # type: ignore[arg-type]
        printers.append(dialogue.printer)
        return dialogue

    yield start
    for printer in printers:
        printer.close()


def test_a_build_without_advanced_ok(talk: Talk) -> None:
    talk(advanced_ok=False).play("""\
> N0 M110 N0*125
< ok
> M105
< ok T:{n} /0.00 B:{n} /0.00 @:0 B@:0
> N1 G28 X*106
<* echo:busy: processing
< X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0
< ok
""")


def test_a_build_without_the_emergency_parser_acts_when_it_reads_the_line(talk: Talk) -> None:
    talk(emergency_parser=False).play("""\
> M115
<* FIRMWARE{*} || Cap:{*} || area:{*}
< ok P15 B3
> M109 S200
<  T:{n} /200.00 B:{n} /0.00 @:127 B@:0 W:?
> M108
< ok P15 B2
< ok P15 B3
# With all slots taken nothing is read, not even M112.
> G4 S20
>+ M220
>+ M220
>+ M220
> M112
<* echo:busy: processing
< ok P15 B0
< echo:M112 Shutdown
< Error:Printer halted. kill() called!
< //action:poweroff
""")


def test_two_hotends_and_a_chamber(talk: Talk) -> None:
    talk(extruders=2, chamber=True).play("""\
> M105
< ok T:{n} /0.00 B:{n} /0.00 C:{n} /0.00 T0:{n} /0.00 T1:{n} /0.00 @:0 B@:0 C@:0 @0:0 @1:0
> M104 T1 S50
< ok P15 B3
> T1
< echo:Active Extruder: 1
< ok P15 B3
> M105
< ok T:{n} /50.00 {*} T0:{n} /0.00 T1:{n} /50.00 @:127 B@:0 C@:0 @0:0 @1:127
> M141 S40
< ok P15 B3
> T2
< echo:T2 Invalid extruder
< ok P15 B3
""")


def test_a_build_without_a_card_knows_no_card_commands(talk: Talk) -> None:
    talk().play("""\
> M20
< echo:Unknown command: "M20"
< ok P15 B3
""")


def test_a_full_planner_holds_the_ok_back(talk: Talk) -> None:
    dialogue = talk()
    dialogue.play("> G28\n<* echo:busy: processing\n< X:{*}\n< ok P15 B3")
    for number in range(15):
        dialogue.send(f"G1 X{80 - number % 2 * 20} F1200\n".encode())
    assert dialogue.heard.pop() == "ok P0 B3"
    dialogue.heard.clear()
    dialogue.send(b"G1 X50 F1200\n")
    assert not dialogue.heard
    dialogue.play("< ok P0 B3")


def test_a_slow_move_ahead_of_a_full_planner_shows_as_busy(talk: Talk) -> None:
    dialogue = talk()
    dialogue.play("> G28\n<* echo:busy: processing\n< X:{*}\n< ok P15 B3")
    dialogue.send(b"G1 X200 F60\n")
    for number in range(14):
        dialogue.send(f"G1 X{number} F6000\n".encode())
    dialogue.heard.clear()
    dialogue.play("""\
> G1 Y50
< echo:busy: processing
<* echo:busy: processing
< ok P0 B3
""")


def test_units_modes_and_offsets(talk: Talk) -> None:
    dialogue = talk()
    position = dialogue.printer.motion
    for line, x in (
        ("G1 X10", 10.0),
        ("G91", 10.0),
        ("G1 X5", 15.0),
        ("G20", 15.0),
        ("G1 X1", 40.4),
        ("G21", 40.4),
        ("G90", 40.4),
        ("G92 X0", 40.4),
        ("G1 X10", 50.4),
        ("G01 X 11.5", 51.9),
        ("G1X12", 52.4),
    ):
        dialogue.send(f"{line}\n".encode())
        assert position.position[0] == pytest.approx(x), line


def test_the_extruder_has_a_mode_of_its_own(talk: Talk) -> None:
    dialogue = talk()
    motion = dialogue.printer.motion
    for line in ("M302 P1", "M83", "G1 E5", "G1 E5", "G90", "G1 E2", "G92 E7", "M83", "G1 E1"):
        dialogue.send(f"{line}\n".encode())
    assert motion.position[3] == pytest.approx(8)


def test_arcs_end_where_they_should_and_take_their_way(talk: Talk) -> None:
    dialogue = talk()
    dialogue.play("""\
> G0 X100 Y100 F6000
< ok P{n} B3
> M400
< ok P15 B3
""")
    start = dialogue.printer.now
    dialogue.play("""\
> G2 X120 Y100 I10 J0 F600
<* echo:busy: processing
< ok P{n} B3
> M400
<* echo:busy: processing
< ok P15 B3
> M114
< X:120.00 Y:100.00 Z:0.00 E:0.00 Count X:9600 Y:8000 Z:0
< ok P15 B3
> G3 X100 Y100 R10
<* echo:busy: processing
< ok P{n} B3
> M114
< X:100.00 Y:100.00 {*}
< ok P{n} B3
""")
    # A half circle of 10 mm radius at 10 mm/s.
    assert dialogue.printer.now - start > 3.1


def test_cancelled_objects_are_not_printed(talk: Talk) -> None:
    dialogue = talk()
    dialogue.play("""\
> M302 P1
< ok P15 B3
> M486 T2
< ok P15 B3
> M486 P1
< ok P15 B3
> M486 S1
< ok P15 B3
> G1 X50 E3
< ok P15 B3
> M114
< X:0.00 Y:0.00 Z:0.00 E:3.00 {*}
< ok P15 B3
> M486
< echo:Active Object: 1
< echo:Canceled: 1
< ok P15 B3
> M486 S0
< ok P15 B3
> G1 X50 E4
< ok P14 B3
""")


def test_settings_survive_the_process_in_a_file(talk: Talk, tmp_path: Path) -> None:
    eeprom = tmp_path / "eeprom.json"
    talk(eeprom=eeprom).play("""\
> M851 Z-1.25
< ok P15 B3
> M92 E93
< ok P15 B3
> M500
<* echo:{*} || //action:{*}
< ok P15 B3
> M92 E94
< ok P15 B3
""")
    assert json.loads(eeprom.read_text())["probe_offset"] == [0, 0, -1.25]
    talk(eeprom=eeprom).play("""\
> M851
<   M851 X0.00 Y0.00 Z-1.25 ; (mm)
< ok P15 B3
> M92
<   M92 X80.00 Y80.00 Z400.00 E93.00
< ok P15 B3
""")


def test_a_reset_forgets_what_was_not_stored(talk: Talk) -> None:
    dialogue = talk()
    dialogue.play("""\
> M92 E93
< ok P15 B3
> M104 S200
< ok P15 B3
> M155 S1
< ok P15 B3
> N5 M110 N5*125
< ok N5 P15 B3
""")
    dialogue.printer.power_up()
    dialogue.play("""\
< start
<* PowerUp || Marlin{*} || echo:{*} || //action:{*}
- 5
> M92
<   M92 X80.00 Y80.00 Z400.00 E500.00
< ok P15 B3
> M105
< ok T:{n} /0.00 B:{n} /0.00 @:0 B@:0
> N1 M105*38
< ok T:{n} /0.00 B:{n} /0.00 @:0 B@:0
""")


def test_autotune_ends_with_values(talk: Talk) -> None:
    talk().play("""\
> M303 E0 S100 C3
< PID Autotune start
<*  T:{*} || echo:busy: processing ||  bias:{*} ||  Classic PID ||  Kp:{*}
< PID Autotune finished! Put the last Kp, Ki and Kd constants from below into Configuration.h
< #define DEFAULT_Kp {n}
< #define DEFAULT_Ki {n}
< #define DEFAULT_Kd {n}
< ok P15 B3
""")


def test_every_command_of_an_ender_3_is_known(talk: Talk) -> None:
    dialogue = talk()
    codes = (
        "G28,G90,G91,G90,G92 E0,M104 S0,M140 S0,M105,M106 S128,M107,M17,M18,M84,M92 E93,M500,"
        "M501,M502,M503,M420 S0,M420 V,M421 I0 J0 Z0,G0 X1 F6000,G1 X2,M410"
    )
    for line in codes.split(","):
        dialogue.send(line.encode() + b"\n")
        while (said := dialogue.peek()) is not None and not said.startswith("ok"):
            assert "Unknown command" not in said
            dialogue.heard.popleft()
        assert said is not None, line
        dialogue.heard.popleft()


# The panel


@pytest.fixture
def card(tmp_path: Path) -> Path:
    root = tmp_path / "card"
    root.mkdir()
    (root / "long.gcode").write_text("".join(f"G1 X{i % 150} F1200\n" for i in range(60)))
    return root


def test_a_print_started_at_the_panel_is_seen(talk: Talk, card: Path) -> None:
    dialogue = talk(sd=card)
    print_file(dialogue.printer, "LONG~1.GCO")
    dialogue.listen()
    dialogue.play("""\
< echo:Now fresh file: LONG~1.GCO
< File opened: LONG~1.GCO Size: 770
< File selected
< //action:notification long.gcode
< //action:resume
< //action:prompt_end
< //action:prompt_begin Resuming SD
< //action:prompt_button Dismiss
< //action:prompt_show
+ 1
> M27
< SD printing byte {n}/770
< ok P{n} B0
""")
    press(dialogue.printer, "stop")
    dialogue.listen()
    dialogue.play("""\
<* M106 P0 S0 || //action:{*} || echo:busy: processing || X:{*}
> M27
< Not SD printing
< ok P15 B3
""")


def test_pause_and_resume_at_the_panel(talk: Talk, card: Path) -> None:
    dialogue = talk(sd=card)
    dialogue.printer.heaters.tools[0].place(200, 0)
    dialogue.send(b"M104 S200\n")
    print_file(dialogue.printer, "LONG~1.GCO")
    dialogue.printer.prompts.answer(0)
    dialogue.listen()
    dialogue.heard.clear()
    press(dialogue.printer, "pause")
    dialogue.listen()
    dialogue.play("""\
<* //action:{*} || echo:busy: processing
< echo:Send M108 to resume
<* //action:{*}
< echo:busy: paused for user
""")
    press(dialogue.printer, "knob")
    dialogue.listen()
    dialogue.play("""\
<* //action:{*} || echo:busy: processing
< echo:busy: paused for user
""")
    press(dialogue.printer, "knob")
    dialogue.listen()
    dialogue.play("""\
<* //action:prompt_end ||  T:{*} || echo:busy: processing
< //action:resumed
""")
    assert dialogue.printer.card is not None
    assert dialogue.printer.card.printing


def test_the_end_of_filament_starts_a_change(talk: Talk, card: Path) -> None:
    dialogue = talk(sd=card)
    print_file(dialogue.printer, "LONG~1.GCO")
    dialogue.listen()
    dialogue.heard.clear()
    press(dialogue.printer, "runout")
    dialogue.listen()
    dialogue.play("""\
< //action:prompt_end
< //action:prompt_begin FilamentRunout T0
< //action:prompt_show
< //action:paused filament_runout 0
<* echo:busy: processing
< //action:paused
<* echo:busy: processing || //action:notification{*}
< echo:Insert filament and send M108
""")
    press(dialogue.printer, "insert")
    dialogue.heard.clear()
    dialogue.play(
        """\
> M119
<* echo:busy: paused for user || //action:{*}
> M876 S0
""".replace("<* echo:busy: paused for user || //action:{*}\n", "")
    )


def test_no_filament_is_no_matter_without_a_print(talk: Talk) -> None:
    dialogue = talk()
    press(dialogue.printer, "runout")
    dialogue.listen()
    dialogue.play("""\
- 5
> M119
< Reporting endstop status
< x_min: open
< y_min: open
< z_min: TRIGGERED
< filament: open
< ok P15 B3
""")


def test_a_command_hangs_as_long_as_the_fault_is_on(talk: Talk) -> None:
    dialogue = talk()
    dialogue.printer.faults.busy_forever = True
    dialogue.play("> M105\n< ok T:{*}\n< echo:busy: processing\n< echo:busy: processing")
    dialogue.printer.faults.busy_forever = False
    dialogue.printer.loop.wake()
    dialogue.play("> M220\n<* echo:busy: processing\n< FR:100%\n< ok P15 B3")


def test_a_command_that_begins_so_hangs_until_it_is_let_go(talk: Talk) -> None:
    dialogue = talk()
    dialogue.printer.faults.busy_at = "M220"
    dialogue.play("> M105\n< ok T:{*}\n> M220\n< FR:100%\n< echo:busy: processing")
    assert dialogue.printer.faults.busy_forever
    dialogue.printer.faults.busy_forever = False
    dialogue.printer.loop.wake()
    dialogue.play("> M220\n<* echo:busy: processing\n< ok P15 B{n}\n< FR:100%\n< ok P15 B3")


def test_an_early_command_does_not_overtake_the_lines_behind_it(talk: Talk) -> None:
    talk(emergency_parser=False).play("""\
> M109 S200
<  T:{n} /200.00 B:{n} /0.00 @:127 B@:0 W:?
>+ M108
> M220
< ok P15 B1
< ok P15 B2
< FR:100%
< ok P15 B3
""")
