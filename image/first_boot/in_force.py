"""The configuration in force, on the card for people to see; without its secrets.

What was changed on the page is there, so that nobody edits gantry.yaml against it blindly.
"""

from __future__ import annotations

from pathlib import Path

from appliance.config import CONFIGURATION_FILE
from appliance.config.edit import EditError, set_value
from appliance.config.nodes import UnreadableYaml
from appliance.config.report import SECRET_KEY, Path_
from appliance.config.yaml import read_document

from . import disk
from .settings import STORED

FILE = "gantry-in-force.yaml"
_HEADER = (
    "# What is in force, written by Gantry for you to look at: changes here have no effect.\n"
    "# Put into gantry.yaml what you want to be different.\n\n"
)


def write_in_force(boot: Path, config: Path) -> bool:
    """Write it if it has changed; return whether it has."""
    document = read_document(config, CONFIGURATION_FILE)
    text = document.texts.get(document.file)
    if text is None or document.problems:
        return False
    try:
        for path in _secrets(document.data, ()):
            if path not in document.origins:
                text = set_value(text, path, STORED)
    except (EditError, UnreadableYaml):
        return False  # a secret that cannot be taken out stays where it is
    content = (_HEADER + text).replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig")
    file = boot / FILE
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    return disk.write(file, content, mode)


def _secrets(data: object, path: Path_) -> list[Path_]:
    if isinstance(data, list):
        return [found for i, each in enumerate(data) for found in _secrets(each, (*path, i))]
    if not isinstance(data, dict):
        return []
    return [
        found
        for key, value in data.items()
        for found in (
            [(*path, key)]
            if SECRET_KEY.search(key) and isinstance(value, str | int | float)
            else _secrets(value, (*path, key))
        )
    ]
