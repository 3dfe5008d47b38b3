"""``/api/gantry/archive``: many files and folders as one download.

What is wanted is posted, for it may be long; what is downloaded has an address of its own, so
that a browser saves it as it saves everything, with its own progress and on its own disk.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import Any

from appliance import web
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES, FileInfo
from appliance.domain.permissions import Permission, permission
from appliance.errors import FileMissing, InvalidRequest
from appliance.records import dataclass
from appliance.zip_stream import Entry, send

_PATH = "/api/gantry/archive"
_MOST_PATHS = 5000
_KEPT = 16  # wishes
_KEPT_S = 600.0
_NAME = "files.zip"
_BODY = {
    "type": "object",
    "required": ["paths"],
    "properties": {
        "paths": {"type": "array", "items": {"type": "string"}, "maxItems": _MOST_PATHS}
    },
}


@dataclass(frozen=True, slots=True)
class _Wish:
    until: float  # of the clock
    name: str
    entries: tuple[Entry, ...]


class ArchiveApi:
    """The routes."""

    def __init__(self, files: Files, clock: Callable[[], float] = time.monotonic) -> None:
        self._files = files
        self._clock = clock
        self._wishes: dict[str, _Wish] = {}  # by the last part of the address

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        needed = permission(Permission.FILES_DOWNLOAD)
        yield web.Route(
            "POST",
            _PATH,
            self.wish,
            needed,
            web.Family.GANTRY,
            exchange=web.Exchange(body=_BODY),
        )
        yield web.Route(
            "GET",
            f"{_PATH}/{{id}}",
            self.download,
            needed,
            web.Family.GANTRY,
            exchange=web.Exchange(media_type="application/zip"),
        )

    async def wish(self, request: web.Request) -> web.StreamResponse:
        """Say which files and folders are wanted; return where they are, as one archive."""
        paths = _paths(await web.json_body(request))
        entries = await self._entries(paths)
        if not entries:
            raise FileMissing("there are no files in it")
        now = self._clock()
        self._wishes = {key: each for key, each in self._wishes.items() if each.until > now}
        while len(self._wishes) >= _KEPT:
            del self._wishes[next(iter(self._wishes))]
        key = secrets.token_urlsafe(16)
        name = f"{Path(paths[0]).name}.zip" if len(paths) == 1 else _NAME
        self._wishes[key] = _Wish(now + _KEPT_S, name, entries)
        return web.json_response(
            {
                "url": f"{_PATH.lstrip('/')}/{key}",
                "files": len(entries),
                "bytes": sum(entry.size for entry in entries),
            }
        )

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Return an archive that was wished for within the last ten minutes."""
        wish = self._wishes.get(request.match_info["id"])
        if wish is None or wish.until <= self._clock():
            raise FileMissing("there is no such archive any more")
        return await send(request, wish.entries, wish.name)

    async def _entries(self, paths: Sequence[str]) -> tuple[Entry, ...]:
        """Return all files that are meant, by the names that they get in the archive."""
        found: dict[str, Entry] = {}
        seen: set[str] = set()
        for path in paths:
            above, files = await self._meant(path)
            for file in files:
                if file.path in seen:
                    continue
                seen.add(file.path)
                name = file.path[len(above) :].lstrip("/")
                name = _free(name if name not in found else file.path, found)
                where = await self._files.download(GCODES, file.path)
                found[name] = Entry(name, where, file.size)
        return tuple(found.values())

    async def _meant(self, path: str) -> tuple[str, Sequence[FileInfo]]:
        """Return the folder that the path is in, and the files that it means."""
        try:
            file = await self._files.info(GCODES, path)
        except FileMissing:
            folder = await self._files.folder_info(GCODES, path)
            files = (await self._files.tree(GCODES, folder.path)).files
            return folder.path.rpartition("/")[0], files
        return file.folder, [file]


def _free(name: str, taken: Container[str]) -> str:
    while name in taken:
        name = f"_{name}"
    return name


def _paths(body: dict[str, Any]) -> list[str]:
    paths = body.get("paths")
    if not isinstance(paths, list) or not all(isinstance(each, str) for each in paths):
        raise InvalidRequest("'paths' lists files and folders")
    if not 0 < len(paths) <= _MOST_PATHS:
        message = f"'paths' lists up to {_MOST_PATHS} files and folders"
        raise InvalidRequest(message)
    return paths
