from __future__ import annotations

from itertools import pairwise

import pytest

from appliance.components.timelapse.triggers import LayerTrigger
from appliance.domain.job import Job, JobFile, JobKind, Origin
from appliance.domain.printer import Snapshot
from appliance.domain.telemetry import Motion, Position

FILE = JobFile(Origin.LOCAL, "a.gcode", "a.gcode", 1)


def at_layer(layer: int | None) -> Snapshot:
    return Snapshot(job=Job("1", JobKind.FILE, FILE, 0.0, layer=layer))


def at_height(z: float | None) -> Snapshot:
    position = None if z is None else Position(0, 0, z, 0)
    return Snapshot(motion=Motion(position))


def test_a_layer_is_told_once() -> None:
    trigger = LayerTrigger(0.0, 0.0)
    layers = [None, 1, 1, 2, 2, 3]
    due = [
        trigger.due(at_layer(before), at_layer(now), float(time))
        for time, (before, now) in enumerate(pairwise(layers))
    ]
    assert due == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("before", "now", "hop", "due"),
    [
        (0.2, 0.4, 0.0, True),
        (0.4, 0.4, 0.0, False),
        (None, 0.2, 0.0, False),
        (0.2, None, 0.0, False),
        (0.2, 0.7, 0.5, False),
        (0.7, 0.2, 0.5, False),
        (0.2, 0.4, 0.5, True),
    ],
)
def test_heights_stand_in_for_layers_but_not_lifts(
    before: float | None, now: float | None, hop: float, due: bool
) -> None:
    assert LayerTrigger(hop, 0.0).due(at_height(before), at_height(now), 0.0) is due


def test_a_picture_that_came_too_early_is_taken_later() -> None:
    trigger = LayerTrigger(0.0, 5.0)
    assert trigger.due(at_layer(1), at_layer(2), 100.0)
    assert not trigger.due(at_layer(2), at_layer(3), 101.0)
    assert not trigger.due(at_layer(3), at_layer(3), 104.9)
    assert trigger.due(at_layer(3), at_layer(3), 105.0)
    assert not trigger.due(at_layer(3), at_layer(3), 200.0)
