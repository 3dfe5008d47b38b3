"""What a change of the configuration would do, before it is done."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from appliance.config import Configuration


def diff(before: str, after: str) -> list[str]:
    """Return the lines that differ, in the manner of ``diff -u``, without its head."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def changed(before: Configuration, after: Configuration) -> list[dict[str, Any]]:
    """Return each section that is another one afterwards: its name and what happened."""
    return [
        {"section": name, "change": what}
        for name, what in (
            *_of("appliance", before.appliance, after.appliance),
            *_keys("printer", _by_id(before), _by_id(after)),
            *_keys("", before.components, after.components),
        )
    ]


def _by_id(configuration: Configuration) -> dict[str, Any]:
    return {entry["id"]: entry for entry in configuration.printers}


def _of(name: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    if before != after:
        yield name, "changed"


def _keys(
    prefix: str, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    for key in {**before, **after}:
        name = f"{prefix} {key}".strip()
        if key not in after:
            yield name, "removed"
        elif key not in before:
            yield name, "added"
        else:
            yield from _of(name, before[key], after[key])
