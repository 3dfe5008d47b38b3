"""A backup dropped on the boot partition: restored before anything else is looked at."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import disk
from .identity import give_to, run_as

NAME = "gantry-restore.zip"
DONE = "gantry-restored.zip"
REFUSED = "gantry-restore-refused.zip"
_LONGEST_S = 900.0


@dataclass(frozen=True, slots=True)
class Restorer:
    """Hands the file to ``gantry restore``, run as ``user`` by ``command``."""

    folder: Path  # for the copy that the user can read
    command: Sequence[str]  # takes the path as its last word
    user: str | None = None

    def restore(self, boot: Path) -> tuple[str | None, str | None]:
        """Restore what is there; return what was done and what was wrong with it."""
        found = next((e for e in _files(boot) if e.name.lower() == NAME), None)
        if found is None:
            return None, None
        copy = self.folder / "from-the-card.zip"
        try:
            shutil.copyfile(found, copy)
            give_to(self.user, copy)
            answer = run_as(self.user, [*self.command, str(copy)], _LONGEST_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            said = str(error)  # no room, say; Wi-Fi and the rest are set all the same
        else:
            if answer.returncode == 0:
                disk.rename(found, boot / DONE)
                return f"{found.name}: {answer.stdout.decode().strip()}", None
            said = answer.stderr.decode().strip() or f"it ended with {answer.returncode}"
        finally:
            copy.unlink(missing_ok=True)
        disk.rename(found, boot / REFUSED)
        return None, f"{found.name} was not restored, and is now {REFUSED}: {said}"


def _files(boot: Path) -> list[Path]:
    try:
        return [each for each in boot.iterdir() if each.is_file()]
    except OSError:
        return []
