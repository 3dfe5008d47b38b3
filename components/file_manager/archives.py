"""Pack files into a zip archive, in a process: ``python -m ...archives``.

The order comes on its standard input, since it may name thousands of files. The answer is
empty, or the number of the error that the disk reported.
"""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import orjson

from appliance.children import ChildFailed, run
from appliance.components.file_manager import beneath
from appliance.errors import FileError, FileMissing
from appliance.niceness import be_nice
from appliance.records import dataclass

_MODULE = "appliance.components.file_manager.archives"
BLOCK_BYTES = 256 * 1024
# G-code shrinks to a fourth at the fastest level; the slowest gains a tenth for ten times
# the time.
LEVEL = 1
# A slow board packs a megabyte a second.
PATIENCE_S = 60.0
PATIENCE_S_PER_BYTE = 4e-6


@dataclass(frozen=True, slots=True)
class Packed:
    """A file on its way into an archive."""

    root: str
    path: str  # below the root
    name: str  # in the archive
    size: int


async def pack(target: Path, files: Sequence[Packed], *, compress: bool) -> None:
    """Write ``files`` into the archive ``target``, durably; one that is gone is left out."""
    order = orjson.dumps({"target": str(target), "files": list(files), "compress": compress})
    patience = PATIENCE_S + PATIENCE_S_PER_BYTE * sum(file.size for file in files)
    try:
        answer = await run(_MODULE, patience_s=patience, given=order)
    except ChildFailed as error:
        message = f"the archive cannot be made: {error}"
        raise FileError(message) from error
    if number := answer.output.strip():
        raise OSError(int(number), os.strerror(int(number)))


def main() -> int:
    """Do what the order says."""
    be_nice()
    order = orjson.loads(sys.stdin.buffer.read())
    files = [Packed(**file) for file in order["files"]]
    try:
        write(Path(order["target"]), files, compress=order["compress"])
    except OSError as error:
        sys.stdout.write(f"{error.errno}\n")
    return 0


def write(target: Path, files: Sequence[Packed], *, compress: bool) -> None:
    """Write the archive; blocks."""
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
        descriptor = beneath.open_file(Path(file.root), file.path)
    except FileMissing:
        return
    with os.fdopen(descriptor, "rb") as source:
        path = f"/proc/self/fd/{descriptor}"
        info = zipfile.ZipInfo.from_file(path, file.name, strict_timestamps=False)
        info.compress_type = archive.compression
        info.external_attr = 0o644 << 16
        with archive.open(info, "w", force_zip64=file.size >= 2**31) as entry:
            while block := source.read(BLOCK_BYTES):
                entry.write(block)


if __name__ == "__main__":
    sys.exit(main())
