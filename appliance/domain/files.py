"""Files: what is known about one, the facts told about them, and what can be wished.

A file is named by its root (``gcodes``, ``config``, ``logs``, ...) and its path below it:
relative, with ``/``, never with ``..``. Knowledge comes in two steps: `Metadata` is what the
slicer wrote (read from head and tail, ready when an upload is answered), `Analysis` is what
the moves themselves say (made by a background process some time later).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

from appliance.domain.job import JobFile, JobRequest
from appliance.domain.permissions import CONFIGURATION, Access, Scope, optional, scope
from appliance.interfaces import Key
from appliance.records import dataclass

GCODES = "gcodes"
CONFIG = "config"
LOGS = "logs"


def access_to_read(root: str) -> Access:
    """Return what the content of files in a root needs beyond the list of them."""
    if root == CONFIG:
        return CONFIGURATION
    return scope(Scope.ADMIN) if root == LOGS else optional()  # a log tells who did what


def access_to_change(root: str) -> Access:
    """Return what it needs to change a root, beyond the verb's own scope."""
    if root == CONFIG:
        return CONFIGURATION
    return optional() if root == GCODES else scope(Scope.ADMIN)


class FileKind(StrEnum):
    """What a file can be used for."""

    GCODE = "gcode"  # can be printed: .gcode .gco .g .nc .bgcode .gcode.gz .ufp
    MODEL = "model"  # .stl .3mf .obj: kept, not printed
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is offered to people."""

    name: str
    path: Path  # absolute
    writable: bool = True
    # Endings in lower case of the files that may be there; None: all but active content.
    suffixes: frozenset[str] | None = None

    @property
    def permissions(self) -> str:
        """Permissions as letters: ``r`` or ``rw``."""
        return "rw" if self.writable else "r"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture that the slicer put into the file, extracted as PNG or JPEG."""

    width: int  # pixels
    height: int
    size: int  # bytes of the picture
    path: str  # below the root of the file, such as "parts/.thumbs/cube-32x32.png"


@dataclass(frozen=True, slots=True)
class FilamentUse:
    """The filament that one tool needs, as far as the slicer says."""

    tool: int
    length_mm: float | None = None
    weight_g: float | None = None
    volume_cm3: float | None = None
    name: str | None = None  # the slicer's filament preset, such as "Generic PLA"
    type: str | None = None  # PLA, PETG, ...
    color: str | None = None  # "#FF8000"
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the slicer wrote about the file; what it did not write is None or empty."""

    slicer: str | None = None
    slicer_version: str | None = None
    estimated_s: float | None = None
    layer_count: int | None = None
    layer_height_mm: float | None = None
    first_layer_height_mm: float | None = None
    object_height_mm: float | None = None
    nozzle_mm: float | None = None
    filament_diameter_mm: float | None = None
    filament_mm: float | None = None  # all tools together
    filament_g: float | None = None
    filaments: tuple[FilamentUse, ...] = ()  # per tool, in the order of the tools
    filament_changes: int | None = None
    first_layer_extruder_c: float | None = None
    first_layer_bed_c: float | None = None
    chamber_c: float | None = None
    tools: tuple[int, ...] = ()  # the tools that the file selects, as far as seen
    printer_vendor: str | None = None
    printer_model: str | None = None
    printer_variant: str | None = None
    flavor: str | None = None  # marlin, marlin2, klipper, reprapfirmware, ... as written
    objects: tuple[str, ...] = ()  # labelled objects, as far as head and tail name them
    gcode_start: int | None = None  # byte of the first command
    gcode_end: int | None = None  # byte after the last command
    thumbnails: tuple[Thumbnail, ...] = ()  # the smallest first


@dataclass(frozen=True, slots=True)
class Extents:
    """A box in mm."""

    min_x: float
    min_y: float
    min_z: float
    max_x: float
    max_y: float
    max_z: float

    @property
    def width(self) -> float:
        """Size along X."""
        return self.max_x - self.min_x

    @property
    def depth(self) -> float:
        """Size along Y."""
        return self.max_y - self.min_y

    @property
    def height(self) -> float:
        """Size along Z."""
        return self.max_z - self.min_z


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: where it begins in the file and in time."""

    number: int  # 1 = the first
    position: int  # byte of its first command
    height_mm: float  # Z of the nozzle
    starts_s: float  # seconds since the first move, by the motion model


@dataclass(frozen=True, slots=True)
class PrintedObject:
    """A labelled object of the file (M486 or the slicer's comments)."""

    name: str
    extents: Extents | None = None


