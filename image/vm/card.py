"""The card in the hand: its partitions read and written from outside, without mounting."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
MIB = 1024 * 1024


class CardDamaged(Exception):
    """A file system on the card is not clean."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a partition is; bytes."""

    start: int
    size: int


class Card:
    """An image file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def flash(cls, image: Path, path: Path, size: int) -> Card:
        """Copy an image to a card of that size in bytes."""
        _run("cp", "--sparse=always", str(image), str(path))
        os.truncate(path, size)
        return cls(path)

    def convert(self, path: Path, kind: str) -> Card:
        """Copy the card into another format of image; return the copy."""
        _run("qemu-img", "convert", "-O", kind, str(self.path), str(path))
        return Card(path)

    def copy(self, name: str) -> Card:
        """Copy the card into a file beside it."""
        path = self.path.with_name(name)
        _run("cp", "--sparse=always", str(self.path), str(path))
        return Card(path)

    def mend_container(self) -> None:
        """Let QEMU forget what it had reserved in its own file when it was killed."""
        _try("qemu-img", "check", "-q", "-r", "leaks", str(self.path))

    def places(self) -> list[Place]:
        """Return the partitions."""
        table = json.loads(_run("sfdisk", "--json", str(self.path)))["partitiontable"]
        return [
            Place(part["start"] * SECTOR, part["size"] * SECTOR)
            for part in table["partitions"]
        ]

    # -- the first partition, as a computer shows it

    def put(self, name: str, content: bytes) -> None:
        """Write a file onto the boot partition."""
        source = self.path.with_suffix(".file")
        source.write_bytes(content)
        _run("mcopy", "-o", "-i", self._fat, str(source), f"::/{name}")
        source.unlink()

    def get(self, name: str) -> bytes | None:
        """Read a file of the boot partition; None if there is none."""
        target = self.path.with_suffix(".file")
        target.unlink(missing_ok=True)
        try:
            _run("mcopy", "-i", self._fat, f"::/{name}", str(target))
            return target.read_bytes()
        except subprocess.CalledProcessError:
            return None
        finally:
            target.unlink(missing_ok=True)

    def boot_names(self) -> list[str]:
        """List the boot partition."""
        listed = _run("mdir", "-b", "-i", self._fat, "::/")
        return [line.removeprefix("::/") for line in listed.splitlines()]

    def first_partition(self) -> bytes:
        """Return the boot partition byte by byte, with what is left of deleted files."""
        place = self.places()[0]
        with self.path.open("rb") as image:
            image.seek(place.start)
            return image.read(place.size)

    @property
    def _fat(self) -> str:
        return f"{self.path}@@4M"

    # -- the other two

    def check(self) -> str:
        """Check all file systems as they are after a power cut; say what was repaired.

        A journal is played back first, as mounting does; then nothing may be wrong. A FAT
        may only say that it was not unmounted.
        """
        boot, root, data = self.places()
        said = []
        with self._part(boot) as fat:
            if (done := _try("fsck.vfat", "-n", str(fat))).returncode:
                if "irty bit is set" not in done.stdout:
                    raise CardDamaged(done.stdout)
                said.append("FAT not unmounted")
                _try("fsck.vfat", "-a", str(fat))
                if (done := _try("fsck.vfat", "-n", str(fat))).returncode:
                    raise CardDamaged(done.stdout)
        with self._part(root) as ext4:
            if (done := _try("e2fsck", "-fn", str(ext4))).returncode:
                raise CardDamaged(done.stdout)
        with self._part(data) as ext4:
            state = _run("dumpe2fs", "-h", str(ext4))
            if "needs_recovery" in state:
                said.append("journal played back")
                _try("e2fsck", "-E", "journal_only", "-p", str(ext4))
            if (done := _try("e2fsck", "-fn", str(ext4))).returncode:
                raise CardDamaged(done.stdout)
        return ", ".join(said) or "clean"

    def data_file(self, path: str) -> bytes | None:
        """Read a file of the data partition, after its journal was played back."""
        with self._part(self.places()[2]) as ext4:
            _try("e2fsck", "-E", "journal_only", "-p", str(ext4))
            target = ext4.with_suffix(".out")
            target.unlink(missing_ok=True)
            _try("debugfs", "-R", f'dump "{path}" {target}', str(ext4))
            content = target.read_bytes() if target.exists() else None
            target.unlink(missing_ok=True)
            return content

    def data_names(self, folder: str) -> list[str]:
        """List a folder of the data partition."""
        with self._part(self.places()[2]) as ext4:
            _try("e2fsck", "-E", "journal_only", "-p", str(ext4))
            listed = _run("debugfs", "-R", f'ls -p "{folder}"', str(ext4))
        names = [line.split("/")[5] for line in listed.splitlines() if line.count("/") > 5]
        return sorted(name for name in names if name not in ("", ".", ".."))

    def _part(self, place: Place) -> _Part:
        return _Part(self.path, place)


class _Part:
    """A copy of a partition for the tools that cannot be told where it begins."""

    def __init__(self, image: Path, place: Place) -> None:
        self._image = image
        self._place = place
        self._copy = image.with_suffix(".part")

    def __enter__(self) -> Path:
        _run("dd", f"if={self._image}", f"of={self._copy}", "bs=1M", "conv=sparse",
             f"skip={self._place.start // MIB}", f"count={-(-self._place.size // MIB)}",
             "status=none")  # fmt: skip
        return self._copy

    def __exit__(self, *_: object) -> None:
        self._copy.unlink()


def _run(*command: str) -> str:
    done = _try(*command)
    done.check_returncode()
    return done.stdout


def _try(*command: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which(command[0], path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    return subprocess.run(  # noqa: S603 - our own arguments
        [program or command[0], *command[1:]],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"},
    )
