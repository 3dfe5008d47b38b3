from __future__ import annotations

from pathlib import Path

import pytest

from appliance.config.report import ConfigurationError, Place, Problem, redact, render

FOLDER = Path("/etc/gantry")


def problem(source: str, column: int = 1, file: str = "configuration.yaml") -> Problem:
    return Problem(
        Place(FOLDER / file, 3, column), "it is wrong", "do it right", ("a", 0), source
    )


def test_the_line_is_shown_with_a_caret() -> None:
    assert render(FOLDER, [problem("  port: x", 9)]) == (
        "configuration.yaml:3:9: a->0: it is wrong\n"
        "     3 |   port: x\n"
        "       |         ^\n"
        "  hint: do it right\n"
        "\n"
        "1 problem in /etc/gantry"
    )


def test_problems_are_sorted_and_counted() -> None:
    places = [("b.yaml", 1, 1), ("a.yaml", 10, 1), ("a.yaml", 9, 5), ("a.yaml", 9, 4)]
    problems = [Problem(Place(FOLDER / file, *at), "x") for file, *at in places]
    error = ConfigurationError(FOLDER, [*problems, problems[0]])
    assert str(error).split("\n\n") == [
        "a.yaml:9:4: x", "a.yaml:9:5: x", "a.yaml:10:1: x", "b.yaml:1:1: x",
        "4 problems in /etc/gantry",
    ]  # fmt: skip


def test_a_long_line_is_cut_around_the_place() -> None:
    text = render(FOLDER, [problem("x" * 500 + "HERE" + "y" * 500, 501)])
    shown, caret = text.splitlines()[1:3]
    assert shown[caret.index("^") :].startswith("HERE")
    assert len(shown) < 120


def test_a_tab_does_not_move_the_caret() -> None:
    shown, caret = render(FOLDER, [problem("\t\tport", 3)]).splitlines()[1:3]
    assert shown[caret.index("^") :] == "port"


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("  password: hunter2 # mine", "configuration.yaml"),
        ("auth: {user: x, api_key: hunter2, port: 1}", "configuration.yaml"),
        ("  token: 'hunter2'", "configuration.yaml"),
        ('"password": "hunter2"', "configuration.yaml"),
        ("anything: hunter2", "secrets.yaml"),
        ("hunter2", "secrets.yaml"),
    ],
)
def test_a_secret_in_the_line_is_hidden(source: str, file: str) -> None:
    text = render(FOLDER, [problem(source, 1, file)])
    assert "hunter2" not in text
    assert "<secret>" in text


def test_known_secrets_are_hidden_everywhere() -> None:
    shown = Problem(
        Place(FOLDER / "a.yaml", 1, 1), "expected swordfish", source="x: swordfish"
    )
    assert "swordfish" not in render(FOLDER, [shown], {"swordfish"})
    assert redact("abc abcdef", {"abcd", "abcdef", "abc"}) == "abc <secret>"


def test_control_characters_do_not_reach_the_terminal() -> None:
    shown = Problem(Place(FOLDER / "a.yaml", 1, 1), "\x1b[31mred", source="a: \u202e\x9b1m")
    text = render(FOLDER, [shown])
    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
