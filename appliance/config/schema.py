"""The one place that imports voluptuous, and what we need to know about its schemas.

Everybody else writes ``from appliance.config.schema import vol``: a change of the library
is a change of this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import voluptuous as vol

__all__ = ["closest", "flatten", "known_options", "vol"]


def known_options(schema: object, path: tuple[object, ...] = ()) -> frozenset[str]:
    """Return the names of the options that ``schema`` knows at ``path``."""
    nodes = list(_mappings_and_lists(schema))
    for step in path:
        nodes = [
            inner
            for node in nodes
            for child in _children(node, step)
            for inner in _mappings_and_lists(child)
        ]
    return frozenset(
        name
        for node in nodes
        if isinstance(node, dict)
        for key in node
        if (name := _name(key)) is not None
    )


def closest(word: object, words: Iterable[str]) -> str | None:
    """Return the word that was probably meant, or None; capitals, - and _ count alike."""
    known = {_plain(each): each for each in words}
    found = get_close_matches(_plain(str(word)), list(known), n=1, cutoff=0.6)
    return known[found[0]] if found else None


def _plain(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def flatten(error: vol.Invalid) -> Iterator[vol.Invalid]:
    """Yield every single error in a tree of them."""
    if isinstance(error, vol.MultipleInvalid):
        for inner in error.errors:
            yield from flatten(inner)
    else:
        yield error


def _mappings_and_lists(schema: object) -> Iterator[dict[Any, Any] | list[Any]]:
    """Look through wrappers (All, Any, Maybe, Schema) to the plain parts of a schema."""
    if isinstance(schema, dict | list):
        yield schema
    elif isinstance(schema, vol.Schema):
        yield from _mappings_and_lists(schema.schema)
    else:
        for inner in getattr(schema, "validators", ()):
            yield from _mappings_and_lists(inner)


def _children(node: dict[Any, Any] | list[Any], step: object) -> Iterator[object]:
    if isinstance(node, list):
        yield from node
        return
    for key, value in node.items():
        name = _name(key)
        if name is None or name == step:
            yield value


def _name(key: object) -> str | None:
    """Return the option that a key of a schema names; None if it stands for any name."""
    if isinstance(key, vol.Marker):
        key = key.schema
    return key if isinstance(key, str) else None
