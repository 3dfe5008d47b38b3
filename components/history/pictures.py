"""Copies of the pictures of printed files: the history keeps them when the file goes."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path

from appliance.domain.file_service import Files
from appliance.domain.files import FileInfo
from appliance.domain.metadata import Thumbnail
from appliance.errors import FileError, FileMissing
from appliance.storage import make_private_directory, write_atomic

# The largest ones are drawings for a page; more than that is not kept for every job.
KEPT = 2
MAX_BYTES = 300_000


class Pictures:
    """The folder of the copies, named by the digest of the file they came from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def copy(self, files: Files, file: FileInfo) -> tuple[Thumbnail, ...]:
        """Copy the pictures of a file; return them by their names here."""
        if file.metadata is None:
            return ()
        name = file.digest or file.uuid
        small = [each for each in file.metadata.thumbnails if each.size <= MAX_BYTES]
        copied = []
        for thumbnail in small[-KEPT:]:
            ending = Path(thumbnail.path).suffix
            target = f"{name}-{thumbnail.width}x{thumbnail.height}{ending}"
            with contextlib.suppress(FileError, OSError):
                source = await files.download(file.root, thumbnail.path)
                await asyncio.to_thread(self._copy, source, target)
                copied.append(replace(thumbnail, path=target))
        return tuple(copied)

    async def read(self, thumbnail: Thumbnail) -> bytes:
        """Return a picture."""
        if "/" in thumbnail.path or thumbnail.path.startswith("."):
            raise FileMissing("there is no such picture")
        try:
            return await asyncio.to_thread((self._folder / thumbnail.path).read_bytes)
        except OSError:
            raise FileMissing("the picture is gone") from None

    async def keep_only(self, names: set[str]) -> None:
        """Remove every picture but those."""
        await asyncio.to_thread(self._keep_only, names)

    def _copy(self, source: Path, target: str) -> None:
        make_private_directory(self._folder)
        path = self._folder / target
        if not path.exists():
            write_atomic(path, source.read_bytes())

    def _keep_only(self, names: set[str]) -> None:
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)
