"""Call another server. Where the call may go is the business of `appliance.outgoing`."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp.abc import AbstractResolver

from appliance.errors import DeviceFailed, InvalidRequest
from appliance.outgoing import TIMEOUT_S, Caller

__all__ = ["TIMEOUT_S", "call"]


async def call(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: str | None,
    resolver: AbstractResolver | None = None,
) -> int:
    """Call, and return the status; `InvalidRequest` says why there is none."""
    if "\r" in url or "\n" in url:
        raise InvalidRequest("a template put a line end into the URL")
    caller = Caller(resolver=resolver)
    sent = None if body is None else body.encode()
    try:
        answer = await caller.call(method, url, headers=headers, body=sent, limit=0)
    except DeviceFailed as error:
        raise InvalidRequest(str(error)) from error
    finally:
        await caller.close()
    return answer.status
