"""What an image is made of, and what Raspberry Pi Imager wants to know about it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from image.build.flavours import SUITE, Flavour

_BLOCK = 1024 * 1024
_DEVICES = {
    "arm64": ["pi3-64bit", "pi4-64bit"],
    "arm64-pi5": ["pi5-64bit"],
}


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def debian_packages(root: Path) -> dict[str, str]:
    """Return name and version of every Debian package in a root."""
    found: dict[str, str] = {}
    for entry in (root / "var/lib/dpkg/status").read_text().split("\n\n"):
        fields = dict(
            line.split(": ", 1)
            for line in entry.splitlines()
            if ": " in line and not line.startswith(" ")
        )
        if fields.get("Status") == "install ok installed":
            found[fields["Package"]] = fields["Version"]
    return dict(sorted(found.items()))


def python_packages(site_packages: Path) -> dict[str, str]:
    """Return name and version of every Python package of the factory release."""
    names = (
        path.name.removesuffix(".dist-info") for path in site_packages.glob("*.dist-info")
    )
    return dict(sorted(name.rsplit("-", 1) for name in names))


def describe(
    flavour: Flavour, version: str, debian: dict[str, str], python: dict[str, str]
) -> dict[str, Any]:
    """Return the list of contents that goes with an image."""
    return {
        "name": "Gantry",
        "version": version,
        "flavour": flavour.name,
        "suite": SUITE,
        "debian": debian,
        "python": python,
    }


def for_imager(
    flavour: Flavour, version: str, image: Path, compressed: Path, day: str
) -> dict[str, Any]:
    """Return a manifest that Raspberry Pi Imager opens: with it, its dialog asks for Wi-Fi."""
    entry = {
        "name": f"Gantry {version}",
        "description": "Flash, edit one file, print: an appliance for 3D printers",
        "icon": "",
        "url": compressed.name,
        "release_date": day,
        "extract_size": image.stat().st_size,
        "extract_sha256": sha256(image),
        "image_download_size": compressed.stat().st_size,
        "image_download_sha256": sha256(compressed),
        "devices": _DEVICES.get(flavour.name, []),
        "architecture": "armv8",
        "init_format": "rpi-preseed",
    }
    return {"os_list": [entry]}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write it as people read it."""
    path.write_text(json.dumps(content, indent=2) + "\n")
