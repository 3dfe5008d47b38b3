"""Which G-code files must stay as they are: those being printed, and those reserved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from appliance.components.file_manager import names
from appliance.domain.job import JobKind, Origin
from appliance.domain.printer import Printer

# What a job of these kinds reads lies on our disk.
_FROM_DISK = frozenset({JobKind.FILE, JobKind.SD_UPLOAD})


class Reservations:
    """Reservations by their owners, and the jobs that the printers show."""

    def __init__(self, printers: Callable[[], Iterable[Printer]]) -> None:
        self._printers = printers
        self._owners: dict[str, set[str]] = {}

    def reserve(self, path: str, owner: str) -> None:
        """Keep a file until ``owner`` releases it."""
        self._owners.setdefault(names.normalise(path), set()).add(owner)

    def release(self, path: str, owner: str) -> None:
        """End a reservation."""
        path = names.normalise(path)
        owners = self._owners.get(path, set())
        owners.discard(owner)
        if not owners:
            self._owners.pop(path, None)

    def holds(self, path: str) -> bool:
        """Return whether the file, or one in that folder, must stay."""
        return any(names.inside(used, path) for used in self._used())

    def _used(self) -> Iterator[str]:
        yield from self._owners
        for printer in self._printers():
            job = printer.snapshot.job
            if job is None or not printer.snapshot.phase.active:
                continue
            if job.kind in _FROM_DISK and job.file.origin is Origin.LOCAL:
                yield job.file.path
