"""The names of entities in the language of the household."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

_FOLDER = Path(__file__).parent.parent / "translations"
LANGUAGES = ("en", "de")

Names = Mapping[str, str]


def load_names(language: str) -> Names:
    """Read the names of a language; blocks on the disk."""
    names: dict[str, str] = orjson.loads((_FOLDER / f"{language}.json").read_bytes())
    return names
