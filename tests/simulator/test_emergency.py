from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.emergency import Emergency, EmergencyParser


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"M112\n", [Emergency("M112")]),
        (b"  M112\r\n", [Emergency("M112")]),
        (b"N12 M108*5\nG28\nM410\n", [Emergency("M108"), Emergency("M410")]),
        (b"M876 S1\n", [Emergency("M876", 1)]),
        (b"M876 S 0 ; no\n", [Emergency("M876", 0)]),
        (b"M876\n", []),
        (b"M112", []),
        (b"G1 X1 ; M112\n", []),
        (b"M117 M112\n", []),
        (b"M11\n2\n", []),
    ],
)
def test_it_acts_on_whole_lines_that_begin_so(data: bytes, found: list[Emergency]) -> None:
    assert EmergencyParser().feed(data) == found


@given(
    st.lists(
        st.sampled_from([b"M", b"1", b"12", b"108", b"\n", b" ", b"N5 ", b";", b"M112\n"])
    )
)
def test_it_does_not_depend_on_how_the_bytes_arrive(parts: list[bytes]) -> None:
    whole = EmergencyParser().feed(b"".join(parts))
    parser = EmergencyParser()
    assert [found for part in parts for found in parser.feed(part)] == whole
