"""A virtual environment per published client, made once and kept in .venv-clients/."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parent.parent / ".venv-clients"


def python_of(client: str) -> Path:
    """Return the interpreter that has the client; install it if that was not done yet."""
    requirements = HERE / f"{client}.txt"
    wanted = requirements.read_bytes() + sys.version.encode()
    digest = hashlib.sha256(wanted).hexdigest()[:12]
    folder = KEPT / f"{client}-{digest}"
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{client}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            pip = "-m pip --disable-pip-version-check install --quiet -r"
            result = subprocess.run(
                [str(folder / "bin" / "python"), *pip.split(), str(requirements)],
                capture_output=True,
                check=False,
                text=True,
            )
            assert result.returncode == 0, f"{client} cannot be installed: {result.stderr}"
            (folder / "complete").touch()
    return folder / "bin" / "python"
