"""Values within values: reading, putting and taking by steps of names."""

from __future__ import annotations

from typing import Any

from appliance.errors import FileMissing

Steps = tuple[str, ...]


def value_at(value: Any, steps: Steps) -> Any:
    """Return what is at the end of the steps; `FileMissing` if they lead nowhere."""
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            message = f"Key '{step}' not found"
            raise FileMissing(message)
        value = value[step]
    return value


def put(value: Any, steps: Steps, content: Any) -> Any:
    """Return ``value`` with ``content`` at the end of the steps."""
    if not steps:
        return content
    known = value if isinstance(value, dict) else {}
    return {**known, steps[0]: put(known.get(steps[0]), steps[1:], content)}


def take(value: Any, steps: Steps) -> tuple[Any, Any]:
    """Return ``value`` without what is at the end of the steps, and that."""
    if not isinstance(value, dict) or steps[0] not in value:
        message = f"Key '{steps[0]}' not found"
        raise FileMissing(message)
    rest = dict(value)
    if len(steps) == 1:
        removed = rest.pop(steps[0])
        return rest, removed
    rest[steps[0]], removed = take(value[steps[0]], steps[1:])
    return rest, removed
