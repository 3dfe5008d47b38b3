"""A large file on its way in, as the body or in a form."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader

from appliance import web
from appliance.errors import InvalidRequest, UploadBroken
from appliance.forms import label

_CHUNK = 256 * 1024


async def chunks(request: web.Request) -> AsyncIterator[bytes]:
    """Yield the file that is sent, however it is."""
    if not request.content_type.startswith("multipart/"):
        async for chunk in request.content.iter_chunked(_CHUNK):
            yield chunk
        return
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and label(part).name == "file":
                while chunk := await part.read_chunk(_CHUNK):
                    yield chunk
                return
    except (ValueError, AssertionError) as error:  # how aiohttp reports broken forms
        raise UploadBroken("the form is broken") from error
    raise InvalidRequest("there is no part 'file' in the form")
