"""Wheels into a bundle, signed by a key that is never in the repository."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from nacl.signing import SigningKey

from appliance.releases.bundle import KEY_PREFIX, MANIFEST, SIGNATURE, WHEELS, Manifest
from appliance.storage import write_atomic

_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that two builds of the same are the same


def new_key(private: Path) -> str:
    """Make a key pair: the private half into a file of its own, the public one returned.

    A file that is there is never replaced: FileExistsError.
    """
    key = SigningKey.generate()
    private.touch(mode=0o600, exist_ok=False)
    write_atomic(private, base64.b64encode(bytes(key)) + b"\n")
    return public_line(key)


def load_private_key(path: Path) -> SigningKey:
    """Read the private half."""
    return SigningKey(base64.b64decode(path.read_text().strip(), validate=True))


def public_line(key: SigningKey) -> str:
    """Return the public half as it stands in a ``.pub`` file."""
    return f"{KEY_PREFIX} {base64.b64encode(bytes(key.verify_key)).decode()}\n"


def write_bundle(
    target: Path, wheels: Iterable[Path], manifest: Manifest, key: SigningKey
) -> Manifest:
    """Write a bundle of those wheels; return the manifest as it was signed."""
    files = sorted(wheels, key=lambda path: path.name)
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    manifest = replace(manifest, wheels=sums)
    content = manifest.dump()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), content)
        archive.writestr(zipfile.ZipInfo(SIGNATURE, _EPOCH), key.sign(content).signature)
        for path in files:
            archive.writestr(zipfile.ZipInfo(WHEELS + path.name, _EPOCH), path.read_bytes())
    return manifest
