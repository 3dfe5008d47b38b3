"""A release on its way: a zip file with wheels, what it says of itself, and a signature.

`manifest.json` names every wheel with its checksum, `manifest.sig` is the Ed25519 signature
over the very bytes of the manifest. Nothing in the file is looked at before the signature is
found good, and nothing is unpacked before its checksum is.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, field
from pathlib import Path
from typing import IO

import orjson
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from appliance.domain.updates import BundleDamaged
from appliance.records import dataclass
from appliance.releases.slots import VERSION

MANIFEST, SIGNATURE, WHEELS = "manifest.json", "manifest.sig", "wheels/"
KEY_PREFIX = "gantry-release-key"
MAX_MANIFEST = 1 << 20
MAX_WHEEL = 128 << 20
MAX_WHEELS = 200
_WHEEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+!-]{0,200}\.whl")
_BLOCK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release says of itself."""

    version: str
    python: str  # such as 3.13
    machine: str  # as `uname -m` says it; "any" if no wheel depends on it
    made_at: float  # unix seconds
    notes: str = ""
    data_format: int = 1
    wheels: dict[str, str] = field(default_factory=dict)  # name -> SHA-256

    def dump(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps({"gantry_release": 1, **asdict(self)}, option=orjson.OPT_INDENT_2)


def load_manifest(content: bytes) -> Manifest:
    """Read it back; its signature was good, which is no reason to trust its form."""
    try:
        data = orjson.loads(content)
        if data["gantry_release"] != 1:
            raise BundleDamaged("it was made for a newer Gantry")
        wheels = {str(name): str(digest) for name, digest in data["wheels"].items()}
        manifest = Manifest(
            version=str(data["version"]),
            python=str(data["python"]),
            machine=str(data["machine"]),
            made_at=float(data["made_at"]),
            notes=str(data["notes"])[:10_000],
            data_format=int(data["data_format"]),
            wheels=wheels,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleDamaged("its manifest is damaged") from error
    names_are_good = all(_WHEEL.fullmatch(name) for name in wheels)
    if not VERSION.fullmatch(manifest.version) or not names_are_good or not wheels:
        raise BundleDamaged("its manifest names what cannot be")
    if len(wheels) > MAX_WHEELS:
        raise BundleDamaged("it holds more than any release")
    return manifest


def load_keys(folder: Path) -> tuple[VerifyKey, ...]:
    """Return the keys of those whose releases are installed: ``*.pub`` in a folder."""
    return tuple(parse_key(path.read_text()) for path in sorted(folder.glob("*.pub")))


def parse_key(text: str) -> VerifyKey:
    """Read a public key: a line ``gantry-release-key BASE64 [comment]``."""
    prefix, _, rest = text.partition(" ")
    try:
        key = base64.b64decode(rest.split()[0] if prefix == KEY_PREFIX else "", validate=True)
        return VerifyKey(key)
    except (ValueError, IndexError, TypeError, binascii.Error) as error:
        raise BundleDamaged("a key of releases is damaged") from error


def check_signature(content: bytes, signature: bytes, keys: Sequence[VerifyKey]) -> None:
    """Raise unless one of the keys has signed that."""
    for key in keys:
        try:
            key.verify(content, signature)
        except (BadSignatureError, ValueError):
            continue
        return
    raise BundleDamaged("nobody whose releases are installed here has signed it")


class Bundle:
    """A bundle whose signature is good."""

    def __init__(self, file: zipfile.ZipFile, keys: Sequence[VerifyKey]) -> None:
        self._file = file
        content = self._small(MANIFEST)
        check_signature(content, self._small(SIGNATURE), keys)
        self.manifest = load_manifest(content)

    def unpack(self, folder: Path) -> list[Path]:
        """Write the wheels into a folder, each compared with its checksum."""
        return [self._unpack(name, folder / name) for name in sorted(self.manifest.wheels)]

    @property
    def size(self) -> int:
        """Return how many bytes the wheels say they have."""
        return sum(entry.file_size for entry in self._file.infolist())

    def _unpack(self, name: str, target: Path) -> Path:
        digest = hashlib.sha256()
        size = 0
        with _damage(), self._file.open(WHEELS + name) as source, target.open("xb") as output:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > MAX_WHEEL:
                    raise BundleDamaged("it unpacks to more than any release")
                digest.update(block)
                output.write(block)
        if digest.hexdigest() != self.manifest.wheels[name]:
            message = f"{name} in it is damaged"
            raise BundleDamaged(message)
        return target

    def _small(self, name: str) -> bytes:
        with _damage(), self._file.open(name) as source:
            content: bytes = source.read(MAX_MANIFEST + 1)
        if len(content) > MAX_MANIFEST:
            raise BundleDamaged("its manifest is too long")
        return content


@contextmanager
def opened(path: Path, keys: Sequence[VerifyKey]) -> Iterator[Bundle]:
    """Open a bundle and check who has signed it."""
    with path.open("rb") as source, _zip_file(source) as file:
        yield Bundle(file, keys)


def _zip_file(source: IO[bytes]) -> zipfile.ZipFile:
    with _damage():
        return zipfile.ZipFile(source)


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BundleDamaged("it is no release of Gantry, or it is damaged") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning
            raise
        raise BundleDamaged("it is no release of Gantry, or it is damaged") from error
