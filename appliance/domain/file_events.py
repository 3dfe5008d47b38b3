"""The facts that are told about files, folders and what is found out about them."""

from __future__ import annotations

from appliance.domain.analysis import Analysis
from appliance.domain.files import FileInfo, FolderInfo, Root
from appliance.domain.metadata import Metadata
from appliance.records import dataclass


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