class Severity(StrEnum):
    """How bad a finding is; ``BLOCK`` stops a print unless it is forced."""

    INFO = "info"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a file that a person should know before printing it."""

    rule: str  # the name of the rule in docs/lint.md
    severity: Severity
    message: str  # a sentence for a person
    line: int | None = None  # 1 = the first line of the file


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the moves of the file say."""

    estimated_s: float  # by the motion model
    printing: Extents | None  # where filament is laid down; None: nowhere
    travel: Extents | None  # where the nozzle goes at all
    filament_mm: tuple[float, ...] = ()  # per tool
    filament_cm3: tuple[float, ...] = ()
    layer_count: int = 0
    lines: int = 0
    commands: int = 0
    objects: tuple[PrintedObject, ...] = ()
    limits: str = ""  # which limits of a machine the time rests on (a digest)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file."""

    root: str
    path: str  # below the root
    size: int  # bytes
    modified: float  # unix seconds
    kind: FileKind = FileKind.OTHER
    display: str = ""  # the name as it was uploaded; the last part of the path by default
    uuid: str = ""  # stays when the file is moved
    digest: str | None = None  # SHA-1 in hex; None until a file from outside was read
    user: str | None = None  # who uploaded it
    userdata: Mapping[str, Any] | None = None  # what the uploader attached
    metadata: Metadata | None = None  # only where details were asked for
    analysis: Analysis | None = None  # likewise

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folder that the file is in; empty for the root."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """A folder."""

    root: str
    path: str  # below the root; empty for the root itself
    modified: float  # unix seconds
    size: int  # bytes of all files below
    display: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Listing:
    """Folders and files, each sorted by path."""

    folders: tuple[FolderInfo, ...]
    files: tuple[FileInfo, ...]


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """The disk that a root is on, in bytes."""

    total: int
    used: int
    free: int


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


@dataclass(frozen=True, slots=True)
class FileAdded:
    """A file is there that was not there before."""

    file: FileInfo
    user: str | None = None


@dataclass(frozen=True, slots=True)
class FileChanged:
    """The content of a file is another one now."""

    file: FileInfo
    user: str | None = None


@dataclass(frozen=True, slots=True)
class FileRemoved:
    """A file is gone; ``file`` is what it was."""

    file: FileInfo


@dataclass(frozen=True, slots=True)
class FileMoved:
    """A file has another path (or root) now."""

    file: FileInfo
    source_root: str
    source_path: str


@dataclass(frozen=True, slots=True)
class FolderAdded:
    """A folder is there that was not there before."""

    folder: FolderInfo


@dataclass(frozen=True, slots=True)
class FolderRemoved:
    """A folder is gone with all that was in it; told once, not per file."""

    folder: FolderInfo


@dataclass(frozen=True, slots=True)
class FolderMoved:
    """A folder has another path now with all that is in it; told once, not per file."""

    folder: FolderInfo
    source_root: str
    source_path: str


@dataclass(frozen=True, slots=True)
class RootAdded:
    """Another root is offered."""

    root: Root


@dataclass(frozen=True, slots=True)
class MetadataReady:
    """What the slicer wrote is known now; told right after the file was added."""

    file: FileInfo
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class AnalysisStarted:
    """The background analysis of a file began."""

    file: FileInfo


@dataclass(frozen=True, slots=True)
class AnalysisFinished:
    """The background analysis of a file is over; None: it failed, as the log says."""

    file: FileInfo
    analysis: Analysis | None


@dataclass(frozen=True, slots=True)
class Item:
    """A file or folder by its name."""

    root: str
    path: str


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


@dataclass(frozen=True, slots=True)
class Limits:
    """What a machine can do, for the motion model; in mm, s and mm/s. From M503 if known."""

    max_feedrate: Mapping[str, float] = field(
        default_factory=lambda: {"x": 500.0, "y": 500.0, "z": 12.0, "e": 120.0}
    )
    max_acceleration: Mapping[str, float] = field(
        default_factory=lambda: {"x": 1500.0, "y": 1500.0, "z": 100.0, "e": 5000.0}
    )
    acceleration: float = 1000.0  # M204 P: printing moves
    travel_acceleration: float = 1000.0  # M204 T
    retract_acceleration: float = 1000.0  # M204 R
    jerk: Mapping[str, float] = field(
        default_factory=lambda: {"x": 8.0, "y": 8.0, "z": 0.4, "e": 5.0}
    )
    junction_deviation_mm: float | None = None  # replaces the jerk of X, Y and Z
