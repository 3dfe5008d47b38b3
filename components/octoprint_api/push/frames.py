"""SockJS frames: how messages are wrapped on each transport."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

OPEN = b"o"
HEARTBEAT = b"h"

# Codes of a close frame.
GO_AWAY = 3000
ANOTHER_CONNECTION = 2010


class BadFrame(ValueError):
    """A client sent something that is no frame."""


def array(messages: Sequence[bytes]) -> bytes:
    """Wrap messages that are JSON already."""
    return b"a[" + b",".join(messages) + b"]"


def close(code: int, reason: str) -> bytes:
    """Say that the session is over."""
    return b"c" + orjson.dumps([code, reason])


def parse(text: str | bytes) -> list[str]:
    """Read what a client sent: a list of texts, or one text alone."""
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadFrame("broken JSON encoding") from error
    messages = [frame] if isinstance(frame, str) else frame
    if not isinstance(messages, list) or not all(isinstance(item, str) for item in messages):
        raise BadFrame("expected a list of texts")
    return messages
