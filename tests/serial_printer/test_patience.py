"""How long silence is tolerated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.patience import (
    PROBES_BLOCKED_S,
    PROBES_NOISY_S,
    PROBES_S,
    SILENCE_BLOCKED_S,
    SILENCE_S,
    STALLED_S,
    Advice,
    Patience,
    blocks,
    dwell_s,
)

MOVE = b"G1 X5"


def asked(oldest: bytes | None, until: float, patience: Patience | None = None) -> list[float]:
    """Return when probes are advised, and last when it is given up (negative)."""
    patience = patience or Patience()
    patience.start(0.0)
    times = []
    for step in range(int(until * 4) + 1):
        match patience.advise(step / 4, oldest):
            case Advice.PROBE:
                times.append(step / 4)
            case Advice.GIVE_UP:
                return [*times, -step / 4]
            case Advice.WAIT:
                pass
    return times


def test_a_silent_printer_is_asked_soon_and_given_up_late() -> None:
    times = asked(MOVE, 100)
    assert len(times) == len(PROBES_S) + 1
    assert times[0] <= 2
    assert -times[-1] == pytest.approx(SILENCE_S, abs=0.5)


def test_on_a_noisy_cable_it_is_asked_more_often() -> None:
    patience = Patience()
    patience.start(0.0)
    asked_at = [
        step / 4
        for step in range(80)
        if patience.advise(step / 4, MOVE, noisy=True) is Advice.PROBE
    ]
    assert len(asked_at) == len(PROBES_NOISY_S)
    assert len([at for at in asked_at if at < 7]) == 6


def test_with_nothing_on_the_way_silence_means_nothing() -> None:
    assert asked(None, 4000) == []


def test_heating_is_left_alone_for_long() -> None:
    times = asked(b"M109 S200", 2000)
    assert times[0] >= PROBES_BLOCKED_S[0]
    assert -times[-1] == pytest.approx(SILENCE_BLOCKED_S, abs=0.5)


def test_a_printer_that_knows_busy_is_not_given_so_long() -> None:
    patience = Patience()
    patience.progressed(0.0, busy=True)
    times = asked(b"G28", 2000, patience)
    assert -times[-1] == pytest.approx(SILENCE_S, abs=0.5)


def test_a_dwell_is_not_silence() -> None:
    times = asked(b"G4 S120", 300)
    assert times[0] > 120
    assert -times[-1] == pytest.approx(120 + SILENCE_S, abs=0.5)


def test_talk_without_progress_is_given_up_as_well() -> None:
    """It reports temperatures and never says ok."""
    patience = Patience()
    patience.start(0.0)
    for step in range(2000):
        now = step / 4
        if step % 4 == 0:
            patience.heard(now)
        if patience.advise(now, MOVE) is Advice.GIVE_UP:
            assert now == pytest.approx(STALLED_S, abs=1)
            return
    pytest.fail("it was never given up")


@given(st.lists(st.sampled_from(["heard", "progressed", "busy"]), max_size=50))
def test_whoever_makes_progress_is_never_given_up(events: list[str]) -> None:
    patience = Patience()
    patience.start(0.0)
    now = 0.0
    for event in events:
        now += SILENCE_S / 2
        if event == "heard":
            patience.progressed(now)
        patience.progressed(now, busy=event == "busy")
        assert patience.advise(now + 0.5, MOVE) is Advice.WAIT


@pytest.mark.parametrize(
    "line",
    [b"G28", b"G28 X", b"G29", b"M109 S200", b"M190 S60", b"M400", b"M600", b"M0", b"M1",
     b"G4 S5", b"T1", b"M303 E0", b"M24", b"M701"],
)  # fmt: skip
def test_what_may_take_long(line: bytes) -> None:
    assert blocks(line)


@pytest.mark.parametrize(
    "line", [b"G1 X5", b"M104 S200", b"M105", b"M10", b"G2 X1", b"M117 T1"]
)
def test_what_may_not(line: bytes) -> None:
    assert not blocks(line)


def test_dwell() -> None:
    assert dwell_s(b"G4 P1500") == 1.5
    assert dwell_s(b"G4 S3") == 3
    assert dwell_s(b"G4") == 0
    assert dwell_s(b"G1 S3") == 0


def test_time_in_which_nothing_could_be_heard_is_no_silence() -> None:
    patience = Patience()
    patience.start(0.0)
    patience.skip(1000.0)
    assert patience.advise(1000.0, MOVE) is Advice.WAIT
    assert patience.advise(1000.0 + PROBES_S[0] + 0.1, MOVE) is Advice.PROBE
