"""What the process of a backup is told to do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from appliance.backup.contents import Folders
from appliance.backup.format import Head
from appliance.domain.backup import BackupReason
from appliance.records import dataclass

MODULE = "appliance.backup.worker"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done; paths are absolute."""

    do: str  # pack, verify, stage
    archive: Path
    config: Path
    passphrase: str | None = None
    head: Head | None = None  # pack
    folders: Folders | None = None  # pack

    def dump(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps(asdict(self), default=str)


def load_order(content: bytes) -> Order:
    """Read it back."""
    data: dict[str, Any] = orjson.loads(content)
    head, folders = data["head"], data["folders"]
    return Order(
        data["do"],
        Path(data["archive"]),
        Path(data["config"]),
        data["passphrase"],
        None if head is None else Head(**{**head, "reason": BackupReason(head["reason"])}),
        None
        if folders is None
        else Folders(
            Path(folders["config"]),
            Path(folders["files"]),
            Path(folders["backups"]),
            tuple(Path(each) for each in folders["aside"]),
        ),
    )
