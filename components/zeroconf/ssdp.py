"""The words of SSDP, sans I/O: what is asked, what is answered, what is told unasked."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from appliance import __version__
from appliance.records import dataclass

GROUP = "239.255.255.250"
PORT = 1900
DEVICE = "urn:schemas-upnp-org:device:Basic:1"
ROOT = "upnp:rootdevice"
ALL = "ssdp:all"
MAX_AGE_S = 1800
LONGEST_SEARCH = 2048
SERVER = f"Linux/1 UPnP/1.0 Gantry/{__version__}"
DESCRIPTION_PATH = "/plugin/discovery/discovery.xml"
# By this Home Assistant's OctoPrint integration knows whom it has found.
MANUFACTURER = "The OctoPrint Project"


@dataclass(frozen=True, slots=True)
class Offer:
    """A device that can be found: its id, and where its description stands on our server."""

    uuid: str
    port: int
    path: str  # of the printer, "/" or "/printers/<id>/"

    def location(self, address: str) -> str:
        """Return the URL of the description for somebody who reaches us there."""
        return f"http://{address}:{self.port}{self.path.rstrip('/')}{DESCRIPTION_PATH}"

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """Return what can be searched for, and how each is named uniquely."""
        own = f"uuid:{self.uuid}"
        return ((ROOT, f"{own}::{ROOT}"), (own, own), (DEVICE, f"{own}::{DEVICE}"))


def searched(data: bytes) -> str | None:
    """Return what a datagram searches for; None if it is no search."""
    if len(data) > LONGEST_SEARCH:
        return None
    lines = data.decode("latin-1").split("\r\n")
    if not lines[0].startswith("M-SEARCH * HTTP/1"):
        return None
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().upper()] = value.strip()
    if headers.get("MAN") != '"ssdp:discover"':
        return None
    return headers.get("ST")


def answers(offer: Offer, target: str, address: str) -> Iterator[bytes]:
    """Yield the answers to a search; ``address`` is ours as the asker reaches it."""
    for kind, name in offer.targets:
        if target in (ALL, kind):
            yield _message(
                "HTTP/1.1 200 OK",
                ("CACHE-CONTROL", f"max-age={MAX_AGE_S}"),
                ("EXT", ""),
                ("LOCATION", offer.location(address)),
                ("SERVER", SERVER),
                ("ST", kind),
                ("USN", name),
            )


def alive(offer: Offer, address: str) -> Iterator[bytes]:
    """Yield what is told when we come, and again before it is too old."""
    for kind, name in offer.targets:
        yield _message(
            "NOTIFY * HTTP/1.1",
            ("HOST", f"{GROUP}:{PORT}"),
            ("CACHE-CONTROL", f"max-age={MAX_AGE_S}"),
            ("LOCATION", offer.location(address)),
            ("NT", kind),
            ("NTS", "ssdp:alive"),
            ("SERVER", SERVER),
            ("USN", name),
        )


def goodbye(offer: Offer) -> Iterator[bytes]:
    """Yield what is told when we go."""
    for kind, name in offer.targets:
        yield _message(
            "NOTIFY * HTTP/1.1",
            ("HOST", f"{GROUP}:{PORT}"),
            ("NT", kind),
            ("NTS", "ssdp:byebye"),
            ("USN", name),
        )


def description(name: str, uuid: str, model: str, url: str) -> str:
    """Return the XML that describes a device."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<root xmlns="urn:schemas-upnp-org:device-1-0">\n'
        "  <specVersion><major>1</major><minor>0</minor></specVersion>\n"
        "  <device>\n"
        f"    <deviceType>{DEVICE}</deviceType>\n"
        f"    <friendlyName>{escape(name)}</friendlyName>\n"
        f"    <manufacturer>{MANUFACTURER}</manufacturer>\n"
        f"    <modelName>{escape(model)}</modelName>\n"
        f"    <UDN>uuid:{escape(uuid)}</UDN>\n"
        f"    <presentationURL>{escape(url)}</presentationURL>\n"
        "  </device>\n"
        "</root>\n"
    )


def _message(first: str, *headers: tuple[str, str]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode()
