"""Whatever a host sends, the printer goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.components.simulator.commands import HANDLERS
from appliance.components.simulator.gcode import Command, word_values
from appliance.components.simulator.options import Options
from tests.simulator.transcript import Dialogue

NUMBERS = st.one_of(
    st.just(""),
    st.integers(-5, 300).map(str),
    st.floats(-1e3, 1e3, allow_nan=False).map("{:.3f}".format),
    st.sampled_from(["0", "-0", ".", "1e5", "nan", "inf", "9" * 40, "٣", "1_0"]),
)
WORDS = st.lists(st.builds("{}{}".format, st.sampled_from("XYZEFSPTIJKRLUVWCQNDHB"), NUMBERS))
LINES = st.builds(
    lambda code, words: f"{code} {' '.join(words)}".encode("latin-1", "replace"),
    st.sampled_from(sorted(HANDLERS)),
    WORDS,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(st.one_of(LINES, st.binary(max_size=60)), max_size=12), st.integers(1, 3))
def test_no_line_breaks_the_printer(tmp_path: Path, lines: list[bytes], tools: int) -> None:
    card = tmp_path / "card"
    card.mkdir(exist_ok=True)
    (card / "A.GCO").write_bytes(b"G1 X5\nM104 S1\n\xff\x00;x\nG28\n")
    printer = Dialogue.with_printer(Options(sd=card, extruders=tools)).printer
    try:
        for line in lines:
            printer.receive(line + b"\n", printer.now + 0.5)
        for _ in range(5):
            printer.advance(printer.now + 20)
            printer.prompts.answer(1)
            printer.prompts.click()
            printer.loop.wake()
        if printer.running:
            printer.report_position()
            printer.report_temperatures()
    finally:
        printer.close()


@given(st.text(max_size=40))
def test_any_words_are_read_as_numbers(text: str) -> None:
    assert all(isinstance(value, float) for value in word_values(text).values())
    command = Command(f"G1 {text}")
    for letter in "XYZEF":
        command.number(letter)
        command.integer(letter)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("X10 Y-2.5 E.5 F3000", {"X": 10, "Y": -2.5, "E": 0.5, "F": 3000}),
        ("X10Y20", {"X": 10, "Y": 20}),
        ("X 10 Y", {"X": 10, "Y": 0}),
        ("X5 (x) Y5", {"X": 5, "Y": 5}),
        ("X1e5", {"X": 1}),
        ("Xnan Yinf", {"X": 0, "Y": 0}),
        ("X+3 Y1.", {"X": 3, "Y": 1}),
        ("X- Y--1", {"X": 0, "Y": 0}),
        ("", {}),
    ],
)
def test_words_of_a_move(text: str, values: dict[str, float]) -> None:
    assert word_values(text) == values
