"""What of a configuration is never shown: values of telling keys, and parts of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from appliance.config.report import SECRET_KEY

# An address whose server may be told. All others are those of services for notifications,
# which have their tokens where the server stands (tgram://TOKEN/CHAT).
_OPEN_SCHEMES = frozenset(
    {"http", "https", "ws", "wss", "rtsp", "rtsps", "rtmp", "webrtc", "mqtt", "mqtts"}
    | {"socket", "rfc2217", "file", "ftp"}
)
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^\s/?#]*)([^\s?#]*)(?:\?([^\s#]*))?")
_SECRET_WORD = re.compile(
    r"(?i)pass|pwd|\bpw\b|token|\btok\b|secret|api_?key|\bkey\b|\bk\b|auth|sig(?:nature)?\b"
)
_HEADER = re.compile(r"(?i)^(?:authorization|cookie|x-[a-z-]*(?:key|token|auth|secret).*)$")

_PART = re.compile(r"[^/@:]+")
_TOKEN = 12  # characters: shorter parts are names


def secrets_in(data: object) -> Iterator[str]:
    """Yield every text of a configuration that must not be shown."""
    if isinstance(data, dict):
        for key, value in data.items():
            if SECRET_KEY.search(key) and isinstance(value, str | int):
                yield str(value)
            elif _HEADER.match(key) and isinstance(value, str):
                yield value.rpartition(" ")[2]  # behind "Bearer"
            else:
                yield from secrets_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from secrets_in(item)
    elif isinstance(data, str) and "://" in data:
        for scheme, server, path, query in _ADDRESS.findall(data):
            yield from _in_address(scheme.lower(), server, path, query)


def _in_address(scheme: str, server: str, path: str, query: str) -> Iterator[str]:
    if scheme not in _OPEN_SCHEMES:
        yield f"{server}{path}"
        yield from (part for part in _PART.findall(server + path) if len(part) >= _TOKEN)
    person, at, _ = server.rpartition("@")
    if at:
        _, colon, password = person.partition(":")
        yield person
        yield from _spelt(password if colon else person)
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if _SECRET_WORD.search(name):
            yield from _spelt(value)


def _spelt(value: str) -> Iterator[str]:
    """Yield a value as it stands in the address, and as it is used."""
    if value:
        yield value
        yield unquote(value)
