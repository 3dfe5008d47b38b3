"""Lines that a slicer may write, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

MM = st.integers(0, 200_000).map(lambda value: f"{value / 1000:g}")
SMALL = st.integers(-3000, 3000).map(lambda value: f"{value / 1000:g}")


def _words(**choices: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a few of those words, in order, perhaps none."""
    words = [
        st.one_of(st.just(""), values.map(f" {key}{{}}".format))
        for key, values in choices.items()
    ]
    return st.tuples(*words).map("".join)


MOVES = st.builds(
    "{}{}".format,
    st.sampled_from(["G0", "G1", "G1", "G1"]),
    _words(X=MM, Y=MM, Z=SMALL, E=SMALL, F=st.sampled_from(["600", "1800", "7800.5"])),
)
MODES = st.sampled_from(["G90", "G91", "M82", "M83", "G92 E0", "G92 E1.5"])
HEAT = st.sampled_from(["M104 S200", "M104 S0", "M109 S215", "M140 S60", "M190 S55"])
FANS = st.sampled_from(["M106 S255", "M106 S127", "M107", "M106 P1 S99"])
PLAIN = st.one_of(MOVES, MOVES, MOVES, MODES, HEAT, FANS)
TOOLS = st.sampled_from(["T0", "T1", "M104 T1 S190", "M104 T0 S210"])
INCHES = st.sampled_from(["G20", "G21"])
SHIFTS = st.sampled_from(["G92 X10", "G92 Y5 Z1"])
ANY = st.one_of(PLAIN, PLAIN, TOOLS, INCHES)
