"""Templates that people write: Jinja in a sandbox, for scripts, macros and automations.

Jinja takes 2 MB, so it is loaded with the first text that is a template indeed: one with
``{{``, ``{%`` or ``{#``. Any other stands for itself.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any

from appliance.config.schema import vol

# Far above any script that people write.
MAX_TEXT = 64 * 1024

_MARK = re.compile(r"\{[{%#]")
_NEWLINE = re.compile(r"\r\n|\r|\n")


def template(value: object) -> str:
    """Validate a template: text or a list of lines, that parses."""
    lines: list[object] = value if isinstance(value, list) else [value]
    if not all(isinstance(line, str) for line in lines):
        raise vol.Invalid("expected text, or a list of lines")
    text = "\n".join(str(line) for line in lines)
    if len(text) > MAX_TEXT:
        raise vol.Invalid("expected at most 64 KB of text")
    if _MARK.search(text):
        try:
            _sandbox().check(text)
        except ValueError as error:
            raise vol.Invalid(str(error)) from error
    return text


def render(text: str, variables: Mapping[str, Any]) -> str:
    """Return what the template makes of ``variables``; ValueError with its complaint."""
    if _MARK.search(text):
        made: str = _sandbox().render(text, variables, MAX_TEXT)
        return made
    if len(text) > MAX_TEXT:
        message = "the text is longer than 64 KB"
        raise ValueError(message)
    # The end of the last line is no part of it, as in Jinja.
    return _NEWLINE.sub("\n", text).removesuffix("\n")


def _sandbox() -> Any:
    return importlib.import_module("appliance.sandbox")


def gcode_lines(text: str) -> tuple[str, ...]:
    """Return the commands of rendered G-code, without comments and empty lines."""
    lines = (line.split(";", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
