"""Domain dataclasses to plain JSON data and back, for the engine's socket and storage.

Only what the domain uses: frozen dataclasses, StrEnums, tuples, string-keyed mappings,
optionals and plain values. Unknown keys are ignored and missing ones take their default,
so that the core can speak with an engine of the previous version.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return ``value`` as dicts, lists and plain values."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], data: Any) -> T:
    """Build a ``kind`` from what `to_plain` made; raise ValueError if it does not fit."""
    try:
        return cast("T", _build(kind, data))
    except (TypeError, KeyError, AttributeError) as error:
        message = f"this does not describe a {getattr(kind, '__name__', kind)}: {error}"
        raise ValueError(message) from error


def field_from_plain(kind: type, name: str, data: Any) -> Any:
    """Build the value of one field of the dataclass ``kind``."""
    try:
        return _build(_hints(kind)[name], data)
    except (TypeError, KeyError, AttributeError) as error:
        message = f"this does not describe {kind.__name__}.{name}: {error}"
        raise ValueError(message) from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(kind), data)
    if origin is tuple:
        return _build_tuple(get_args(kind), data)
    if origin is not None:  # a mapping
        return {key: _build(get_args(kind)[1], item) for key, item in data.items()}
    if is_dataclass(kind):
        hints = _hints(cast("type", kind))
        return cast("type", kind)(
            **{name: _build(hints[name], item) for name, item in data.items() if name in hints}
        )
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return float(data) if kind is float else data


def _build_union(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    return _build(next(kind for kind in kinds if kind is not type(None)), data)


def _build_tuple(kinds: tuple[Any, ...], data: Any) -> Any:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_build(kinds[0], item) for item in data)
    return tuple(_build(kind, item) for kind, item in zip(kinds, data, strict=True))
