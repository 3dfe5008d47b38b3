"""The pictures of a file, beside it in ``.thumbs``, where every client looks for them.

In the index a picture is named from the folder of its file, so that a folder that moves
takes them with it. All of it blocks: use a thread.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from appliance.components.file_manager import beneath, names
from appliance.components.file_manager.metadata.knowledge import Picture
from appliance.components.file_manager.roots import THUMBS
from appliance.domain.metadata import Thumbnail
from appliance.errors import FileMissing


def put(root: Path, path: str, pictures: Sequence[Picture]) -> tuple[Thumbnail, ...]:
    """Write the pictures of the file at ``path``; return them with paths from its folder."""
    if not pictures:
        return ()
    thumbnails = []
    with beneath.folder_at(root, names.join(names.parent(path), THUMBS), make=True) as folder:
        for picture in pictures:
            name = f"{_stem(path)}-{picture.width}x{picture.height}{picture.ending}"
            _write(folder, name, picture.data)
            thumbnails.append(
                Thumbnail(picture.width, picture.height, len(picture.data), f"{THUMBS}/{name}")
            )
        os.fsync(folder)
    return tuple(sorted(thumbnails, key=lambda thumbnail: thumbnail.width))


def move(
    root: Path, source: str, target: str, thumbnails: Sequence[Thumbnail]
) -> tuple[Thumbnail, ...]:
    """Rename the pictures of a file that was moved; one that is gone is left out."""
    moved = []
    for thumbnail in thumbnails:
        name = thumbnail.path.rpartition("/")[2].removeprefix(_stem(source))
        path = f"{THUMBS}/{_stem(target)}{name}"
        with contextlib.suppress(FileMissing):
            beneath.rename(
                (root, names.join(names.parent(source), thumbnail.path)),
                (root, names.join(names.parent(target), path)),
            )
            moved.append(replace(thumbnail, path=path))
    return tuple(moved)


def load(root: Path, path: str, thumbnails: Sequence[Thumbnail]) -> tuple[Picture, ...]:
    """Read the pictures of the file at ``path`` again."""
    pictures = []
    for thumbnail in thumbnails:
        with contextlib.suppress(FileMissing):
            descriptor = beneath.open_file(
                root, names.join(names.parent(path), thumbnail.path)
            )
            with os.fdopen(descriptor, "rb") as file:
                data = file.read()
            ending = "." + thumbnail.path.rpartition(".")[2]
            pictures.append(Picture(thumbnail.width, thumbnail.height, data, ending))
    return tuple(pictures)


def remove(root: Path, path: str, thumbnails: Sequence[Thumbnail]) -> None:
    """Remove the pictures of the file at ``path``."""
    for thumbnail in thumbnails:
        beneath.remove_file(root, names.join(names.parent(path), thumbnail.path))
    if thumbnails:
        beneath.remove_empty_folder(root, names.join(names.parent(path), THUMBS))


def _stem(path: str) -> str:
    """Return what the names of a file's pictures begin with."""
    name = path.rpartition("/")[2]
    return name[: -len(".gcode")] if name.lower().endswith(".gcode") else name


def _write(folder: int, name: str, data: bytes) -> None:
    """Write a picture whole; it can be made again, so it is not flushed by itself."""
    temporary = f".{secrets.token_hex(6)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o644, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise
