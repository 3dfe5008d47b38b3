"""A bundle into a folder of its own, with nothing from the network, tested by its own code.

It becomes a release by one rename when everything in it is on the disk. Killed anywhere
before, what is left is swept at the next try.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from installer import install as install_wheel
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from nacl.signing import VerifyKey
from packaging.version import InvalidVersion, Version

from appliance.domain.updates import BundleDamaged, UpdatePhase, UpdateRefused
from appliance.errors import StorageFull
from appliance.releases.bundle import Manifest, opened
from appliance.releases.slots import CURRENT, PYTHON, RECORD, Slots, sync_folder
from appliance.releases.usage import WAITING, sweep, used_by_processes

RESERVE_BYTES = 64 << 20
# Of the wheels to what becomes of them, with bytecode.
GROWTH = 6
TEST_S = 180.0
COMPILE_S = 900.0
_LAST_LINES = 12

Progress = Callable[[UpdatePhase, float | None], None]


def install(
    bundle: Path,
    slots: Slots,
    keys: Sequence[VerifyKey],
    config: Path,
    progress: Progress,
    python: Path,
) -> Manifest:
    """Install a bundle beside the other releases; the current one stays what it is. Blocks."""
    sweep(slots)
    progress(UpdatePhase.VERIFYING, None)
    with opened(bundle, keys) as found:
        manifest = found.manifest
        refuse_if_unfit(manifest, slots)
        _need_room(slots.root, found.size * GROWTH)
        with TemporaryDirectory(prefix=WAITING, dir=slots.root) as waiting:
            wheels = Path(waiting, "wheels")
            wheels.mkdir()
            files = found.unpack(wheels)
            release = Path(waiting, "release")
            _make(release, files, manifest, python, progress)
            progress(UpdatePhase.TESTING, None)
            test(release, manifest, config)
            (release / RECORD).write_bytes(
                orjson.dumps({"version": manifest.version, "notes": manifest.notes})
            )
            _sync(release)
            _become(release, slots, manifest.version)
    return manifest


def refuse_if_unfit(manifest: Manifest, slots: Slots) -> None:
    """Raise unless that release may be installed here."""
    if manifest.python != PYTHON:
        message = f"it is for Python {manifest.python}, and this system has {PYTHON}"
        raise UpdateRefused(message)
    if manifest.machine not in ("any", platform.machine()):
        message = f"it is for {manifest.machine}, and this is {platform.machine()}"
        raise UpdateRefused(message)
    if manifest.version == slots.version_at(CURRENT):
        message = f"Gantry {manifest.version} is installed already"
        raise UpdateRefused(message)
    if manifest.version in used_by_processes(slots):
        message = f"a print still runs from Gantry {manifest.version}"
        raise UpdateRefused(message)
    highest = max(_known(slots), key=parse_version, default=None)
    if highest is not None and parse_version(manifest.version) < parse_version(highest):
        message = (
            f"Gantry {manifest.version} is older than {highest}, which was here: "
            "older releases are not installed, but you can go back to one that is still there"
        )
        raise UpdateRefused(message)


def parse_version(text: str) -> Version:
    """Return a version that can be compared."""
    try:
        return Version(text)
    except InvalidVersion as error:
        message = f"'{text}' is no version"
        raise BundleDamaged(message) from error


def test(release: Path, manifest: Manifest, config: Path) -> None:
    """Let the new code say its version, import everything, and read the live configuration."""
    said = _run(release, ["-m", "appliance", "version"], TEST_S)
    if said.split()[-1:] != [manifest.version]:
        message = f"it says that it is {said.strip() or 'nothing'}, not {manifest.version}"
        raise UpdateRefused(message)
    _run(release, ["-m", "appliance", "check", "--config", str(config)], TEST_S)


def _known(slots: Slots) -> Iterator[str]:
    for version in (slots.state().highest, slots.factory_version, slots.version_at(CURRENT)):
        if version is not None:
            yield version


def _make(
    release: Path, wheels: Sequence[Path], manifest: Manifest, python: Path, progress: Progress
) -> None:
    packages = release / "lib" / f"python{manifest.python}" / "site-packages"
    packages.mkdir(parents=True)
    (release / "bin").mkdir()
    (release / "bin" / "python").symlink_to(python)
    (release / "pyvenv.cfg").write_text(
        f"home = {python.parent}\ninclude-system-site-packages = false\n"
        f"version = {manifest.python}\n"
    )
    schemes = {
        "purelib": str(packages),
        "platlib": str(packages),
        "scripts": str(release / "bin"),
        "headers": str(release / "include"),
        "data": str(release),
    }
    destination = SchemeDictionaryDestination(
        schemes, interpreter=str(release / "bin" / "python"), script_kind="posix"
    )
    for number, wheel in enumerate(wheels):
        progress(UpdatePhase.INSTALLING, number / len(wheels))
        try:
            with WheelFile.open(wheel) as source:
                install_wheel(source, destination, {"INSTALLER": b"gantry"})
        except (ValueError, KeyError, FileExistsError) as error:
            message = f"{wheel.name} in it cannot be installed"
            raise BundleDamaged(message) from error
    progress(UpdatePhase.INSTALLING, 1.0)
    compiling = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    # Commands run with docstrings, the appliance and its engines without.
    _run(release, [*compiling, "-o", "0", "-o", "2", str(packages)], COMPILE_S)


def _run(release: Path, arguments: Sequence[str], patience_s: float) -> str:
    """Run the code of a release, and nothing else; return what it printed."""
    try:
        done = subprocess.run(  # noqa: S603 - what was signed
            [str(release / "bin" / "python"), "-I", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=patience_s,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UpdateRefused("its own test took too long") from error
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        lines = "\n".join(said.strip().splitlines()[-_LAST_LINES:])
        message = f"its own test failed:\n{lines}"
        raise UpdateRefused(message)
    return said


def _need_room(folder: Path, size: int) -> None:
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize
    if free < size + RESERVE_BYTES:
        wanted, left = (size + RESERVE_BYTES) / 1e6, free / 1e6
        message = f"there is not enough room: {wanted:.0f} MB wanted, {left:.0f} MB free"
        raise StorageFull(message)


def _sync(release: Path) -> None:
    """Flush every file and folder: an empty start script after a power cut is a brick."""
    for folder, _, names in os.walk(release):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        sync_folder(Path(folder))


def _become(release: Path, slots: Slots, version: str) -> None:
    slots.remove(version)  # one of that name that is not current: it was not well, or is old
    os.rename(release, slots.root / version)  # noqa: PTH104 - by the name that tests break
    sync_folder(slots.root)
