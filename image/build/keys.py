"""``python -m image.build.keys``: the key pair that signs a project's releases; once.

The private half is a file of the person who releases, outside of every repository; the public
half lies in image/keys, is committed, and is built into every image.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from appliance.domain.updates import BundleDamaged
from appliance.releases.building import new_key
from appliance.releases.bundle import parse_key
from image.build.flavours import IMAGE

PUBLIC_KEYS = IMAGE / "keys"
_PUBLIC = "release.pub"
_DONE = """\
The private half: {private}
  Whoever has it can bring code onto every card: it stays on this computer, readable to you
  alone. Copy it now to a place that survives this computer, offline (a USB stick in a drawer,
  a password manager). Lost, it cannot be made again, and cards that know no other key take no
  update any more.
The public half: {public}
  Commit it. Images that are built from now on know it: script/image

A release:  script/bundle --key {private} --notes "What is new"
"""


class KeysRefused(Exception):
    """No pair was made; the text says why."""


def private_key_file() -> Path:
    """Return where the private half lies unless somebody says otherwise."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "gantry" / "release.key"


def make_keys(private: Path, public: Path) -> None:
    """Make a pair; raise `KeysRefused` rather than replace a half that is there."""
    for half in (private, public):
        if os.path.lexists(half):
            message = f"{half} is there already, and is not replaced: cards depend on it"
            raise KeysRefused(message)
    if (repository := _repository_of(private)) is not None:
        message = f"{private} is inside the repository {repository}: it would be published"
        raise KeysRefused(message)
    private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    public.parent.mkdir(parents=True, exist_ok=True)
    public.write_text(new_key(private), encoding="ascii")


def unusable_keys(folder: Path) -> list[str]:
    """Say what must not be among public keys, or is none."""
    wrong = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix == ".pub":
            try:
                parse_key(file.read_text(encoding="ascii", errors="replace"))
            except BundleDamaged:
                wrong.append(f"{file} is no public key of releases")
        elif file.name.endswith("key"):
            wrong.append(f"{file} looks like a private key")
    return wrong


def _repository_of(path: Path) -> Path | None:
    parents = Path(os.path.abspath(path)).parents  # noqa: PTH100 - links are not followed
    return next((each for each in parents if (each / ".git").exists()), None)


def main() -> int:
    """Make the pair, and say what to do with it."""
    parser = argparse.ArgumentParser(prog="script/image --keys", description=__doc__)
    parser.add_argument("private", type=Path, nargs="?", default=private_key_file())
    private = parser.parse_args().private.expanduser().absolute()
    public = PUBLIC_KEYS / _PUBLIC
    try:
        make_keys(private, public)
    except (KeysRefused, OSError) as error:
        sys.stderr.write(f"No keys were made: {error}\n")
        return 1
    sys.stdout.write(_DONE.format(private=private, public=public))
    return 0


if __name__ == "__main__":
    sys.exit(main())
