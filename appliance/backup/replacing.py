"""The old files out, the new ones in: by renames only, and every step can be the last one.

It is done before anything else at a start, with nobody else there. Killed anywhere, the next
start goes on: what is no longer staged is in its place already, and what is to go was moved
to ``old`` or is still there. ``old`` is removed when everything is in its place.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from appliance.backup import contents
from appliance.backup.format import CONFIG, FILES
from appliance.backup.naming import NAME
from appliance.backup.ready import NEW, Ready, discard, load_ready, staging_folder
from appliance.lock import core_lock
from appliance.storage import sync_directory

_OLD = "old"
_BESIDE_DATABASE = ("-wal", "-shm", "-journal")


def finish_restore(config: Path) -> None:
    """Put a restored backup in its place, if one waits for that; nobody may be there."""
    if staging_folder(config).exists():
        with core_lock(config.absolute()):
            replace(config.absolute())


def replace(config: Path) -> bool:
    """Put what is ready in its place; return whether there was anything. Blocks."""
    folder = staging_folder(config)
    ready = load_ready(folder)
    if ready is None:
        discard(folder)
        return False
    places = _Places(config, folder)
    _take_away(places, ready)
    for name in ready.config:
        if (staged := folder / NEW / CONFIG / name).exists():
            places.take_away(name)
            places.put(staged, config / name)
    for name in ready.files:
        if (staged := folder / NEW / FILES / name).exists():
            places.put(staged, ready.files_folder / name)
    places.sync()
    discard(folder)
    sync_directory(folder.parent)
    return True


def _take_away(places: _Places, ready: Ready) -> None:
    """Move away what the machine knows and the backup does not: a user made since, say.

    Whatever else people have put into their folder stays.
    """
    stays = set(ready.config)
    for source in list(contents.of_storage(places.config)):
        if source.name not in stays and not NAME.fullmatch(source.path.name):
            places.take_away(source.name)


class _Places:
    """Moves files, and remembers which folders have changed."""

    def __init__(self, config: Path, folder: Path) -> None:
        self.config = config
        self._old = folder / _OLD
        self._changed: set[Path] = set()

    def take_away(self, name: str) -> None:
        """Move a file to ``old``; with a database goes its log, which is nobody else's."""
        names = [name]
        if name.endswith(contents.DATABASE):
            names = [*(name + ending for ending in _BESIDE_DATABASE), name]
        for each in names:
            live, old = self.config / each, self._old / each
            if os.path.lexists(live) and not old.exists():
                self._move(live, old)

    def put(self, staged: Path, live: Path) -> None:
        """Move a file to where it is used."""
        self._make_way(live)
        self._move(staged, live)

    def sync(self) -> None:
        """Flush the folders to the disk."""
        for folder in self._changed:
            if folder.is_dir():
                sync_directory(folder)

    def _make_way(self, live: Path) -> None:
        """Move a folder away that stands where a file is to be."""
        if live.is_dir() and not live.is_symlink():
            self._move(live, self._old / "folders" / live.name)

    def _move(self, source: Path, target: Path) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.replace(source, target)  # noqa: PTH105 - by the name that tests break
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(source, target)
        self._changed |= {source.parent, target.parent}


def _copy(source: Path, target: Path) -> None:
    """Move a file to another disk, so that it is whole there or not at all."""
    waiting = target.with_name(f".{target.name}.restored.tmp")
    shutil.copy2(source, waiting)
    with waiting.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(waiting, target)  # noqa: PTH105
    source.unlink()
