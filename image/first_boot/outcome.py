"""What an import did and what it found wrong; kept for the report of the same boot."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import disk


@dataclass(slots=True)
class Outcome:
    """The lines of the report about the import."""

    version: str = ""
    boot: int = 0  # how many boots this card has seen
    started: str = ""  # wall clock, where it is set
    applied: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # blocks of lines
    notes: list[str] = field(default_factory=list)

    def save(self, file: Path) -> None:
        """Keep it for the later parts of the report."""
        disk.write(file, json.dumps(asdict(self)).encode())


def load_outcome(file: Path) -> Outcome:
    """Return what `Outcome.save` has kept; an empty one if there is nothing."""
    try:
        data: dict[str, Any] = json.loads(file.read_bytes())
        return Outcome(**data)
    except (OSError, ValueError, TypeError):
        return Outcome()
