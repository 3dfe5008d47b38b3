"""The root file system: Debian packages, nothing of ours; kept as a tar by what it is of.

It is the slow part (24 CPU minutes where it must be emulated), so it is built once for each
list of packages and week; ours is laid over it in the steps that follow.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
from pathlib import Path

from image.build.emulation import run_for
from image.build.flavours import EPOCH, IMAGE, SUITE, Flavour

_LOGGER = logging.getLogger(__name__)

MIRROR = "http://deb.debian.org/debian"
SECURITY = "http://deb.debian.org/debian-security"
_COMPONENTS = "main non-free-firmware"
_EARLY = IMAGE / "early"
# Nobody reads manuals on the card; the licences stay. Of the device trees, the Pi's.
_PATHS = (
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/lib/linux-image-*/*",
    "path-include=/usr/lib/linux-image-*/broadcom/*",
    # Our files in early/ count, also where a package brings its own.
    "force-confold",
)
# What would be the same on every card, or differs from build to build.
_CLEAN = """
rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/resolv.conf "$1"/etc/hostname
rm -f "$1"/var/lib/dbus/machine-id "$1"/var/lib/systemd/random-seed
rm -rf "$1"/var/log/* "$1"/var/cache/* "$1"/var/lib/apt/lists/*
: > "$1"/etc/machine-id
"""


def cache_folder() -> Path:
    """Return where the roots are kept, outside of the repository."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gantry-image"


def root_key(flavour: Flavour, week: str) -> str:
    """Return what a root is known by: its packages, options, early files, and the week."""
    digest = hashlib.sha256()
    for part in (*flavour.packages, *_PATHS, _CLEAN, SUITE, _COMPONENTS, week):
        digest.update(part.encode() + b"\0")
    for file in sorted(path for path in _EARLY.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(_EARLY)).encode() + b"\0" + file.read_bytes())
    return f"root-{flavour.name}-{digest.hexdigest()[:16]}"


def this_week() -> str:
    """Return the week whose packages are good enough, as 2026-W47."""
    return dt.datetime.now(tz=dt.UTC).strftime("%G-W%V")


def build_root(flavour: Flavour, mirror: str, security: str, week: str) -> Path:
    """Return the tar of the root, built now if it is not there."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    tar = folder / f"{root_key(flavour, week)}.tar"
    if tar.exists():
        _LOGGER.info("The root is there: %s", tar)
        return tar
    _LOGGER.info("Building the root of %s from %s", flavour.name, mirror)
    unfinished = tar.with_suffix(".part.tar")
    run_for(
        flavour,
        _mmdebstrap(flavour, unfinished, mirror, security),
        {"SOURCE_DATE_EPOCH": str(EPOCH), "DEBIAN_FRONTEND": "noninteractive"},
    )
    unfinished.rename(tar)
    return tar


def _mmdebstrap(flavour: Flavour, tar: Path, mirror: str, security: str) -> list[str]:
    suites = [(mirror, SUITE), (mirror, f"{SUITE}-updates"), (security, f"{SUITE}-security")]
    if flavour.backports:
        suites.append((mirror, f"{SUITE}-backports"))
    hooks = {
        "essential": f'copy-in "{_EARLY}/etc" /',
        "customize": _CLEAN,
    }
    return [
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        f"--architectures={flavour.architecture}",
        f"--include={','.join(flavour.packages)}",
        "--keyring=/usr/share/keyrings/debian-archive-keyring.gpg",
        '--aptopt=Apt::Install-Recommends "false"',
        *(f"--dpkgopt={option}" for option in _PATHS),
        *(f"--{name}-hook={hook}" for name, hook in hooks.items()),
        SUITE,
        str(tar),
        *(f"deb {address} {suite} {_COMPONENTS}" for address, suite in suites),
    ]
