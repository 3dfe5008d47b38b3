"""What editors are told of the configuration is what its schemas check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from appliance.catalogue import Catalogue
from appliance.config.describe import describe


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return describe(Catalogue())


def test_every_component_is_a_section(described: dict[str, Any]) -> None:
    assert set(described["sections"]) == {
        *Catalogue().names(),
        "appliance",
        "printer_profiles",
    }
    assert all(each["description"] for each in described["sections"].values())


def test_options_have_type_default_and_words(described: dict[str, Any]) -> None:
    level = described["sections"]["appliance"]["options"]["log_level"]
    assert level["type"] == "word"
    assert "warning" in level["words"]
    assert level["default"] == "info"
    keepalive = described["sections"]["mqtt"]["options"]["keepalive"]
    assert (keepalive["type"], keepalive["least"], keepalive["most"]) == ("integer", 5, 3600)
    assert described["sections"]["mqtt"]["options"]["broker"]["required"]


def test_what_stands_in_lists_and_below_names_is_described_too(
    described: dict[str, Any],
) -> None:
    camera = described["sections"]["webcam"]["items"]["options"]
    assert camera["rotation"]["words"] == ["0", "90", "180", "270"]
    assert "gcode" in described["sections"]["macro"]["options"]["*"]["options"]
    network = described["sections"]["auth"]["options"]["trusted_networks"]["items"]
    assert network["options"]["network"]["required"]


def test_a_printer_has_the_options_of_its_platform(described: dict[str, Any]) -> None:
    assert described["printer"]["platform"]["words"] == sorted(described["platforms"])
    serial = described["platforms"]["serial"]
    assert serial["port"]["default"] == "auto"
    assert serial["profile"]["options"]["volume"]["options"]["width"]["default"] == 220
    assert "speed" not in serial
    assert described["platforms"]["simulator"]["speed"]["default"] == 1.0


def test_the_options_of_a_printer_say_what_they_are(described: dict[str, Any]) -> None:
    options = {**described["printer"], **described["platforms"]["serial"]}
    assert [name for name, option in options.items() if not option.get("description")] == []
    broker = described["sections"]["mqtt"]["options"]["broker"]
    assert broker["description"].startswith("Host name")


def undescribed(options: dict[str, Any], path: str) -> Iterator[str]:
    """Yield the options that say nothing, at any depth."""
    for name, option in options.items():
        here = f"{path}.{name}"
        if name != "*" and not option.get("description"):
            yield here
        for inner in (option, option.get("items", {})):
            yield from undescribed(inner.get("options", {}), here)


def test_every_option_says_what_it_is(described: dict[str, Any]) -> None:
    platforms = {
        name: {"description": name, "options": options}
        for name, options in described["platforms"].items()
    }
    assert list(undescribed(described["sections"], "")) == []
    assert list(undescribed(described["printer"], "printer")) == []
    assert list(undescribed(platforms, "printer")) == []


def test_what_an_option_says_is_a_sentence(described: dict[str, Any]) -> None:
    rules = described["sections"]["file_manager"]["options"]["lint"]["options"]
    assert rules["no_homing"]["description"] == "A move before the printer was homed."
    scripts = described["platforms"]["serial"]["scripts"]["options"]
    assert all(
        each["description"].endswith(".") for each in (*rules.values(), *scripts.values())
    )
