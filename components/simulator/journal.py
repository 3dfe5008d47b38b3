"""What the printer did: the command lines that it executed, in order."""

from __future__ import annotations

import os
from pathlib import Path

_KEPT = 200_000  # lines in memory; the file keeps all


class Accepted:
    """The executed command lines, in memory and, if wanted, in a file."""

    def __init__(self, path: Path | None) -> None:
        self.count = 0
        self._lines: list[str] = []
        self._first = 0
        self._unwritten: list[str] = []
        self._file = (
            None
            if path is None
            else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        )

    def add(self, text: str) -> None:
        """Note a line."""
        self.count += 1
        self._lines.append(text)
        if self._file is not None:
            self._unwritten.append(text)
        if len(self._lines) > 2 * _KEPT:
            del self._lines[:_KEPT]
            self._first += _KEPT

    def flush(self) -> None:
        """Write what is new to the file."""
        if self._file is not None and self._unwritten:
            text = "\n".join(self._unwritten) + "\n"
            self._unwritten.clear()
            os.write(self._file, text.encode("latin-1", "replace"))

    def since(self, number: int) -> tuple[int, list[str]]:
        """Return the lines from a number on that are still known, and the first's number."""
        first = max(number, self._first)
        return first, self._lines[first - self._first :]

    def close(self) -> None:
        """Write the rest and close the file."""
        self.flush()
        if self._file is not None:
            os.close(self._file)
            self._file = None
