"""``python -m image.build FLAVOUR``: build an image; see script/image."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from appliance import __version__
from image.build import manifest
from image.build.checks import (
    LARGEST_DOWNLOAD,
    our_services,
    prove,
    too_open,
    wrong_in_overlay,
    wrong_in_root,
    wrong_on_boot,
)
from image.build.disk import compress, make_image
from image.build.factory import FACTORY, install_factory
from image.build.flavours import EPOCH, FLAVOURS, IMAGE, PYTHON, Flavour
from image.build.keys import PUBLIC_KEYS, unusable_keys
from image.build.root import MIRROR, SECURITY, build_root, this_week
from image.build.tree import PROGRAMS, forget_times, lay_over, take_boot_files, unpack
from image.build.video import install_ffmpeg

_LOGGER = logging.getLogger(__name__)
_CARD = IMAGE / "card"
_CMDLINE = (
    "console=tty0 root=LABEL=gantry-root ro rootwait fsck.repair=yes net.ifnames=0 cma=64M"
    " quiet panic=10"
)


def main() -> int:
    """Build what the arguments name; return the exit code."""
    options = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    flavour = FLAVOURS[options.flavour]
    tar = build_root(flavour, options.mirror, options.security_mirror, options.week)
    options.output.mkdir(parents=True, exist_ok=True)
    image = options.output / f"gantry-{__version__}-{flavour.name}.img"
    work = Path(tempfile.mkdtemp(prefix="gantry-image-", dir=options.work))
    try:
        build_image(flavour, tar, image, work, options.keys)
    finally:
        shutil.rmtree(work)
    if options.compress:
        _LOGGER.info("Compressing")
        compressed = compress(image)
        publish(flavour, image, compressed)
        if compressed.stat().st_size > LARGEST_DOWNLOAD:
            _LOGGER.error("%s is larger than it may be", compressed)
            return 1
    return 0


def build_image(
    flavour: Flavour, tar: Path, image: Path, work: Path, keys: Path | None = None
) -> None:
    """Build the image from a cached root, with the list of its contents beside it."""
    root, boot = work / "root", work / "boot"
    _LOGGER.info("Unpacking the root")
    unpack(tar, root)
    take_boot_files(root, boot, flavour)
    lay_over(root)
    _LOGGER.info("Installing the factory release")
    install_factory(root, flavour, work)
    install_ffmpeg(root, flavour, work)
    bring_keys(root, keys or PUBLIC_KEYS)
    fill_card(boot, flavour)
    _LOGGER.info("Checking")
    check(root, boot, flavour)
    forget_times(root)
    packages = root / FACTORY / "lib" / f"python{PYTHON[0]}.{PYTHON[1]}" / "site-packages"
    contents = manifest.describe(
        flavour,
        __version__,
        manifest.debian_packages(root),
        manifest.python_packages(packages),
    )
    _LOGGER.info("Writing %s", image)
    make_image(boot, root, image, work)
    manifest.write_json(image.with_suffix(".contents.json"), contents)


def bring_keys(root: Path, keys: Path) -> None:
    """Bring the public keys by which this card knows releases; without, it never updates."""
    folder = root / PROGRAMS / "keys"
    folder.mkdir(exist_ok=True)
    if wrong := unusable_keys(keys):
        raise SystemExit("\n".join(["This is no folder of public keys:", *wrong]))
    for key in sorted(keys.glob("*.pub")):
        shutil.copyfile(key, folder / key.name)
    if not any(folder.iterdir()):
        _LOGGER.warning("No key of releases in %s: this card will never update itself", keys)


def check(root: Path, boot: Path, flavour: Flavour) -> None:
    """Stop where anything is wrong with what is about to become a card."""
    wrong = [
        *wrong_in_overlay(),
        *wrong_in_root(root),
        *wrong_on_boot(boot, flavour),
        *(f"{unit.name} is too open" for unit in our_services() if too_open(unit)),
    ]
    if wrong:
        raise SystemExit("\n".join(["This is no card:", *wrong]))
    prove(root, flavour)


def fill_card(boot: Path, flavour: Flavour) -> None:
    """Put what a person edits onto the first partition, and how the kernel is started."""
    shutil.copytree(_CARD, boot, dirs_exist_ok=True)
    if flavour.raspberry:
        (boot / "cmdline.txt").write_text(_CMDLINE + "\n")


def publish(flavour: Flavour, image: Path, compressed: Path) -> None:
    """Write what goes with a compressed image: digest, manifest for Raspberry Pi Imager."""
    digest = f"{manifest.sha256(compressed)}  {compressed.name}\n"
    compressed.with_name(compressed.name + ".sha256").write_text(digest)
    day = dt.datetime.fromtimestamp(EPOCH, tz=dt.UTC).date().isoformat()
    manifest.write_json(
        image.with_suffix(".rpi-imager-manifest"),
        manifest.for_imager(flavour, __version__, image, compressed, day),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/image", description=__doc__)
    parser.add_argument("flavour", choices=FLAVOURS)
    parser.add_argument("--output", type=Path, default=IMAGE.parent / "artifacts" / "image")
    parser.add_argument("--work", type=Path, default=None, help="where to unpack")
    parser.add_argument("--mirror", default=MIRROR)
    parser.add_argument("--security-mirror", default=SECURITY)
    parser.add_argument("--week", default=this_week(), help="of a cached root, e.g. 2026-W47")
    parser.add_argument(
        "--keys", type=Path, default=PUBLIC_KEYS, help="public keys of releases, *.pub"
    )
    parser.add_argument("--compress", action="store_true", help="make the .xz for flashing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
