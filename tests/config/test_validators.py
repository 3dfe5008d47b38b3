from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.config import validators as v
from appliance.config.schema import closest, known_options, vol

GOOD: list[tuple[Callable[[Any], Any], object, object]] = [
    (v.string, "x", "x"),
    (v.string, 5, "5"),
    (v.non_empty, " x ", "x"),
    (
        v.title,
        " Drucker \U0001f468\u200d\U0001f467 3 ",
        "Drucker \U0001f468\u200d\U0001f467 3",
    ),
    (v.boolean, "On", True),
    (v.boolean, False, False),
    (v.number(least=0), "1.5", 1.5),
    (v.integer(most=5), "5", 5),
    (v.integer(), 3.0, 3),
    (v.positive, 0.1, 0.1),
    (v.percentage, "50 %", 50.0),
    (v.port, "8080", 8080),
    (v.slug, "ender3_pro-2", "ender3_pro-2"),
    (v.one_of("a", "b"), "B", "b"),
    (v.log_level, "Debug", "debug"),
    (v.host, "homeassistant.local", "homeassistant.local"),
    (v.host, "[::1]", "::1"),
    (v.network, "192.168.1.5/24", ipaddress.ip_network("192.168.1.0/24")),
    (v.network, "::1", ipaddress.ip_network("::1")),
    (v.url(), "http://x:80/y", "http://x:80/y"),
    (v.url("rtsp"), "rtsp://cam/1", "rtsp://cam/1"),
    (v.path, "/dev/ttyUSB0", "/dev/ttyUSB0"),
    (v.relative_path, "gcodes/a", "gcodes/a"),
    (v.time_period, 90, 90.0),
    (v.time_period, "90", 90.0),
    (v.time_period, "1h 30min", 5400.0),
    (v.time_period, "1.5h", 5400.0),
    (v.time_period, "01:30:00", 5400.0),
    (v.time_period, "500ms", 0.5),
    (v.time_period, {"minutes": 1, "seconds": "30"}, 90.0),
    (v.ensure_list, None, []),
    (v.ensure_list, "x", ["x"]),
    (v.ensure_list, ["x"], ["x"]),
    (vol.Schema(v.list_of(v.port)), 80, [80]),
]

BAD: list[tuple[Callable[[Any], Any], object, str]] = [
    (v.string, 1.5, "expected text; put it in quotes"),
    (v.string, None, "expected text; put it in quotes"),
    (v.non_empty, " ", "expected text that is not empty"),
    (v.title, "Ender\0 3", "expected a name in one line, without control characters"),
    (v.title, "a\u202eb", "expected a name in one line, without control characters"),
    (v.title, "", "expected text that is not empty"),
    (v.boolean, 1, "expected true or false"),
    (v.number(least=0, most=1), 2, "expected a number from 0 to 1"),
    (v.number(), float("nan"), "expected a number"),
    (v.number(), "x", "expected a number"),
    (v.integer(least=1), 0, "expected a whole number, at least 1"),
    (v.integer(), 1.5, "expected a whole number"),
    (v.integer(), True, "expected a whole number"),
    (v.integer(), float("inf"), "expected a whole number"),
    (v.positive, 0, "expected a number above 0"),
    (v.percentage, 101, "expected a percentage from 0 to 100"),
    (v.port, 65536, "expected a port number from 1 to 65535"),
    (v.slug, "Ender 3", "expected an id: a-z, 0-9, _ and -, at most 63"),
    (v.slug, "../x", "expected an id: a-z, 0-9, _ and -, at most 63"),
    (v.log_level, "debgu", "expected one of debug, info, warning, error, critical (did you"),
    (v.host, "a b", "expected a host name or an IP address"),
    (v.host, "a" * 250 + "!", "expected a host name or an IP address"),
    (v.network, "192.168.1", "expected a network such as 192.168.1.0/24"),
    (v.url(), "ftp://x", "expected a URL that starts with http:// or https://"),
    (v.url(), "http://x:99999", "expected a URL that starts with http:// or https://"),
    (v.url(), "http://x/ y", "expected a URL that starts with http:// or https://"),
    (v.path, "", "expected a path"),
    (v.path, "a\0b", "expected a path"),
    (v.relative_path, "../x", "expected a path inside the configuration folder"),
    (v.relative_path, "/x", "expected a path inside the configuration folder"),
    (v.time_period, "5 parsecs", "expected a duration such as"),
    (v.time_period, "", "expected a duration such as"),
    (v.time_period, {"fortnights": 1}, "expected a duration such as"),
    (v.time_period, -1, "expected a duration"),
]


@pytest.mark.parametrize(("check", "value", "result"), GOOD)
def test_good_values(check: Callable[[Any], Any], value: object, result: object) -> None:
    found = check(value)
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(("check", "value", "message"), BAD)
def test_bad_values_say_what_is_wanted(
    check: Callable[[Any], Any], value: object, message: str
) -> None:
    with pytest.raises(vol.Invalid) as error:
        check(value)
    assert str(error.value).startswith(message)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(VALUES, st.sampled_from([check for check, _, _ in GOOD]))
def test_any_value_is_taken_or_refused(value: object, check: Callable[[Any], Any]) -> None:
    try:
        check(value)
    except vol.Invalid as error:
        message = str(error)
    else:
        return
    assert message.startswith("expected")


def test_options_are_known_through_wrappers() -> None:
    inner = vol.Schema({vol.Required("width"): int, vol.Optional("depth", default=1): int})
    schema = vol.Schema(
        {
            vol.Optional("volume"): vol.Any(inner, vol.All(str, str.lower)),
            "list": vol.All(v.ensure_list, [{"item": int}]),
            str: {"wild": int},
        }
    )
    assert known_options(schema) == {"volume", "list"}
    assert known_options(schema, ("volume",)) >= {"width", "depth"}
    assert known_options(schema, ("list", 0)) >= {"item"}
    assert known_options(schema, ("any name",)) == {"wild"}


def test_the_closest_word_or_none() -> None:
    assert closest("prot", ["port", "host"]) == "port"
    assert closest("zzz", ["port", "host"]) is None
