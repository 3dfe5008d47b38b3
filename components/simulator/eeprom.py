"""The EEPROM: what M500 stores survives a reset, and with a file also the process."""

from __future__ import annotations

import json
import os
from binascii import crc_hqx
from pathlib import Path
from typing import Any

from appliance.components.simulator.settings import Settings

SIZE = 614  # bytes, as the recorded build counts them


class Eeprom:
    """One stored copy of the settings."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stored: dict[str, Any] = Settings().dump()
        if path is not None and path.exists():
            try:
                self._stored = json.loads(path.read_text())
            except ValueError:
                message = f"{path} holds no settings"
                raise ValueError(message) from None

    @property
    def crc(self) -> int:
        """The checksum over what is stored."""
        return crc_hqx(json.dumps(self._stored, sort_keys=True).encode(), 0)

    def store(self, settings: Settings) -> None:
        """Keep the settings."""
        self._stored = settings.dump()
        if self._path is not None:
            fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            fresh.write_text(json.dumps(self._stored, indent=1))
            fresh.replace(self._path)

    def retrieve(self, settings: Settings) -> None:
        """Put what is stored into the settings."""
        # A copy, so that a changed list is not stored before M500.
        settings.load(json.loads(json.dumps(self._stored)))
