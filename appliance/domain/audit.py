"""The audit log: who did what with which credential, in a chain that shows every change.

The server records every request that may change something by itself. A view whose calls do
not come as requests (JSON-RPC over a websocket, MQTT) records them with `Audit.record`.
Nothing secret and no file contents go in: names of actions, targets, printers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Protocol

import orjson

from appliance.domain.identity import Identity
from appliance.interfaces import Key
from appliance.records import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed. ``hash`` covers all of it and the hash of the entry before."""

    number: int  # rising by one for ever
    time: float  # unix seconds
    user: str | None
    method: str  # how the user proved it: apikey, session, jwt, local, ...
    credential: str  # id of the credential
    address: str
    action: str  # such as "POST /api/job" or "printer.print.start"
    target: str  # what it was done to: a path, a user, a command
    printer_id: str | None
    outcome: str  # an HTTP status, "ok", or a word
    previous: str  # hash of the entry before
    hash: str = ""

    def sealed(self) -> AuditEntry:
        """Return the entry with its hash."""
        return AuditEntry(**{**asdict(self), "hash": self._digest()})

    def _digest(self) -> str:
        fields = asdict(self)
        del fields["hash"]
        return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def holds(self) -> bool:
        """Return whether nothing in the entry was changed."""
        return self.hash == self._digest()


def broken_at(entries: Iterable[AuditEntry]) -> int | None:
    """Return the number of the first entry that does not follow; None if the chain holds.

    The first entry may follow one that is no longer kept.
    """
    before: AuditEntry | None = None
    for entry in entries:
        follows = before is None or (
            entry.previous == before.hash and entry.number == before.number + 1
        )
        if not follows or not entry.holds():
            return entry.number
        before = entry
    return None


class Audit(Protocol):
    """The log."""

    def record(
        self,
        who: Identity,
        action: str,
        *,
        address: str = "",
        target: str = "",
        printer_id: str | None = None,
        outcome: str = "ok",
    ) -> None:
        """Write down what was done; returns at once and never fails."""


AUDIT: Key[Audit] = Key("audit")
