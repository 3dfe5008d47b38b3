"""MeatPack, against packed bytes worked out by hand from the protocol's description.

The description: Scott Mudge's OctoPrint-MeatPack and the header of Marlin's meatpack.h.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.meatpack import Unpacker
from appliance.components.simulator.options import Options
from tests.simulator.transcript import Dialogue

ENABLE = b"\xff\xff\xfb"
DISABLE = b"\xff\xff\xfa"
RESET = b"\xff\xff\xf9"
QUERY = b"\xff\xff\xf8"
NO_SPACES = b"\xff\xff\xf7"
SPACES = b"\xff\xff\xf6"
ALPHABET = "0123456789. \nGX"


def pack(text: str, *, no_spaces: bool = False) -> bytes:
    """Pack a line in the plainest way; it must end with a line feed."""
    alphabet = ALPHABET.replace(" ", "E") if no_spaces else ALPHABET
    packed = bytearray()
    text += "\n" if len(text) % 2 else ""
    for first, second in zip(text[::2], text[1::2], strict=True):
        codes = [alphabet.find(c) if c in alphabet else 15 for c in (first, second)]
        packed.append(codes[0] | codes[1] << 4)
        packed += b"".join(c.encode("latin-1") for c in (first, second) if c not in alphabet)
    return bytes(packed)


def unpack(*data: bytes) -> tuple[str, list[str]]:
    said: list[str] = []
    unpacker = Unpacker(said.append)
    text = b""
    for piece in data:
        ring = bytearray(piece)
        while ring:
            text += unpacker.take(ring)
    return text.decode("latin-1"), said


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        # G=13 1=1 blank=11 X=14 5=5 line feed=12, lower half first.
        (b"\x1d\xeb\xc5", "G1 X5\n"),
        # M is no packed character: 15 in the lower half, the literal follows.
        (b"\x1fM\x50\xcc", "M105\n"),
        # Two literals: 0xFF, then both.
        (b"\xffMS\xcc", "MS\n"),
        # The upper half is the literal.
        (b"\xf1Y\xcc", "1Y\n"),
        # After a line feed the upper half is padding.
        (b"\x5c\x1d\xc1", "\nG11\n"),
    ],
)
def test_bytes_worked_out_by_hand(packed: bytes, text: str) -> None:
    assert unpack(ENABLE, packed)[0].replace("\n\n", "\n") == text


def test_the_state_is_reported() -> None:
    _, said = unpack(QUERY, ENABLE, NO_SPACES, SPACES, DISABLE)
    assert said == [
        "[MP] PV01 OFF ESP",
        "[MP] PV01 ON ESP",
        "[MP] PV01 ON NSP",
        "[MP] PV01 ON ESP",
        "[MP] PV01 OFF ESP",
    ]
    assert unpack(ENABLE, RESET)[1][-1] == "[MP] PV01 OFF ESP"


def test_with_spaces_left_out_their_code_is_an_e() -> None:
    assert unpack(ENABLE, NO_SPACES, b"\x1d\xbe\xc5")[0] == "G1XE5\n"


LINE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(st.lists(LINE, min_size=1, max_size=5), st.lists(st.integers(0, 200)), st.booleans())
def test_what_was_packed_comes_out(lines: list[str], cuts: list[int], no_spaces: bool) -> None:
    packed = b"".join(pack(line + "\n", no_spaces=no_spaces) for line in lines)
    start = ENABLE + (NO_SPACES if no_spaces else b"")
    edges = sorted({0, len(packed), *(cut for cut in cuts if cut < len(packed))})
    pieces = [packed[a:b] for a, b in itertools.pairwise(edges)]
    text, _ = unpack(start, *pieces)
    assert [line for line in text.split("\n") if line] == lines


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(data: bytes) -> None:
    unpack(ENABLE, data)


def test_a_packed_line_is_executed_and_the_capability_is_shown() -> None:
    dialogue = Dialogue.with_printer(Options(meatpack=True))
    dialogue.send(b"M115\n")
    assert "Cap:MEATPACK:1" in dialogue.heard
    dialogue.heard.clear()
    dialogue.send(ENABLE)
    dialogue.send(pack("G92 X12\n") + pack("M114\n"))
    assert [line[:6] for line in dialogue.heard] == ["[MP] P", "ok P15", "X:12.0", "ok P15"]
