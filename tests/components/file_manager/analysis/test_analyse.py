"""What the moves of a file say, held against files of real slicers and plain arithmetic."""

import os
from collections.abc import Callable
from math import pi
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.components.file_manager.analysis.analyse import Outcome, analyse
from appliance.components.file_manager.analysis.curve import POINTS
from appliance.components.file_manager.analysis.limits import limits_of
from appliance.components.file_manager.analysis.quick import curve_of, facts_of_start
from appliance.domain.analysis import Extents, Limits

GCODE = Path(__file__).parents[3] / "data" / "gcode"
SLOW = Limits(
    max_feedrate={"x": 500.0, "y": 500.0, "z": 10.0, "e": 100.0},
    max_acceleration={"x": 9000.0, "y": 9000.0, "z": 100.0, "e": 9000.0},
    acceleration=1000.0,
    travel_acceleration=1000.0,
    retract_acceleration=1000.0,
    jerk={"x": 0.000001, "y": 0.000001, "z": 0.000001, "e": 0.000001},
)

Analyse = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Analyse:
    def run(text: str | bytes, limits: Limits = SLOW, total_s: float | None = None) -> Outcome:
        path = tmp_path / "x.gcode"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return analyse(descriptor, limits, 1.75, total_s)
        finally:
            os.close(descriptor)

    return run


def of(path: Path, limits: Limits = SLOW) -> Outcome:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return analyse(descriptor, limits)
    finally:
        os.close(descriptor)


def close_to(extents: Extents | None, *values: float) -> bool:
    assert extents is not None
    low = (extents.min_x, extents.min_y, extents.min_z)
    high = (extents.max_x, extents.max_y, extents.max_z)
    return (*low, *high) == pytest.approx(values, abs=1e-4)


def test_a_file_of_prusaslicer() -> None:
    outcome = of(GCODE / "tile-prusaslicer-2.5.0.gcode")
    analysis = outcome.analysis
    # The slicer says 2m 32s with the limits that it writes into the file.
    assert analysis.estimated_s == pytest.approx(152, rel=0.03)
    # The purge line is not in the slicer's sum: E9.
    assert analysis.filament_mm[0] == pytest.approx(91.7 + 9, abs=0.05)
    assert analysis.filament_cm3[0] == pytest.approx(
        analysis.filament_mm[0] * pi * 0.765625e-3, abs=1e-4
    )
    assert analysis.layer_count == 10
    assert [layer.height_mm for layer in outcome.layers] == pytest.approx(
        [0.2 * number for number in range(1, 11)]
    )
    assert close_to(analysis.printing, 0, -3, 0.2, 124.357, 122.357, 2.0)
    (tile,) = analysis.objects
    # 16 x 12 mm, less half a line on every side.
    assert tile.name == "tile.stl id:0 copy 0"
    assert close_to(tile.extents, 102.2, 104.2, 0.2, 117.8, 115.8, 2.0)
    assert outcome.facts["body"]["low"] == [95.643, 97.643, 0.2]
    assert outcome.facts["start"]["low"] == [0.0, -3.0, 0.2]


def test_a_file_of_slic3r_has_no_marks_of_layers() -> None:
    outcome = of(GCODE / "tile-slic3r-1.3.0.gcode")
    assert outcome.analysis.filament_mm[0] == pytest.approx(31.6, abs=0.05)
    assert [round(layer.height_mm, 2) for layer in outcome.layers] == [
        round(0.35 + 0.2 * number, 2) for number in range(9)
    ]
    assert close_to(outcome.analysis.printing, 85.375, 87.375, 0.35, 114.625, 112.625, 1.95)


def test_a_file_of_cura() -> None:
    outcome = of(GCODE / "tile-curaengine-4.13.0.gcode")
    assert outcome.analysis.layer_count == 10
    assert [o.name for o in outcome.analysis.objects] == ["tile.stl"]
    assert close_to(outcome.analysis.objects[0].extents, 117.7, 117.7, 0.2, 133.3, 129.3, 2.0)
    assert outcome.facts["start"]["low_lines"][0] == 25  # the purge line


@pytest.mark.parametrize("path", sorted(GCODE.glob("*.gcode")), ids=lambda path: path.name)
def test_layers_begin_where_they_say(path: Path) -> None:
    data = path.read_bytes()
    outcome = of(path)
    assert outcome.size == len(data)
    starts = [layer.position for layer in outcome.layers]
    assert starts == sorted(set(starts))
    for layer in outcome.layers:
        line = data[layer.position :].partition(b"\n")[0]
        assert layer.position == 0 or data[layer.position - 1 : layer.position] == b"\n"
        assert line.startswith((b";LAYER", b"G1 Z", b"G0")), line
    times = [layer.starts_s for layer in outcome.layers]
    assert times == sorted(times)
    assert times[-1] < outcome.analysis.estimated_s


