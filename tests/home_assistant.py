"""An environment with Home Assistant itself, made once and kept in the cache of the user."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path


def _choose() -> tuple[str, str]:
    """Return the interpreter to use and the release that installs there."""
    candidates = [shutil.which("python3.13") or ""]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [str(path) for path in sorted(versions.glob("3.13*/bin/python"))]
    for candidate in candidates:
        if candidate and _works(candidate):
            return candidate, "2025.4.4"
    return sys.executable, "2024.3.3"


def _works(python: str) -> bool:
    test = "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 13))"
    return (
        subprocess.run([python, "-c", test], check=False, capture_output=True).returncode == 0
    )


_PYTHON, RELEASE = _choose()


def environment(*more: str) -> Path:
    """Return the Python of the environment; ``more`` are further packages in it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "gantry-tests" / f"homeassistant-{RELEASE}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker of several makes it
        if not (folder / "ready").exists():
            subprocess.run([_PYTHON, "-m", "venv", "--clear", str(folder)], check=True)
            _install(folder, f"homeassistant=={RELEASE}", "paho-mqtt<3")
            (folder / "ready").touch()
        for package in more:
            if not (folder / f"ready-{package}").exists():
                _install(folder, package)
                (folder / f"ready-{package}").touch()
    return folder / "bin" / "python"


def _install(folder: Path, *packages: str) -> None:
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, *packages], check=True)
