"""An appliance as the SD card has it: releases side by side, started by the image's launcher.

A release is this very checkout under another version, so that a bundle is made in a moment;
signature, wheels, installation, self-test, trial and the way back are the real ones.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

from nacl.signing import SigningKey

from appliance.releases.building import write_bundle
from appliance.releases.bundle import Manifest
from appliance.releases.slots import PYTHON, Slots
from tests.browser.appliance import CHECKOUT, CONFIGURATION, RunningAppliance
from tests.releases.made import BASE_PYTHON, KEY, make_keys

LAUNCH = CHECKOUT / "image/overlay/usr/lib/gantry/launch"
FACTORY = "1.0"
_ANYBODY = 999  # root starts the factory release only


@dataclass(frozen=True, slots=True)
class Release:
    """What is in a release; ``first`` is run before anything else of it."""

    version: str
    first: str = ""

    @property
    def files(self) -> dict[str, str]:
        """Return the files of its packages."""
        libraries = sysconfig.get_path("purelib")
        package = CHECKOUT / "appliance"
        beginning = (
            f'__version__ = "{self.version}"\n'
            f'__path__.append("{package}")\n'  # where all else is
            f"{self.first}\n"
        )
        return {
            "appliance/__init__.py": beginning,
            "appliance/__main__.py": (package / "__main__.py").read_text(),
            # By its place the engine and other processes find the release.
            "appliance/processes.py": (package / "processes.py").read_text(),
            "libraries.pth": f"{libraries}\n",
        }

    def bundle(self, folder: Path, key: SigningKey = KEY, python: str = PYTHON) -> Path:
        """Write it as a signed bundle."""
        name = f"gantry_appliance-{self.version}"
        wheel = folder / f"{name}-py3-none-any.whl"
        info = f"{name}.dist-info"
        files = self.files | {
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: x\nVersion: {self.version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{each},,\n" for each in [*files, f"{info}/RECORD"])
        with zipfile.ZipFile(wheel, "w") as file:
            for each, text in files.items():
                file.writestr(each, text)
        target = folder / f"gantry-{self.version}.bundle"
        notes = f"What is new in {self.version}"
        write_bundle(target, [wheel], Manifest(self.version, python, "any", 1.0, notes), key)
        wheel.unlink()
        return target

    def unpack(self, folder: Path) -> Path:
        """Write it as it lies in the read-only root."""
        packages = folder / "lib" / f"python{PYTHON}" / "site-packages"
        (packages / "appliance").mkdir(parents=True)
        for name, text in self.files.items():
            (packages / name).write_text(text)
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(BASE_PYTHON)
        (folder / "pyvenv.cfg").write_text(f"home = {BASE_PYTHON.parent}\n")
        return folder


class Card(RunningAppliance):
    """An SD card with a factory release and a key that is trusted."""

    def __init__(self, base: Path, configuration: str = CONFIGURATION) -> None:
        (base / "releases").mkdir(parents=True)
        factory = Release(FACTORY).unpack(base / "factory")
        self.slots = Slots(base / "releases", factory)
        self.keys = make_keys(base)
        self._tools = base / "tools"
        self._tools.mkdir()
        (self._tools / "id").write_text(f"#!/bin/sh\necho {_ANYBODY}\n")
        (self._tools / "id").chmod(0o755)
        (base / "config").mkdir()
        super().__init__(base / "config", configuration)

    def is_started_again(self, code: int) -> bool:
        """Return what the unit says: Restart=always, unless it was told to stop."""
        return code != 0

    def spawn(self) -> subprocess.Popen[str]:
        """Start what the launcher chooses."""
        return subprocess.Popen(
            [str(LAUNCH), "appliance", "run", "--config", str(self.directory)],
            env={
                **os.environ,
                "PATH": f"{self._tools}:{os.environ['PATH']}",
                "PYTHONUNBUFFERED": "1",
                "GANTRY_RELEASES": str(self.slots.root),
                "GANTRY_FACTORY": str(self.slots.factory),
                "GANTRY_RELEASE_KEYS": str(self.keys),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
