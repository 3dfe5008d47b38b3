"""What a change of the configuration would do, before it is done."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from appliance.catalogue import Catalogue
from appliance.config import Configuration
from appliance.config.report import HIDDEN, SECRETS_FILE, hide_line, redact
from appliance.config.write import PlannedChange

# What a printer that is driven takes at its start only, whatever its platform.
_FROM_THE_START = ("platform", "name", "http_port")
# The effect of a change that changes nothing, or is not possible.
NOTHING: dict[str, Any] = {"sections": [], "restarts": [], "restart": False}


def diff(before: str, after: str) -> list[str]:
    """Return the lines that differ, in the manner of ``diff -u``, without its head."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def shown(planned: PlannedChange, secrets: frozenset[str]) -> list[dict[str, Any]]:
    """Return each file of a plan with the lines that differ, without secrets."""
    secrets |= planned.configuration.secrets
    files = []
    for file, after in planned.after.items():
        lines = diff(planned.before[file], after)
        if file.name == SECRETS_FILE:
            names = [line.partition(":")[0] for line in lines if line[0] in "+-"]
            lines = [f"{name}: {HIDDEN}" for name in names]
        else:
            lines = [hide_line(file.name, redact(line, secrets)) for line in lines]
        files.append({"file": file.name, "diff": lines})
    return files


def effect(
    before: Configuration, after: Configuration, catalogue: Catalogue
) -> dict[str, Any]:
    """Return what is another one afterwards, and which of that waits for a restart."""
    sections = changed(before, after)
    restarts = [
        name
        for name, what in ((each["section"], each["change"]) for each in sections)
        if what != "changed" or not _follows(name, before, after, catalogue)
    ]
    return {"sections": sections, "restarts": restarts, "restart": bool(restarts)}


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


def _follows(
    section: str, before: Configuration, after: Configuration, catalogue: Catalogue
) -> bool:
    """Return whether a changed section is taken up at once."""
    kind, _, printer_id = section.partition(" ")
    if not printer_id:
        return kind in catalogue and catalogue.manifests[kind].follows
    old, new = _by_id(before)[printer_id], _by_id(after)[printer_id]
    domain = catalogue.platform_component(new["platform"])
    same = all(old.get(key) == new.get(key) for key in _FROM_THE_START)
    return same and domain in catalogue and catalogue.manifests[domain].follows


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
