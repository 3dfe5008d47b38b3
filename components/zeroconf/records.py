"""What is announced: pure, from the names, ports and ids of the appliance.

The keys are those that Cura, PrusaSlicer and Home Assistant read (docs/discovery.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from appliance import __version__
from appliance.records import dataclass

HTTP_TYPE = "_http._tcp.local."
OCTOPRINT_TYPE = "_octoprint._tcp.local."
MOONRAKER_TYPE = "_moonraker._tcp.local."
GANTRY_TYPE = "_gantry._tcp.local."
# The interface of OctoPrint that ours is like, as its own announcement says it.
OCTOPRINT_VERSION = "1.11.8"
OCTOPRINT_API = "0.1"
# A label of DNS has at most 63 bytes; some are left for the number after a conflict.
LONGEST_NAME = 59
# What nobody has set is not told.
UNSET_MODEL = "Generic RepRap Printer"


@dataclass(frozen=True, slots=True)
class Announced:
    """A printer as it is announced."""

    id: str
    name: str
    uuid: str
    port: int
    path: str  # "/" or "/printers/<id>/"
    model: str = UNSET_MODEL


@dataclass(frozen=True, slots=True)
class Record:
    """One service."""

    type: str
    name: str  # of the instance
    port: int
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Return the name as it stands in DNS."""
        return f"{self.name}.{self.type}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that records are made of."""

    name: str
    uuid: str
    port: int
    printers: Sequence[Announced]
    octoprint: bool = True
    moonraker: bool = False


def records(facts: Facts) -> Iterator[Record]:
    """Yield every service of the appliance."""
    name = label(facts.name)
    yield Record(HTTP_TYPE, name, facts.port, {"path": "/"})
    own = {"uuid": facts.uuid, "version": __version__, "path": "/"}
    yield Record(GANTRY_TYPE, name, facts.port, own)
    several = len(facts.printers) > 1
    for printer in facts.printers:
        text = f"{printer.name} ({facts.name})" if several else facts.name
        if facts.octoprint:
            yield Record(OCTOPRINT_TYPE, label(text), printer.port, _octoprint(printer))
        if facts.moonraker:
            yield Record(MOONRAKER_TYPE, label(text), printer.port, _moonraker(printer))


def label(text: str) -> str:
    """Return text as one label of DNS: no dots, no controls, not too long."""
    plain = "".join(" " if ord(character) < 32 else character for character in text)
    plain = plain.replace(".", " ").strip() or "Gantry"
    return plain.encode()[:LONGEST_NAME].decode(errors="ignore").strip()


def _octoprint(printer: Announced) -> dict[str, str]:
    properties = {
        "path": printer.path,
        "version": OCTOPRINT_VERSION,
        "api": OCTOPRINT_API,
        "uuid": printer.uuid,
    }
    if printer.model != UNSET_MODEL:
        properties["model"] = printer.model
    return properties


def _moonraker(printer: Announced) -> dict[str, str]:
    return {
        "uuid": printer.uuid.replace("-", ""),
        "version": __version__,
        "route_prefix": printer.path.strip("/"),
    }
