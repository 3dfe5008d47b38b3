"""Passwords taken off the boot partition once they are safe on the data partition.

Anybody who finds the card can read a FAT partition. Comments, order and everything else of
the files stays; ``(stored)`` stands where a secret stood.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from appliance.config.edit import EditError, set_value
from appliance.config.nodes import UnreadableYaml
from appliance.config.report import SECRETS_FILE, Path_

from . import disk
from .inbox import GANTRY_YAML, Inbox
from .settings import STORED


def scrub(inbox: Inbox, applied: frozenset[str], names: Iterable[str]) -> list[str]:
    """Take the secrets of the applied sections and the named ones off; return what is left.

    A file that an editor has given another name goes by its proper one afterwards.
    """
    left: list[str] = []
    if inbox.file is not None:
        paths = [path for path in inbox.secret_paths() if path[0] in applied]
        own = [path for path in paths if _file_of(inbox, path) == inbox.document.file]
        left += [_place(inbox, path) for path in paths if path not in own]
        _rewrite(inbox, inbox.document.file, inbox.file, GANTRY_YAML, own, left)
    if inbox.secrets_file is not None:
        place = inbox.folder / SECRETS_FILE
        wanted: list[Path_] = [(name,) for name in names if inbox.secrets.get(name) != STORED]
        _rewrite(inbox, place, inbox.secrets_file, SECRETS_FILE, wanted, left)
    return left


def _rewrite(
    inbox: Inbox, place: Path, file: Path, name: str, paths: Iterable[Path_], left: list[str]
) -> None:
    salvaged = inbox.parts.get(place)
    if salvaged is None:
        return
    text = salvaged.text
    for path in paths:
        try:
            text = set_value(text, path, STORED)
        except (EditError, UnreadableYaml):
            left.append(f"{file.name}: {'->'.join(str(step) for step in path)}")
    proper = inbox.folder / name
    is_misnamed = file.name.lower() != name
    if text == salvaged.text and (not is_misnamed or salvaged.errors):
        return
    content = salvaged.whole(text).encode()
    if is_misnamed and not salvaged.errors:
        if proper.exists():
            disk.replace_secret(proper, content)
        else:
            disk.write(proper, content)
        disk.remove_secret(file)
    else:
        disk.replace_secret(file, content)


def _file_of(inbox: Inbox, path: Path_) -> Path | None:
    file, _ = inbox.document.nodes.get(path, (None, None))
    return file


def _place(inbox: Inbox, path: Path_) -> str:
    place = inbox.document.values.get(path)
    name = place.file.name if place is not None else inbox.document.file.name
    return f"{name}: {'->'.join(str(step) for step in path)}"
