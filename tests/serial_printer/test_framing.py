"""Lines on the wire: what the printer must be able to take apart again."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.framing import (
    MAX_TEXT,
    checksum,
    compact,
    fit,
    frame,
    frame_reset,
    sanitise,
)

MARLIN_LINE = 95
NUMBERS = st.integers(0, 9_999_999)
TEXTS = st.one_of(
    st.text(max_size=150),
    st.text(alphabet="GMNT0123456789 *;\\\r\n\x00\x08\t.XYé", max_size=60),
    st.builds("{}{}".format, st.sampled_from(["M117 ", "M118 E1 ", "M23 ", "N5 M117 "]),
              st.text(max_size=150)),
)  # fmt: skip


def taken_apart(line: bytes) -> tuple[int, bytes]:
    """Read a framed line as Marlin does, without any code of ours."""
    assert line.endswith(b"\n")
    assert not set(line[:-1]) & set(b"\n\r\x00\x08;\\")
    assert len(line) - 1 <= MARLIN_LINE
    body, star, told = line[:-1].rpartition(b"*")
    assert star
    assert int(told) == reduce(xor, body, 0)
    match = re.match(rb"N(\d+) ", body)
    assert match is not None
    return int(match[1]), body[match.end() :]


@given(NUMBERS, TEXTS)
def test_what_a_person_writes_arrives_whole(number: int, text: str) -> None:
    command = sanitise(text)
    if command and len(command) <= MAX_TEXT:
        assert taken_apart(frame(number, command)) == (number, command)


@given(NUMBERS, st.binary(max_size=150))
def test_what_a_file_holds_arrives_whole(number: int, text: bytes) -> None:
    command = fit(text.replace(b"\n", b"").replace(b"\r", b""))
    if command and len(command) <= MAX_TEXT:
        assert taken_apart(frame(number, command)) == (number, command)
    assert b"*" not in command


@given(TEXTS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = sanitise(text)
    assert fit(once) == once


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("G1 X10 Y20.5 E3", b"G1 X10 Y20.5 E3"),
        ("  M105  ", b"M105"),
        ("M105 ; how warm?", b"M105"),
        ("; only words", b""),
        ("", b""),
        ("*", b""),
        ("G28\nM104 S250", b"G28"),
        ("G28\rM104 S250", b"G28"),
        ("M117 a * b", b"M117 a x b"),
        (r"M117 one\; two", b"M117 one, two"),
        ("M117 semi; colon", b"M117 semi"),
        ("M23 /A*B.GCO", b"M23 /AxB.GCO"),
        ("N12 G1 X5*77", b"G1 X5"),
        ("N12G1 X5", b"G1 X5"),
        ("G1 X5*77", b"G1 X5"),
        ("G1 \x00X5\x08", b"G1 X5"),
        ("M117 Größe", "M117 Größe".encode()),
        ("M117 " + "x" * 200, b"M117 " + b"x" * (MAX_TEXT - 5)),
    ],
)
def test_forms(written: str, sent: bytes) -> None:
    assert sanitise(written) == sent


def test_long_text_is_not_cut_within_a_character() -> None:
    sent = sanitise("M117 " + "é" * 100)
    assert len(sent) <= MAX_TEXT
    sent.decode()


def test_the_reset_names_its_number_twice() -> None:
    # Recorded: N0 M110 N0*125, after which line 1 is expected.
    assert frame_reset(0) == b"N0 M110 N0*125\n"
    assert frame(3, b"M105") == b"N3 M105*36\n"
    assert checksum(b"N3 M105") == 36


def meaning(text: bytes) -> list[tuple[bytes, Decimal | None]]:
    """Return the words of a move with their values."""
    found = re.findall(rb"([A-Z])\s*([-+]?(?:\d+\.?\d*|\.\d+))?", text)
    return [(letter, Decimal(value.decode()) if value else None) for letter, value in found]


VALUES = st.one_of(
    st.decimals(-9999, 9999, places=5).map(str),
    st.integers(-9999, 9999).map(str),
    st.sampled_from(["0", "0.0", "-0.0", ".5", "-.5", "5.", "007.50", "+0.50", "100", "10.0"]),
)
MOVES = st.builds(
    "{}{}".format,
    st.sampled_from(["G0", "G1", "G2", "G3", "G01", "G28", "G29", "M204"]),
    st.lists(
        st.builds(
            "{}{}{}".format,
            st.sampled_from([" ", "  ", ""]),
            st.sampled_from("XYZEFIJS"),
            st.one_of(VALUES, st.just("")),
        ),
        max_size=6,
    ).map("".join),
)


@given(MOVES)
def test_compact_loses_nothing(move: str) -> None:
    text = move.encode()
    short = compact(text)
    assert meaning(short) == meaning(text)
    assert len(short) <= len(text)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (b"G1 X10.000 Y0.500 E-0.0400 F1800", b"G1X10Y.5E-.04F1800"),
        (b"G0 X100 Y200", b"G0X100Y200"),
        (b"G1 Z0.0", b"G1Z0"),
        (b"G28 X Y", b"G28 X Y"),
        (b"M117 G1 X1.000", b"M117 G1 X1.000"),
    ],
)
def test_compact_forms(text: bytes, short: bytes) -> None:
    assert compact(text) == short
