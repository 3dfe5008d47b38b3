"""Height maps as the kinds of Marlin's levelling print them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.mesh import MeshReader
from appliance.domain.telemetry import Area

BILINEAR = """Bilinear Leveling Grid:
      0      1      2
 0 -0.133 -0.090 +0.019
 1 -0.084 +0.045 +0.037

"""
UNIFIED = """Bed Topography Report:

    ( 15,200)               (205,200)
        0       1       2
 1 | -0.084  +0.045  +0.037
   |
 0 |[-0.133] -0.090  +0.019
        0       1       2

    ( 15, 20)               (205, 20)
"""
POINTS = ((-0.133, -0.09, 0.019), (-0.084, 0.045, 0.037))


def read(reader: MeshReader, text: str) -> list[bool]:
    return [reader.take(line) for line in text.splitlines()]


def probed(xs: tuple[float, ...], ys: tuple[float, ...]) -> str:
    places = [(x, y) for y in ys for x in xs]
    return "\n".join(f"Bed X: {x:.2f} Y: {y:.2f} Z: 0.01" for x, y in places)


def test_a_bilinear_grid_begins_at_the_front() -> None:
    reader = MeshReader()
    assert read(reader, BILINEAR) == [False, True, True, True, True]
    assert reader.mesh is not None
    assert reader.mesh.points == POINTS
    assert reader.mesh.area is None  # it does not say


def test_a_unified_map_begins_at_the_back_and_says_where_it_lies() -> None:
    reader = MeshReader()
    assert all(read(reader, UNIFIED)[1:])
    assert reader.mesh is not None
    assert reader.mesh.points == POINTS
    assert reader.mesh.area == Area(15.0, 20.0, 0.0, 205.0, 200.0, 0.0)


def test_probed_points_say_where_a_grid_lies_and_so_they_do_later() -> None:
    reader = MeshReader()
    read(reader, "Bed X: 1.00 Y: 2.00 Z: 0.5")  # some G30 before
    read(reader, probed((10.0, 100.0, 190.0), (20.0, 180.0)))
    read(reader, BILINEAR)
    assert reader.mesh is not None
    where = Area(10.0, 20.0, 0.0, 190.0, 180.0, 0.0)
    assert reader.mesh.area == where
    read(reader, "Bed X: 1.00 Y: 2.00 Z: 0.5")
    read(reader, BILINEAR)  # M420 V1
    assert reader.mesh.area == where
    read(reader, BILINEAR.replace(" +0.019", "").replace(" +0.037", ""))
    assert reader.mesh.area is None  # a map of another size


def test_a_map_with_holes_is_none() -> None:
    reader = MeshReader()
    read(reader, UNIFIED.replace("-0.084 ", "  .    "))
    assert reader.mesh is None


_LINES = st.one_of(
    st.text(max_size=80),
    st.sampled_from([*BILINEAR.splitlines(), *UNIFIED.splitlines()]),
    st.from_regex(r"Bed X: -?\d{1,3}\.\d\d Y: \d{1,3}\.\d\d Z: 0\.1", fullmatch=True),
)


@given(st.lists(_LINES, max_size=60))
def test_no_line_breaks_it(lines: list[str]) -> None:
    reader = MeshReader()
    for line in lines:
        reader.take(line)
    if reader.mesh is not None:
        assert len({len(row) for row in reader.mesh.points}) == 1
        assert len(reader.mesh.points) > 1
