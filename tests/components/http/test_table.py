"""Which route a path leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.http.table import Table, allowed, plain
from appliance.errors import SetupError


def table(*paths: str) -> Table[str]:
    made: Table[str] = Table()
    for path in paths:
        made.add("GET", path, path)
    return made


def lead(made: Table[str], path: str) -> tuple[dict[str, str], str] | None:
    found = made.find(path)
    return None if found is None else found.get("GET")


def test_a_literal_path_is_found() -> None:
    assert lead(table("/api/job"), "/api/job") == ({}, "/api/job")


def test_a_slash_at_the_end_changes_nothing() -> None:
    assert lead(table("/api/job"), "/api/job/") == ({}, "/api/job")


def test_a_literal_segment_wins_over_a_parameter_and_that_over_the_rest() -> None:
    made = table("/f/{place}/{path:.*}", "/f/{place}", "/f/test", "/f/{place}/all")
    assert lead(made, "/f/test") == ({}, "/f/test")
    assert lead(made, "/f/local") == ({"place": "local"}, "/f/{place}")
    assert lead(made, "/f/local/all") == ({"place": "local"}, "/f/{place}/all")
    assert lead(made, "/f/test/x/y") == (
        {"place": "test", "path": "x/y"},
        "/f/{place}/{path:.*}",
    )


def test_the_search_turns_back_from_a_dead_end() -> None:
    made = table("/a/b/c", "/a/{x}/d")
    assert lead(made, "/a/b/d") == ({"x": "b"}, "/a/{x}/d")


def test_parameters_are_decoded_and_empty_ones_do_not_count() -> None:
    made = table("/f/{place}/{path:.*}")
    assert lead(made, "/f/local/a%20b/%C3%A4.gcode") == (
        {"place": "local", "path": "a b/ä.gcode"},
        "/f/{place}/{path:.*}",
    )
    assert lead(made, "/f/local") is None
    assert lead(made, "/f/local/") is None


def test_an_encoded_literal_is_the_same_path() -> None:
    assert lead(table("/api/job/{x}"), "/%61pi/j%6fb/1") == ({"x": "1"}, "/api/job/{x}")


def test_head_is_answered_by_get_and_other_methods_are_not() -> None:
    found = table("/x").find("/x")
    assert found is not None
    assert found.get("HEAD") == ({}, "/x")
    assert found.get("POST") is None
    assert allowed(found.methods) == "GET, HEAD, OPTIONS"


def test_names_of_parameters_may_differ_by_method() -> None:
    made: Table[str] = Table()
    made.add("GET", "/u/{name}", "show")
    made.add("DELETE", "/u/{key}", "remove")
    found = made.find("/u/bob")
    assert found is not None
    assert found.get("GET") == ({"name": "bob"}, "show")
    assert found.get("DELETE") == ({"key": "bob"}, "remove")


@pytest.mark.parametrize("path", ["api", "/api/", "/{rest:.*}/x"])
def test_a_path_that_could_never_match_is_an_error(path: str) -> None:
    with pytest.raises(SetupError):
        table(path)


def test_the_same_route_twice_is_an_error() -> None:
    with pytest.raises(SetupError, match="two routes for GET /x"):
        table("/x", "/x")


@given(st.lists(st.sampled_from(["/", "a", "%2F", "b"]), max_size=12))
def test_any_path_is_looked_up_without_failing(parts: list[str]) -> None:
    path = plain("/" + "".join(parts))
    assert "//" not in path
    lead(table("/a", "/a/{x}", "/a/{x}/{rest:.*}"), path)
