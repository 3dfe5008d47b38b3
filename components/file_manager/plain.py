"""Plain copies of packed G-code: what the print engine opens for a .bgcode or .gcode.gz."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from appliance.components.file_manager.disk import Disk
from appliance.storage import make_private_directory

# They can be made again; the last few are kept for the next print of the same file.
KEPT = 4


class PlainCopies:
    """The folder of the copies, each named by the digest of the packed file."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk

    def path(self, digest: str) -> Path:
        """Return where the copy is, or would be."""
        return self._folder / f"{digest}.gcode"

    async def prepare(self) -> None:
        """Make the folder; remove what a former life left half done."""
        await self._disk.run(self._prepare)

    async def has(self, digest: str) -> bool:
        """Return whether the copy is there, and count it as used now."""
        return await self._disk.run(self._touch, self.path(digest))

    async def trim(self) -> None:
        """Remove all copies but the ones that were used last."""
        await self._disk.run(self._trim)

    def _prepare(self) -> None:
        make_private_directory(self._folder)
        for part in self._folder.glob("*.part"):
            part.unlink(missing_ok=True)

    def _touch(self, path: Path) -> bool:
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True

    def _trim(self) -> None:
        copies = sorted(self._folder.glob("*.gcode"), key=_used)
        for path in copies[:-KEPT]:
            path.unlink(missing_ok=True)


def _used(path: Path) -> float:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0
