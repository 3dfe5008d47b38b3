"""The table of legal moves: every pair, and what must hold of the table as a whole."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.job import JobPhase
from appliance.domain.machine import IllegalMove, Link, move_link, move_phase

# By hand, from the meaning of the states, not from the table.
LINK_MOVES = {
    Link.OFFLINE: {"detecting", "opening", "failed"},
    Link.DETECTING: {"opening", "offline", "failed"},
    Link.OPENING: {"handshaking", "detecting", "offline", "failed"},
    Link.HANDSHAKING: {"online", "detecting", "opening", "offline", "halted", "failed"},
    Link.ONLINE: {"offline", "handshaking", "halted", "failed"},
    Link.HALTED: {"offline", "detecting", "opening", "failed"},
    Link.FAILED: {"offline", "detecting", "opening", "halted"},
}


@pytest.mark.parametrize(("present", "wanted"), list(itertools.product(Link, Link)))
def test_links(present: Link, wanted: Link) -> None:
    if wanted is present or wanted.value in LINK_MOVES[present]:
        assert move_link(present, wanted) is wanted
    else:
        with pytest.raises(IllegalMove, match=f"{present}.*{wanted}"):
            move_link(present, wanted)


def may_move(present: JobPhase, wanted: JobPhase) -> bool:
    try:
        move_phase(Link.ONLINE, present, wanted)
    except IllegalMove:
        return False
    return True


@pytest.mark.parametrize("phase", JobPhase)
def test_a_repeated_wish_means_nothing(phase: JobPhase) -> None:
    assert move_phase(Link.ONLINE, phase, phase) is phase


@pytest.mark.parametrize("phase", JobPhase)
def test_a_job_may_end_at_any_time(phase: JobPhase) -> None:
    """Also when the link is gone: losing it ends the job."""
    for link in Link:
        assert move_phase(link, phase, JobPhase.NONE) is JobPhase.NONE


@pytest.mark.parametrize("phase", [phase for phase in JobPhase if phase.active])
def test_any_job_can_be_cancelled(phase: JobPhase) -> None:
    assert may_move(phase, JobPhase.CANCELLING)


@given(st.sampled_from(Link), st.sampled_from(JobPhase), st.sampled_from(JobPhase))
def test_a_job_needs_a_printer(link: Link, present: JobPhase, wanted: JobPhase) -> None:
    if link is not Link.ONLINE and wanted is not JobPhase.NONE:
        with pytest.raises(IllegalMove):
            move_phase(link, present, wanted)


def test_what_is_cancelled_stays_cancelled() -> None:
    reachable = {phase for phase in JobPhase if may_move(JobPhase.CANCELLING, phase)}
    assert reachable == {JobPhase.CANCELLING, JobPhase.NONE}


def test_nothing_begins_but_by_preparing() -> None:
    reachable = {phase for phase in JobPhase if may_move(JobPhase.NONE, phase)}
    assert reachable == {JobPhase.NONE, JobPhase.PREPARING}


def test_only_printing_comes_to_an_end() -> None:
    ways = {phase for phase in JobPhase if may_move(phase, JobPhase.FINISHING)}
    assert ways == {JobPhase.PRINTING, JobPhase.FINISHING}


def test_every_state_can_be_reached() -> None:
    links, phases = {Link.OFFLINE}, {JobPhase.NONE}
    for _ in Link:
        links |= {Link(name) for link in links for name in LINK_MOVES[link]}
    for _ in JobPhase:
        phases |= {to for to in JobPhase if any(may_move(present, to) for present in phases)}
    assert links == set(Link)
    assert phases == set(JobPhase)


def test_properties() -> None:
    assert {link for link in Link if link.connecting} == {
        Link.DETECTING,
        Link.OPENING,
        Link.HANDSHAKING,
    }
    assert {phase for phase in JobPhase if not phase.active} == {JobPhase.NONE}
