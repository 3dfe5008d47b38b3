"""What the kernel reports about a folder and everything in it, by inotify.

A report is the path of something that is not as it was; what became of it is read from the
disk. So it does no harm that some are told twice, or late, and where some were lost the
folder itself is reported. Hidden folders are nobody's business but ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from inotify_simple import Event, INotify, flags

from appliance.components.file_manager import names

_LOGGER = logging.getLogger(__name__)

_CHANGES = (
    flags.CREATE
    | flags.MODIFY
    | flags.CLOSE_WRITE
    | flags.ATTRIB
    | flags.DELETE
    | flags.MOVED_FROM
    | flags.MOVED_TO
)
_WATCHED = _CHANGES | flags.ONLYDIR | flags.EXCL_UNLINK
_ARRIVED = flags.CREATE | flags.MOVED_TO


class FolderReports:
    """The reports about one folder, while it is entered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[int, str] = {}  # by the number of the watch, relative
        self._awake = asyncio.Event()
        self._is_ended = False

    async def __aenter__(self) -> Self:
        self._inotify = INotify(nonblocking=True)
        try:
            await asyncio.to_thread(self._open)
        except BaseException:  # also when nobody waits for the thread any more
            self._inotify.close()
            raise
        asyncio.get_running_loop().add_reader(self._inotify.fileno(), self._awake.set)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._inotify.fileno())
        self._inotify.close()

    def end(self) -> None:
        """Let `together` return."""
        self._is_ended = True
        self._awake.set()

    async def together(
        self, patience_s: float | None, step_s: float, longest_s: float
    ) -> set[str]:
        """Return which paths changed: those of a while, until it is quiet for a step.

        ``patience_s``: return with nothing after so long; None: wait for ever.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._awake.wait()
        loop = asyncio.get_running_loop()
        latest = loop.time() + longest_s
        paths: set[str] = set()
        # Nobody wakes us for each line of a file that is just being written.
        loop.remove_reader(self._inotify.fileno())
        try:
            while not self._is_ended and (events := list(self._inotify.read(timeout=0))):
                paths |= await asyncio.to_thread(self._take, events)
                if loop.time() > latest:
                    break
                await asyncio.sleep(step_s)
        finally:
            if not self._is_ended:
                self._awake.clear()
            loop.add_reader(self._inotify.fileno(), self._awake.set)
        return paths

    def _open(self) -> None:
        self._watch("")
        if not self._paths:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._folder)

    def _take(self, events: list[Event]) -> set[str]:
        """Return the paths of reports; watch what came, forget what went. Blocks."""
        changed: set[str] = set()
        for event in events:
            if event.mask & flags.Q_OVERFLOW:  # some reports were lost
                changed.add("")
                self._watch("")
            folder = self._paths.get(event.wd)
            if folder is None:
                continue
            if event.mask & flags.IGNORED:
                del self._paths[event.wd]
                if not folder:
                    raise FileNotFoundError(errno.ENOENT, "It is gone", str(self._folder))
                continue
            path = names.join(folder, event.name)
            if names.is_hidden(path) or not _is_text(event.name):
                continue
            changed.add(path)
            if event.mask & flags.ISDIR:
                self._follow(path, event.mask)
        return changed

    def _follow(self, path: str, mask: int) -> None:
        if mask & flags.MOVED_FROM:
            for number, watched in tuple(self._paths.items()):
                if path in names.with_parents(watched):
                    del self._paths[number]
                    with contextlib.suppress(OSError):
                        self._inotify.rm_watch(number)
        elif mask & _ARRIVED:
            self._watch(path)

    def _watch(self, path: str) -> None:
        """Watch a folder and those in it: first the outer, so that none slips in between."""
        for folder in _folders(self._folder, path):
            try:
                # The folder itself may be a link; links in it lead out of it.
                mask = _WATCHED | flags.DONT_FOLLOW if folder else _WATCHED
                number = self._inotify.add_watch(self._folder / folder, mask)
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                continue  # gone again, or none of ours
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                _LOGGER.warning(
                    "Too many folders: what others do in '%s' is not seen before the next "
                    "start (fs.inotify.max_user_watches)",
                    folder,
                )
                return
            self._paths[number] = folder


def _folders(root: Path, path: str) -> Iterator[str]:
    """Yield the folder and every one in it that can be read and is not hidden."""
    yield path
    for place, inner, _ in os.walk(root / path):
        inner[:] = [name for name in inner if not name.startswith(".") and _is_text(name)]
        for name in inner:
            yield str((Path(place) / name).relative_to(root))


def _is_text(name: str) -> bool:
    """Return whether a name on the disk is text; others cannot be named through an API."""
    return not any("\udc80" <= char <= "\udcff" for char in name)
