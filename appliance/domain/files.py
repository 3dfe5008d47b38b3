"""Files and folders: the roots that they are in, and what is known about one.

A file is named by its root (``gcodes``, ``config``, ``logs``, ...) and its path below it:
relative, with ``/``, never with ``..``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from appliance.domain.analysis import Analysis
from appliance.domain.metadata import Metadata
from appliance.domain.permissions import CONFIGURATION, Access, Scope, optional, scope
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
class Item:
    """A file or folder by its name."""

    root: str
    path: str


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
