"""A backup that is unpacked and checked, and waits for the moment when nobody is there."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path

import orjson

from appliance.records import dataclass
from appliance.storage import write_atomic

NEW = "new"
_RESTORE = "restore"  # in .storage
_READY = "ready.json"


@dataclass(frozen=True, slots=True)
class Ready:
    """What was staged, and where it belongs."""

    config: tuple[str, ...]  # files below the configuration folder
    files: tuple[str, ...]  # below that of the G-code
    files_folder: Path


def staging_folder(config: Path) -> Path:
    """Return where a backup for that configuration folder is unpacked."""
    return config / ".storage" / _RESTORE


def declare_ready(folder: Path, ready: Ready) -> None:
    """Say, durably, that everything is there: from now on the restore is carried out."""
    write_atomic(folder / _READY, orjson.dumps(asdict(ready), default=str))


def load_ready(folder: Path) -> Ready | None:
    """Return what is ready to take its place, if anything is."""
    try:
        content = orjson.loads((folder / _READY).read_bytes())
    except FileNotFoundError:
        return None
    return Ready(
        tuple(content["config"]), tuple(content["files"]), Path(content["files_folder"])
    )


def discard(folder: Path) -> None:
    """Remove what was staged; it is not used any more from the first step on."""
    (folder / _READY).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
