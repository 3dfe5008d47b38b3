"""Klipper's language on Marlin: text in, lines, answers and verbs out."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.moonraker_api.klipper.context import Context
from appliance.components.moonraker_api.klipper.steps import Do, Say, Send, Verb
from appliance.components.moonraker_api.klipper.translation import COMMANDS, translate
from appliance.components.moonraker_api.objects.catalogue import Objects
from appliance.domain.macros import Macro
from appliance.domain.telemetry import Firmware, Prompt
from appliance.errors import InvalidRequest
from tests.components.moonraker_api.scenes import JOB, PRINTING, READY, context, scene


def lines(script: str, of: Context | None = None) -> list[str]:
    steps = translate(script, of or context())
    assert all(isinstance(step, Send) for step in steps), steps
    return [step.line for step in steps if isinstance(step, Send)]


@pytest.mark.parametrize(
    ("script", "marlin"),
    [
        ("SET_HEATER_TEMPERATURE HEATER=extruder TARGET=210", ["M104 S210"]),
        ("set_heater_temperature heater=heater_bed target=60.5", ["M140 S60.5"]),
        ("SET_HEATER_TEMPERATURE HEATER=extruder", ["M104 S0"]),
        ("TURN_OFF_HEATERS", ["M104 S0", "M140 S0"]),
        ("SET_FAN_SPEED FAN=fan1 SPEED=0.5", ["M106 P1 S128"]),
        ("g28 x y", ["G28 x y"]),
        ("G1 X10 Y-5.5 F3000 ; go", ["G1 X10 Y-5.5 F3000"]),
        ("M117 Layer 3; of 20", ["M117 Layer 3; of 20"]),
        ("SET_GCODE_OFFSET Z_ADJUST=0.05 MOVE=1", ["M290 Z0.05"]),
        ("SET_GCODE_OFFSET Z=-0.1 MOVE=1", ["M290 Z-0.1"]),
        ("SET_VELOCITY_LIMIT VELOCITY=200", ["M203 X200 Y200", "M503 S0"]),
        ("SET_VELOCITY_LIMIT ACCEL=400", ["M204 P400 T400", "M503 S0"]),
        ("SET_VELOCITY_LIMIT ACCEL=900", ["M201 X900 Y900", "M204 P900 T900", "M503 S0"]),
        ("SET_VELOCITY_LIMIT SQUARE_CORNER_VELOCITY=5", ["M205 X5 Y5", "M503 S0"]),
        ("SET_PRESSURE_ADVANCE ADVANCE=0.04", ["M900 K0.04", "M503 S0"]),
        ("SET_PRESSURE_ADVANCE EXTRUDER=extruder1 ADVANCE=0.04", ["M900 T1 K0.04", "M503 S0"]),
        ("SET_RETRACTION RETRACT_LENGTH=2 RETRACT_SPEED=40", ["M207 S2 F2400", "M503 S0"]),
        ("BED_MESH_CALIBRATE", ["G29 V3", "M420 S1", "M420 V1", "M503 S0"]),
        ("BED_MESH_CLEAR", ["M420 S0", "M503 S0"]),
        ("SET_STEPPER_ENABLE STEPPER=stepper_x ENABLE=0", ["M18 X"]),
        ("ACTIVATE_EXTRUDER EXTRUDER=extruder", ["T0"]),
        ('SET_DISPLAY_TEXT MSG="Good morning"', ["M117 Good morning"]),
        ("PID_CALIBRATE HEATER=extruder TARGET=200", ["M303 E0 S200 C8 U1"]),
        ("M110 N5", []),
        ("# nothing\n; neither\n\n", []),
    ],
)
def test_commands_become_marlins(script: str, marlin: list[str]) -> None:
    assert lines(script) == marlin


@pytest.mark.parametrize(
    ("script", "sent"),
    [
        ("SET_GCODE_OFFSET Z=0.1 MOVE=1", ["SET_GCODE_OFFSET Z=0.1 MOVE=1"]),
        ("BED_MESH_CALIBRATE", ["BED_MESH_CALIBRATE"]),
        ("PRINT_START BED=60 EXTRUDER=210", ["PRINT_START BED=60 EXTRUDER=210"]),
        ("G91\nG1 Z5", ["G91", "G1 Z5"]),
        ("M110 N5", []),
    ],
)
def test_a_printer_with_klipper_gets_its_own_language(script: str, sent: list[str]) -> None:
    klipper = replace(READY, firmware=Firmware("Klipper", "klipper"))
    assert lines(script, context(klipper)) == sent
    assert translate("PAUSE", context(klipper)) == [Do(Verb.PAUSE)]
    assert translate("FIRMWARE_RESTART", context(klipper)) == [Do(Verb.FIRMWARE_RESTART)]


@pytest.mark.parametrize(
    ("script", "step"),
    [
        ("PAUSE", Do(Verb.PAUSE)),
        ("RESUME", Do(Verb.RESUME)),
        ("CANCEL_PRINT", Do(Verb.CANCEL)),
        ('SDCARD_PRINT_FILE FILENAME="my part.gcode"', Do(Verb.START, "my part.gcode")),
        ("SDCARD_RESET_FILE", Do(Verb.DISMISS)),
        ("M112", Do(Verb.EMERGENCY_STOP)),
        ("RESTART", Do(Verb.RESTART)),
        ("FIRMWARE_RESTART", Do(Verb.FIRMWARE_RESTART)),
        ("QUERY_ENDSTOPS", Do(Verb.ENDSTOPS)),
        ("TEMPERATURE_WAIT SENSOR=heater_bed MAXIMUM=40", Do(Verb.WAIT, "bed -inf 40")),
        ("RESPOND MSG=Hello", Say("echo: Hello")),
        ('RESPOND TYPE=error MSG="Oh no"', Say("!! Oh no")),
        (
            'RESPOND TYPE=command MSG="action:prompt_begin Hi"',
            Say("// action:prompt_begin Hi"),
        ),
        ("FOO_BAR A=1", Say('!! Unknown command:"FOO_BAR"')),
    ],
)
def test_other_commands_are_verbs_or_words(script: str, step: Do | Say) -> None:
    assert translate(script, context()) == [step]


def test_relative_moves_leave_the_extruder_as_klipper_has_it() -> None:
    script = "SAVE_GCODE_STATE NAME=ui\nG91\nG1 X5 F600\nRESTORE_GCODE_STATE NAME=ui"

    assert lines(script) == ["G91", "M82", "G1 X5 F600", "G90", "M82", "G1 F3000"]


def test_a_state_is_kept_from_one_script_to_the_next() -> None:
    first = context()
    translate("SAVE_GCODE_STATE NAME=a", first)
    relative = replace(READY, motion=replace(READY.motion, absolute=False))

    later = context(relative, saved=first.saved)

    assert lines("RESTORE_GCODE_STATE NAME=a MOVE=1 MOVE_SPEED=50", later) == [
        "G90",
        "G1 X10 Y20 Z0.4 F3000",
        "G90",
        "M82",
        "G90",
        "M82",
    ]


@pytest.mark.parametrize(
    "script",
    [
        "SET_HEATER_TEMPERATURE TARGET=200",
        "SET_HEATER_TEMPERATURE HEATER=extruder TARGET=900",
        "SET_HEATER_TEMPERATURE HEATER=extruder TARGET=nan",
        "SET_HEATER_TEMPERATURE HEATER=toaster TARGET=20",
        "SET_FAN_SPEED FAN=fan0 SPEED=2",
        "RESTORE_GCODE_STATE NAME=never",
        "SET_GCODE_OFFSET X=1",
        "SET_GCODE_OFFSET Z=9",
        'RESPOND MSG="open',
        "SDCARD_PRINT_FILE",
        "BED_MESH_PROFILE REMOVE=default",
        "!!",
    ],
)
def test_what_cannot_be_is_refused(script: str) -> None:
    with pytest.raises(InvalidRequest):
        translate(script, context())


def test_an_object_is_found_in_capitals_too() -> None:
    of = context(PRINTING)

    assert translate("EXCLUDE_OBJECT NAME=BALL", of) == [Do(Verb.EXCLUDE, "ball")]
    assert translate("EXCLUDE_OBJECT CURRENT=1", of) == [Do(Verb.EXCLUDE, "cube")]


def test_objects_are_called_by_one_word() -> None:
    names = ("cube 1.stl id:0 copy 0", "cube_1.stl id:0 copy 0", 'a "b" ;c', "***")
    job = replace(JOB, objects=names, excluded=names[:1], current_object=names[1])
    printing = replace(PRINTING, job=job)
    shown = Objects(lambda _: {}).render(scene(printing))["exclude_object"]
    words = [each["name"] for each in shown["objects"]]
    assert words == [
        "cube_1.stl_id_0_copy_0",
        "cube_1.stl_id_0_copy_0_2",
        "a_b_c",
        "object",
    ]
    assert shown["excluded_objects"] == words[:1]
    assert shown["current_object"] == words[1]
    for word, name in zip(words, names, strict=True):
        steps = translate(f"EXCLUDE_OBJECT NAME={word}", context(printing))
        assert steps == [Do(Verb.EXCLUDE, name)]


def test_the_virtual_card_is_the_job() -> None:
    assert translate("M25", context(PRINTING)) == [Do(Verb.PAUSE)]
    assert translate("M25", context()) == [Send("M25")]


def test_an_answer_goes_to_the_question() -> None:
    asked = replace(READY, prompt=Prompt("Change filament", ("Continue",)))

    assert translate("M876 S0", context(asked)) == [Do(Verb.ANSWER, "0")]


def test_macros_may_call_macros_and_what_they_replace() -> None:
    macros = {
        "PAUSE": Macro("PAUSE", "M117 waiting\nPAUSE"),
        "BREAK": Macro("BREAK", "G91\nPAUSE"),
    }
    of = context(macros=macros, render=lambda macro, _: macro.gcode.splitlines())

    steps = translate("break", of)

    assert steps == [Send("G91"), Send("M82"), Send("M117 waiting"), Do(Verb.PAUSE)]


def test_macros_that_never_end_are_stopped() -> None:
    macros = {f"M_{n}": Macro(f"M_{n}", f"M_{n + 1}") for n in range(30)}
    of = context(macros=macros, render=lambda macro, _: macro.gcode.splitlines())

    with pytest.raises(InvalidRequest, match="too deeply"):
        translate("M_0", of)


def test_every_command_explains_itself() -> None:
    assert all(command.help.strip() for command in COMMANDS.values())


@given(st.text(max_size=200))
def test_no_text_breaks_the_translation(script: str) -> None:
    try:
        steps = translate(script, context())
    except InvalidRequest:
        return
    assert all("\n" not in step.line for step in steps if isinstance(step, Send))


@given(
    st.sampled_from(sorted(COMMANDS)),
    st.dictionaries(
        st.sampled_from(["NAME", "HEATER", "TARGET", "SPEED", "FAN", "Z", "STEPPER", "MSG"]),
        st.text(alphabet="abcxyz0123456789.-_", max_size=12),
        max_size=4,
    ),
)
def test_no_parameters_break_a_command(name: str, parameters: dict[str, str]) -> None:
    words = " ".join(f"{key}={value}" for key, value in parameters.items())
    with contextlib.suppress(InvalidRequest):
        translate(f"{name} {words}", context(PRINTING))
