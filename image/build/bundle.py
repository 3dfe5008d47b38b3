"""``python -m image.build.bundle``: a signed bundle for updates; see script/bundle.

The wheels are those of the factory release, chosen by the same lock for the same Python. The
private key is a file of whoever releases; the public half lies in the image, in
/usr/lib/gantry/keys.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from appliance import __version__
from appliance.releases.building import load_private_key, new_key, write_bundle
from appliance.releases.bundle import Manifest
from appliance.releases.slots import DATA_FORMAT
from image.build.factory import REPOSITORY, build_wheel
from image.build.flavours import PYTHON
from image.build.keys import private_key_file

MACHINES = ("aarch64", "x86_64")
_VERSION = ".".join(str(part) for part in PYTHON)
_PLATFORMS = ("manylinux2014", "manylinux_2_17", "manylinux_2_28")


def main() -> int:
    """Make a key, or a bundle."""
    options = _arguments()
    if options.new_key is not None:
        try:
            sys.stdout.write(new_key(options.new_key))
        except FileExistsError:
            sys.stderr.write(f"{options.new_key} is there already, and is not replaced\n")
            return 1
        return 0
    key = load_private_key(options.key)
    options.output.mkdir(parents=True, exist_ok=True)
    target = options.output / f"gantry-{options.version}-{options.machine}.bundle"
    manifest = Manifest(
        version=options.version,
        python=_VERSION,
        machine=options.machine,
        made_at=time.time(),
        notes=options.notes,
        data_format=DATA_FORMAT,
    )
    with tempfile.TemporaryDirectory(prefix="gantry-bundle-") as work:
        wheels = collect_wheels(Path(work), options.machine, options.version)
        write_bundle(target, wheels, manifest, key)
    sys.stdout.write(f"{target}\n")
    return 0


def collect_wheels(work: Path, machine: str, version: str) -> list[Path]:
    """Build Gantry's wheel and fetch those of the lock for the target."""
    libraries = work / "libraries"
    subprocess.run(  # noqa: S603 - our own arguments
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--only-binary=:all:", "--require-hashes", "--dest", str(libraries),
            *(f"--platform={each}_{machine}" for each in _PLATFORMS),
            f"--python-version={_VERSION}", "--implementation=cp",
            f"--abi=cp{_VERSION.replace('.', '')}", "--abi=abi3", "--abi=none",
            "--requirement", str(REPOSITORY / "requirements.lock"),
        ],
        check=True,
    )  # fmt: skip
    return [build_wheel(work, version), *libraries.glob("*.whl")]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bundle", description=__doc__)
    parser.add_argument("--key", type=Path, help="the private key")
    parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a key pair")
    parser.add_argument("--machine", choices=MACHINES, default=MACHINES[0])
    parser.add_argument("--version", default=__version__)
    parser.add_argument("--notes", default="", help="what is new, for people")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "artifacts" / "bundles")
    options = parser.parse_args()
    if options.key is None and options.new_key is None:
        options.key = private_key_file()
        if not options.key.is_file():
            parser.error("give --key, or make a pair with script/image --keys")
    return options


if __name__ == "__main__":
    sys.exit(main())
