"""Errors to answers: one table of statuses, one shape per family of clients."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus

import orjson
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import (
    HTTPException,
    HTTPMove,
    Request,
    RequestPayloadError,
    Response,
    StreamResponse,
)

from appliance import errors
from appliance.storage import StorageError
from appliance.web import Family, HttpError

_LOGGER = logging.getLogger(__name__)

# Status by OctoPrint (and ourselves), by Moonraker.
_STATUSES: Mapping[type[Exception], tuple[int, int]] = {
    errors.InvalidRequest: (400, 400),
    errors.PrinterMissing: (404, 404),
    errors.PrinterOffline: (409, 503),
    errors.PrinterBusy: (409, 400),
    errors.PrinterRefused: (409, 400),
    errors.NotPrinting: (409, 400),
    errors.NothingSelected: (409, 400),
    errors.DeviceMissing: (404, 404),
    errors.DeviceFailed: (502, 400),
    errors.FileMissing: (404, 404),
    errors.FileExists: (409, 400),
    errors.FileInUse: (409, 403),
    errors.FileForbidden: (403, 403),
    errors.InvalidName: (400, 400),
    errors.UnsupportedType: (415, 415),
    errors.StorageFull: (507, 507),
    errors.PrintBlocked: (409, 400),
    errors.UploadBroken: (400, 400),
    errors.FileError: (400, 400),
    errors.CredentialMissing: (401, 401),
    errors.CredentialInvalid: (401, 401),
    errors.PermissionMissing: (403, 403),
    errors.UserMissing: (404, 404),
    errors.UserExists: (409, 400),
    errors.FixedByConfiguration: (409, 409),
    errors.TooManyAttempts: (429, 429),
    errors.DomainError: (409, 400),
    StorageError: (507, 507),
    errors.GantryError: (500, 500),
    RequestPayloadError: (400, 400),
    HttpProcessingError: (400, 400),  # of a part of a multipart body
    TimeoutError: (504, 504),
}
_CREDENTIALS = (errors.CredentialMissing, errors.CredentialInvalid)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def status_of(error: Exception, family: Family, method: str = "GET") -> int:
    """Return the status by which a family of clients knows the error."""
    if isinstance(error, HttpError | HTTPException):
        return error.status
    if family is Family.OCTOPRINT and isinstance(error, _CREDENTIALS):
        return 403 if method in SAFE_METHODS else 400
    for kind in type(error).__mro__:
        if (statuses := _STATUSES.get(kind)) is not None:
            return statuses[family is Family.MOONRAKER]
    return 500


def answer(error: Exception, request: Request, family: Family) -> StreamResponse:
    """Render an error; what nobody expected is logged and never shown."""
    status = status_of(error, family, request.method)
    headers = dict(error.headers) if isinstance(error, HttpError) else {}
    if isinstance(error, HTTPMove):
        return Response(status=status, headers={"Location": str(error.location)})
    if status == HTTPStatus.NOT_MODIFIED:
        return Response(status=status, headers=headers)
    if isinstance(error, errors.TooManyAttempts):
        headers["Retry-After"] = str(max(math.ceil(error.retry_after_s), 1))
    if isinstance(error, HTTPException) and "Allow" in error.headers:
        headers["Allow"] = error.headers["Allow"]
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    response = Response(
        status=status,
        body=orjson.dumps(shape(family, status, _message(error, status, family, request))),
        headers=headers,
        content_type="application/json",
    )
    if not request.content.at_eof() and request.can_read_body:
        response.force_close()  # the rest of the body is not wanted
    return response


def shape(family: Family, status: int, message: str) -> dict[str, object]:
    """Return the body of an error as that family of clients reads it."""
    if family is Family.OCTOPRINT:
        return {"error": message}
    if family is Family.MOONRAKER:
        return {"error": {"code": status, "message": message, "traceback": ""}}
    return {"error": {"code": status, "message": message}}


def _message(error: Exception, status: int, family: Family, request: Request) -> str:
    if isinstance(error, _CREDENTIALS) and status == HTTPStatus.BAD_REQUEST:
        return "CSRF validation failed"
    if isinstance(error, errors.PrintBlocked) and error.findings:
        return f"{error}: {'; '.join(error.findings)}"
    if isinstance(error, HTTPException):
        plain = f"{error.status}: {error.reason}"  # what aiohttp says by itself
        return error.reason if error.text in (None, plain) else str(error.text)
    if isinstance(error, RequestPayloadError | HttpProcessingError):
        return "the body of the request is broken"
    if isinstance(error, errors.GantryError):
        if status in (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.INSUFFICIENT_STORAGE):
            _LOGGER.error("%s %s: %s", request.method, request.path, error)
        return str(error) or HTTPStatus(status).phrase
    _LOGGER.error("%s %s failed", request.method, request.path, exc_info=error)
    return HTTPStatus(status).phrase
