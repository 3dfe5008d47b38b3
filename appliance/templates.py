"""Templates that people write: Jinja in a sandbox, for scripts, macros and automations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateError

from appliance.config.schema import vol
from appliance.sandbox import Sandbox

# Far above any script that people write.
MAX_TEXT = 64 * 1024

_ENVIRONMENT = Sandbox()
# What a template of a person may run into: 1 / 0, None * 60, a word where a number is due.
_COMPLAINTS = (TypeError, ArithmeticError, LookupError, AttributeError)


def template(value: object) -> str:
    """Validate a template: text or a list of lines, that parses."""
    lines: list[object] = value if isinstance(value, list) else [value]
    if not all(isinstance(line, str) for line in lines):
        raise vol.Invalid("expected text, or a list of lines")
    text = "\n".join(str(line) for line in lines)
    if len(text) > MAX_TEXT:
        raise vol.Invalid("expected at most 64 KB of text")
    try:
        _ENVIRONMENT.parse(text)
    except TemplateError as error:
        message = f"this is no valid template: {error}"
        raise vol.Invalid(message) from error
    return text


def render(text: str, variables: Mapping[str, Any]) -> str:
    """Return what the template makes of ``variables``; ValueError with its complaint."""
    pieces: list[str] = []
    size = 0
    try:
        made = _ENVIRONMENT.from_string(text)
        for piece in made.generate({**variables, **_ENVIRONMENT.new_steps()}):
            pieces.append(str(piece))
            size += len(pieces[-1])
            if size > MAX_TEXT:
                message = "the template makes more than 64 KB of text"
                raise ValueError(message)
    except TemplateError as error:
        message = f"the template cannot be rendered: {error}"
        raise ValueError(message) from error
    except _COMPLAINTS as error:
        message = f"the template cannot be rendered: {error}"
        raise ValueError(message) from error
    except (RecursionError, MemoryError) as error:
        message = "the template calls itself without end, or makes too much"
        raise ValueError(message) from error
    return "".join(pieces)


def gcode_lines(text: str) -> tuple[str, ...]:
    """Return the commands of rendered G-code, without comments and empty lines."""
    lines = (line.split(";", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
