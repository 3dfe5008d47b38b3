"""Secrets among the values of a change go to secrets.yaml; ``!secret`` stands instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from appliance.config.emit import Secret
from appliance.config.nodes import Mapping as MappingNode
from appliance.config.nodes import Scalar, UnreadableYaml, compose, decode
from appliance.config.report import SECRET_KEY, SECRETS_FILE, Path_
from appliance.config.yaml import Document, Source


def set_apart(
    document: Document, changes: Mapping[Path_, Any], stored: Mapping[str, str]
) -> tuple[dict[Path_, Any], dict[str, str]]:
    """Return the changes with a `Secret` for each, and what secrets.yaml needs for them.

    ``stored`` is what secrets.yaml holds now; none of it is changed. A value that comes from
    there already is left to the writer, which changes it there.
    """
    needed: dict[str, str] = {}

    def apart(path: Path_, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: apart((*path, key), inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [apart((*path, index), inner) for index, inner in enumerate(value)]
        if not _is_secret(path, value) or _is_apart(document, path):
            return value
        name = _free(_name(document.data, path), value, {**stored, **needed})
        if name not in stored:
            needed[name] = value
        return Secret(name, value)

    return {path: apart(path, value) for path, value in changes.items()}, needed


def new_secrets(document: Document, before: Document) -> dict[Path_, str]:
    """Return the secrets that stand in the files themselves, and stood nowhere ``before``."""
    known = {value for _, value in _texts(before.data, ())}
    return {
        path: value
        for path, value in _texts(document.data, ())
        if value not in known and _is_secret(path, value) and _stands_there(document, path)
    }


def known_secrets(folder: Path) -> dict[str, str]:
    """Return what stands in secrets.yaml of a configuration folder; blocks on the disk."""
    try:
        root = compose(decode((folder / SECRETS_FILE).read_bytes()))
    except (OSError, UnreadableYaml):
        return {}
    return {
        key.value: value.value
        for key, value in (root.items if isinstance(root, MappingNode) else ())
        if isinstance(key, Scalar) and isinstance(value, Scalar)
    }


def _texts(data: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Yield every text below a place, with its path."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, inner in data.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(data, list):
        for index, inner in enumerate(data):
            yield from _texts(inner, (*path, index))


def _stands_there(document: Document, path: Path_) -> bool:
    """Say whether the value stands at its place, not in secrets.yaml or another variable."""
    origins = (document.origins.get(path[:length]) for length in range(1, len(path) + 1))
    return all(origin is None or origin.source is Source.INCLUDE for origin in origins)


def _is_secret(path: Path_, value: Any) -> bool:
    """Say whether that value is one: by its key, or as an address with a password in it."""
    if not isinstance(value, str) or not value:
        return False
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    return bool(SECRET_KEY.search(key)) or _has_password(value)


def _has_password(text: str) -> bool:
    if "://" not in text or "@" not in text:
        return False
    try:
        return urlsplit(text).password is not None
    except ValueError:
        return False


def _is_apart(document: Document, path: Path_) -> bool:
    origin = document.origins.get(path)
    return origin is not None and origin.source is Source.SECRET


def _name(data: Any, path: Path_) -> str:
    """Return a name by the place: mqtt_password, printer_ender3_api_key."""
    words = "_".join(_words(data, path))
    return re.sub("[^a-z0-9]+", "_", words.lower()).strip("_") or "secret"


def _words(data: Any, path: Path_) -> Iterator[str]:
    """Yield the steps, an entry of a list by its id or name; one alone needs no word."""
    for step in path:
        data = _inside(data, step)
        if isinstance(step, str):
            yield step
        elif isinstance(data, dict):
            yield str(data.get("id") or data.get("name") or (step + 1 if step else ""))
        elif step:
            yield str(step + 1)


def _inside(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _free(wanted: str, value: str, taken: Mapping[str, str]) -> str:
    """Return that name, or the first with a number, that has the value or none."""
    name, number = wanted, 2
    while taken.get(name, value) != value:
        name, number = f"{wanted}_{number}", number + 1
    return name
