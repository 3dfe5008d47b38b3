"""``server.files.*`` apart from what moves bytes: lists, folders, metadata, moves."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    delete,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.render import files as render
from appliance.domain.file_service import Files
from appliance.domain.files import (
    GCODES,
    FileInfo,
    FolderInfo,
    Item,
    Listing,
    Root,
    access_to_change,
    access_to_read,
)
from appliance.domain.history import History
from appliance.domain.permissions import Scope
from appliance.errors import FileExists, FileMissing, InvalidRequest

_DIRECTORY = "/server/files/directory"
_FILENAME = Argument("filename")
# Pictures that are small enough to travel inside of an answer, as in 2020.
_MOST_PICTURE_BYTES = 256 * 1024


class FileMethods:
    """The handlers."""

    def __init__(self, files: Files, history: History | None) -> None:
        self._files = files
        self._history = history

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get(
            "/server/files/list",
            access.READ,
            self.list_files,
            Argument("root", default=GCODES),
        )
        yield get("/server/files/roots", access.READ, self.roots)
        yield from self._directories()
        source, dest = Argument("source"), Argument("dest")
        yield post("/server/files/move", access.FILES_DELETE, self.move, source, dest)
        yield post("/server/files/copy", access.UPLOAD, self.copy, source, dest)
        yield Method(
            "server.files.delete_file",
            ("DELETE",),
            "/server/files/{root}/{path:.*}",
            access.FILES_DELETE,
            self.delete_file,
            (Argument("path"), Argument("root", default=None)),
        )
        yield get("/server/files/metadata", access.READ, self.metadata, _FILENAME)
        yield post("/server/files/metascan", access.UPLOAD, self.metascan, _FILENAME)
        yield get("/server/files/thumbnails", access.READ, self.thumbnails, _FILENAME)
        yield post(
            "/server/files/zip",
            access.UPLOAD,
            self.zip,
            Argument("items", Kind.ANY),
            Argument("dest", default=None),
            Argument("store_only", Kind.FLAG, default=False),
        )

    def _directories(self) -> Iterable[Method]:
        yield get(
            _DIRECTORY,
            access.READ,
            self.get_directory,
            Argument("path", default=GCODES),
            Argument("extended", Kind.FLAG, default=False),
            name="server.files.get_directory",
        )
        yield post(
            _DIRECTORY,
            access.UPLOAD,
            self.post_directory,
            Argument("path"),
            name="server.files.post_directory",
        )
        yield delete(
            _DIRECTORY,
            access.FILES_DELETE,
            self.delete_directory,
            Argument("path"),
            Argument("force", Kind.FLAG, default=False),
            name="server.files.delete_directory",
        )

    async def list_files(self, asked: Asked) -> list[dict[str, Any]]:
        """List every file of a root."""
        root = self._root(asked["root"])
        found = await self._files.tree(root.name)
        return [render.listed(info, root.permissions) for info in found.files]

    async def roots(self, _asked: Asked) -> list[dict[str, Any]]:
        """List the roots."""
        return [render.root(root) for root in self._files.roots]

    async def get_directory(self, asked: Asked) -> dict[str, Any]:
        """List what is right in a folder."""
        item = self._item(asked["path"])
        root, extended = self._root(item.root), asked["extended"]
        try:
            listing: Listing = await self._files.folder(item.root, item.path, details=extended)
        except FileMissing as error:
            raise InvalidRequest(str(error)) from error
        usage = await self._files.disk_usage(item.root)
        return render.directory(listing, root, usage, extended=extended)

    async def post_directory(self, asked: Asked) -> dict[str, Any]:
        """Make a folder."""
        item = self._item(asked["path"])
        asked.identity.check(access_to_change(item.root))
        made = await self._files.make_folder(item.root, item.path)
        return {"item": self._change(made), "action": "create_dir"}

    async def delete_directory(self, asked: Asked) -> dict[str, Any]:
        """Delete a folder; with ``force`` what is in it as well."""
        item = self._item(asked["path"])
        asked.identity.check(access_to_change(item.root))
        gone = await self._delete(item, force=asked["force"])
        return {"item": self._change(gone), "action": "delete_dir"}

    async def delete_file(self, asked: Asked) -> dict[str, Any]:
        """Delete a file."""
        item = self._item(asked["path"], asked["root"])
        asked.identity.check(access_to_change(item.root))
        gone = await self._delete(item, force=False)
        return {"item": self._change(gone), "action": "delete_file"}

    async def move(self, asked: Asked) -> dict[str, Any]:
        """Move or rename a file or folder."""
        source, target = self._pair(asked)
        there = await self._there(source)
        moved = await self._files.move(source, target)
        return {
            "item": self._change(await self._there(moved)),
            "source_item": render.place(source.root, source.path),
            "action": "move_dir" if isinstance(there, FolderInfo) else "move_file",
        }

    async def copy(self, asked: Asked) -> dict[str, Any]:
        """Copy a file or folder."""
        source, target = self._pair(asked)
        await self._there(source)
        copied = await self._there(await self._files.copy(source, target))
        action = "create_dir" if isinstance(copied, FolderInfo) else "create_file"
        return {"item": self._change(copied), "action": action}

    async def metadata(self, asked: Asked) -> dict[str, Any]:
        """Return what is known of a G-code file."""
        return await self._metadata(asked, asked["filename"])

    async def metascan(self, asked: Asked) -> dict[str, Any]:
        """Read what the slicer wrote again, and return it."""
        await self._files.rescan(_plain(asked["filename"]))
        return await self._metadata(asked, asked["filename"])

    async def thumbnails(self, asked: Asked) -> list[dict[str, Any]]:
        """List the pictures of a file; there are none where no file is."""
        try:
            info = await self._files.info(GCODES, _plain(asked["filename"]))
        except FileMissing:
            return []
        return render.pictures(info.metadata.thumbnails if info.metadata else ())

    async def zip(self, asked: Asked) -> dict[str, Any]:
        """Pack files and folders."""
        names = asked["items"]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InvalidRequest("'items' has to be a list of paths")
        items = [self._item(name) for name in names]
        for item in items:
            asked.identity.check(access_to_read(item.root))
        dest = asked["dest"] or f"{items[0].root if items else GCODES}/collection.zip"
        target = self._item(dest)
        asked.identity.check(access_to_change(target.root))
        may_replace = asked.identity.reaches(Scope.FILES_DELETE)
        try:
            made = await self._files.zip(
                items, target, compress=not asked["store_only"], overwrite=may_replace
            )
        except FileMissing as error:
            raise InvalidRequest(str(error)) from error
        except FileExists as error:
            raise access.no_replacing(error, may_replace=may_replace) from error
        return {"destination": self._change(made), "action": "zip_files"}

    async def _metadata(self, asked: Asked, filename: str) -> dict[str, Any]:
        info = await self._files.info(GCODES, _plain(filename))
        last = None
        if self._history is not None:
            last = await self._history.last(info.path, asked.printer.id)
        found = render.metadata(info, last)
        if info.metadata is not None and info.metadata.thumbnails:
            pictures = zip(found["thumbnails"], info.metadata.thumbnails, strict=True)
            for shown, picture in pictures:
                shown["data"] = await self._picture(info, picture.path, picture.size)
        return found

    async def _picture(self, info: FileInfo, path: str, size: int) -> str | None:
        """Return a picture as text, the way the document of 2020 has it."""
        if size > _MOST_PICTURE_BYTES:
            return None
        try:
            file = await self._files.download(info.root, path)
            content = await asyncio.to_thread(file.read_bytes)
        except (OSError, FileMissing):
            return None
        return base64.b64encode(content).decode()

    async def _delete(self, item: Item, *, force: bool) -> FileInfo | FolderInfo:
        try:
            return await self._files.delete(item.root, item.path, force=force)
        except FileMissing as error:
            raise InvalidRequest(str(error)) from error

    async def _there(self, item: Item) -> FileInfo | FolderInfo:
        try:
            return await self._files.info(item.root, item.path)
        except FileMissing:
            pass
        try:
            return await self._files.folder_info(item.root, item.path)
        except FileMissing as error:
            raise InvalidRequest(str(error)) from error

    def _pair(self, asked: Asked) -> tuple[Item, Item]:
        source, target = self._item(asked["source"]), self._item(asked["dest"])
        asked.identity.check(access_to_change(source.root))
        asked.identity.check(access_to_change(target.root))
        return source, target

    def _root(self, name: str) -> Root:
        for root in self._files.roots:
            if root.name == name:
                return root
        message = f"Invalid root path ({name})"
        raise InvalidRequest(message)

    def _item(self, path: str, root: str | None = None) -> Item:
        """Understand ``gcodes/folder/file``: the first part names the root."""
        name, _, rest = (path if root is None else f"{root}/{path}").strip("/").partition("/")
        return Item(self._root(name).name, rest)

    def _change(self, changed: FileInfo | FolderInfo) -> dict[str, Any]:
        return render.item(changed, self._root(changed.root).permissions)


def _plain(filename: str) -> str:
    """Return the path below gcodes; some clients name the root before it."""
    return filename.strip("/").removeprefix("gcodes/")
