"""Lines of the dialogue with the printer as the terminal tab of OctoPrint shows them."""

from __future__ import annotations

from appliance.domain.printer import ConsoleLine, Direction

_PREFIXES = {Direction.SENT: "Send: ", Direction.RECEIVED: "Recv: ", Direction.NOTE: ""}


def log_line(line: ConsoleLine) -> str:
    """Return a line of the terminal; clients filter by its first word."""
    return _PREFIXES[line.direction] + line.text


def is_message(line: ConsoleLine) -> bool:
    """Return whether the printer says something beyond an acknowledgement."""
    return (
        line.direction is Direction.RECEIVED
        and line.text != "wait"
        and not line.text.startswith("ok")
    )
