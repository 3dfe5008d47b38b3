"""Write plain data as YAML, as a person would: on one line, or as a block."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping as MappingType
from typing import Any

from appliance.config.nodes import Scalar, compose
from appliance.config.yaml import resolve
from appliance.records import dataclass

INDENT = 2

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*")
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is to stand as ``!secret name``; ``text`` is what that gives."""

    name: str
    text: str


def plain(value: Any) -> Any:
    """Return data as they will be read: secrets by their text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.text if isinstance(value, Secret) else value


def flow(value: Any) -> str:
    """Write a value on one line."""
    match value:
        case Secret():
            text = f"!secret {value.name}"
        case dict():
            return f"{{{', '.join(f'{flow(k)}: {flow(v)}' for k, v in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(flow(item) for item in value)}]"
        case None:
            text = "null"
        case bool():
            text = "true" if value else "false"
        case float():
            text = repr(value) if math.isfinite(value) else _infinite(value)
        case int():
            text = repr(value)
        case _:
            text = _string(str(value))
    return text


def block(value: MappingType[str, Any] | list[Any], indent: int) -> str:
    """Write a non-empty mapping or list as lines."""
    space = " " * indent
    lines = []
    if isinstance(value, MappingType):
        for key, inner in value.items():
            if isinstance(inner, dict | list) and inner:
                lines.append(f"{space}{flow(key)}:\n{block(inner, indent + INDENT)}")
            else:
                lines.append(f"{space}{flow(key)}: {flow(inner)}\n")
        return "".join(lines)
    for item in value:
        if isinstance(item, dict) and item:
            lines.append(f"{space}- {block(item, indent + 2)[indent + 2 :]}")
        else:
            lines.append(f"{space}- {flow(item)}\n")
    return "".join(lines)


def _infinite(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    return ".inf" if value > 0 else "-.inf"


def _string(text: str) -> str:
    if _PLAIN.fullmatch(text):
        node = compose(text)
        if isinstance(node, Scalar) and resolve(node) == text:
            return text
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in '\\"':
        return "\\" + character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
