"""What slicers say in comments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.marks import Mark, read


@pytest.mark.parametrize(
    ("comment", "mark"),
    [
        (b"LAYER:0", Mark(layer=1)),  # Cura counts from 0, below it from the raft
        (b"LAYER:-2", Mark(layer=-1)),
        (b"LAYER:41", Mark(layer=42)),
        (b"LAYER_CHANGE", Mark(next_layer=True)),  # PrusaSlicer and its family
        (b" CHANGE_LAYER", Mark(next_layer=True)),  # Bambu Studio
        (b"BEFORE_LAYER_CHANGE", None),
        (b"AFTER_LAYER_CHANGE", None),
        (b"LAYER_COUNT:55", Mark(layers=55)),
        (b" total layers count = 99", Mark(layers=99)),
        (b" total layer number: 99", Mark(layers=99)),
        (b"Z:0.35", Mark(height_mm=0.35)),
        (b"Z:12", Mark(height_mm=12.0)),
        (b" Z_HEIGHT: 0.4", Mark(height_mm=0.4)),
        (b"Z:0.35 and more", None),
        (b" printing object cube id:0 copy 0", Mark(object_name="cube id:0 copy 0")),
        (b" stop printing object cube id:0 copy 0", Mark(object_end=True)),
        (b"MESH:part.stl", Mark(object_name="part.stl")),
        (b"MESH:NONMESH", Mark(object_end=True)),
        (b" start printing object, unique label id: 87", Mark(object_name="87")),
        (b" stop printing object, unique label id: 87", Mark(object_end=True)),
        (b" printing object " + b"x" * 999, Mark(object_name="x" * 200)),
        (b" printing object \xff", Mark(object_name="\ufffd")),
        (b"TYPE:External perimeter", None),
        (b"perimeters extrusion width = 0.48mm", None),
        (b"", None),
        (b"   ", None),
    ],
)
def test_forms(comment: bytes, mark: Mark | None) -> None:
    assert read(comment) == mark


@given(st.binary(max_size=100))
def test_no_comment_raises(comment: bytes) -> None:
    read(comment)
    for start in (b"LAYER:", b"Z:", b"printing object ", b"LAYER_COUNT:", b"MESH:"):
        read(start + comment)


def test_numbers_are_bounded() -> None:
    assert read(b"LAYER:" + b"9" * 5000) is None
    assert read(b"Z:" + b"9" * 5000) is None
    assert read(b"LAYER_COUNT:" + b"9" * 5000) is None
