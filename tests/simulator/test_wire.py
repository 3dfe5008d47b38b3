from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.timers import FOREVER
from appliance.components.simulator.wire import Direction

WRITES = st.lists(
    st.tuples(st.floats(0, 0.01), st.binary(min_size=1, max_size=300)), max_size=20
)


@given(st.sampled_from([9600, 115200, 250000]), WRITES)
def test_bytes_arrive_whole_in_order_and_no_faster_than_the_wire(
    baudrate: int, writes: list[tuple[float, bytes]]
) -> None:
    wire = Direction(baudrate)
    now = 0.0
    for pause, data in writes:
        now += pause
        wire.put(data, now)
    sent = b"".join(data for _, data in writes)
    arrived, last = b"", 0.0
    while (due := wire.next_due()) < FOREVER:
        piece = wire.take(due)
        assert piece is not None
        at, data = piece
        assert at - last >= len(data) * 10 / baudrate * 0.999
        last = at
        arrived += data
    assert arrived == sent


def test_a_piece_ends_with_each_line() -> None:
    wire = Direction(10_000)
    wire.put(b"ab\ncd\n", 1.0)
    assert wire.take(1.0029) is None
    piece = wire.take(1.0031)
    assert piece is not None
    assert piece[0] == pytest.approx(1.003)
    assert piece[1] == b"ab\n"
    assert wire.next_due() == pytest.approx(1.006)


def test_without_a_baud_rate_nothing_takes_time() -> None:
    wire = Direction(0)
    wire.put(b"abc", 5.0)
    assert wire.take(5.0) == (5.0, b"abc")


def test_a_long_backlog_holds_the_sender_up() -> None:
    wire = Direction(9600)
    wire.put(b"x" * 5000, 0.0)
    assert wire.room == 0
    wire.clear()
    assert wire.room > 0
