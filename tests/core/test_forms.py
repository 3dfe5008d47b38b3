"""The names of the parts of a form, as clients write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.forms import Label, read_label


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ('form-data; name="file"; filename="a.gcode"', Label("file", "a.gcode")),
        ("form-data; name=file; filename=a.gcode", Label("file", "a.gcode")),
        ('form-data;name="file" ;FileName="a;b;c.gcode"', Label("file", "a;b;c.gcode")),
        ('form-data; filename="a; name=x;.g"; name="file"', Label("file", "a; name=x;.g")),
        (r'form-data; name="file"; filename="a \"b\".gcode"', Label("file", 'a "b".gcode')),
        (r'form-data; name="file"; filename="a\b.gcode"', Label("file", r"a\b.gcode")),
        ('form-data; name="file"; filename="../a.gcode"', Label("file", "../a.gcode")),
        ('form-data; name="file"; filename="//a.gcode"', Label("file", "a.gcode")),
        ('form-data; name="file"; filename="ä ö.gcode"', Label("file", "ä ö.gcode")),
        (
            "form-data; name=\"file\"; filename=\"x\"; filename*=UTF-8''na%C3%AFve%3B.gcode",
            Label("file", "naïve;.gcode"),
        ),
        ("form-data; name=file; filename=x; filename*=nothing''y", Label("file", "x")),
        ("form-data; name=file; filename=x; filename*=UTF-8''%ff", Label("file", "x")),
        ('form-data; name="print"', Label("print")),
        ('form-data; name="file"; filename="never closed', Label("file", "never closed")),
        ('form-data; name="file"; filename=""', Label("file", "")),
        ("form-data", Label()),
        ("", Label()),
    ],
)  # fmt: skip
def test_a_label(header: str, label: Label) -> None:
    assert read_label(header) == label


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")))
def test_a_name_arrives_as_it_was_quoted(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    header = f'form-data; name="file"; filename="{quoted}"'
    assert read_label(header) == Label("file", name.lstrip("\\/"))


@given(st.text())
def test_anything_can_be_read(header: str) -> None:
    assert isinstance(read_label(header), Label)


@pytest.mark.parametrize("piece", [';a="', '"\\', ";;", '\\"', "a=b;", "''"])
def test_a_long_header_is_read_to_its_end(piece: str) -> None:
    """One that is read again and again from each of its marks would take minutes."""
    assert read_label("form-data" + piece * 200_000).filename is None
