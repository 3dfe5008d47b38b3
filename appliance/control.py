"""Where the control socket of an appliance is: the way in for commands on this machine.

It speaks the same HTTP as the ports, and whoever can open it is the owner of the files
anyway, so that ``gantry print`` and ``gantry user`` need no password.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

# An AF_UNIX path ends at 107 bytes.
MAX_PATH = 107


def socket_path(config: Path) -> Path:
    """Return the path of the control socket of the appliance with that folder."""
    config = config.absolute()
    path = config / ".storage" / "control.sock"
    if len(os.fsencode(path)) <= MAX_PATH:
        return path
    name = hashlib.sha256(os.fsencode(config)).hexdigest()[:16]
    return runtime_directory() / f"{name}.sock"


def runtime_directory() -> Path:
    """Return the folder for sockets that belongs to this user alone (maybe not made yet)."""
    for variable in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"):
        if value := os.environ.get(variable):
            return Path(value.split(":")[0]) / "gantry"
    return Path(tempfile.gettempdir()) / f"gantry-{os.getuid()}"
