"""Releases of a product that is small: it says its version and checks a configuration."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from nacl.signing import SigningKey

from appliance.releases.building import public_line, write_bundle
from appliance.releases.bundle import Manifest
from appliance.releases.slots import PYTHON, RECORD, Slots

KEY = SigningKey(bytes(32))
STRANGER = SigningKey(bytes([1]) * 32)
# Not the one of a virtual environment, which has a pyvenv.cfg of its own beside it.
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
MAIN = """
import pathlib, sys
from appliance import __version__
words = sys.argv[1:]
if words == ["version"]:
    print("Gantry", __version__)
elif words[0] == "check":
    text = pathlib.Path(words[2], "configuration.yaml").read_text()
    sys.exit("bad" in text)
"""


def make_wheel(folder: Path, version: str, main: str = MAIN, says: str | None = None) -> Path:
    """Write a wheel of the small product."""
    name = f"gantry_appliance-{version}"
    info = f"{name}.dist-info"
    files = {
        "appliance/__init__.py": f'__version__ = "{says or version}"\n',
        "appliance/__main__.py": main,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: gantry\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{each},,\n" for each in [*files, f"{info}/RECORD"])
    path = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for each, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(each, text)
    return path


def make_bundle(
    folder: Path,
    version: str,
    *,
    main: str = MAIN,
    says: str | None = None,
    key: SigningKey = KEY,
    **changes: str,
) -> Path:
    """Write a signed bundle of the small product."""
    folder.mkdir(exist_ok=True)
    wheel = make_wheel(folder, version, main, says)
    manifest = Manifest(
        version=version,
        python=changes.get("python", PYTHON),
        machine=changes.get("machine", "any"),
        made_at=1.0,
        notes="News",
    )
    target = folder / f"gantry-{version}.bundle"
    write_bundle(target, [wheel], manifest, key)
    return target


def make_release(folder: Path, version: str, *, record: bool = True) -> Path:
    """Make the folder of a release by hand."""
    package = folder / "lib" / f"python{PYTHON}" / "site-packages" / "appliance"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f'__version__ = "{version}"\n')
    (package / "__main__.py").write_text(MAIN)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(BASE_PYTHON)
    (folder / "pyvenv.cfg").write_text(f"home = {BASE_PYTHON.parent}\n")
    if record:
        (folder / RECORD).write_text(f'{{"version": "{version}"}}')
    return folder


def make_slots(base: Path, *versions: str) -> Slots:
    """Make a factory release 1.0 and others beside it; the last is current."""
    root = base / "releases"
    root.mkdir(parents=True)
    slots = Slots(root, make_release(base / "factory", "1.0", record=False))
    for version in versions:
        make_release(root / version, version)
        slots.point("previous", slots.version_at("current"))
        slots.point("current", version)
    return slots


def make_keys(base: Path) -> Path:
    """Write the public key that is trusted."""
    folder = base / "keys"
    folder.mkdir()
    (folder / "gantry.pub").write_text(public_line(KEY))
    return folder
