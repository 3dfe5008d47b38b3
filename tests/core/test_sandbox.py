"""Templates: what people write works, and nothing holds the appliance up or looks inside."""

from __future__ import annotations

import pytest

from appliance.templates import render, template

FORMATS = "{{ '%.3f' % 1.5 }} {{ '%d' % 100000 }} {{ '%s|%s'|format(1, 200000) }}"
TEXTS = "{{ '{:>6.2f}'.format(3.14159) }}|{{ 'a'.center(5) }}|{{ 'ab'|replace('a', 'c') }}"
SUMS = "{{ ['a', 'b']|join(', ') }} {{ 2 ** 16 }} {{ [1] + [2] }} {{ '-' * 10 }}"
KEPT = "{% set n = namespace(z=1) %}{% for i in range(4) %}{% set n.z = n.z * 2 %}{% endfor %}"
CALLS = "{% macro f(x, context=1) %}<{{ x }}{{ context }}>{% endmacro %}{{ f(1, context=2) }}"
TREE = "{% for x in [[1, [2]]] recursive %}{{ x[0] }}{{ loop([x[1]]) if x[1] }}{% endfor %}"
GOOD = {
    "{% for i in range(3) %}{{ i }}{{ ',' if not loop.last }}{% endfor %}": "0,1,2",
    "{% for k, v in {'a': 1}.items() if v %}{{ k }}{{ v }}{% endfor %}": "a1",
    CALLS: "<12>",
    TREE: "12",
    FORMATS: "1.500 100000 1|200000",
    TEXTS: "  3.14|  a  |cb",
    SUMS: "a, b 65536 [1, 2] ----------",
    KEPT + "{{ n.z }}": "16",
}
GROWING = (
    "{% set n = namespace(a=X) %}{% for i in range(40) %}{% set n.a = n.a + n.a %}{% endfor %}"
)
HOSTILE = [
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(10**9) %}{% endfor %}",
    "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{{ ('a' * 10**9)|length }}",
    "{{ (10**9 * [1])|length }}",
    "{{ 9 ** (9 ** 8) % 7 }}",
    "{{ ('%999999999d' % 1)|length }}",
    "{{ ('%*d' % (999999999, 1))|length }}",
    "{{ ('{:999999999}'.format(1))|length }}",
    "{{ ('{:{w}}'.format(1, w=999999999))|length }}",
    "{{ ('%999999999d'|format(1))|length }}",
    "{{ 'x'.center(999999999)|length }}{{ 'x'|center(999999999)|length }}",
    "{{ 'x'.zfill(999999999)|length }}",
    "{% set a = 'a' * 60000 %}{{ a.replace('a', a)|length }}",
    "{% set a = 'a' * 60000 %}{{ a|replace('a', a)|length }}",
    "{% set a = 'a' * 60000 %}{{ range(60000)|list|join(a)|length }}",
    GROWING.replace("X", "[1]"),
    GROWING.replace("X", "9").replace("+", "*"),
    "{% for i in range(90000) %}aaaaaaaaaa{% endfor %}",
    "{{ 1 / 0 }}{{ nothing.here }}",
    "{{ none * 60 }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ '{0.__class__.__mro__}'.format(1) }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ ''|attr('__class__') }}x{{ (''|attr('__class__')).x }}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_people_write(text: str) -> None:
    assert render(template(text), {}) == GOOD[text]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_hold_up_or_look_inside(text: str) -> None:
    with pytest.raises(ValueError, match="template"):
        render(template(text), {})
