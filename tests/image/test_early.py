"""The machine's identity, brought from the data partition before the system starts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = (
    Path(__file__).parents[2]
    / "image/early/etc/initramfs-tools/scripts/local-bottom/gantry-machine-id"
)
IDENTITY = "0123456789abcdef0123456789abcdef"
# What the initramfs has: each writes down how it was called.
_PROGRAMS = {
    "blkid": "cat {root}/device",
    "umount": 'echo umount "$@" >>{root}/called',
    "mount": """echo mount "$@" >>{root}/called
case "$*" in *noload*) [ -d {root}/data ] && rmdir "$6" && ln -s {root}/data "$6" ;; esac""",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    programs = tmp_path / "bin"
    programs.mkdir()
    (tmp_path / "run").mkdir()
    for name, text in _PROGRAMS.items():
        (programs / name).write_text("#!/bin/sh\n" + text.format(root=tmp_path) + "\n")
        (programs / name).chmod(0o755)
    (tmp_path / "device").write_text("/dev/mmcblk0p3\n")
    (tmp_path / "called").touch()
    return tmp_path


def keep(root: Path, content: str) -> None:
    (root / "data/system").mkdir(parents=True)
    (root / "data/system/machine-id").write_text(content)


def run(root: Path, *words: str) -> list[str]:
    """Run it as the initramfs does; return how the programs were called."""
    sh = shutil.which("dash") or "/bin/sh"
    subprocess.run(
        [sh, "-u", str(SCRIPT), *words],
        env={
            "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
            "GANTRY_RUN": str(root / "run"),
            "rootmnt": "/root",
        },
        check=True,
        timeout=60,
    )
    return (root / "called").read_text().splitlines()


def test_the_kept_identity_lies_over_the_empty_one_of_the_root(root: Path) -> None:
    keep(root, f"{IDENTITY}\n")
    looked, left, bound = run(root)
    early = root / "run/gantry-early"
    assert looked == f"mount -t ext4 -o ro,noload /dev/mmcblk0p3 {early}"
    assert left == f"umount {early}"
    assert bound == f"mount -n -o bind {root}/run/machine-id /root/etc/machine-id"
    assert (root / "run/machine-id").read_text() == f"{IDENTITY}\n"


@pytest.mark.parametrize("kept", ["", "\n", "short\n", IDENTITY.upper(), f"{IDENTITY}0\n"])
def test_what_is_no_identity_is_not_brought(root: Path, kept: str) -> None:
    keep(root, kept)
    assert len(run(root)) == 2
    assert not (root / "run/machine-id").exists()


def test_a_missing_partition_and_one_that_cannot_be_mounted_stop_nothing(root: Path) -> None:
    assert len(run(root)) == 1
    (root / "device").write_text("")
    (root / "called").write_text("")
    assert run(root) == []


def test_a_partition_without_an_identity_stops_nothing(root: Path) -> None:
    (root / "data").mkdir()
    assert len(run(root)) == 2


def test_the_initramfs_is_told_that_nothing_must_come_before_it(root: Path) -> None:
    assert run(root, "prereqs") == []
