"""Pack files into a zip archive. It blocks, in pieces that leave the event loop its turn."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.components.file_manager import beneath
from appliance.errors import FileMissing

BLOCK_BYTES = 256 * 1024
# G-code shrinks to a fourth at the fastest level; the slowest gains a tenth for ten times
# the time.
LEVEL = 1


@dataclass(frozen=True, slots=True)
class Packed:
    """A file on its way into an archive."""

    root: Path
    path: str  # below the root
    name: str  # in the archive
    size: int


def pack(target: Path, files: Sequence[Packed], compress: bool) -> None:
    """Write ``files`` into the archive ``target``, durably; one that is gone is left out."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with target.open("wb") as output:
        with zipfile.ZipFile(output, "w", method, compresslevel=LEVEL) as archive:
            taken: set[str] = set()
            for file in files:
                if file.name not in taken:
                    taken.add(file.name)
                    _add(archive, file)
        output.flush()
        os.fsync(output.fileno())


def _add(archive: zipfile.ZipFile, file: Packed) -> None:
    try:
        descriptor = beneath.open_file(file.root, file.path)
    except FileMissing:
        return
    with os.fdopen(descriptor, "rb") as source:
        status = os.fstat(descriptor)
        info = zipfile.ZipInfo.from_file(f"/proc/self/fd/{descriptor}", file.name)
        info.compress_type = archive.compression
        info.external_attr = 0o644 << 16
        big = status.st_size >= 2**31
        with archive.open(info, "w", force_zip64=big) as entry:
            while block := source.read(BLOCK_BYTES):
                entry.write(block)
