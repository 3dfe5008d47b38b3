"""Where the releases are: said by the launcher, not by the configuration.

Whoever may change the configuration must not be able to say whose signatures are good.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from appliance.records import dataclass
from appliance.releases.slots import Slots

_RELEASES, _FACTORY, _KEYS = "GANTRY_RELEASES", "GANTRY_FACTORY", "GANTRY_RELEASE_KEYS"


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is that updates need."""

    slots: Slots
    keys: Path
    python: Path = Path(sys.base_prefix, "bin", "python3")


def find_places() -> Places | None:
    """Return where the launcher says they are; None if none started us."""
    root, factory, keys = (os.environ.get(name) for name in (_RELEASES, _FACTORY, _KEYS))
    if not root or not factory or not keys:
        return None
    return Places(Slots(Path(root), Path(factory)), Path(keys))


def why_not(places: Places | None) -> str | None:
    """Return why Gantry cannot update itself, or None if it can; blocks."""
    if places is None:
        return (
            "Gantry updates itself on its SD-card image only: use what you installed it with"
        )
    if not os.access(places.slots.root, os.W_OK):
        return "the folder of the releases cannot be written"
    if not any(places.keys.glob("*.pub")):
        return "this image knows no key by which releases are signed"
    return None
