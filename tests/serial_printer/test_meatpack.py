"""MeatPack as its inventor describes it, byte by byte.

The example and its grouping: README of scottmudge/OctoPrint-MeatPack, "How does it work?";
the fifteen characters and the orders: Marlin's meatpack.h. What a firmware unpacks is what
the simulated printer unpacks, held to the same example.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.meatpack import (
    DISABLE,
    ENABLE,
    NO_SPACES,
    RESET,
    pack,
    plain,
)
from appliance.components.simulator.meatpack import Unpacker

# (G1) ( X) (11) (3.) (21) (4 ) (9#)(Y) (1.) (45) (# )(E) (1.) (31) (54) (line feed), where
# the first character is the lower half, and "#" is 15.
WITH_SPACES = bytes.fromhex("1d eb 11 a3 12 b4 9f 59 a1 54 fb 45 a1 13 45 cc")
# (G1) (X1) (13) (.2) (14) (9#)(Y) (1.) (45) (E1) (.3) (15) (4 line feed)
WITHOUT = bytes.fromhex("1d 1e 31 2a 41 9f 59 a1 54 1b 3a 51 c4")
LINE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def unpacked(data: bytes) -> bytes:
    unpacker = Unpacker(lambda _: None)
    ring, text = bytearray(data), b""
    while ring:
        text += unpacker.take(ring)
    return text


def test_the_orders_are_those_of_the_firmware() -> None:
    assert (ENABLE, DISABLE, RESET, NO_SPACES) == (
        b"\xff\xff\xfb", b"\xff\xff\xfa", b"\xff\xff\xf9", b"\xff\xff\xf7",
    )  # fmt: skip


def test_the_inventors_example_is_packed_into_thirteen_bytes() -> None:
    assert pack(b"G1X113.214Y91.45E1.3154\n") == WITHOUT
    assert len(WITHOUT) == 13


def test_the_inventors_example_is_unpacked_both_ways() -> None:
    assert unpacked(ENABLE + WITH_SPACES).rstrip() == b"G1 X113.214 Y91.45 E1.3154"
    assert unpacked(ENABLE + NO_SPACES + WITHOUT).rstrip() == b"G1X113.214Y91.45E1.3154"


@given(st.lists(LINE, min_size=1, max_size=4))
def test_any_line_arrives_and_plain_ones_between_them(lines: list[str]) -> None:
    sent = b"".join(
        part for line in lines for part in (pack(line.encode() + b"\n"), plain(b"M108\n"))
    )
    arrived = unpacked(ENABLE + NO_SPACES + sent).split()
    assert arrived == [part for line in lines for part in (line.encode(), b"M108")]
