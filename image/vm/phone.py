"""Somebody's phone, inside the machine: an address, a name, a page; prints JSON.

Runs in a network name space with nothing but Python: ``phone.py lease DEVICE``, ``phone.py
resolve SERVER NAME``, ``phone.py open URL [HOST [METHOD BODY]]``.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import struct
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MAGIC = b"\x63\x82\x53\x63"
_DISCOVER, _OFFER, _REQUEST, _ACK = 1, 2, 3, 5
# RFC 2132 and RFC 8910, by the names that the answer has.
_OPTIONS = {1: "mask", 3: "router", 6: "dns", 114: "captive_portal"}
_WAIT_S = 60.0


def lease(device: str) -> dict[str, Any]:
    """Ask for an address as RFC 2131 has it, and take it."""
    mac = bytes.fromhex(Path(f"/sys/class/net/{device}/address").read_text().replace(":", ""))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        link.bind(("", 68))
        offered, options = _exchange(link, mac, _DISCOVER, _OFFER, b"")
        wish = b"\x32\x04" + offered + b"\x36\x04" + options[54]
        address, options = _exchange(link, mac, _REQUEST, _ACK, wish)
    found: dict[str, Any] = {"address": socket.inet_ntoa(address)}
    for number, name in _OPTIONS.items():
        if number in options:
            raw = options[number]
            found[name] = raw.decode() if number == 114 else socket.inet_ntoa(raw[:4])
    os.system(f"ip address replace {found['address']}/24 dev {device}")  # noqa: S605
    return found


def resolve(server: str, name: str) -> dict[str, Any]:
    """Ask a DNS server for an IPv4 address."""
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    query = struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + question + b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(_WAIT_S)
        link.sendto(query, (server, 53))
        answer = link.recv(512)
    return {"address": socket.inet_ntoa(answer[-4:]), "answers": answer[7]}


def open_(url: str, host: str = "", method: str = "GET", body: str = "") -> dict[str, Any]:
    """Make one HTTP request; redirections are for the caller to see."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, _WAIT_S)
    headers = {"Host": host or parts.netloc, "Content-Type": "application/json"}
    if "GANTRY_KEY" in os.environ:
        headers["X-Api-Key"] = os.environ["GANTRY_KEY"]
    connection.request(method, parts.path or "/", body.encode() or None, headers)
    answer = connection.getresponse()
    content = answer.read().decode(errors="replace")
    location = answer.headers.get("Location")
    found = {"status": answer.status, "location": location, "body": content[:200]}
    try:
        return {**found, "json": json.loads(content)}
    except ValueError:
        return found


def _exchange(
    link: socket.socket, mac: bytes, kind: int, wanted: int, more: bytes
) -> tuple[bytes, dict[int, bytes]]:
    transaction = os.urandom(4)
    head = struct.pack(">4B4sHH", 1, 1, 6, 0, transaction, 0, 0x8000)
    message = head + bytes(16) + mac.ljust(16, b"\0") + bytes(192) + _MAGIC
    message += bytes([53, 1, kind]) + more + b"\x37\x04\x01\x03\x06\x72\xff"
    link.settimeout(5.0)
    for _ in range(int(_WAIT_S / 5)):
        link.sendto(message, ("255.255.255.255", 67))
        try:
            answer = link.recv(2048)
        except TimeoutError:
            continue
        options = _read_options(answer[240:])
        if answer[4:8] == transaction and options.get(53) == bytes([wanted]):
            return answer[16:20], options
    raise SystemExit("nobody gives an address")


def _read_options(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while data and data[0] != 255:
        if data[0] == 0:
            data = data[1:]
            continue
        found[data[0]] = data[2 : 2 + data[1]]
        data = data[2 + data[1] :]
    return found


if __name__ == "__main__":
    verbs: dict[str, Callable[..., dict[str, Any]]]
    verbs = {"lease": lease, "resolve": resolve, "open": open_}
    try:
        found = verbs[sys.argv[1]](*sys.argv[2:])
    except OSError as error:
        found = {"error": str(error)}
    sys.stdout.write(json.dumps(found))
