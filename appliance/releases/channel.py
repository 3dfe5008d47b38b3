"""A channel: a signed list of the releases that can be had, at an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import orjson

from appliance.domain.updates import BundleDamaged
from appliance.records import dataclass
from appliance.releases.slots import VERSION

MAX_LIST = 1 << 20  # bytes
MAX_BUNDLE = 512 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A release in the list."""

    version: str
    python: str
    machine: str
    url: str
    sha256: str
    size: int
    made_at: float
    notes: str


def parse_list(content: bytes) -> list[Listed]:
    """Read the list; its signature was good."""
    try:
        data = orjson.loads(content)
        if data["gantry_channel"] != 1:
            raise BundleDamaged("the list of releases was made for a newer Gantry")
        return list(_listed(data["releases"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BundleDamaged("the list of releases is damaged") from error


def _listed(releases: Sequence[dict[str, object]]) -> Iterator[Listed]:
    for each in releases[:1000]:
        found = Listed(
            version=str(each["version"]),
            python=str(each["python"]),
            machine=str(each["machine"]),
            url=str(each["url"]),
            sha256=str(each["sha256"]),
            size=int(str(each["size"])),
            made_at=float(str(each["made_at"])),
            notes=str(each["notes"])[:10_000],
        )
        if (
            urlsplit(found.url).scheme != "https"
            or not VERSION.fullmatch(found.version)
            or not _DIGEST.fullmatch(found.sha256)
            or not 0 < found.size <= MAX_BUNDLE
        ):
            raise BundleDamaged("the list of releases names what cannot be")
        yield found
