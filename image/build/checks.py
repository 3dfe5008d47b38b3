"""What must hold for every card that leaves the house; each check returns what is wrong."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from image.build.emulation import run_for
from image.build.factory import FACTORY
from image.build.flavours import IMAGE, Flavour
from image.build.tree import OVERLAY, enabled_units, wanted_units
from image.build.video import PROGRAM

# Of `systemd-analyze security`, times ten.
WORST_SCORE = 25
MIB = 1024 * 1024
LARGEST_DOWNLOAD = 400 * MIB
_LEAST_FREE_BOOT = 100 * MIB
_BOOT_SIZE = 256 * MIB
# What would be the same secret, or the same identity, on every card.
_NEVER = (
    "etc/ssh/ssh_host_*",
    "root/.ssh/*",
    "root/.*_history",
    "home/*",
    "var/lib/systemd/random-seed",
    "var/lib/dbus/machine-id",
    "var/lib/NetworkManager/secret_key",
    "etc/NetworkManager/system-connections/*",
    "data/*",
    "etc/apt/apt.conf.d/*proxy*",
    "etc/apt/auth.conf",
    "etc/apt/auth.conf.d/*",
)
_FIRMWARE = ("bootcode.bin", "start.elf", "start4.elf", "fixup.dat", "fixup4.dat")
_SOURCE = re.compile(
    r"^deb (\[[^]]*\] )?http://deb\.debian\.org/debian(-security)? trixie[a-z-]* "
)
_PRIVATE_KEY = "PRIVATE KEY-----"


def wrong_in_root(root: Path) -> Iterator[str]:
    """Say what is wrong in the root of a card."""
    for pattern in _NEVER:
        yield from (
            f"/{path.relative_to(root)} must not be there" for path in root.glob(pattern)
        )
    if (root / "etc/machine-id").read_bytes():
        yield "/etc/machine-id must be empty: every card makes its own"
    for line in (root / "etc/shadow").read_text().splitlines():
        user, password = line.split(":")[:2]
        if not password.startswith(("*", "!")):
            yield f"the user {user} has a password"
    for line in (root / "etc/apt/sources.list").read_text().splitlines():
        if line and not _SOURCE.match(line):
            yield f"a strange source of packages: {line}"
    if (found := enabled_units(root)) != (wanted := sorted(wanted_units())):
        yield f"enabled units: {sorted({*found} ^ {*wanted})} differ from image/units.txt"
    for path in (root / "usr/lib/gantry").rglob("*.py"):
        cached = path.parent / "__pycache__"
        if not any(cached.glob(f"{path.stem}.*.pyc")):
            yield f"/{path.relative_to(root)} is not compiled"
            break


def wrong_on_boot(boot: Path, flavour: Flavour) -> Iterator[str]:
    """Say what is wrong on the first partition."""
    names = {path.name for path in boot.iterdir()}
    yield from (f"{name} is missing" for name in ("gantry.yaml",) if name not in names)
    used = sum(path.stat().st_size for path in boot.rglob("*") if path.is_file())
    if _BOOT_SIZE - used < _LEAST_FREE_BOOT:
        yield f"the boot partition has {(_BOOT_SIZE - used) // MIB} MiB left"
    if not flavour.raspberry:
        return
    yield from (f"{name} is missing" for name in _FIRMWARE if name not in names)
    if not any(name.startswith("bcm27") and name.endswith(".dtb") for name in names):
        yield "there is no device tree"
    command = (boot / "cmdline.txt").read_text()
    if command.count("\n") != 1 or "root=LABEL=gantry-root" not in command:
        yield f"cmdline.txt does not start our root: {command!r}"
    settings = dict(
        line.split("=", 1)
        for line in (boot / "config.txt").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    if settings.get("arm_64bit") != "1":
        yield "config.txt has no arm_64bit=1"
    if settings.get("kernel") not in names:
        yield f"config.txt names the kernel {settings.get('kernel')}"
    initramfs = re.search(r"^initramfs (\S+)", (boot / "config.txt").read_text(), re.MULTILINE)
    if initramfs is None or initramfs[1] not in names:
        yield "config.txt names no initramfs that is there"


def wrong_in_overlay() -> Iterator[str]:
    """Say what is wrong in the files that we lay over the root."""
    units = OVERLAY / "etc/systemd/system"
    ours = {path.name: path.read_text() for path in sorted(units.glob("gantry*"))}
    wanted = {name for name in wanted_units() if name.startswith("gantry")}
    yield from (f"units.txt: there is no {name}" for name in wanted - ours.keys())
    for name, text in ours.items():
        if "[Install]" in text and name not in wanted:
            yield f"{name} is to be installed and not in units.txt"
        for program in re.findall(
            r"^Exec\w+=[-+!@:]*(/usr/lib/gantry/\S+)", text, re.MULTILINE
        ):
            if not (OVERLAY / program[1:]).exists():
                yield f"{name}: there is no {program}"
    for path in (path for path in sorted(OVERLAY.rglob("*")) if path.is_file()):
        text = path.read_text()
        if _PRIVATE_KEY in text:
            yield f"{path.name} has a private key"
        if text.startswith("#!") and not path.stat().st_mode & 0o100:
            yield f"{path.name} is not executable"


def our_services() -> list[Path]:
    """Return the files of our services."""
    return sorted((OVERLAY / "etc/systemd/system").glob("*.service"))


def too_open(unit: Path) -> bool:
    """Whether a unit may do more than it should."""
    return unit_score(unit) * 10 > WORST_SCORE


def unit_score(unit: Path) -> float:
    """Return what `systemd-analyze security` says about a unit: 0 is safe, 10 is not."""
    done = subprocess.run(  # noqa: S603
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"Overall exposure level.*: ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def prove(root: Path, flavour: Flavour) -> None:
    """Let the target's own systemd and Python look at our units and our release."""
    units = [f"/etc/systemd/system/{unit.name}" for unit in our_services()]
    run_for(flavour, ["chroot", str(root), "systemd-analyze", "verify", "--man=no", *units])
    run_for(flavour, ["chroot", str(root), f"/{PROGRAM}", "-loglevel", "error", "-version"])
    config = root / "tmp/config"
    config.mkdir()
    shutil.copyfile(IMAGE / "first_boot/configuration.yaml", config / "configuration.yaml")
    python = f"/{FACTORY}/bin/python"
    check = [python, "-P", "-m", "appliance", "check", "--config", "/tmp/config"]  # noqa: S108
    try:
        run_for(flavour, ["chroot", str(root), *check])
    finally:
        shutil.rmtree(config)
