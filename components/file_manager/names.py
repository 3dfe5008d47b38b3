"""Names and paths of files: what can be kept of a name, and what a path may be.

Pure functions. `sanitise` makes a good path of whatever a client calls a file; `normalise`
takes the path of something that exists and refuses what cannot be one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from appliance.errors import InvalidName

# A name leaves room for what is derived from it, such as "-1024x1024.png" for a thumbnail.
MAX_NAME_BYTES = 240
MAX_PATH_BYTES = 1000
MAX_DEPTH = 32

# They mean something to shells, pages and Windows shares, and help nobody in a name.
_DROPPED = frozenset(';|&?$*<>"`')
# Letters, marks, numbers, punctuation, symbols and plain spaces can be seen; the rest
# (control, bidirectional overrides, surrogates, separators) only deceives.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def split(path: str) -> list[str]:
    """Return the parts of ``path``; slashes at the ends and doubled ones do not matter."""
    return [part for part in path.split("/") if part]


def normalise(path: str) -> str:
    """Return the path of something that may exist, in its one spelling."""
    parts = split(path)
    for part in parts:
        if part in {".", ".."}:
            message = "a path must not contain '.' or '..'"
            raise InvalidName(message)
        if any(unicodedata.category(char) in {"Cc", "Cs"} for char in part):
            message = "a path must not contain control characters"
            raise InvalidName(message)
    result = "/".join(parts)
    if len(parts) > MAX_DEPTH or len(result.encode()) > 4 * MAX_PATH_BYTES:
        message = "the path is too long"
        raise InvalidName(message)
    return result


def sanitise(path: str) -> str:
    """Return ``path`` with what cannot be kept dropped: it stays below its root.

    A backslash counts as a slash, since some slicers send Windows paths.
    """
    parts = [clean for part in split(path.replace("\\", "/")) if (clean := clean_name(part))]
    result = "/".join(parts)
    if not parts:
        message = "nothing of that name can be kept"
        raise InvalidName(message)
    if len(parts) > MAX_DEPTH or len(result.encode()) > MAX_PATH_BYTES:
        message = "the path is too long"
        raise InvalidName(message)
    return result


def clean_name(name: str) -> str:
    """Return what can be kept of one name; empty if that is nothing."""
    kept = "".join(
        char
        for char in unicodedata.normalize("NFC", name)
        if char not in _DROPPED and unicodedata.category(char) not in _INVISIBLE
    )
    # A leading dot hides a file, a leading dash makes it an option of a command, and a
    # trailing dot or space cannot be on a Windows share.
    kept = kept.strip().lstrip(".-~ ").rstrip(". ")
    return shorten(kept, MAX_NAME_BYTES)


def display_name(path: str) -> str:
    """Return the name that a person gave: the last part, cleaned of what cannot be seen."""
    parts = split(path.replace("\\", "/"))
    name = "".join(
        char
        for char in (parts[-1] if parts else "")
        if unicodedata.category(char) not in _INVISIBLE
    )
    return shorten(name, MAX_NAME_BYTES)


def shorten(name: str, most: int) -> str:
    """Cut the middle out of a name of more than ``most`` bytes; its ending stays."""
    if len(name.encode()) <= most:
        return name
    stem, ending = stem_and_ending(name)
    kept = stem.encode()[: max(most - len(ending.encode()), 1)].decode(errors="ignore")
    return kept.rstrip(". ") + ending


def stem_and_ending(name: str) -> tuple[str, str]:
    """Split a name before its ending; ``.gcode.gz`` is one ending."""
    for ending in (".gcode.gz",):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)], name[-len(ending) :]
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 16:
        return name, ""
    return stem, dot + ending


def is_hidden(path: str) -> bool:
    """Return whether the name or a folder above it begins with a dot."""
    return any(part.startswith(".") for part in split(path))


def inside(path: str, folder: str) -> bool:
    """Return whether ``path`` is ``folder`` or lies below it."""
    return not folder or path == folder or path.startswith(folder + "/")


def parent(path: str) -> str:
    """Return the folder of ``path``; empty for the root."""
    return path.rpartition("/")[0]


def join(*parts: str) -> str:
    """Join path parts, empty ones left out."""
    return "/".join(part for part in parts if part)


def with_parents(path: str) -> Iterator[str]:
    """Yield ``path`` and every folder above it, the root last."""
    while path:
        yield path
        path = parent(path)
    yield ""
