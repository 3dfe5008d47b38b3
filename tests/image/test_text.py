"""What editors make of a file."""

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.config.nodes import compose
from image.first_boot.salvage import salvage
from tests.image.cards import Card

TEXT = "# Grüße\nhostname: ender3\nwifi: {ssid: Café 🖨, password: geheim12}\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r\n").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.rstrip("\n").encode(),
        TEXT.replace("wifi: {", "wifi:\n\u00a0\u00a0{").encode(),
    ],
    ids=["plain", "BOM", "CRLF", "CR", "UTF-16", "UTF-16BE", "LE", "BE", "no end", "hard"],
)
def test_every_way_of_saving_is_read(card: Card, content: bytes) -> None:
    card.put(content)
    assert card.start().problems == []
    assert card.set("hostname") == "ender3"
    assert card.networks["Café 🖨"]["psk"] == "geheim12"
    assert "geheim12" not in card.on_card()
    assert card.on_card().startswith("# Grüße"), "as UTF-8 from now on"


def test_line_ends_stay_as_they_are(card: Card) -> None:
    card.put(TEXT.replace("\n", "\r\n").encode())
    card.start()
    content = (card.boot / "gantry.yaml").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == 3


def test_ansi_is_read_as_windows_text_and_pointed_out(card: Card) -> None:
    card.put("hostname: a\nwifi: {ssid: Café, password: geheim12}\n".encode("cp1252"))
    card.start()
    assert "Café" in card.networks
    assert "it was saved as 'ANSI'" in card.report


@pytest.mark.parametrize(
    "name", ["gantry.yaml.txt", "GANTRY.YAML", "gantry.yml", "Gantry.yml.txt"]
)
def test_names_that_windows_makes_are_found_and_put_right(card: Card, name: str) -> None:
    card.put(TEXT, name)
    card.start()
    assert card.set("hostname") == "ender3"
    names = [path.name for path in card.boot.glob("[gG]*") if "report" not in path.name]
    assert len(names) == 1
    assert names[0].lower() == "gantry.yaml"
    assert "geheim12" not in (card.boot / names[0]).read_text()


def test_the_new_text_file_wins_over_the_file_that_it_was_to_replace(card: Card) -> None:
    card.put("hostname: old\n")
    card.put("hostname: new\n", "gantry.yaml.txt")
    card.start()
    assert card.set("hostname") == "new"
    assert card.on_card() == "hostname: new\n"
    assert not (card.boot / "gantry.yaml.txt").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "sets nothing"),
        (b"# nothing\n\n", "sets nothing"),
        (b"\xef\xbb\xbf", "sets nothing"),
        (b"hello", "expected lines 'key: value'"),
        (b"- a\n- b\n", "expected lines 'key: value'"),
        (b"{\\rtf1\\ansi hostname: a}", "the file is rich text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "control character"),
        (b"\0" * 5000, "control character"),
        (b"\x7fELF" * 2_500_000, "the file is larger than 128 KiB"),
        (b"\xff\xfe" + b"\x00\xd8" * 9, "the file is broken UTF-16"),
        (b"hostname: a\n---\nhostname: b\n", "the file has a second document"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nhostname: *a\n", "expected"),
    ],
    ids=["empty", "remarks", "BOM", "word", "list", "rtf", "png", "nul", "10MB", "utf16",
         "two", "alias"],
)  # fmt: skip
def test_whatever_it_is_it_is_reported_and_the_rest_goes_on(
    card: Card, content: bytes, message: str
) -> None:
    card.put(content)
    card.put("[system]\nhostname = 'by-imager'\n", "rpi-preseed.toml")
    card.start()
    assert message in card.report
    assert card.set("hostname") == "by-imager"
    assert card.in_force.printers


def test_values_that_look_like_something_else_are_taken_as_written(card: Card) -> None:
    card.put("wifi:\n  networks:\n    - {ssid: 1e5, password: 0x123456}\n"
             "    - {ssid: yes, password: 01234567}\n    - {ssid: null, password: 12345678}\n"
             "auth:\n  password: 0123456789\n")  # fmt: skip
    assert card.start().problems == []
    keys = {name: entry["psk"] for name, entry in card.networks.items()}
    assert keys == {"1e5": "0x123456", "yes": "01234567", "null": "12345678"}
    assert card.in_force.components["auth"]["password"] == "0123456789"


@given(st.text(alphabet="ab:-[]{}#\"'\t\n &*|>", max_size=120))
def test_salvaging_ends_with_something_readable_and_loses_nothing(text: str) -> None:
    found = salvage(text)
    compose(found.text)
    assert found.whole(found.text) == text
    assert bool(found.errors) == bool(found.lost)


@given(st.binary(max_size=300))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_stops_the_import(tmp_path: Path, content: bytes) -> None:
    card = Card(tmp_path)
    card.put(content)
    card.start()
    assert card.in_force.printers
