"""The folder of the releases. Only the standard library: the launcher depends on it.

Every change is a rename, so that a power cut leaves the state before or after it. Whatever
is found damaged counts as not there.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Raised when an older Gantry could not use what a newer one has written; a release that is
# left because it is not well then needs the data of before, too. Read from the files of
# other releases as well.
DATA_FORMAT = 1

RECORD = "release.json"
STATE = "state.json"
CURRENT, PREVIOUS = "current", "previous"
VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,63}")
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A release that has to show that it is well."""

    version: str
    back_to: str | None  # None: the factory release
    attempts: int = 0  # how often it was started
    failed_before: tuple[str, ...] = ()  # components that had failed in the one before
    backup: str | None = None  # of the data of the one before


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last update ended."""

    result: str
    version: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class State:
    """What is kept about releases beside the links."""

    highest: str | None = None  # the highest version that was ever well
    trial: Trial | None = None
    outcome: Outcome | None = None
    restore: str | None = None  # the backup that the next start restores


class Slots:
    """The releases below one folder, and the factory release elsewhere."""

    def __init__(self, root: Path, factory: Path) -> None:
        self.root = root
        self.factory = factory

    # -- what is there

    def installed(self) -> list[str]:
        """Return the versions that could be started."""
        try:
            names = sorted(path.name for path in self.root.iterdir())
        except OSError:
            return []
        return [name for name in names if VERSION.fullmatch(name) and self.is_whole(name)]

    def is_whole(self, version: str) -> bool:
        """Return whether that release is complete, for this Python, and no link."""
        folder = self.root / version
        if not VERSION.fullmatch(version) or folder.is_symlink():
            return False
        record = read_json(folder / RECORD)
        return record.get("version") == version and is_runnable(folder)

    def version_at(self, link: str) -> str | None:
        """Return the version that a link names, if it can be started."""
        try:
            version = str((self.root / link).readlink())
        except OSError:
            return None
        return version if self.is_whole(version) else None

    @property
    def factory_version(self) -> str | None:
        """Return the version in the read-only root."""
        return _said_in(self.factory, "__init__.py", r'^__version__ = "([^"]+)"')

    def data_format_of(self, version: str | None) -> int:
        """Return which data a release can read."""
        said = _said_in(self.folder_of(version), "releases/slots.py", r"^DATA_FORMAT = (\d+)")
        return 1 if said is None else int(said)

    def folder_of(self, version: str | None) -> Path:
        """Return the folder of a release; None is the factory release."""
        return self.factory if version is None else self.root / version

    # -- state

    def state(self) -> State:
        """Return what is kept; damaged is as good as nothing."""
        data = read_json(self.root / STATE)
        try:
            trial, outcome = data.get("trial"), data.get("outcome")
            return State(
                data.get("highest"),
                None
                if trial is None
                else Trial(
                    str(trial["version"]),
                    trial["back_to"],
                    int(trial["attempts"]),
                    tuple(trial["failed_before"]),
                    trial.get("backup"),
                ),
                None if outcome is None else Outcome(**outcome),
                data.get("restore"),
            )
        except (KeyError, TypeError, ValueError):
            return State()

    def save(self, state: State) -> None:
        """Keep it, durably."""
        write_durably(self.root / STATE, json.dumps(asdict(state)).encode())

    def note(self, result: str, version: str, reason: str = "") -> Outcome:
        """Make an outcome of this moment."""
        return Outcome(result, version, reason, time.time())

    # -- changes

    def point(self, link: str, version: str | None) -> None:
        """Let a link name a release, or nothing (the factory release)."""
        waiting = self.root / f".{link}.new"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(waiting)  # noqa: PTH108 - by the names that tests break
        if version is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.root / link)  # noqa: PTH108
        else:
            os.symlink(version, waiting)  # noqa: PTH211
            os.replace(waiting, self.root / link)  # noqa: PTH105
        sync_folder(self.root)

    def remove(self, version: str) -> None:
        """Delete a release; its record first, so that half of one is none."""
        folder = self.root / version
        with contextlib.suppress(FileNotFoundError):
            os.unlink(folder / RECORD)  # noqa: PTH108
        shutil.rmtree(folder, ignore_errors=True)


def _said_in(folder: Path, module: str, pattern: str) -> str | None:
    """Return what a module of a release says, without running it."""
    package = folder / "lib" / f"python{PYTHON}" / "site-packages" / "appliance"
    try:
        match = re.search(pattern, (package / module).read_text(), re.MULTILINE)
    except OSError:
        return None
    return None if match is None else match[1]


def is_runnable(folder: Path) -> bool:
    """Return whether a release has what is needed to start it, for this Python."""
    package = folder / "lib" / f"python{PYTHON}" / "site-packages" / "appliance"
    try:
        main = (package / "__main__.py").stat().st_size
    except OSError:
        return False
    return main > 0 and os.access(folder / "bin" / "python", os.X_OK)


def read_json(path: Path) -> dict[str, Any]:
    """Read an object; anything else is an empty one."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that its contents are the old or the new ones."""
    waiting = path.with_name(f".{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(waiting, flags, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(waiting, path)  # noqa: PTH105
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
