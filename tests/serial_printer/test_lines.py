"""Bytes to lines: whatever the cable delivers, in whatever pieces."""

from __future__ import annotations

import itertools
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.lines import MAX_LINE, LineSplitter, clean

# Small pieces of what matters, so that the interesting sequences are found quickly.
PIECES = st.sampled_from(
    [b"ok", b"\n", b"\r\n", b" ", b"\t", b"\x00", b"\x0b", b"T:21", b"x" * 30, b"\xff\x80"]
)
STREAMS = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join))


def cut(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [data[a:b] for a, b in itertools.pairwise(places)]


@given(STREAMS, st.lists(st.integers(0, 10_000), max_size=20), st.integers(5, 64))
def test_lines_do_not_depend_on_how_the_bytes_arrive(
    data: bytes, places: list[int], longest: int
) -> None:
    whole = LineSplitter(longest)
    pieces = LineSplitter(longest)
    expected = whole.feed(data + b"\n")
    found = [line for piece in cut(data + b"\n", places) for line in pieces.feed(piece)]
    assert found == expected
    # Both are at the beginning of a line again.
    assert whole.feed(b"next\n") == pieces.feed(b"next\n") == [b"next"]


@given(STREAMS, st.integers(5, 64))
def test_no_line_is_empty_or_longer_than_allowed(data: bytes, longest: int) -> None:
    for line in LineSplitter(longest).feed(data + b"\n"):
        assert 0 < len(line) <= longest
        assert line == line.strip(b" \t\r\x00")


@given(st.lists(st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b"")), max_size=20))
def test_short_lines_come_out_as_they_went_in(lines: list[bytes]) -> None:
    stripped = [line.strip(b" \t\r\x00") for line in lines]
    found = LineSplitter().feed(b"".join(line + b"\r\n" for line in lines))
    assert found == [line for line in stripped if line]


def test_an_endless_line_is_cut_and_what_follows_is_heard() -> None:
    splitter = LineSplitter()
    found = []
    for _ in range(16):  # 64 KiB without a line feed
        found += splitter.feed(b"x" * 4096)
    assert [len(line) for line in found] == [MAX_LINE]
    assert splitter.feed(b"tail\nok\n") == [b"ok"]


def test_a_reconnect_forgets_half_a_line() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"o") == []
    splitter.reset()
    assert splitter.feed(b"k\nok\n") == [b"k", b"ok"]


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


NASTY = st.text(
    alphabet=st.sampled_from("a\x1b[]m;\x07\x9b\u061c\u200f\u202e\xad\ufeff\u2028")
)


@given(st.one_of(st.binary(), NASTY.map(str.encode)))
def test_cleaned_text_cannot_harm(raw: bytes) -> None:
    for character in clean(raw.replace(b"\n", b"")):
        assert character == "\t" or unicodedata.category(character) not in {"Cc", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in BIDI
        assert character not in "\u061c\u200e\u200f\ufeff\u00ad"
        assert not 0xE0000 <= ord(character) <= 0xE007F


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_is_not_touched(text: str) -> None:
    assert clean(text.encode()) == text


def test_text_of_people_survives() -> None:
    assert clean("Drücke 再開 <b>".encode()) == "Drücke 再開 <b>"
    assert clean(b"T:21.3 \xb0C") == "T:21.3 \xb0C"  # Latin-1, as old firmwares send it
    assert clean(b"\x1b[31mred\x1b[0m \x1b]0;title\x07end") == "red end"
