"""What can be wished of files: uploads, changes, and what a print needs of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from appliance.domain.analysis import Finding, Layer
from appliance.domain.files import GCODES, DiskUsage, FileInfo, FolderInfo, Item, Listing, Root
from appliance.domain.job import JobFile, JobRequest
from appliance.domain.metadata import Metadata
from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class UploadTerms:
    """What the uploader wants and says about a file besides its name."""

    overwrite: bool = True  # whether an older file of that name may be replaced
    sha256: str | None = None  # checked when given, in hex
    user: str | None = None
    userdata: Mapping[str, Any] | None = None  # kept with the file, returned as it came


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of an upload."""

    file: FileInfo
    created: bool  # False: an older file was replaced


class Upload(Protocol):
    """A file on its way in: bytes first, its name at the end (some clients send it last).

    Used as ``async with``: leaving the block without `keep` removes what was written.
    """

    async def write(self, chunk: bytes) -> None:
        """Take more bytes; `StorageFull` when the disk or the limit is reached."""

    async def keep(self, root: str, path: str, terms: UploadTerms | None = None) -> Receipt:
        """Give the file its final name, durably, and return it with its metadata.

        ``path`` may hold folders, which are made, and characters that cannot be kept, which
        are dropped (the display name keeps them). Raises `InvalidName`, `UnsupportedType`,
        `FileForbidden`, `FileInUse`, `FileExists` (when it must not be overwritten),
        `UploadBroken` (checksum), `StorageFull`, and `InvalidRequest` for a configuration
        that would not be valid.
        """

    async def __aenter__(self) -> Self:
        """Begin."""

    async def __aexit__(self, *exc: object) -> None:
        """Remove what was not kept."""


class Files(Protocol):
    """The files of the appliance and the verbs on them.

    Every verb raises `FileMissing` for what is not there or may not be seen,
    `FileForbidden` for a root that does not allow it, and `InvalidName` for a path that
    leaves the root or cannot be. Paths are taken as clients send them: a leading slash and
    doubled slashes do not matter.
    """

    @property
    def roots(self) -> Sequence[Root]:
        """The roots, ``gcodes`` first."""

    def add_root(self, root: Root) -> None:
        """Offer one more folder; it is made if it is missing."""

    def revision(self, root: str = GCODES) -> int:
        """Return a number that grows with every change in that root, for ETags."""

    def sanitise(self, path: str) -> str:
        """Return ``path`` as an upload would store it; `InvalidName` if nothing is left."""

    async def tree(
        self,
        root: str = GCODES,
        path: str = "",
        *,
        hidden: bool = False,
        details: bool = False,
    ) -> Listing:
        """List everything below a folder. ``details`` adds metadata and analysis."""

    async def folder(
        self,
        root: str = GCODES,
        path: str = "",
        *,
        hidden: bool = False,
        details: bool = False,
    ) -> Listing:
        """List what is right in a folder."""

    async def info(self, root: str, path: str) -> FileInfo:
        """Return a file with metadata and analysis, as far as they are known."""

    async def folder_info(self, root: str, path: str) -> FolderInfo:
        """Return a folder."""

    async def disk_usage(self, root: str = GCODES) -> DiskUsage:
        """Return how full the disk of a root is."""

    async def upload(self, *, size: int | None = None) -> Upload:
        """Begin an upload; with ``size`` (bytes to come) the room is checked at once."""

    async def receive(
        self,
        root: str,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        size: int | None = None,
        terms: UploadTerms | None = None,
    ) -> Receipt:
        """Do a whole upload whose name is known beforehand; see `Upload.keep`.

        A stream that stands still for half a minute raises `UploadBroken`.
        """

    async def make_folder(self, root: str, path: str) -> FolderInfo:
        """Make a folder and those above it; `FileExists` if it is there."""

    async def delete(
        self, root: str, path: str, *, force: bool = True
    ) -> FileInfo | FolderInfo:
        """Delete a file, or a folder with its content; without ``force`` only an empty one."""

    async def move(self, source: Item, target: Item, *, overwrite: bool = False) -> Item:
        """Move or rename; into ``target`` if that is a folder. Return where it is now."""

    async def copy(self, source: Item, target: Item, *, overwrite: bool = False) -> Item:
        """Copy a file or a whole folder; into ``target`` if that is a folder."""

    async def zip(
        self,
        items: Sequence[Item],
        target: Item,
        *,
        compress: bool = True,
        overwrite: bool = True,
    ) -> FileInfo:
        """Pack files and folders into a zip archive."""

    async def download(self, root: str, path: str) -> Path:
        """Return the absolute path of a readable file, checked: no link, inside its root."""

    async def metadata(self, path: str, root: str = GCODES) -> Metadata | None:
        """Return what the slicer wrote; None for what is no G-code."""

    async def rescan(self, path: str, root: str = GCODES) -> Metadata | None:
        """Read the metadata and queue the analysis again."""

    async def layers(self, path: str, root: str = GCODES) -> Sequence[Layer]:
        """Return the layers; empty until the analysis is done."""

    def analysing(self, path: str) -> float | None:
        """Return the share of a file that its analysis has gone through, from 0 to 1.

        0 while it waits for its turn or is unpacked; None: no analysis is to come.
        """

    async def findings(self, path: str, printer_id: str) -> Sequence[Finding] | None:
        """Return what the safety lint says for that printer; None until analysed."""

    async def job_file(self, path: str, printer_id: str | None = None) -> JobFile:
        """Return what a job needs to know: times, filament, the slicer's time curve.

        With a printer, the times of former prints are those on that printer.
        """

    async def prepare(
        self, path: str, printer_id: str, *, user: str | None = None, force: bool = False
    ) -> JobRequest:
        """Return the request that prints the file: unpacked if it is packed, and linted.

        Raises `PrintBlocked` when a finding blocks it and ``force`` is not set, and
        `UnsupportedType` for what cannot be printed. The analysis is not waited for beyond
        a few seconds: a large file that was just uploaded starts with the quick checks.
        """

    async def plain(self, path: str) -> Path:
        """Return the absolute path of the G-code of a file: unpacked if it is packed.

        Bytes of layers and of a running print are counted in this one. Raises
        `UnsupportedType` for what is no G-code or cannot be unpacked.
        """

    def in_use(self, root: str, path: str) -> bool:
        """Return whether a print uses the file, or one in that folder."""

    def reserve(self, path: str, owner: str) -> None:
        """Keep a G-code file from being changed until ``owner`` releases it."""

    def release(self, path: str, owner: str) -> None:
        """End a reservation; one that does not exist is no error."""


FILES: Key[Files] = Key("files")
