"""API keys, and how applications ask a person for one."""

from __future__ import annotations

from enum import StrEnum

from appliance.domain.permissions import Scope
from appliance.records import dataclass


class KeyKind(StrEnum):
    """What an API key is for; all are checked the same way."""

    # The one key of a user that the APIs show to its owner; what OctoPrint calls the
    # global key and Moonraker the API key is the personal key of whoever asks.
    PERSONAL = "personal"
    APP = "app"  # paired by an application, or made by a person with a label


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it may be shown: everything but the key."""

    id: str
    kind: KeyKind
    user: str  # owner
    label: str
    scopes: frozenset[Scope] | None = None  # None: as far as the owner
    printers: frozenset[str] | None = None  # None: all
    created_at: float = 0.0  # unix seconds
    expires_at: float | None = None
    last_used_at: float | None = None
    fixed: bool = False  # stands in configuration.yaml


@dataclass(frozen=True, slots=True)
class AppKeyRequest:
    """An application asks for a key and waits for a person."""

    app: str  # its name, as it said; hostile text
    app_token: str  # secret of the application, to poll with
    user_token: str  # handle of the person, to decide with
    user: str | None  # the user that was asked, if the application named one
    address: str


class AppKeyState(StrEnum):
    """What became of a request for a key."""

    PENDING = "pending"
    GRANTED = "granted"
    DENIED = "denied"
    GIVEN_UP = "given up"  # the application stopped asking


@dataclass(frozen=True, slots=True)
class AppKeyRequested:
    """An application waits for a decision (OctoPrint pushes it to the people online)."""

    request: AppKeyRequest


@dataclass(frozen=True, slots=True)
class AppKeyDecided:
    """A request came to its end: granted, denied or given up."""

    request: AppKeyRequest
    state: AppKeyState
