"""The states of a link and a job, and the one table of legal moves between them.

`Link` says how we stand with the printer, `JobPhase` what the job does. A job exists only
on an online link. A move that changes nothing is allowed and means nothing, so that
repeated wishes (two pause buttons, an action command and an API) die out by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from appliance.domain.job import JobPhase


class Link(StrEnum):
    """How we stand with the printer."""

    OFFLINE = "offline"
    DETECTING = "detecting"
    OPENING = "opening"
    HANDSHAKING = "handshaking"
    ONLINE = "online"
    HALTED = "halted"  # M112 or a kill: needs a reset
    FAILED = "failed"  # see the fault

    @property
    def connecting(self) -> bool:
        """Whether a connection is being made."""
        return self in (Link.DETECTING, Link.OPENING, Link.HANDSHAKING)


_LINK_MOVES: Mapping[Link, frozenset[Link]] = {
    Link.OFFLINE: frozenset({Link.DETECTING, Link.OPENING, Link.FAILED}),
    Link.DETECTING: frozenset({Link.OPENING, Link.OFFLINE, Link.FAILED}),
    Link.OPENING: frozenset({Link.HANDSHAKING, Link.DETECTING, Link.OFFLINE, Link.FAILED}),
    Link.HANDSHAKING: frozenset(
        {Link.ONLINE, Link.DETECTING, Link.OPENING, Link.OFFLINE, Link.HALTED, Link.FAILED}
    ),
    Link.ONLINE: frozenset({Link.OFFLINE, Link.HANDSHAKING, Link.HALTED, Link.FAILED}),
    Link.HALTED: frozenset({Link.OFFLINE, Link.DETECTING, Link.OPENING, Link.FAILED}),
    Link.FAILED: frozenset({Link.OFFLINE, Link.DETECTING, Link.OPENING, Link.HALTED}),
}

_P = JobPhase
_PHASE_MOVES: Mapping[JobPhase, frozenset[JobPhase]] = {
    _P.NONE: frozenset({_P.PREPARING}),
    _P.PREPARING: frozenset({_P.PRINTING, _P.PAUSING, _P.CANCELLING, _P.NONE}),
    _P.PRINTING: frozenset({_P.PAUSING, _P.PAUSED, _P.CANCELLING, _P.FINISHING, _P.NONE}),
    _P.PAUSING: frozenset({_P.PAUSED, _P.CANCELLING, _P.NONE}),
    _P.PAUSED: frozenset({_P.RESUMING, _P.PRINTING, _P.CANCELLING, _P.NONE}),
    _P.RESUMING: frozenset({_P.PRINTING, _P.PAUSING, _P.CANCELLING, _P.NONE}),
    _P.CANCELLING: frozenset({_P.NONE}),
    _P.FINISHING: frozenset({_P.NONE, _P.CANCELLING}),
}


class IllegalMove(ValueError):
    """A move that the table does not have: an error in our own code."""


def move_link(present: Link, wanted: Link) -> Link:
    """Return ``wanted`` if the link may go there from ``present``."""
    if wanted is present or wanted in _LINK_MOVES[present]:
        return wanted
    message = f"a link cannot go from {present} to {wanted}"
    raise IllegalMove(message)


def move_phase(link: Link, present: JobPhase, wanted: JobPhase) -> JobPhase:
    """Return ``wanted`` if the job may go there; a phase but NONE needs an online link."""
    if wanted is not _P.NONE and link is not Link.ONLINE:
        message = f"a job cannot be {wanted} while the link is {link}"
        raise IllegalMove(message)
    if wanted is present or wanted in _PHASE_MOVES[present]:
        return wanted
    message = f"a job cannot go from {present} to {wanted}"
    raise IllegalMove(message)
