"""Macros: their configuration, what they stand for, and running them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from appliance.bus import Bus
from appliance.components import macro
from appliance.components.macro.macros import Collection
from appliance.config import Configuration
from appliance.config.schema import vol
from appliance.core import Appliance
from appliance.domain.macros import MACROS
from appliance.errors import InvalidRequest
from tests.fakes import FakePrinter


@pytest.fixture
def printer() -> FakePrinter:
    made = FakePrinter(Bus(), "ender3")
    made.come_online()
    return made


async def collection(folder: Path, config: dict[str, Any]) -> Collection:
    appliance = Appliance(Configuration(folder, {"name": "Test"}, ()))
    await macro.async_setup(appliance, macro.CONFIG_SCHEMA(config))
    found = appliance.use(MACROS)
    assert isinstance(found, Collection)
    return found


async def test_a_macro_is_rendered_with_its_parameters(
    tmp_path: Path, printer: FakePrinter
) -> None:
    macros = await collection(
        tmp_path,
        {
            "load": {
                "parameters": {"length": 50, "speed": {"default": 5, "description": "mm/s"}},
                "gcode": "M83\nG1 E{{ params.LENGTH }} F{{ params.SPEED | int * 60 }} ; go",
            }
        },
    )

    await macros.run("LOAD", {"length": "10"}, printer, origin="test")

    assert printer.sent == [("M83", "test"), ("G1 E10 F300", "test")]


async def test_macros_call_macros(tmp_path: Path, printer: FakePrinter) -> None:
    macros = await collection(
        tmp_path,
        {"PARK": "G1 Z{{ params.Z | default(5) }}", "END": "PARK Z=9\nM84\n"},
    )

    await macros.run("end", {}, printer, origin="test")

    assert [line for line, _ in printer.sent] == ["G1 Z9", "M84"]


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ({"A": "B", "B": "A"}, "A"),
        ({"A": "NO_SUCH_THING"}, "A"),
        ({"A": "G1 X1"}, "B"),
        ({"A": {"gcode": "G1", "parameters": {"X": None}}}, "A"),
        ({"A": "{{ params.X.__class__.__mro__ }}"}, "A"),
        ({"A": "{{ 1 / 0 }}"}, "A"),
        ({"A": "{{ none * 60 }}"}, "A"),
        ({"A": {"gcode": "G28", "printers": ["other"]}}, "A"),
    ],
)
async def test_what_cannot_be_run(
    tmp_path: Path, printer: FakePrinter, config: dict[str, Any], name: str
) -> None:
    macros = await collection(tmp_path, config)

    with pytest.raises(InvalidRequest):
        await macros.run(name, {}, printer, origin="test")
    assert printer.sent == []


@pytest.mark.parametrize(
    "given", [{"X\nM104 S200\nY": "1"}, {"X Y": "1"}, {"": "1"}, {"X": "a\nb"}, {"X": "a;b"}]
)
async def test_what_would_be_another_line_is_no_parameter(
    tmp_path: Path, printer: FakePrinter, given: dict[str, str]
) -> None:
    macros = await collection(tmp_path, {"A": {"gcode": "M117 {{ params.X }}"}})
    with pytest.raises(InvalidRequest):
        await macros.run("A", {"X": "x", **given}, printer, origin="test")
    assert printer.sent == []


@pytest.mark.parametrize(
    "config",
    [{"G28": "G28"}, {"a b": "G28"}, {"A": "{% if %}"}, {"A": {}}, {"A": {"gcode": 5}}],
)
def test_what_is_no_macro(config: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        macro.CONFIG_SCHEMA(config)
