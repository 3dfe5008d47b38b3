"""Why a Wi-Fi network is not joined, in words.

The reason of a failure is over by the time somebody asks: it is looked for in the journal of
NetworkManager. A network that is not on the air is not even tried, so that is looked at, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .keyfile import Wifi, printable
from .network import SCAN, Run, fields

_JOURNAL = ("journalctl", "--boot", "--unit=NetworkManager", "--output=cat", "--quiet")
_LINE = re.compile(
    r"device \((?P<device>[^)]+)\): (?:"
    r"Activation: starting connection .*\((?P<begins>[0-9a-f-]{36})\)"
    # Whoever was asked to let us in is in reach.
    r"|supplicant interface state: (?:authenticating|associating) -> (?P<refused>\w+)"
    r"|state change: \S+ -> failed \(reason '(?P<reason>[^']+)'"
    r")"
)
_NOT_FOUND = "ssid-not-found"
_NOT_IN_REACH = (
    "no network of this name is in reach: check the name (capitals count), the distance, and "
    "that the router offers 2.4 GHz"
)
_REFUSED = "the password is wrong: the router was heard and refused us"
_LET_GO = ("disconnected", "scanning", "inactive")
_NAMED = 6
# NMDeviceStateReason, in the words of the journal.
_REASONS: Mapping[str, str] = {
    "no-secrets": "the password is wrong, or missing",
    "supplicant-disconnect": "the router sent us away: wrong password, or WPA3 only "
    "(try security: wpa3)",
    "supplicant-timeout": "the router did not answer: too far away, or a wrong password",
    "supplicant-failed": "the radio refused the connection",
    "supplicant-config-failed": "the radio refused the settings, e.g. WPA3 that it cannot do",
    "dhcp-start-failed": "no address could be asked for",
    "dhcp-error": "the router gave no address (DHCP)",
    "dhcp-failed": "the router gave no address (DHCP)",
    "ip-config-unavailable": "connected, but the router gave no address (DHCP)",
    "config-failed": "the settings do not fit",
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """An attempt that failed, or is about to."""

    uuid: str  # of the connection; empty if its beginning is not in the journal any more
    reason: str
    refused: bool  # by a router that was heard


def why_not_joined(run: Run, device: str, networks: Sequence[Wifi]) -> str | None:
    """Return why none of the networks is joined; None if there is nothing to say yet."""
    wanted = {"", *(each.uuid for each in networks)}
    tried = [each for each in _failures(run(_JOURNAL) or "", device) if each.uuid in wanted]
    if not tried:
        return _not_in_reach(run, networks)
    failure = tried[-1]
    if failure.reason != _NOT_FOUND:
        return _REASONS.get(failure.reason, failure.reason)
    # With WPA3 (SAE) a wrong password ends the authentication before any association, and
    # what NetworkManager says then is that there is no such network.
    if failure.refused:
        return _REFUSED
    return _not_in_reach(run, networks) or _NOT_IN_REACH


def _failures(journal: str, device: str) -> Iterator[_Failure]:
    uuid, refused = "", False
    for line in _LINE.finditer(journal):
        if line["device"] != device:
            continue
        if line["begins"]:
            uuid, refused = line["begins"], False
        elif line["refused"]:
            refused = line["refused"] in _LET_GO
        else:
            yield _Failure(uuid, line["reason"], refused)
            refused = False
    if refused:  # NetworkManager tries for longer than a person waits
        yield _Failure(uuid, _NOT_FOUND, refused)


def _not_in_reach(run: Run, networks: Sequence[Wifi]) -> str | None:
    """Say what is in reach if none of the networks is; a hidden one may be."""
    around = _around(run(SCAN) or "")
    wanted = {each.ssid for each in networks}
    if not around or wanted & set(around) or any(each.hidden for each in networks):
        return None
    names = ", ".join(f"'{printable(name)}'" for name in around[:_NAMED])
    more = f" and {len(around) - _NAMED} more" if len(around) > _NAMED else ""
    return f"{_NOT_IN_REACH}; in reach: {names}{more}"


def _around(listed: str) -> list[str]:
    """Return the names on the air, the strongest first."""
    found: dict[str, int] = {}
    for row in map(fields, listed.splitlines()):
        if len(row) != 3 or not row[1].isdecimal():
            continue
        try:
            name = bytes.fromhex(row[0]).decode("utf-8", "surrogateescape")
        except ValueError:
            continue
        if name.strip("\0"):
            found[name] = max(int(row[1]), found.get(name, 0))
    return sorted(found, key=lambda name: -found[name])
