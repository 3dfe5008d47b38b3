"""Have files analysed: one process at a time, the newest file first, each content once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from dataclasses import field, replace
from pathlib import Path

from appliance.bus import Bus
from appliance.children import ChildFailed, run
from appliance.components.file_manager.analysis.analyse import VERSION
from appliance.components.file_manager.analysis.work import Order, Result
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.index import AnalysisRow, FileRow
from appliance.components.file_manager.library import Library
from appliance.components.file_manager.metadata.unpack import packed
from appliance.components.file_manager.plain import PlainCopies
from appliance.components.file_manager.roots import suffix
from appliance.domain.analysis import Analysis, Limits
from appliance.domain.file_events import AnalysisFinished, AnalysisStarted
from appliance.domain.files import GCODES, FileInfo, FileKind
from appliance.domain.metadata import Metadata
from appliance.errors import DomainError, FileMissing, UnsupportedType
from appliance.records import dataclass

_LOGGER = logging.getLogger(__name__)

_MODULE = "appliance.components.file_manager.analysis"
# A slow board takes some 3 s a megabyte; what takes longer hangs.
PATIENCE_S = 120.0
PATIENCE_S_PER_BYTE = 10e-6


@dataclass(slots=True)
class _Wish:
    """The wish to have a file analysed, and who waits for it."""

    done: asyncio.Event = field(default_factory=asyncio.Event)


class Analyst:
    """The queue of analyses and the process that does them."""

    def __init__(
        self, bus: Bus, library: Library, disk: Disk, copies: PlainCopies, limit: int
    ) -> None:
        """``limit``: bytes that may come out of a packed file."""
        self._bus = bus
        self._library = library
        self._disk = disk
        self._copies = copies
        self._limit = limit
        # What the machine can do; set where a printer is known.
        self.limits: Callable[[], Limits] = Limits
        self._wishes: dict[str, _Wish] = {}
        self._present: _Wish | None = None
        self._wanted = asyncio.Event()
        self._look = False
        self._failed: set[str] = set()  # not tried again in this life
        self._turn = asyncio.Lock()
        self._read: tuple[str, int, int] | None = None  # path, descriptor, size at work

    def want(self, path: str) -> None:
        """Have a file analysed before those that were wanted earlier."""
        wish = self._wishes.pop(path, None)
        if wish is None or wish is self._present:
            wish = _Wish()  # the one at work may be on the content that was there before
        self._wishes[path] = wish
        self._wanted.set()

    def want_file(self, file: FileInfo) -> None:
        """Have a file analysed if it is G-code."""
        if file.root == GCODES and file.kind is FileKind.GCODE:
            self.want(file.path)

    def look_again(self) -> None:
        """Look for files that were not analysed: at the start, and when folders moved."""
        self._look = True
        self._wanted.set()

    async def run(self) -> None:
        """Analyse what is wanted, for ever."""
        self.look_again()
        while True:
            await self._wanted.wait()
            if self._look:
                self._look = False
                for path in reversed(await self._library.unanalysed(VERSION)):
                    if path not in self._failed:
                        self.want(path)
            if not self._wishes:
                self._wanted.clear()
                continue
            path, wish = next(reversed(self._wishes.items()))
            self._present = wish
            try:
                await self._analyse(path)
            finally:
                self._present = None
                if self._wishes.get(path) is wish:
                    del self._wishes[path]
                wish.done.set()

    async def wait(self, path: str, seconds: float) -> None:
        """Wait until nothing more is to be found out about a file, but not for ever."""
        wish = self._wishes.get(path)
        if wish is None:
            return
        if wish is not self._present:
            self.want(path)
        try:
            async with asyncio.timeout(seconds):
                await wish.done.wait()
        except TimeoutError:
            return

    def share(self, path: str) -> float | None:
        """Return the share of a file that is analysed; 0: not yet, None: it never will be.

        The process shares our place in the file, which it moves on as it reads.
        """
        if self._read is not None and self._read[0] == path and not packed(suffix(path)):
            _, descriptor, size = self._read
            return min(os.lseek(descriptor, 0, os.SEEK_CUR) / max(size, 1), 1.0)
        return 0.0 if path in self._wishes or self._look else None

    async def unpacked(self, row: FileRow) -> Path:
        """Return the plain copy of a packed file; made now if there is none."""
        if row.digest is not None and await self._copies.has(row.digest):
            return self._copies.path(row.digest)
        result = await self._work(row, only_unpack=True)
        if result.error is not None:
            message = f"'{row.info.name}' cannot be unpacked: {result.error}"
            raise UnsupportedType(message)
        return self._copies.path(result.digest)

    async def _analyse(self, path: str) -> None:
        row = await self._library.row(path)
        if row is None or row.info.kind is not FileKind.GCODE:
            return
        known = row.digest and await self._library.analysis(path)
        if known and known.version == VERSION:
            return
        info = await self._library.file(path) or row.info
        self._bus.fire(AnalysisStarted(info))
        analysis = None
        try:
            result = await self._work(row)
            analysis = await self._learn(row, result)
        except FileMissing:
            pass  # moved or deleted in between
        finally:
            await self._tell(path, info, analysis)

    async def _learn(self, row: FileRow, result: Result) -> Analysis | None:
        if result.error is not None or result.analysis is None:
            _LOGGER.warning("'%s' cannot be analysed: %s", row.path, result.error)
            self._failed.add(row.path)
            return None
        learned = AnalysisRow(
            result.digest,
            VERSION,
            result.size,
            result.analysis,
            dict(result.facts or {}),
            result.layers,
            result.curve,
        )
        await self._library.learn(row, learned, result.metadata)
        return result.analysis

    async def _tell(self, path: str, info: FileInfo, analysis: Analysis | None) -> None:
        now = await self._library.file(path) or replace(info, analysis=analysis)
        self._bus.fire(AnalysisFinished(now, analysis))

    async def _work(self, row: FileRow, *, only_unpack: bool = False) -> Result:
        """Run the process on a file; one at a time."""
        known = row.metadata or Metadata()
        ending = suffix(row.path)
        target = None
        if packed(ending):
            target = str(self._copies.path(row.digest or row.uuid))
        order = Order(
            suffix=ending,
            limits=self.limits(),
            diameter_mm=known.filament_diameter_mm or 1.75,
            total_s=known.estimated_s,
            unpack_to=target,
            unpack_limit=self._limit,
            only_unpack=only_unpack,
        )
        async with self._turn:
            descriptor = await self._open(row.path)
            self._read = (row.path, descriptor, row.size)
            try:
                patience = PATIENCE_S + PATIENCE_S_PER_BYTE * row.size
                result = await _run(order, descriptor, patience)
            finally:
                self._read = None
                os.close(descriptor)
        if target is not None and result.error is None:
            await self._disk.run(Path(target).rename, self._copies.path(result.digest))
            await self._copies.trim()
        return result

    async def _open(self, path: str) -> int:
        """Open a file; a descriptor that comes after we were cancelled is closed again."""
        opening = asyncio.ensure_future(self._disk.run(self._library.open, path))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            with contextlib.suppress(DomainError):
                os.close(await opening)
            raise


async def _run(order: Order, descriptor: int, patience_s: float) -> Result:
    try:
        answer = await run(_MODULE, order.encode(), patience_s=patience_s, given=descriptor)
        return Result.decode(answer.output)
    except ChildFailed as error:
        return Result(error=str(error))
    except (ValueError, KeyError, TypeError) as error:
        return Result(error=f"its answer cannot be read: {error}")
