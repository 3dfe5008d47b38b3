"""Where the control socket of an appliance is: the way in for commands on this machine.

It speaks the same HTTP as the ports, and whoever can open it is the owner of the files
anyway, so that ``gantry print`` and ``gantry user`` need no password.
"""

from __future__ import annotations

import os
from pathlib import Path

from appliance.processes import runtime_path

# An AF_UNIX path ends at 107 bytes.
MAX_PATH = 107


def socket_path(config: Path) -> Path:
    """Return the path of the control socket of the appliance with that folder."""
    config = config.absolute()
    path = config / ".storage" / "control.sock"
    if len(os.fsencode(path)) <= MAX_PATH:
        return path
    return runtime_path(config, "control", "sock")
