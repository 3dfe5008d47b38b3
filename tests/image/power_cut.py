"""Starts of a card that end by SIGKILL at every change of a file, one after the other.

Run as a program (there must be no other threads): for each point in turn it makes the card
anew, forks, lets the child import until it kills itself at that point, and prints one line
of JSON about what is left; then it lets the card start once more, undisturbed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.image.cards import Card

# What Python says (sys.audit) before it changes something on a disk.
_CHANGES = frozenset(
    {"os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}
)


def main() -> None:
    """Cut the power at every so many points until a start gets through."""
    first, second = (json.loads(word) for word in sys.argv[1:3])
    point, stride = 0, int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        while True:
            card = Card(Path(folder) / str(point))
            for files in (first, second):
                if files is second and second:
                    card.start()
                for name, text in files.items():
                    card.put(text, name)
            before = _state(card)
            died = _start_until(card, point)
            left = _state(card)
            outcome = card.start()
            print(json.dumps([died, before, left, _state(card), outcome.problems]))
            if not died:
                return
            point += stride


def _start_until(card: Card, point: int) -> bool:
    """Start in a child that dies at the given change; return whether it died of that."""
    child = os.fork()
    if child == 0:
        _die_at(point)
        card.start()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the import itself has failed"
    return False


def _die_at(point: int) -> None:
    seen = 0

    def step(event: str = "", arguments: Any = ()) -> None:
        nonlocal seen
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
        if not event or event in _CHANGES or opened:
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    def synced(descriptor: Any) -> None:
        step()
        fsync(descriptor)

    sys.addaudithook(step)
    fsync = os.fsync
    os.fsync = synced  # type: ignore[assignment]
    os.write = _in_halves(os.write, step)


def _in_halves(write: Callable[..., int], step: Callable[[], None]) -> Callable[..., int]:
    def halves(descriptor: int, data: Any) -> int:
        half = bytes(data)[: max(len(data) // 2, 1)]
        written = write(descriptor, half)
        step()
        return written

    return halves


def _state(card: Card) -> dict[str, str]:
    """Return every file that counts, by its place."""
    return {
        str(path.relative_to(card.root)): path.read_bytes().decode("latin-1")
        for folder in (card.boot, card.config, card.system)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".storage" not in path.parts
    }


if __name__ == "__main__":
    main()
