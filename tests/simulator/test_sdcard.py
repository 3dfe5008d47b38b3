from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.sdcard import Card, CardError, short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("A long named print file (v2).gcode", "ALONGN~1.GCO"),
        ("nested.gcode", "NESTED~1.GCO"),
        ("DEMO.GCO", "DEMO.GCO"),
        ("demo.g", "DEMO.G"),
        ("SUBDIR", "SUBDIR"),
        ("a.b.c.gco", "ABC~1.GCO"),
        ("späße.gco", "SP_SSE~1.GCO"),
        ("eight888.gco", "EIGHT888.GCO"),
        ("nine99999.gco", "NINE99~1.GCO"),
    ],
)
def test_short_names_are_those_of_fat(name: str, short: str) -> None:
    assert short_name(name, set()) == short


@given(st.lists(st.text(min_size=1, max_size=60), max_size=30, unique=True))
def test_short_names_are_unique_and_fit(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        short = short_name(name, taken)
        assert short not in taken
        stem, _, extension = short.partition(".")
        assert 1 <= len(stem) <= 8
        assert len(extension) <= 3
        assert " " not in short
        taken.add(short)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("x")
    root = tmp_path / "card"
    root.mkdir()
    return root


@pytest.mark.parametrize("path", ["../secret", "/../secret", "..", ".hidden", "", "/", "a/b"])
def test_nothing_outside_of_the_card_is_reached(card: Path, path: str) -> None:
    reader = Card(card)
    with pytest.raises(CardError):
        reader.start_writing(path)
    with pytest.raises(CardError):
        reader.select(path)
    with pytest.raises(CardError):
        reader.delete(path)
    assert (card.parent / "secret").read_text() == "x"


def test_what_is_written_is_read_again(card: Path) -> None:
    reader = Card(card)
    reader.start_writing("NEW.GCO")
    reader.write("G28")
    reader.write("G1 X5")
    reader.close()
    assert reader.listing(long_names=False, timestamps=False) == ["NEW.GCO 12"]
    assert reader.select("/new.gco").size == 12
    assert [reader.read_line(), reader.read_line(), reader.read_line()] == [
        b"G28\r\n",
        b"G1 X5\r\n",
        None,
    ]
    assert reader.delete("NEW.GCO") == "NEW.GCO"
    reader.close()
    assert reader.listing(long_names=False, timestamps=False) == []


def test_only_gcode_is_listed(card: Path) -> None:
    for name in ("a.gcode", "b.txt", ".c.gcode", "d.G", "e.g~"):
        (card / name).write_text("")
    listing = Card(card).listing(long_names=False, timestamps=False)
    assert listing == ["A~1.GCO 0", "D.G 0"]
