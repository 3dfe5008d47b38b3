"""A virtual environment per published client (or peer), made once and kept."""

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
    return environment(HERE / f"{client}.txt", KEPT)


def environment(requirements: Path, kept: Path) -> Path:
    """Return an interpreter that has what a file requires, in a folder of ``kept``."""
    name = requirements.stem
    wanted = requirements.read_bytes() + sys.version.encode()
    digest = hashlib.sha256(wanted).hexdigest()[:12]
    folder = kept / f"{name}-{digest}"
    kept.mkdir(exist_ok=True)
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            pip = "-m pip --disable-pip-version-check --retries 10 install --quiet -r"
            result = subprocess.run(
                [str(folder / "bin" / "python"), *pip.split(), str(requirements)],
                capture_output=True,
                check=False,
                text=True,
            )
            assert result.returncode == 0, f"{name} cannot be installed: {result.stderr}"
            (folder / "complete").touch()
    return folder / "bin" / "python"
