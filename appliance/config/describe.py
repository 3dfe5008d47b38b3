"""What a configuration may say, in plain data: for editors and for documents.

Derived from the schemas that check it, so that the two can never differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from appliance.catalogue import Catalogue
from appliance.config import validate, validators
from appliance.config.schema import vol
from appliance.config.validators import Integer, Number, OneOf
from appliance.errors import GantryError

Described = dict[str, Any]

_KINDS: Mapping[Any, str] = {
    validators.string: "text",
    validators.non_empty: "text",
    validators.boolean: "boolean",
    validators.positive: "number",
    validators.percentage: "percentage",
    validators.port: "port",
    validators.slug: "id",
    validators.host: "host",
    validators.network: "network",
    validators.path: "path",
    validators.relative_path: "path",
    validators.time_period: "duration",
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "mapping",
    list: "list",
}


def describe(catalogue: Catalogue) -> Described:
    """Describe every section and printer platform; imports every component."""
    sections: dict[str, Described] = {
        validate.APPLIANCE: {
            "description": "What the appliance is called, and how much it logs.",
            **_value(validate.APPLIANCE_SCHEMA),
        },
        validate.PROFILES: {
            "description": "Printer profiles by name, for printers to refer to.",
            "type": "mapping",
        },
    }
    platforms: dict[str, Described] = {}
    for domain in catalogue.names():
        try:
            component = catalogue.load(domain)
        except GantryError:
            continue
        manifest = component.manifest
        sections[domain] = {
            "description": manifest.description or manifest.name,
            **_value(component.config_schema),
        }
        if component.printer_schema is not None:
            platforms[domain] = _value(component.printer_schema)["options"]
    words = {catalogue.platform_component(word): word for word in catalogue.platforms()}
    common = _options(validate.COMMON_PRINTER_OPTIONS)
    common["platform"]["words"] = sorted(words[domain] for domain in platforms)
    return {
        "sections": sections,
        "printer": common,
        "platforms": {words[domain]: options for domain, options in platforms.items()},
    }


def _options(schema: Mapping[Any, Any]) -> dict[str, Described]:
    """Describe the options of a mapping; a key that stands for any name is ``*``."""
    return {_name(key): _option(key, value) for key, value in schema.items()}


def _name(key: object) -> str:
    plain = key.schema if isinstance(key, vol.Marker) else key
    return plain if isinstance(plain, str) else "*"


def _option(key: object, value: object) -> Described:
    described = _value(value)
    if not isinstance(key, vol.Marker):
        return described
    if isinstance(key, vol.Required):
        described["required"] = True
    if key.description:
        described["description"] = key.description
    default: Any = getattr(key, "default", vol.UNDEFINED)
    if default is not vol.UNDEFINED:
        plain = default()
        # What is empty says nothing that leaving the option out does not say.
        if isinstance(plain, str | int | float | bool):
            described["default"] = plain
    return described


def _value(schema: Any) -> Described:
    """Describe what a value may be: type, and options, words or limits where it has them."""
    if (inner := getattr(schema, "validators", None)) is not None:
        return _best([_value(each) for each in inner])
    described: Described
    match schema:
        case vol.Schema():
            described = _value(schema.schema)
        case Mapping():
            described = {"type": "mapping", "options": _options(schema)}
        case list():
            items = _value(schema[0]) if schema else {"type": "any"}
            described = {"type": "list", "items": items}
        case OneOf():
            described = {"type": "word", "words": [str(word) for word in schema.words]}
        case vol.In():
            described = {
                "type": "word",
                "words": [str(word) for word in cast("Iterable[Any]", schema.container)],
            }
        case Number():
            described = {"type": "number", **_limits(schema)}
        case Integer():
            described = {"type": "integer", **_limits(schema)}
        case _:
            described = {"type": _kind(schema)}
    return described


def _kind(check: object) -> str:
    try:
        return _KINDS.get(check, "any")
    except TypeError:  # a validator of somebody's own that cannot be looked up
        return "any"


def _limits(check: Number | Integer) -> Described:
    limits = {"least": check.least, "most": check.most}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _best(parts: list[Described]) -> Described:
    """Return the part of All or Any that says most."""
    return max(parts, key=_telling, default={"type": "any"})


def _telling(part: Described) -> int:
    if "options" in part or "items" in part:
        return 3
    if "words" in part:
        return 2
    return 0 if part["type"] == "any" else 1
