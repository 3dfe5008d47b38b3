"""Our own Wi-Fi network: a file of the image tells whether it is there, and our address."""

from __future__ import annotations

import asyncio
from pathlib import Path


class OwnNetworkFile:
    """Implements `OwnNetwork`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def address(self) -> str | None:
        """Return our address in it; None while it is off the air."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> str | None:
        try:
            return self._path.read_text(encoding="ascii").strip() or None
        except (OSError, UnicodeDecodeError):
            return None