def test_the_time_of_a_single_move(run: Analyse) -> None:
    # 100 mm at 100 mm/s with 1000 mm/s2: 0.1 s and 5 mm at both ends, 90 mm at full speed
    assert run("G28\nG1 X100 F6000\n").analysis.estimated_s == pytest.approx(1.1, abs=1e-3)
    # 1 mm: never at full speed; 2 * sqrt(1 / 1000)
    assert run("G28\nG1 X1 F6000\n").analysis.estimated_s == pytest.approx(0.0632, abs=1e-3)


def test_moves_in_a_line_do_not_brake(run: Analyse) -> None:
    straight = "".join(f"G1 X{x} F6000\n" for x in range(1, 101))
    assert run("G28\n" + straight).analysis.estimated_s == pytest.approx(1.1, abs=1e-3)
    back = "G28\nG1 X100 F6000\nG1 X0\n"
    assert run(back).analysis.estimated_s == pytest.approx(2.2, abs=2e-3)


def test_a_corner_is_taken_with_jerk(run: Analyse) -> None:
    eight = Limits(jerk={"x": 8.0, "y": 8.0, "z": 0.4, "e": 5.0})
    corner = "G28\nG1 X50 F6000\nG1 Y50\n"
    slow, fast = run(corner).analysis.estimated_s, run(corner, eight).analysis.estimated_s
    assert slow == pytest.approx(2 * 0.6, abs=2e-3)
    # It starts at half the jerk, 4 mm/s, passes the corner with 8 mm/s and stops.
    ramps = [(100 - speed) / 1000 for speed in (4, 8, 8, 0)]
    ways = [(100**2 - speed**2) / 2000 for speed in (4, 8, 8, 0)]
    assert fast == pytest.approx(sum(ramps) + (100 - sum(ways)) / 100, abs=2e-3)


def test_junction_deviation_slows_sharp_corners_more(run: Analyse) -> None:
    limits = Limits(junction_deviation_mm=0.02)
    gentle = run("G28\nG1 X50 F6000\nG1 X100 Y5\n", limits).analysis.estimated_s
    sharp = run("G28\nG1 X50 F6000\nG1 X0 Y5\n", limits).analysis.estimated_s
    assert gentle < sharp


def test_waits_and_axes_of_their_own_take_time(run: Analyse) -> None:
    assert run("G28\nG4 S2\nG4 P500\n").analysis.estimated_s == pytest.approx(2.5)
    # Z: 10 mm/s at most, 100 mm/s2
    assert run("G28\nG1 Z20 F6000\n").analysis.estimated_s == pytest.approx(2.1, abs=0.01)
    assert run("G28\nM83\nG1 E10 F600\n").analysis.estimated_s == pytest.approx(1.01, abs=0.01)


def test_limits_in_the_file_and_of_the_printer(run: Analyse) -> None:
    file = "G28\nM204 P100 T100\nG1 X100 F6000\n"
    assert run(file).analysis.estimated_s == pytest.approx(2.0, abs=0.01)
    settings_ = {"M203": {"X": 50.0, "Y": 50.0}, "M204": {"P": 1000.0, "T": 1000.0}}
    limits = limits_of(settings_)
    assert run("G28\nG1 X100 F6000\n", limits).analysis.estimated_s > 2.0
    assert limits.max_feedrate["z"] == Limits().max_feedrate["z"]
    assert limits_of({"M205": {"J": 0.013}}).junction_deviation_mm == 0.013


def test_filament_counts_what_is_pushed_beyond_what_was_pulled(run: Analyse) -> None:
    text = "M82\nG1 X1 E10\nG1 E8\nG1 X5\nG1 E10\nG92 E0\nG1 X9 E5\nG1 E-3\n"
    assert run(text).analysis.filament_mm == (15.0,)
    tools = "M83\nG1 X1 E10\nT1\nG1 X2 E5\nT0\nG1 X3 E1\n"
    assert run(tools).analysis.filament_mm == (11.0, 5.0)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("G28\nG1 X10 Y0\nG3 X0 Y10 I-10 J0 E1\n", (0, 0, 0, 10, 10, 0)),
        ("G28\nG1 X10 Y0\nG2 X0 Y10 I-10 J0 E1\n", (-10, -10, 0, 10, 10, 0)),
        ("G28\nG1 X10 Y0\nG2 X10 Y0 I-10 J0 E1\n", (-10, -10, 0, 10, 10, 0)),
        ("G28\nG1 X10 Y0\nG3 X0 Y10 R10 E1\n", (0, 0, 0, 10, 10, 0)),
    ],
)
def test_arcs_reach_where_they_reach(run: Analyse, text: str, box: tuple[float, ...]) -> None:
    assert close_to(run(text).analysis.printing, *box)


