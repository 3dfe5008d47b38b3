"""The last versions of the configuration's files, kept whenever one is replaced."""

from __future__ import annotations

import contextlib
import re
import time
from calendar import timegm
from pathlib import Path

from appliance.errors import FileMissing
from appliance.records import dataclass
from appliance.storage import make_private_directory, write_atomic

VERSIONS_KEPT = 10
VERSIONS_FOLDER = "config-versions"
_NAME = re.compile(r"(\d{8}T\d{6})\.\d{9}-([^/\\]{1,200})")


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was until it was replaced."""

    id: str
    file: str  # its name, such as configuration.yaml
    until: float  # unix seconds
    size: int


class Versions:
    """The folder of old versions; every method blocks on the disk."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / ".storage" / VERSIONS_FOLDER

    def keep(self, file: str, content: bytes) -> None:
        """Keep a text that is about to be replaced, and of all those the last ten."""
        make_private_directory(self._folder)
        # One look at the clock: the second may change between two.
        seconds, number = divmod(time.time_ns(), 1_000_000_000)
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(seconds))
        write_atomic(self._folder / f"{stamp}.{number:09d}-{file}", content)
        for old in self._paths()[:-VERSIONS_KEPT]:
            with contextlib.suppress(FileNotFoundError):
                old.unlink()

    def all(self) -> list[Version]:
        """Return what is kept, the latest first."""
        found = (_version(path) for path in reversed(self._paths()))
        return [version for version in found if version is not None]

    def read(self, version_id: str) -> bytes:
        """Return the content of one; raise `FileMissing` if it is not kept."""
        if _NAME.fullmatch(version_id) is None:
            raise FileMissing("there is no such version")
        try:
            return (self._folder / version_id).read_bytes()
        except OSError:
            raise FileMissing("there is no such version") from None

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*"))


def _version(path: Path) -> Version | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        until = timegm(time.strptime(match[1], "%Y%m%dT%H%M%S"))
        return Version(path.name, match[2], until, path.stat().st_size)
    except (OSError, ValueError):
        return None
