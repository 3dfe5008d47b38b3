"""The emergency parser: four commands that act the moment their line has arrived."""

from __future__ import annotations

import re

from appliance.records import dataclass

_EMERGENCY = re.compile(
    rb"(?:^|[\r\n])[ ]*(?:N[-\d ]*)?M(108|112|410|876)([^\r\n]*)(?=[\r\n])"
)
_CHOICE = re.compile(rb"[ ]*S[ ]*(\d)")
_KEPT = 128  # bytes of an unfinished line: more than any emergency command has


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency command seen on the wire."""

    code: str
    choice: int | None = None
    """The answer to a prompt, with M876."""


class EmergencyParser:
    """Watches the bytes as they arrive, before the RX ring."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> list[Emergency]:
        """Return the emergency commands that these bytes complete."""
        text = self._tail + data if self._tail else data
        end = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
        self._tail = text[end : end + _KEPT]
        if b"M" not in text:
            return []
        found = []
        for match in _EMERGENCY.finditer(text, 0, end):
            code = match[1].decode("ascii")
            if code == "876":
                choice = _CHOICE.match(match[2])
                if choice is None:
                    continue
                found.append(Emergency("M876", int(choice[1])))
            else:
                found.append(Emergency(f"M{code}"))
        return found

    def reset(self) -> None:
        """Forget an unfinished line."""
        self._tail = b""