def test_an_arc_takes_the_time_of_its_length(run: Analyse) -> None:
    # a full circle of 10 mm radius at 10 mm/s
    outcome = run("G28\nG1 X10 F600\nG2 X10 Y0 I-10 J0 E1 F600\n")
    assert outcome.analysis.estimated_s == pytest.approx(1.0 + 2 * pi, abs=0.05)


POINTS_ = st.lists(
    st.tuples(st.integers(-2000, 20000), st.integers(-2000, 20000), st.integers(0, 3)),
    min_size=1,
    max_size=30,
)


def path_of(points: list[tuple[int, int, int]]) -> list[tuple[float, float, float, float]]:
    """Places in mm with a height and the filament so far."""
    way = []
    e = 0.0
    for x, y, level in points:
        e = round(e + 0.5, 4)
        way.append((x / 100, y / 100, 0.2 + level / 5, e))
    return way


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POINTS_)
def test_every_way_of_writing_the_same_moves_means_the_same(
    run: Analyse, points: list[tuple[int, int, int]]
) -> None:
    way = path_of(points)
    absolute = "".join(f"G1 X{x:.3f} Y{y:.3f} Z{z:.3f} E{e:.4f} F3000\n" for x, y, z, e in way)
    expected = run("G28\nG1 F3000\n" + absolute)

    def relative(*, xyz: bool, e_too: bool) -> str:
        lines, last = [], (0.0, 0.0, 0.0, 0.0)
        for place in way:
            words = []
            for letter, now, before in zip("XYZE", place, last, strict=True):
                value = now - before if (e_too if letter == "E" else xyz) else now
                words.append(f"{letter}{value:.4f}")
            lines.append("G1 " + " ".join(words) + "\n")
            last = place
        return "".join(lines)

    variants = (
        "G28\nG1 F3000\nM83\n" + relative(xyz=False, e_too=True),
        "G28\nG1 F3000\nG91\n" + relative(xyz=True, e_too=True),
        "G28\nG1 F3000\nG91\nM82\n" + relative(xyz=True, e_too=False),
        "G28\nG1 F3000\n" + absolute.replace("G1", "g1").replace("X", "x"),
        "G28\nG1 F3000\n" + absolute.replace(" ", ""),
        "G28\nG1 F3000\n" + absolute.replace("G1", "N7 G1").replace("\n", " ; move\r\n"),
        "G28\nG1 F3000\nG92 X100 Y-50 Z5 E3\n"
        + "".join(
            f"G1 X{x + 100:.3f} Y{y - 50:.3f} Z{z + 5:.3f} E{e + 3:.4f}\n"
            for x, y, z, e in way
        ),
        "G28\nG1 F3000\nG20\n"
        + "".join(
            f"G1 X{x / 25.4:.9f} Y{y / 25.4:.9f} Z{z / 25.4:.9f} E{e / 25.4:.9f}\n"
            for x, y, z, e in way
        ),
    )
    for text in variants:
        found = run(text).analysis
        assert found.estimated_s == pytest.approx(expected.analysis.estimated_s, abs=0.02)
        assert found.filament_mm == pytest.approx(expected.analysis.filament_mm, abs=1e-3)
        for mine, theirs in (
            (found.printing, expected.analysis.printing),
            (found.travel, expected.analysis.travel),
        ):
            if theirs is None:
                assert mine is None
                continue
            assert close_to(
                mine, theirs.min_x, theirs.min_y, theirs.min_z, theirs.max_x, theirs.max_y,
                theirs.max_z,
            )  # fmt: skip


NASTY = """
G1 X1 Y1 E1|G1 F0|G1 F-5|G1 X1e9|G1 X999999999 E1|G91|G90|G20|G21|M83|M82|G92|G92 E|G28|T1|T999
G2 X1 I1|G3 R0|G2|M204 S0|M203 X0.0000001|M205 J9|M205 X8|G4 S-1|G4 P1e9|;LAYER:1
;TIME_ELAPSED:9|M73 P1 R5|M486 S-1|M486 Ax|EXCLUDE_OBJECT_START NAME=x|PRINT_START
;TIME_ELAPSED:|M104|G1|M104 S|M109 T300 S1|G1 X0.000000000001 Y0 E1
"""
LETTERS = 'GMTXYZEFIJRSPN0123456789.-+ ;:="\t\r*()abc'
LINE = st.one_of(
    st.text(st.sampled_from(LETTERS), max_size=40).map(str.encode),
    st.binary(max_size=40),
    st.sampled_from(NASTY.strip().replace("\n", "|").split("|")).map(str.encode),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.lists(LINE, max_size=40))
