"""What an archive says of itself, in its first member and before a sealed one."""

from __future__ import annotations

import struct
from dataclasses import asdict
from typing import Any, BinaryIO

import orjson

from appliance.domain.backup import BackupDamaged, BackupReason
from appliance.records import dataclass
from appliance.releases.slots import DATA_FORMAT

HEAD = "gantry-backup.json"
CHECKSUMS = "checksums.json"
CONFIG = "config/"
FILES = "files/"
MAX_HEAD = 64 * 1024  # bytes
# Before the head of a sealed one.
SEALED = b"gantry-sealed-backup 1\n"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a backup comes from."""

    made_at: float  # unix seconds
    version: str  # of Gantry
    appliance: str  # its title
    reason: BackupReason
    has_files: bool
    data_format: int = DATA_FORMAT

    def dump(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps({"gantry_backup": 1, **asdict(self)})


def load_head(content: bytes) -> Head:
    """Read it back; hostile like everything in a file."""
    try:
        data: dict[str, Any] = orjson.loads(content)
        if data["gantry_backup"] != 1:
            raise BackupDamaged("it was made by a newer Gantry, in a format of its own")
        return Head(
            made_at=float(data["made_at"]),
            version=_text(data["version"]),
            appliance=_text(data["appliance"]),
            reason=BackupReason(data["reason"]),
            has_files=bool(data["has_files"]),
            data_format=int(data["data_format"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BackupDamaged("it does not say what it is, as a backup does") from error


def sealed_head(head: bytes) -> bytes:
    """Return what a sealed archive begins with."""
    return SEALED + struct.pack(">I", len(head)) + head


def read_sealed_head(source: BinaryIO) -> bytes | None:
    """Return the head of a sealed archive, or None (and rewind) if it is not sealed."""
    if source.read(len(SEALED)) != SEALED:
        source.seek(0)
        return None
    (length,) = struct.unpack(">I", source.read(4).ljust(4, b"\xff"))
    head = source.read(min(length, MAX_HEAD))
    if len(head) != length:
        raise BackupDamaged("its head is damaged")
    return head


def _text(value: object) -> str:
    text = str(value)[:100]
    if not text.isprintable():
        raise ValueError(text)
    return text
