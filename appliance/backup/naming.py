"""What the file of a backup is called, so that people know it again."""

from __future__ import annotations

import re
import time
from pathlib import Path

from appliance.backup.format import Head
from appliance.domain.backup import BackupReason

PLAIN, SEALED = ".zip", ".sealed"
UPLOADED = "-uploaded"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}(\.zip|\.sealed)")
_NOT_A_SLUG = re.compile(r"[^a-z0-9]+")


def new_path(folder: Path, head: Head, *, sealed: bool, uploaded: bool = False) -> Path:
    """Return a path in a folder that is free."""
    title = _NOT_A_SLUG.sub("-", head.appliance.lower()).strip("-")[:40] or "gantry"
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(head.made_at))
    tail = UPLOADED if uploaded else ""
    if not uploaded and head.reason is not BackupReason.WANTED:
        tail = f"-{head.reason}"
    tail += SEALED if sealed else PLAIN
    path, number = folder / f"{title}-{stamp}{tail}", 1
    while path.exists():
        number += 1
        path = folder / f"{title}-{stamp}-{number}{tail}"
    return path
