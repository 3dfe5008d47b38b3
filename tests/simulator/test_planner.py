from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.planner import (
    FIRST_MOVE_DELAY,
    SHORTEST_MOVE,
    Planner,
    Point,
)
from appliance.components.simulator.settings import Settings

HOME: Point = (0.0, 0.0, 0.0, 0.0)


def planner() -> Planner:
    return Planner(16, Settings())


def at(x: float, y: float = 0.0, z: float = 0.0, e: float = 0.0) -> Point:
    return (x, y, z, e)


def test_a_long_move_takes_its_way_over_its_feedrate() -> None:
    queue = planner()
    queue.add(0, HOME, at(100), 50)
    assert queue.last_end() == pytest.approx(FIRST_MOVE_DELAY + 100 / 50, rel=0.02)


def test_the_slow_axis_limits_the_speed() -> None:
    queue = planner()
    queue.add(0, HOME, at(0, 0, 10), 100)
    # Z does 5 mm/s at most.
    assert queue.last_end() == pytest.approx(FIRST_MOVE_DELAY + 2, rel=0.05)
    queue = planner()
    queue.add(0, HOME, at(0, 0, 0, 50), 100)
    assert queue.last_end() == pytest.approx(FIRST_MOVE_DELAY + 2, rel=0.05)


def test_corners_cost_time_and_straight_lines_none() -> None:
    straight, zigzag = planner(), planner()
    places = [at(10 * i) for i in range(6)]
    corners = [at(10 * (i // 2 + i % 2), 10 * (i // 2)) for i in range(6)]
    for queue, way in ((straight, places), (zigzag, corners)):
        for start, end in itertools.pairwise(way):
            queue.add(0, start, end, 200)
    assert zigzag.last_end() > straight.last_end() * 1.1


def test_it_is_full_when_all_blocks_but_one_are_taken() -> None:
    queue = planner()
    assert queue.free(0) == 15
    for number in range(15):
        queue.add(0, at(number), at(number + 1), 10)
    assert queue.free(0) == 0
    assert queue.free(queue.next_end()) == 1
    assert queue.free(queue.last_end()) == 15


def test_the_first_move_is_held_back_until_three_are_there() -> None:
    queue = planner()
    queue.add(0, HOME, at(1), 10)
    queue.add(0.01, at(1), at(2), 10)
    assert queue.where(0.05, at(2))[0] == 0
    queue.add(0.02, at(2), at(3), 10)
    assert queue.where(0.05, at(3))[0] > 0


def test_the_toolhead_is_somewhere_on_its_way() -> None:
    queue = planner()
    queue.add(0, HOME, at(100, 50, 0, 10), 50)
    middle = (FIRST_MOVE_DELAY + queue.last_end()) / 2
    assert queue.where(middle, at(100)) == pytest.approx((50, 25, 0, 5))
    assert queue.where(queue.last_end() + 1, at(100)) == at(100)


def test_a_dry_queue_in_a_print_is_an_underrun() -> None:
    queue = planner()
    queue.streaming = True
    queue.add(0, HOME, at(1), 10)
    queue.underruns = 0
    end = queue.last_end()
    queue.retire(end + 0.5)
    queue.add(end + 0.5, at(1), at(2), 10)
    assert queue.underruns == 1
    queue.streaming = False
    end = queue.last_end()
    queue.retire(end + 0.5)
    queue.add(end + 0.5, at(2), at(3), 10)
    assert queue.underruns == 1


POINT = st.tuples(st.floats(0, 200), st.floats(0, 200), st.floats(0, 200), st.floats(-5, 50))


@given(st.lists(st.tuples(POINT, st.floats(0.1, 500)), min_size=1, max_size=14))
def test_moves_follow_each_other_and_none_is_faster_than_asked(
    moves: list[tuple[Point, float]],
) -> None:
    queue = planner()
    start, before = HOME, FIRST_MOVE_DELAY
    for target, feedrate in moves:
        queue.add(0, start, target, feedrate)
        way = sum((a - b) ** 2 for a, b in zip(start[:3], target[:3], strict=True)) ** 0.5
        way = way if way >= SHORTEST_MOVE else abs(target[3] - start[3])
        if way >= SHORTEST_MOVE:
            # What was queued before may be pulled forward by the delay of the first.
            assert queue.last_end() >= before - FIRST_MOVE_DELAY + way / feedrate * 0.999
            before = queue.last_end()
        start = target
