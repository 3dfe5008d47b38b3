"""What can be built: a processor architecture, the packages for it, how big it becomes."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

IMAGE = Path(__file__).resolve().parent.parent
SUITE = "trixie"
# The Python of that suite; the wheels are chosen by it.
PYTHON = (3, 13)
# 2025-08-09, the day of that suite: the time of files that nobody dated.
EPOCH = 1754697600


@dataclass(frozen=True, slots=True)
class Flavour:
    """One kind of image."""

    name: str
    architecture: str  # as Debian names it
    machine: str  # as wheels name it
    raspberry: bool
    backports: bool = False

    @property
    def packages(self) -> tuple[str, ...]:
        """The Debian packages beside the minimal system, in the order of the lists."""
        return tuple(
            line
            for part in ("common", self.name)
            for raw in (IMAGE / "packages" / f"{part}.txt").read_text().splitlines()
            if (line := raw.partition("#")[0].strip())
        )

    @property
    def is_native(self) -> bool:
        """Whether this machine runs its programs without emulation."""
        return platform.machine() == self.machine


FLAVOURS = {
    flavour.name: flavour
    for flavour in (
        Flavour("arm64", "arm64", "aarch64", raspberry=True),
        Flavour("arm64-pi5", "arm64", "aarch64", raspberry=True, backports=True),
        Flavour("amd64", "amd64", "x86_64", raspberry=False),
    )
}