def test_no_bytes_upset_the_analysis(run: Analyse, lines: list[bytes]) -> None:
    outcome = run(b"\n".join(lines))
    assert 0 <= outcome.analysis.estimated_s < 1e18
    assert outcome.analysis.lines == b"\n".join(lines).count(b"\n") + (
        0 if b"\n".join(lines).endswith(b"\n") or not b"\n".join(lines) else 1
    )
    bytes_ = [byte for byte, _ in outcome.curve]
    left = [seconds for _, seconds in outcome.curve]
    assert bytes_ == sorted(set(bytes_))
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("piece", [b"G1 X1 Y1 E1 ", b";", b"G", b"X1", b" ", b"9", b"\0"])
def test_one_endless_line_ends_like_any_other(run: Analyse, piece: bytes) -> None:
    run(piece * (3_000_000 // len(piece)))


def test_the_curve_follows_the_words_of_the_slicer(run: Analyse) -> None:
    lines = ["G28"]
    for minute in range(60, 0, -1):
        lines.append(f"M73 P{100 - minute} R{minute}")
        lines += [f"G1 X{x} Y{minute} E1" for x in range(50)]
    curve = run("\n".join(lines)).curve
    assert curve[0] == (4, 3600.0)
    assert curve[-1][1] == 0.0
    assert len(curve) == 61


def test_the_curve_follows_the_times_of_cura(run: Analyse) -> None:
    lines = ["G28"]
    for layer in range(10):
        lines += [f";LAYER:{layer}", *(f"G1 X{x} Y{layer} E1" for x in range(50))]
        lines.append(f";TIME_ELAPSED:{(layer + 1) ** 2}")
    curve = run("\n".join(lines)).curve
    assert curve[0] == (0, 100.0)
    assert [left for _, left in curve[1:]] == [100 - (n + 1) ** 2 for n in range(10)]


def test_without_words_the_curve_is_ours_scaled_to_the_slicers_sum(run: Analyse) -> None:
    text = "G28\n" + "".join(f"G1 X{x % 100} Y1 E1 F600\n" for x in range(20_000))
    own = run(text)
    assert own.curve[0][1] == pytest.approx(own.analysis.estimated_s, rel=0.01)
    assert 20 < len(own.curve) <= POINTS
    scaled = run(text, total_s=own.analysis.estimated_s * 1.5)
    assert scaled.curve[0][1] == pytest.approx(own.curve[0][1] * 1.5, rel=0.01)
    # A sum that cannot be meant is not followed.
    assert run(text, total_s=1.0).curve == own.curve


@pytest.mark.parametrize("path", sorted(GCODE.glob("*slicer*")), ids=lambda path: path.name)
def test_the_curve_ends_with_the_last_command(path: Path) -> None:
    data = path.read_bytes()
    byte, left = of(path).curve[-1]
    assert left == 0.0
    assert data[:byte].rstrip().rpartition(b"\n")[2][:1] in b"GM"
    assert all(line.startswith(b";") for line in data[byte:].splitlines() if line)


def test_the_quick_look_finds_the_same_words(tmp_path: Path) -> None:
    lines = ["G28", "M104 S999"]
    for minute in range(300, 0, -1):
        lines.append(f"M73 P1 R{minute}")
        lines += [f"G1 X{x} Y{minute % 90} E1 ; padding" for x in range(200)]
    path = tmp_path / "x.gcode"
    path.write_text("\n".join(lines))
    descriptor = os.open(path, os.O_RDONLY)
    curve = curve_of(descriptor)
    facts = facts_of_start(descriptor)
    os.close(descriptor)
    assert len(curve) == POINTS
    assert curve[0][1] == 300 * 60
    data = path.read_bytes()
    for byte, left in curve:
        assert data[byte:].startswith(b"M73 P1 R%d\n" % (left // 60))
    assert facts["temperatures"] == {"tool0": [999.0, 2]}


def test_facts_for_the_lint(run: Analyse) -> None:
    facts = run(
        "PRINT_START BED=60\nG1 X5\nG28\nM104 S200\nT1\nM109 S150\nG1 X10 Y10 E1\nM104 S230\n"
        "G1 X20 E2\nM140 S60\nM112\nEXCLUDE_OBJECT_START NAME=a\n"
    ).facts
    assert facts["foreign"] == [
        (1, "PRINT_START BED=60"),
        (12, "EXCLUDE_OBJECT_START NAME=a"),
    ]
    assert (facts["unhomed_move"], facts["first_homing"]) == (2, 3)
    assert facts["tools"] == {1: 5}
    assert facts["temperatures"] == {
        "tool0": [200.0, 4],
        "tool1": [230.0, 8],
        "bed": [60.0, 10],
    }
    assert facts["extrusions"] == {1: [150.0, 7]}
    assert facts["commands"]["M112"] == [1, 11]
