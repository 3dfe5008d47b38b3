"""A configuration file for a person to edit: secrets are hidden, and come back on saving.

A line that is sent back as it was shown gets its secret again. A line that was changed and
still holds the word for a hidden secret cannot be restored, and that is said.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from appliance.config.report import HIDDEN, redact
from appliance.errors import InvalidRequest


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced."""
    return redact(text, secrets)


def restore(text: str, original: str, secrets: Iterable[str]) -> str:
    """Return the text with the secrets of ``original`` where their lines are unchanged."""
    known = tuple(secrets)
    hidden: defaultdict[str, deque[str]] = defaultdict(deque)
    for line in original.splitlines():
        shown = hide(line, known)
        if shown != line:
            hidden[shown.strip()].append(line.strip())
    restored = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if HIDDEN not in line:
            restored.append(line)
            continue
        plain = line.strip()
        candidates = hidden.get(plain)
        if not candidates:
            message = (
                f"line {number} was changed, so its hidden value is not known any more: "
                "write the value again, or keep it in secrets.yaml (!secret NAME)"
            )
            raise InvalidRequest(message)
        secret = candidates.popleft() if len(candidates) > 1 else candidates[0]
        restored.append(line.replace(plain, secret))
    return "".join(restored)
