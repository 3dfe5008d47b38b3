"""The finished root: Debian's packages, our files over them, our users, our units enabled.

Nothing here runs a program of the root, so that it is the same for every architecture.
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

from image.build.flavours import EPOCH, IMAGE, Flavour

OVERLAY = IMAGE / "overlay"
# Our programs in Python, run by the release in use: `launch first_boot`.
PROGRAMS = "usr/lib/gantry"
_PROGRAMS = ("first_boot", "host_helper")
_UNITS = IMAGE / "units.txt"
_UNIT_FOLDERS = ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
# Mounted over the root, or made at each boot.
_MOUNT_POINTS = ("data", "boot/firmware")
_LINKS = {
    "etc/resolv.conf": "/run/NetworkManager/resolv.conf",
    "etc/localtime": "/data/system/localtime",
    "etc/mtab": "/proc/self/mounts",
}


def unpack(tar: Path, root: Path) -> None:
    """Unpack the cached root."""
    root.mkdir(parents=True)
    _run("tar", "--directory", str(root), "--numeric-owner", "--xattrs",
         "--xattrs-include=*", "--extract", "--file", str(tar))  # fmt: skip


def take_boot_files(root: Path, boot: Path, flavour: Flavour) -> None:
    """Move what the first partition gets out of the root: firmware, kernel, initramfs."""
    boot.mkdir(parents=True)
    if flavour.raspberry:
        for path in sorted((root / "boot" / "firmware").iterdir()):
            shutil.move(path, boot / path.name)
    for path in sorted((root / "boot").glob("[vi]*-*")):
        if flavour.raspberry:
            path.unlink()  # the hook of raspi-firmware has made its copy
        else:
            shutil.move(path, boot / path.name.partition("-")[0])
    for link in ("vmlinuz", "vmlinuz.old", "initrd.img", "initrd.img.old"):
        (root / link).unlink(missing_ok=True)


def lay_over(root: Path) -> None:
    """Put our files into the root, owned by root, and everything that follows from them."""
    for source in sorted(OVERLAY.rglob("*")):
        target = root / source.relative_to(OVERLAY)
        if source.is_dir():
            target.mkdir(exist_ok=True)
            continue
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)
    for program in _PROGRAMS:
        target = root / PROGRAMS / program
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(IMAGE / program, target, ignore=shutil.ignore_patterns("__pycache__"))
    for name, points_to in _LINKS.items():
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(points_to)
    for name in _MOUNT_POINTS:
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "etc/hostname").write_text("gantry\n")
    (root / "etc/hosts").write_text(
        "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 gantry\n"
    )
    _run("systemd-sysusers", f"--root={root}")
    enable_units(root)


def forget_times(root: Path) -> None:
    """Give what this build wrote the time of the suite, so that two builds are the same."""
    for folder, folders, files in os.walk(root):
        for name in (".", *folders, *files):
            path = os.path.join(folder, name)  # noqa: PTH118 - 20,000 of them
            if os.lstat(path).st_mtime > EPOCH:
                os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)


def wanted_units() -> list[str]:
    """Return the names of the units that are to be enabled."""
    lines = (line.partition("#")[0].strip() for line in _UNITS.read_text().splitlines())
    return [line for line in lines if line]


def enable_units(root: Path) -> None:
    """Enable exactly the wanted units.

    By hand: ``systemctl --root`` runs programs of the root for units that have an init
    script too, which fails silently where they are of another architecture.
    """
    system = root / "etc/systemd/system"
    for folder in [*system.glob("*.wants"), *system.glob("*.requires")]:
        shutil.rmtree(folder)
    for name in wanted_units():
        for target in _wanted_by(root, name):
            link = system / f"{target}.wants" / name
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(_find(root, name))


def enabled_units(root: Path) -> list[str]:
    """Return the names of the units that are enabled in a root."""
    links = (root / "etc/systemd/system").glob("*.wants/*")
    return sorted({link.name for link in links})


def _wanted_by(root: Path, name: str) -> list[str]:
    unit = configparser.RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(root / _find(root, name).lstrip("/"))
    return unit.get("Install", "WantedBy").split()


def _find(root: Path, name: str) -> str:
    template = name.partition("@")[0] + "@." + name.rpartition(".")[2] if "@" in name else name
    for folder in _UNIT_FOLDERS:
        if (root / folder / template).exists():
            return f"/{folder}/{template}"
    message = f"{name} is to be enabled and is not in the root"
    raise FileNotFoundError(message)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - our own arguments
