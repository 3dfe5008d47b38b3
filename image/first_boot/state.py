"""What the importer remembers from boot to boot."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import disk

_FILE = "import/state.json"


@dataclass(slots=True)
class State:
    """One file in the folder of the system."""

    boots: int = 0
    digest: str = ""  # of what was imported last without any problem
    # What gantry.yaml said then about the product, without secrets.
    product: dict[str, Any] = field(default_factory=dict)
    checked: str = ""  # digest of the configuration that was found valid last


def load_state(folder: Path) -> State:
    """Return what is remembered; a damaged file is as good as none."""
    try:
        data = json.loads((folder / _FILE).read_bytes())
        return State(
            int(data["boots"]),
            str(data["digest"]),
            dict(data["product"]),
            str(data["checked"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return State()


def save_state(folder: Path, state: State) -> None:
    """Remember."""
    disk.write(folder / _FILE, json.dumps(asdict(state)).encode())
