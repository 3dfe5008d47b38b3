"""What is announced, and the words of SSDP."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.zeroconf import ssdp
from appliance.components.zeroconf.network import reachable
from appliance.components.zeroconf.records import (
    GANTRY_TYPE,
    HTTP_TYPE,
    LONGEST_NAME,
    MOONRAKER_TYPE,
    OCTOPRINT_TYPE,
    Announced,
    Facts,
    label,
    records,
)
from appliance.components.zeroconf.responder import MAX_ANSWERS_A_SECOND, Responder

UUID = "6b7f2d6e-1111-5222-8333-944445555666"
SEARCH = (
    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
    'MAN: "ssdp:discover"\r\nMX: 1\r\nST: {}\r\n\r\n'
)


def facts(count: int = 1, *, moonraker: bool = True) -> Facts:
    printers = [
        Announced(f"p{n}", f"Printer {n}", UUID, 8080, "/" if n == 0 else f"/printers/p{n}/")
        for n in range(count)
    ]
    return Facts("Workshop", "root-uuid", 8080, printers, moonraker=moonraker)


def test_one_printer_has_the_name_of_the_appliance() -> None:
    told = {record.type: record for record in records(facts())}
    assert set(told) == {HTTP_TYPE, OCTOPRINT_TYPE, MOONRAKER_TYPE, GANTRY_TYPE}
    assert {record.name for record in told.values()} == {"Workshop"}
    octoprint = told[OCTOPRINT_TYPE]
    assert dict(octoprint.properties) == {
        "path": "/",
        "version": "1.11.8",
        "api": "0.1",
        "uuid": UUID,
    }
    assert told[MOONRAKER_TYPE].properties["uuid"] == UUID.replace("-", "")


def test_several_printers_have_names_and_paths_of_their_own() -> None:
    told = [record for record in records(facts(2)) if record.type == OCTOPRINT_TYPE]
    assert [record.name for record in told] == ["Printer 0 (Workshop)", "Printer 1 (Workshop)"]
    assert [record.properties["path"] for record in told] == ["/", "/printers/p1/"]


def test_what_is_not_served_is_not_announced() -> None:
    assert MOONRAKER_TYPE not in {r.type for r in records(facts(moonraker=False))}


@given(st.text())
def test_any_name_becomes_a_label(text: str) -> None:
    made = label(text)
    assert made
    assert "." not in made
    assert len(made.encode()) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("target", "count"),
    [(ssdp.ALL, 3), (ssdp.ROOT, 1), (ssdp.DEVICE, 1), (f"uuid:{UUID}", 1), ("other", 0)],
)
def test_searches_are_answered(target: str, count: int) -> None:
    found = ssdp.searched(SEARCH.format(target).encode())
    assert found == target
    offer = ssdp.Offer(UUID, 8080, "/printers/p1/")
    made = list(ssdp.answers(offer, found, "192.168.1.5"))
    assert len(made) == count
    for answer in made:
        location = "http://192.168.1.5:8080/printers/p1/plugin/discovery/discovery.xml"
        assert f"LOCATION: {location}\r\n".encode() in answer
        assert answer.endswith(b"\r\n\r\n")


@given(st.binary(max_size=3000))
def test_any_datagram_does_no_harm(data: bytes) -> None:
    assert ssdp.searched(data) is None or data.startswith(b"M-SEARCH")


def test_the_description_is_xml_whatever_the_name() -> None:
    text = ssdp.description('A <&> "B"', UUID, "M & N", "http://x/?a=1&b=2")
    device = ET.fromstring(text)[1]
    named = {element.tag.rpartition("}")[2]: element.text for element in device}
    assert named["friendlyName"] == 'A <&> "B"'
    assert named["UDN"] == f"uuid:{UUID}"
    assert named["manufacturer"] == "The OctoPrint Project"
    assert named["deviceType"] == "urn:schemas-upnp-org:device:Basic:1"
    assert named["presentationURL"] == "http://x/?a=1&b=2"


class Out:
    def __init__(self) -> None:
        self.sent: list[tuple[bytes, tuple[str, int]]] = []

    def sendto(self, data: bytes, address: tuple[str, int]) -> None:
        self.sent.append((data, address))


def test_strangers_are_not_answered_and_neighbours_not_flooded() -> None:
    now = 100.0
    responder = Responder("192.168.1.5", [ssdp.Offer(UUID, 80, "/")], lambda: now)
    out = Out()
    responder.transport = out  # type: ignore[assignment]
    search = SEARCH.format(ssdp.ALL).encode()
    responder.datagram_received(search, ("8.8.8.8", 1900))
    assert out.sent == []
    for _ in range(1000):
        responder.datagram_received(search, ("192.168.1.9", 1900))
    assert len(out.sent) == MAX_ANSWERS_A_SECOND
    now = 101.0
    responder.datagram_received(search, ("192.168.1.9", 1900))
    assert len(out.sent) == MAX_ANSWERS_A_SECOND + 3


@pytest.mark.parametrize(
    ("hosts", "heard"),
    [
        (["0.0.0.0"], ("192.168.1.5",)),
        (["::"], ("192.168.1.5", "fd00::5")),
        (["0.0.0.0", "::"], ("192.168.1.5", "fd00::5")),
        (["192.168.1.5"], ("192.168.1.5",)),
        (["127.0.0.1"], ()),
        (["localhost"], ()),
    ],
)
def test_only_where_the_server_listens_it_is_heard(
    hosts: list[str], heard: tuple[str, ...]
) -> None:
    assert reachable(("192.168.1.5", "fd00::5"), hosts) == heard
