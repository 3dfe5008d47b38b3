"""The framing of JSON-RPC 2.0: text in, requests or failures out. No socket here."""

from __future__ import annotations

from typing import Any

import orjson

from appliance.records import dataclass

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
class Answer:
    """What a client answers to a call of ours."""

    id: Any
    value: Any = None
    complaint: str | None = None  # why it could not


Item = Request | Failure | Answer


@dataclass(frozen=True, slots=True)
class Message:
    """What one text contained; answers to a batch are an array."""

    items: tuple[Item, ...]
    batch: bool = False


def decode(text: str | bytes) -> Message:
    """Take a message apart."""
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


def call(method: str, params: Any = None, request_id: Any = None) -> bytes:
    """Render a call of ours; without an id no answer is wanted."""
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if request_id is not None:
        message["id"] = request_id
    if params:
        message["params"] = params
    return dump(message)


def dump(message: Any) -> bytes:
    """Render JSON."""
    return orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS)


def _items(data: list[Any]) -> tuple[Item, ...]:
    return tuple(_item(each) for each in data)


def _item(data: Any) -> Item:
    if not isinstance(data, dict):
        return Failure(INVALID_REQUEST, "Invalid Request")
    request_id = data.get("id")
    method = data.get("method")
    if data.get("jsonrpc") != "2.0":
        return Failure(INVALID_REQUEST, "Invalid Request", request_id)
    if "method" not in data:
        return _answer(data, request_id)
    if not isinstance(method, str):
        return Failure(INVALID_REQUEST, "Invalid Request", request_id)
    params = data.get("params", {})
    if params is None:
        params = {}
    if not isinstance(params, dict):
        return Failure(INVALID_PARAMS, "Invalid params: an object is expected", request_id)
    return Request(method, params, request_id, notification="id" not in data)


def _answer(data: dict[str, Any], request_id: Any) -> Answer:
    error = data.get("error")
    if error is None:
        return Answer(request_id, data.get("result"))
    said = error.get("message") if isinstance(error, dict) else error
    return Answer(request_id, complaint=str(said) if said else "it failed")
