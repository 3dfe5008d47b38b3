"""The first picture of a stream, however the network cuts it."""

from __future__ import annotations

import itertools
import re

from hypothesis import example, given
from hypothesis import strategies as st

from appliance.components.webcam.mjpeg import FirstPicture

WHOLE = re.compile(rb"\xff\xd8\xff.*?\xff\xd9(?=\s*--)", re.DOTALL)
PIECES = st.lists(
    st.sampled_from(
        [b"\xff\xd8\xff", b"\xff\xd9", b"\xff", b"\xd9", b"\r\n", b" ", b"-", b"--", b"x" * 9]
    ),
    max_size=40,
)


def feed(stream: bytes, cuts: list[int]) -> bytes | None:
    finder = FirstPicture()
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    for begin, end in itertools.pairwise(places):
        if (found := finder.feed(stream[begin:end])) is not None:
            return found
    return None


@given(PIECES.map(b"".join), st.lists(st.integers(0, 400), max_size=40))
@example(b"\xff\xd8\xff\xd9--", [])
def test_the_same_picture_is_found_however_the_stream_is_cut(
    stream: bytes, cuts: list[int]
) -> None:
    found = WHOLE.search(stream)
    assert feed(stream, cuts) == (None if found is None else found.group())


def test_no_byte_is_looked_at_twice() -> None:
    finder = FirstPicture()
    for _ in range(100):
        assert finder.feed(b"x" * 1000) is None
        assert len(finder) < 3  # nothing before a picture is kept
    finder.feed(b"\xff\xd8\xff")
    for piece in (b"x" * 1000, b"\xff\xd9", b" " * 1000, b"\xff\xd9y") * 25:
        assert finder.feed(piece) is None
        assert finder.looked >= len(finder) - 66
    assert finder.feed(b"\xff\xd9\r\n\r\n--") is not None
