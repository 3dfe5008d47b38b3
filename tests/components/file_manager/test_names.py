import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.file_manager import names
from appliance.errors import InvalidName

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(list('/\\.. ~-;|&?$*<>"`%\0\n\r\u202e\u200b\ud800')),
    ),
    max_size=60,
)


@given(HOSTILE)
def test_a_sanitised_path_stays_below_and_can_be_written(path: str) -> None:
    try:
        clean = names.sanitise(path)
    except InvalidName:
        return
    parts = clean.split("/")
    assert all(parts)
    for part in parts:
        assert part not in {".", ".."}
        assert not part.startswith((".", "-"))
        assert len(part.encode()) <= names.MAX_NAME_BYTES
        assert not set(part) & set(';|&?$*<>"`\\\0\n')
    assert unicodedata.is_normalized("NFC", clean)


@given(HOSTILE)
def test_sanitising_twice_changes_nothing(path: str) -> None:
    try:
        clean = names.sanitise(path)
    except InvalidName:
        return
    assert names.sanitise(clean) == clean


@given(HOSTILE)
def test_a_normalised_path_has_no_way_up(path: str) -> None:
    try:
        normal = names.normalise(path)
    except InvalidName:
        return
    assert ".." not in normal.split("/")
    assert not normal.startswith("/")
    assert "//" not in normal
    assert names.normalise(normal) == normal


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("cube.gcode", "cube.gcode"),
        ("../../x.gcode", "x.gcode"),
        ("a\\b\\c.gcode", "a/b/c.gcode"),
        ("/parts//cube.gcode/", "parts/cube.gcode"),
        ("--help.gcode", "help.gcode"),
        (".hidden.gcode", "hidden.gcode"),
        ("Würfel 20 mm (½).gcode", "Würfel 20 mm (½).gcode"),
        ("a\u202eedocg.gcode", "aedocg.gcode"),
        ("x;rm -rf $HOME`id`.gcode", "xrm -rf HOMEid.gcode"),
        ("name. . .", "name"),
        ("50%.gcode", "50%.gcode"),
    ],
)
def test_what_is_kept_of_a_name(given_name: str, kept: str) -> None:
    assert names.sanitise(given_name) == kept


@pytest.mark.parametrize("nothing", ["", "/", "..", "../..", "...", "\0", "/.//./", " "])
def test_a_name_of_which_nothing_is_kept_is_refused(nothing: str) -> None:
    with pytest.raises(InvalidName):
        names.sanitise(nothing)


def test_a_long_name_keeps_its_ending() -> None:
    kept = names.sanitise("ü" * 300 + ".gcode.gz")
    assert kept.endswith(".gcode.gz")
    assert len(kept.encode()) <= names.MAX_NAME_BYTES


@pytest.mark.parametrize("path", ["../x", "a/../b", "a/./b", "a\0b", "a\nb"])
def test_a_path_that_cannot_be_is_refused(path: str) -> None:
    with pytest.raises(InvalidName):
        names.normalise(path)


def test_the_display_name_keeps_what_the_file_name_cannot() -> None:
    assert names.display_name("parts/is this <ok>?.gcode") == "is this <ok>?.gcode"
