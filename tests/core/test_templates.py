"""Texts that are no templates stand for themselves, exactly as Jinja would have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import sandbox, templates
from appliance.config.schema import vol

plain = st.text(st.sampled_from("{}%# \n\r\tG1;{pause_z+5}"), max_size=30).filter(
    lambda text: not any(mark in text for mark in ("{{", "{%", "{#"))
)


@given(plain)
def test_a_text_without_marks_is_what_jinja_makes_of_it(text: str) -> None:
    sandbox.check(templates.template(text))
    assert templates.render(text, {}) == sandbox.render(text, {}, templates.MAX_TEXT)


@pytest.mark.parametrize("text", ["{{ 1 + 1 }}", "{% if true %}2{% endif %}", "{# no #}2"])
def test_one_with_marks_is_a_template(text: str) -> None:
    assert templates.render(templates.template(text), {}) == "2"


@pytest.mark.parametrize("text", ["{{", "{% if %}", ["{% for a in b %}", "x"], 5])
def test_a_broken_one_is_refused(text: object) -> None:
    with pytest.raises(vol.Invalid):
        templates.template(text)


def test_a_text_of_any_length_is_not_rendered() -> None:
    with pytest.raises(ValueError, match="64 KB"):
        templates.render("x" * (templates.MAX_TEXT + 1), {})
