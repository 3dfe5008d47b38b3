from __future__ import annotations

import itertools
from contextlib import suppress
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.serial_input import (
    MAX_LINE,
    LineGuard,
    LineRefused,
    SerialInput,
    split_line,
)

BYTES = st.binary(max_size=300)
CUTS = st.lists(st.integers(0, 300), max_size=10)


def numbered(number: int, text: str) -> bytes:
    line = f"N{number} {text}".encode()
    return line + b"*%d" % reduce(xor, line)


def lines_of(data: bytes, cuts: list[int]) -> list[bytes]:
    reader = SerialInput(1000)
    lines: list[bytes] = []
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in itertools.pairwise(edges):
        reader.store(data[start:end])
        while (line := reader.next_line()) is not None:
            lines.append(line)
    return lines


@given(BYTES, CUTS)
def test_lines_do_not_depend_on_how_the_bytes_arrive(data: bytes, cuts: list[int]) -> None:
    lines = lines_of(data, cuts)
    assert lines == lines_of(data, [])
    assert all(0 < len(line) <= MAX_LINE for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"M105;x\n", b"M105"),
        (b"M117 a\\;b\n", b"M117 a;b"),
        (b"M117 ab\x08c\n", b"M117 ac"),
        (b"M105\r\n", b"M105"),
        (b"\n\r\n;only\n  \n", b"  "),
        (b"G1 X" + b"1" * 500 + b"\n", b"G1 X" + b"1" * (MAX_LINE - 4)),
    ],
)
def test_comments_escapes_and_overlong_lines(data: bytes, line: bytes) -> None:
    assert lines_of(data, []) == [line]


def test_what_finds_the_ring_full_is_lost() -> None:
    reader = SerialInput(128)
    reader.store(b"x" * 100)
    reader.store(b"y" * 100)
    assert len(reader) == 127
    assert reader.overruns == 73
    assert reader.room == 0


TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"), min_size=1
)


@given(TEXT, st.data())
def test_a_single_flipped_bit_never_passes_for_the_line(
    text: str, data: st.DataObject
) -> None:
    line = bytearray(numbered(8, text))
    guard = LineGuard()
    guard.last = 7
    assert guard.admit(bytes(line), saving=False)
    guard.last = 7
    position = data.draw(st.integers(0, len(line) - 1))
    line[position] ^= 1 << data.draw(st.integers(0, 7))
    try:
        admitted = guard.admit(bytes(line), saving=False)
    except LineRefused:
        return
    # A damaged line that draws no Resend is dropped as a duplicate, is no numbered line any
    # more, or was hit in its checksum only.
    command, number = split_line(bytes(line))
    assert not admitted or number is None or "M110" in text or command == text


@given(BYTES)
def test_any_line_is_judged(line: bytes) -> None:
    guard = LineGuard()
    with suppress(LineRefused):
        if guard.admit(line, saving=False):
            split_line(line)
    assert sum(guard.refused.values()) <= 1


def test_the_counter_follows_accepted_lines_only() -> None:
    guard = LineGuard()
    assert guard.admit(numbered(1, "M105"), saving=False)
    with pytest.raises(LineRefused, match="Line Number is not Last Line Number"):
        guard.admit(numbered(3, "M105"), saving=False)
    with pytest.raises(LineRefused, match="checksum mismatch"):
        guard.admit(b"N2 M105*1", saving=False)
    with pytest.raises(LineRefused, match="No Checksum with line number"):
        guard.admit(b"N2 M105", saving=False)
    assert guard.last == 1
    assert not guard.admit(numbered(1, "M105"), saving=False)
    assert not guard.admit(numbered(0, "M105"), saving=False)
    assert guard.duplicates == 2
    assert guard.refused == {"checksum": 1, "number": 1, "missing": 1}
    with pytest.raises(LineRefused, match="Line Number"):
        guard.admit(numbered(1, "M105"), saving=False, forgiving=False)


@pytest.mark.parametrize(
    ("line", "text", "number"),
    [
        (b"N5 G1 X1*33", "G1 X1", "5"),
        (b"N5G1 X1*33", "G1 X1", "5"),
        (b" N5 G1*33", "G1", None),
        (b"G1 X1 *5", "G1 X1", None),
        (b"N-1 M110*15", "M110", "-1"),
        (b"NG1", "NG1", None),
        (b"\0M105", "", None),
    ],
)
def test_a_line_is_split_into_text_and_number(
    line: bytes, text: str, number: str | None
) -> None:
    assert split_line(line) == (text, number)
