"""What changed between two dataclasses of one kind, as plain data, and back.

Nested dataclasses are compared field by field, so that a job's progress travels without
its file's whole time curve. Used on the engine's socket a few times a second.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from appliance.domain.wire import field_from_plain, to_plain

T = TypeVar("T")
_NESTED = "~"  # marks a partial update of a nested dataclass


def difference(old: Any, new: Any) -> dict[str, Any]:
    """Return the fields of ``new`` that differ from ``old``, as plain data."""
    changed: dict[str, Any] = {}
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before is after or before == after:
            continue
        if is_dataclass(after) and type(before) is type(after):
            changed[field.name] = {_NESTED: difference(before, after)}
        else:
            changed[field.name] = to_plain(after)
    return changed


def apply(old: T, changed: dict[str, Any]) -> T:
    """Return ``old`` with the changes that `difference` found."""
    updates: dict[str, Any] = {}
    for name, value in changed.items():
        if not hasattr(old, name):
            continue  # told by a newer engine
        before: Any = getattr(old, name)
        # A mapping may have that key by chance; only a dataclass is updated in part.
        if isinstance(value, dict) and _NESTED in value and is_dataclass(before):
            updates[name] = apply(before, value[_NESTED])
        else:
            updates[name] = field_from_plain(type(old), name, value)
    return replace(old, **updates)  # type: ignore[type-var]
