"""Errors of the domain as Moonraker's clients know them."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from appliance import errors
from appliance.components.moonraker_api import rpc
from appliance.storage import StorageError
from appliance.web import HttpError

_LOGGER = logging.getLogger(__name__)

NOT_CONNECTED = "Klippy Host not connected"

# The status that an error has over HTTP; the ones that are not listed are 400.
_STATUSES: Mapping[type[Exception], int] = {
    errors.PrinterMissing: 404,
    errors.PrinterOffline: 503,
    errors.DeviceMissing: 404,
    errors.FileMissing: 404,
    errors.FileInUse: 403,
    errors.FileForbidden: 403,
    errors.UnsupportedType: 415,
    errors.StorageFull: 507,
    errors.CredentialMissing: 401,
    errors.CredentialInvalid: 401,
    errors.PermissionMissing: 403,
    errors.UserMissing: 404,
    errors.FixedByConfiguration: 409,
    errors.TooManyAttempts: 429,
    errors.DomainError: 400,
    StorageError: 507,
}
# How JSON-RPC calls what HTTP has a status for; any other status is the code itself.
_CODES = {404: rpc.METHOD_NOT_FOUND, 401: rpc.INVALID_PARAMS}


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, HttpError):
        return error.status
    for kind in type(error).__mro__:
        if (status := _STATUSES.get(kind)) is not None:
            return status
    return 500


def failure(error: Exception, request_id: object, method: str) -> rpc.Failure:
    """Return the JSON-RPC answer; what nobody expected is logged and never shown."""
    status = status_of(error)
    message = "Unauthorized" if isinstance(error, errors.CredentialMissing) else str(error)
    if status == 500:
        _LOGGER.error("%s failed", method, exc_info=error)
        message = "Internal Server Error"
    return rpc.Failure(_CODES.get(status, status), message or "Error", request_id)


def not_connected() -> errors.PrinterOffline:
    """Return the error of a printer that cannot be asked."""
    return errors.PrinterOffline(NOT_CONNECTED)
