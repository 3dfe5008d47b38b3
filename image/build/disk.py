"""From folders to a card: file systems and a partition table, without devices or mounts."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from image.build.flavours import EPOCH

MIB = 1024 * 1024
SECTOR = 512
# The boot ROMs of every Raspberry Pi read an MBR and a FAT partition that begins here.
START = 4 * MIB
BOOT_SIZE = 256 * MIB
DATA_SIZE = 64 * MIB
BOOT_LABEL, ROOT_LABEL, DATA_LABEL = "GANTRY", "gantry-root", "gantry-data"
_DISK_ID = "0x47414e54"
_ROOT_UUID = "6a1f3c52-0d7e-4b0a-9c53-2f6f8f2d7a01"
_DATA_UUID = "6a1f3c52-0d7e-4b0a-9c53-2f6f8f2d7a02"
# Beside the files: tables, and room for a person who repairs something.
_SLACK = 48 * MIB
_FIRST_INODE = 11
_BLOCK = 4096
_LARGEST_DATA = 512 * 1024 * MIB
_ENVIRONMENT = {
    "SOURCE_DATE_EPOCH": str(EPOCH),
    "E2FSPROGS_FAKE_TIME": str(EPOCH),
    "MTOOLS_SKIP_CHECK": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True, slots=True)
class Partition:
    """A stretch of the card; bytes."""

    start: int
    size: int
    kind: str  # of the MBR, hexadecimal


def make_image(boot: Path, root: Path, image: Path, work: Path) -> list[Partition]:
    """Write the image of a card with the three partitions; return where they are."""
    parts = [work / f"{name}.part" for name in ("boot", "root", "data")]
    make_fat(boot, parts[0])
    make_ext4(parts[1], ROOT_LABEL, _ROOT_UUID, files=root)
    make_ext4(parts[2], DATA_LABEL, _DATA_UUID)
    table = layout([part.stat().st_size for part in parts])
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(table[-1].start + table[-1].size)
    _run("sfdisk", "--quiet", str(image), input=sfdisk_script(table))
    for part, place in zip(parts, table, strict=True):
        _run("dd", f"if={part}", f"of={image}", "bs=1M", f"seek={place.start // MIB}",
             "conv=notrunc,sparse", "status=none")  # fmt: skip
        part.unlink()
    return table


def layout(sizes: list[int]) -> list[Partition]:
    """Put partitions of those sizes one behind the other."""
    table, start = [], START
    for size, kind in zip(sizes, ("c", "83", "83"), strict=True):
        table.append(Partition(start, size, kind))
        start += size
    return table


def sfdisk_script(table: list[Partition]) -> str:
    """Return what sfdisk(8) makes the table of."""
    lines = [
        f"start={part.start // SECTOR}, size={part.size // SECTOR}, type={part.kind}"
        for part in table
    ]
    return "\n".join(["label: dos", f"label-id: {_DISK_ID}", "unit: sectors", "", *lines, ""])


def make_fat(folder: Path, image: Path) -> None:
    """Make the FAT partition with the files of a folder."""
    with image.open("wb") as file:
        file.truncate(BOOT_SIZE)
    _run("mkfs.vfat", "-F", "32", "-n", BOOT_LABEL, "--invariant", str(image))
    for path in sorted(folder.rglob("*")):
        os.utime(path, (EPOCH, EPOCH))
    names = [str(path) for path in sorted(folder.iterdir())]
    _run("mcopy", "-s", "-m", "-Q", "-i", str(image), *names, "::/")


def make_ext4(image: Path, label: str, uuid: str, files: Path | None = None) -> None:
    """Make an ext4 partition: empty to keep data, or of a folder and never to be written."""
    size = DATA_SIZE if files is None else _room_for(files)
    with image.open("wb") as file:
        file.truncate(size)
    options = ["-t", "ext4", "-q", "-F", "-L", label, "-U", uuid]
    features = f"hash_seed={uuid},root_owner=0:0,lazy_itable_init=0"
    if files is not None:
        options += ["-O", "^has_journal", "-d", str(files)]
    else:
        # It is 64 MiB only until its first boot.
        features += f",resize={_LARGEST_DATA // _BLOCK}"
        options += ["-J", "size=16"]
    options += ["-E", features, "-m", "0", "-b", str(_BLOCK)]
    _run("mke2fs", *options, str(image))
    if files is not None:
        _set_times(image)


def _room_for(folder: Path) -> int:
    blocks, inodes = 0, 0
    for place, _, names in os.walk(folder):
        for name in (".", *names):
            status = os.lstat(Path(place) / name)
            blocks += -(-status.st_size // _BLOCK)
            inodes += 1
    size = blocks * _BLOCK + inodes * 256 + _SLACK
    size += size // 32
    return -(-size // (16 * MIB)) * 16 * MIB


def _set_times(image: Path) -> None:
    """Give every inode the same times of access and change: nobody can set those of a file."""
    head = _run("dumpe2fs", "-h", str(image)).splitlines()
    facts = dict(line.split(":", 1) for line in head if ":" in line)
    used = int(facts["Inode count"]) - int(facts["Free inodes"])
    wanted = [
        f"sif <{inode}> {field} @{EPOCH}"
        for inode in (2, *range(_FIRST_INODE, used + 1))
        for field in ("atime", "ctime", "crtime")
    ]
    script = image.with_suffix(".times")
    script.write_text("\n".join(wanted) + "\n")
    _run("debugfs", "-w", "-f", str(script), str(image))
    script.unlink()


def compress(image: Path) -> Path:
    """Compress an image as every flasher reads it; return the file."""
    _run("xz", "-T2", "-6", "--keep", "--force", str(image))
    return image.with_name(image.name + ".xz")


def _run(*command: str, input: str | None = None) -> str:  # noqa: A002 - as subprocess has it
    program = shutil.which(command[0], path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [program or command[0], *command[1:]],
        input=input,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **_ENVIRONMENT},
    )
    if done.returncode:
        message = f"{command[0]} failed: {done.stderr.strip()[-2000:]}"
        raise RuntimeError(message)
    return done.stdout
