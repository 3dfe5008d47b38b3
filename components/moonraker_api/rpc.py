"""The framing of JSON-RPC 2.0: text in, requests or failures out. No socket here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602

MOST_IN_BATCH = 100


@dataclass(frozen=True, slots=True)
class Request:
    """A call that was understood."""

    method: str
    params: dict[str, Any]
    id: Any = None
    notification: bool = False  # no answer is wanted


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that is no call, and how to say so."""

    code: int
    message: str
    id: Any = None

    def render(self) -> dict[str, Any]:
        """Return the answer."""
        return {
            "jsonrpc": "2.0",
            "error": {"code": self.code, "message": self.message},
            "id": self.id,
        }


@dataclass(frozen=True, slots=True)
class Message:
    """What one text contained; answers to a batch are an array."""

    items: tuple[Request | Failure, ...]
    batch: bool = False


def decode(text: str | bytes) -> Message:
    """Take a message apart. Answers to calls of ours (no ``method``) mean nothing."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Message((Failure(PARSE_ERROR, "Parse error"),))
    if not isinstance(data, list):
        return Message(_items([data]))
    if not data:
        return Message((Failure(INVALID_REQUEST, "Invalid Request"),))
    if len(data) > MOST_IN_BATCH:
        return Message((Failure(INVALID_REQUEST, "too many calls in a batch"),))
    return Message(_items(data), batch=True)


def result(request_id: Any, value: Any) -> dict[str, Any]:
    """Return the answer to a call that succeeded."""
    return {"jsonrpc": "2.0", "result": value, "id": request_id}


def notification(method: str, *params: Any) -> bytes:
    """Render something told to clients; without params the key is absent."""
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if params:
        message["params"] = params
    return dump(message)


def dump(message: Any) -> bytes:
    """Render JSON."""
    return orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS)


def _items(data: list[Any]) -> tuple[Request | Failure, ...]:
    return tuple(item for each in data if (item := _item(each)) is not None)


def _item(data: Any) -> Request | Failure | None:
    if not isinstance(data, dict):
        return Failure(INVALID_REQUEST, "Invalid Request")
    request_id = data.get("id")
    method = data.get("method")
    if data.get("jsonrpc") != "2.0":
        return Failure(INVALID_REQUEST, "Invalid Request", request_id)
    if "method" not in data:
        return None
    if not isinstance(method, str):
        return Failure(INVALID_REQUEST, "Invalid Request", request_id)
    params = data.get("params", {})
    if params is None:
        params = {}
    if not isinstance(params, dict):
        return Failure(INVALID_PARAMS, "Invalid params: an object is expected", request_id)
    return Request(method, params, request_id, notification="id" not in data)
