"""A bad file for every rule, each analysed for real."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.components.file_manager.analysis.analyse import analyse
from appliance.components.file_manager.component import CONFIG_SCHEMA
from appliance.components.file_manager.lint import RULE_NAMES, RULES, lint
from appliance.components.file_manager.metadata.reader import read_waiting
from appliance.config.schema import vol
from appliance.domain.analysis import Finding, Limits, Severity
from appliance.domain.metadata import Metadata
from appliance.domain.printer import Extruder, Profile, Volume

GCODE = Path(__file__).parents[2] / "data" / "gcode"
DOCS = Path(__file__).parents[3] / "docs" / "lint.md"

START = "M140 S60\nM104 S210\nG28\nM190 S60\nM109 S210\nG90\nM83\n"
BODY = "G1 Z0.2 F1200\nG1 X50 Y50\nG1 X100 Y50 E2\nG1 X100 Y100 E2\n"
END = "M104 S0\nM140 S0\nM84\n"
GOOD = START + BODY + END

Check = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def check(
        text: str,
        profile: Profile | None = None,
        metadata: Metadata | None = None,
        severities: dict[str, str] | None = None,
    ) -> tuple[Finding, ...]:
        path = tmp_path / "x.gcode"
        path.write_text(text)
        descriptor = os.open(path, os.O_RDONLY)
        facts = analyse(descriptor, Limits()).facts
        os.close(descriptor)
        return lint(facts, metadata or Metadata(), profile or Profile(), severities)

    return check


CENTERED = Profile(volume=Volume(200, 200, 200, "center", "circular"))

BAD: dict[str, tuple[str, int | None, Profile | None, Metadata | None]] = {
    "max_temperature": (GOOD.replace("M109 S210", "M109 S310"), 5, None, None),
    "out_of_volume": (START + BODY + "G1 X230.5 E1\n" + END, 12, None, None),
    "round_bed": (START + "G1 X80 Y80 E1\nG1 X70 Y70 E1\n" + END, None, CENTERED, None),
    "start_outside": (
        START + "G1 X0 Y-30\nG1 X50 Y-30 E5\n;LAYER:0\n" + BODY + END, 9, None, None
    ),
    "purge_outside": (
        START + "G1 X0 Y-3\nG1 X50 Y-3 E5\n;LAYER:0\n" + BODY + END, 9, None, None
    ),
    "travel_outside": (START + BODY + "G1 Y300\n" + END, 12, None, None),
    "foreign_start": ("PRINT_START BED=60\n" + BODY + "PRINT_END\n", 1, None, None),
    "wrong_flavor": (
        START + "SET_PRESSURE_ADVANCE ADVANCE=0.05\n" + BODY + END, 8, None, None
    ),
    "no_homing": (GOOD.replace("G28\n", ""), 7, None, None),
    "cold_extrusion": (GOOD.replace("S210", "S150"), 10, None, None),
    "emergency_stop": (START + BODY + "M112\n" + END, 12, None, None),
    "firmware_update": ("M997\n" + GOOD, 1, None, None),
    "settings_reset": ("M502\n" + GOOD, 1, None, None),
    "settings_saved": (GOOD + "M851 Z-1\nM500\n", 16, None, None),
    "card_commands": (GOOD + "M30 /old.gco\n", 15, None, None),
    "missing_tool": (START + "T1\n" + BODY + END, 8, None, None),
    "missing_heater": (GOOD, 1, Profile(heated_bed=False), None),
    "stays_hot": (START + BODY + "M104 S0\n", None, None, None),
    "wrong_nozzle": (GOOD, None, None, Metadata(nozzle_mm=0.6)),
    "wrong_filament": (GOOD, None, None, Metadata(filament_diameter_mm=2.85)),
    "prints_nothing": ("G28\nG1 X5\n", None, None, None),
}  # fmt: skip


def test_a_good_file_has_no_findings(check: Check) -> None:
    assert check(GOOD) == ()


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_every_rule_finds_its_bad_file(check: Check, rule: str) -> None:
    text, line, profile, metadata = BAD[rule]
    found = {finding.rule: finding for finding in check(text, profile, metadata)}
    assert rule in found
    assert found[rule].line == line
    severity = next(each.severity for each in RULES if each.name == rule)
    assert found[rule].severity is severity
    assert len(found[rule].message) > 10


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_every_rule_can_be_set_and_switched_off(check: Check, rule: str) -> None:
    text, _, profile, metadata = BAD[rule]
    for wanted in ("info", "warn", "block"):
        found = check(text, profile, metadata, {rule: wanted})
        assert {f.severity for f in found if f.rule == rule} == {Severity(wanted)}
    off = check(text, profile, metadata, {rule: "off"})
    assert rule not in {finding.rule for finding in off}


def test_the_worst_comes_first(check: Check) -> None:
    text = START + "M112\nT1\nG1 Y300\n" + BODY
    severities = [finding.severity for finding in check(text)]
    order = [Severity.BLOCK, Severity.WARN, Severity.INFO]
    assert severities == sorted(severities, key=order.index)
    assert severities[0] is Severity.BLOCK


@pytest.mark.parametrize("path", sorted(GCODE.glob("*.gcode")), ids=lambda path: path.name)
def test_nothing_blocks_what_real_slicers_make(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    facts = analyse(descriptor, Limits()).facts
    os.close(descriptor)
    metadata = read_waiting(path, ".gcode").metadata
    assert not [
        finding
        for finding in lint(facts, metadata, Profile())
        if finding.severity is Severity.BLOCK
    ]


def test_a_bed_around_the_origin(check: Check) -> None:
    square = Profile(volume=Volume(200, 200, 200, "center"))
    inside = START + "G1 X-99 Y-99 E1\nG1 X99 Y99 E1\n" + END
    assert "out_of_volume" not in {f.rule for f in check(inside, square)}
    assert "out_of_volume" in {f.rule for f in check(inside.replace("99", "101"), square)}


def test_a_profile_that_prints_cold(check: Check) -> None:
    clay = replace(Profile(), extruders=(Extruder(min_extrude_c=0.0),))
    cold = GOOD.replace("S210", "S20")
    assert "cold_extrusion" not in {f.rule for f in check(cold, clay)}


def test_labels_of_objects_are_no_foreign_commands(check: Check) -> None:
    labels = "EXCLUDE_OBJECT_START NAME=a\n" + BODY + "EXCLUDE_OBJECT_END NAME=a\n"
    assert check(START + labels + END) == ()


def test_every_rule_is_described_with_its_severity() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", DOCS.read_text(), re.MULTILINE))
    assert table == {rule.name: rule.severity.value for rule in RULES}


def test_the_configuration_knows_the_rules() -> None:
    schema = vol.Schema(CONFIG_SCHEMA)
    assert schema({"lint": {"no_homing": "block"}})["lint"] == {"no_homing": "block"}
    with pytest.raises(vol.Invalid):
        schema({"lint": {"no_hominng": "block"}})
    with pytest.raises(vol.Invalid):
        schema({"lint": {"no_homing": "fatal"}})
