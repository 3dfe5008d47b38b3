"""What guessing costs: after five failures one waits, each time twice as long.

Counted by address, and more patiently by account (there may be many addresses). An address
from which that account logged in before is not held back by what others try, so that nobody
can lock the owner out from elsewhere. A good API key always passes: it cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from appliance.components.auth.clock import Clock
from appliance.errors import TooManyAttempts
from appliance.records import dataclass

FREE = 5  # failures of an address before it waits
FREE_OF_ACCOUNT = 20
FREE_OF_ALL = 200  # password failures of everybody within `FORGET_S`
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 900.0
FORGET_S = 3600.0  # without failure
MAX_TRACKED = 4096


@dataclass(slots=True)
class Count:
    """Failures of one address or account; times are monotonic."""

    failures: int = 0
    last_at: float = 0.0
    until: float = 0.0


@dataclass(slots=True)
class Lockout:
    """Counts failures and says who has to wait."""

    clock: Clock
    addresses: dict[str, Count] = field(default_factory=dict)
    accounts: dict[str, Count] = field(default_factory=dict)
    everybody: Count = field(default_factory=Count)
    # (account, address) pairs that logged in
    known: dict[tuple[str, str], None] = field(default_factory=dict)

    def check(self, address: str, account: str | None = None) -> None:
        """Raise TooManyAttempts if this address (for this account) has to wait."""
        now = self.clock.monotonic()
        counts = [self.addresses.get(address)]
        if account is not None and (account, address) not in self.known:
            counts += [self.accounts.get(account), self.everybody]
        wait = max((each.until - now for each in counts if each is not None), default=0.0)
        if wait > 0:
            raise TooManyAttempts("too many failed attempts, wait a moment", wait)

    def failed(self, address: str, account: str | None = None) -> None:
        """Count a failure."""
        self._count(self.addresses, address, FREE)
        if account is not None:
            self._count(self.accounts, account, FREE_OF_ACCOUNT)
            self._add(self.everybody, FREE_OF_ALL)

    def succeeded(self, address: str, account: str) -> None:
        """Forget the failures of an address that found the password in the end."""
        self.addresses.pop(address, None)
        self.known.pop((account, address), None)
        self.known[account, address] = None
        while len(self.known) > MAX_TRACKED:
            del self.known[next(iter(self.known))]

    def clear(self) -> None:
        """Forget every failure (a person at the machine asked for it)."""
        self.addresses.clear()
        self.accounts.clear()
        self.everybody = Count()

    def to_data(self) -> dict[str, Any]:
        """Return what a restart must not forget."""
        now = self.clock.monotonic()
        return {
            "addresses": _plain(self.addresses, now),
            "accounts": _plain(self.accounts, now),
            "known": [list(pair) for pair in self.known],
        }

    def read(self, data: Mapping[str, Any]) -> None:
        """Take over what `to_data` made; waiting goes on where it was."""
        now = self.clock.monotonic()
        for kept, counts in (
            (data["addresses"], self.addresses),
            (data["accounts"], self.accounts),
        ):
            for name, (failures, wait) in kept.items():
                counts[name] = Count(failures, now, now + wait)
        for account, address in data["known"]:
            self.known[account, address] = None

    def _count(self, counts: dict[str, Count], name: str, free: int) -> None:
        count = counts.pop(name, None) or Count()
        counts[name] = count  # now the youngest
        self._add(count, free)
        while len(counts) > MAX_TRACKED:
            del counts[next(iter(counts))]

    def _add(self, count: Count, free: int) -> None:
        now = self.clock.monotonic()
        if now - count.last_at > FORGET_S:
            count.failures = 0
        count.failures += 1
        count.last_at = now
        over = count.failures - free
        if over >= 0:
            count.until = now + min(FIRST_WAIT_S * 2 ** min(over, 16), LONGEST_WAIT_S)


def _plain(counts: Mapping[str, Count], now: float) -> dict[str, Any]:
    return {
        name: [count.failures, max(count.until - now, 0.0)]
        for name, count in counts.items()
        if now - count.last_at <= FORGET_S
    }
