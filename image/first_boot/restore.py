"""A backup dropped on the boot partition: restored before anything else is looked at.

One that is sealed needs its passphrase beside it, in a file of one line that is taken off the
card whatever becomes of it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.backup.format import read_sealed_head
from appliance.config.nodes import UnreadableYaml
from appliance.errors import GantryError

from . import disk, text
from .identity import give_to, run_as

NAMES = ("gantry-restore.zip", "gantry-restore.sealed")
DONE = "gantry-restored.zip"
REFUSED = "gantry-restore-refused.zip"
PASSPHRASE = "gantry-restore-passphrase.txt"  # noqa: S105 - the name of a file
# What editors and people make of that name.
_PASSPHRASES = (PASSPHRASE, f"{PASSPHRASE}.txt", PASSPHRASE.removesuffix(".txt"))
_LONGEST_S = 900.0


@dataclass(frozen=True, slots=True)
class Restorer:
    """Hands the file to ``gantry restore``, run as ``user`` by ``command``."""

    folder: Path  # for the copy that the user can read
    command: Sequence[str]  # takes the path as its last word
    user: str | None = None

    def restore(self, boot: Path) -> tuple[str | None, str | None]:
        """Restore what is there; return what was done and what was wrong with it."""
        passphrase = _find(boot, _PASSPHRASES)
        try:
            found = _find(boot, NAMES)
            return (None, None) if found is None else self._restore(boot, found, passphrase)
        finally:
            if passphrase is not None:
                disk.remove_secret(passphrase)

    def _restore(
        self, boot: Path, found: Path, passphrase: Path | None
    ) -> tuple[str | None, str | None]:
        is_sealed = _is_sealed(found)
        if is_sealed and passphrase is None:
            return None, _sealed(f"{found.name} is sealed, and was not restored.", found)
        copy = self.folder / "from-the-card.zip"
        try:
            word = _line(passphrase) if is_sealed and passphrase is not None else ""
            shutil.copyfile(found, copy)
            give_to(self.user, copy)
            answer = run_as(
                self.user, [*self.command, str(copy)], _LONGEST_S, f"{word}\n".encode()
            )
        except (OSError, UnreadableYaml, subprocess.TimeoutExpired) as error:
            said = str(error)  # no room, say; Wi-Fi and the rest are set all the same
        else:
            if answer.returncode == 0:
                disk.rename(found, boot / DONE)
                return f"{found.name}: {answer.stdout.decode().strip()}", None
            said = answer.stderr.decode().strip() or f"it ended with {answer.returncode}"
        finally:
            copy.unlink(missing_ok=True)
        if is_sealed and "passphrase" in said:
            return None, _sealed(f"{found.name} was not restored: {said}", found)
        disk.rename(found, boot / REFUSED)
        return None, f"{found.name} was not restored, and is now {REFUSED}: {said}"


def _sealed(said: str, archive: Path) -> str:
    return (
        f"{said}\n"
        f"  Write its passphrase into a file {PASSPHRASE} beside {archive.name}, as the only\n"
        "  line, and start again. That file is taken off the card then, whatever comes of it."
    )


def _is_sealed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return read_sealed_head(file) is not None
    except (OSError, GantryError):
        return False  # damaged: whoever restores it says how


def _line(path: Path) -> str:
    lines = text.read(path).text.strip().splitlines()
    return lines[0].strip() if lines else ""


def _find(boot: Path, names: Sequence[str]) -> Path | None:
    try:
        files = sorted(each for each in boot.iterdir() if each.is_file())
    except OSError:
        return None
    return next((each for each in files if each.name.lower() in names), None)
