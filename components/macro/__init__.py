"""Macros of the configuration: Jinja templates in a sandbox, called by name from every view.

macro:
LOAD_FILAMENT:
title: Load filament
description: Push filament into the nozzle
parameters: {LENGTH: 50, SPEED: {default: 5, description: mm/s}}
gcode: |
M83
G1 E{{ params.LENGTH }} F{{ params.SPEED | float * 60 }}
"""

from __future__ import annotations

import re
from typing import Any

from appliance.components.macro.macros import Collection
from appliance.config.schema import vol
from appliance.config.validators import boolean, list_of, slug, string
from appliance.core import Appliance
from appliance.domain.macros import MACROS, Macro, Parameter
from appliance.templates import template

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# G-code itself: a macro of that name could never be called.
_GCODE = re.compile(r"[GMT]\d+(\.\d+)?", re.IGNORECASE)


def _name(value: object) -> str:
    """Accept the name of a macro or parameter; capitals and small letters are the same."""
    if not isinstance(value, str) or _NAME.fullmatch(value) is None:
        raise vol.Invalid("expected a name of letters, digits and underscores")
    if _GCODE.fullmatch(value):
        raise vol.Invalid("that is a G-code command; macros have other names")
    return value.upper()


def _plain(value: object) -> str:
    """Accept what can stand behind an equals sign."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise vol.Invalid("expected a text or a number")
    return str(value)


_PARAMETER = vol.Schema(
    {
        vol.Optional(
            "default", description="Its value when none is given, such as 50."
        ): _plain,
        vol.Optional(
            "description", default="", description="What the parameter means, for people."
        ): string,
    }
)
_MACRO = vol.Schema(
    {
        vol.Required(
            "gcode",
            description="The commands, a line each, as a template: G1 X{{ params.X }}.",
        ): template,
        vol.Optional(
            "title", default="", description="What its button says; its name if left out."
        ): string,
        vol.Optional(
            "description", default="", description="What it does, in a sentence."
        ): string,
        vol.Optional(
            "parameters",
            default=dict,
            description="What can be given when it is run, by name: {LENGTH: 50}.",
        ): {
            _name: vol.Any(None, _plain, _PARAMETER),
        },
        vol.Optional(
            "variables",
            default=dict,
            description="Values that SET_GCODE_VARIABLE can change, by name.",
        ): {string: _plain},
        vol.Optional(
            "printers",
            description="Ids of the printers that have it; all of them if left out.",
        ): list_of(slug),
        vol.Optional(
            "hidden",
            default=False,
            description="It gets no button; other macros and the console can still run it.",
        ): boolean,
    }
)
CONFIG_SCHEMA = vol.Schema({_name: vol.Any(_MACRO, template)})


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the macros."""
    macros = {name: _macro(name, entry) for name, entry in config.items()}
    appliance.provide(MACROS, Collection(macros, appliance))


def _macro(name: str, entry: Any) -> Macro:
    if isinstance(entry, str):
        return Macro(name, entry, title=_title(name))
    printers = entry.get("printers")
    return Macro(
        name,
        entry["gcode"],
        title=entry["title"] or _title(name),
        description=entry["description"],
        parameters=tuple(_parameter(*each) for each in entry["parameters"].items()),
        variables=entry["variables"],
        printers=None if printers is None else frozenset(printers),
        hidden=entry["hidden"],
    )


def _parameter(name: str, said: Any) -> Parameter:
    if isinstance(said, dict):
        return Parameter(name, said.get("default"), said["description"])
    return Parameter(name, said)


def _title(name: str) -> str:
    return name.strip("_").replace("_", " ").capitalize()
