"""What the server says in English is known by its form in every other language of the page."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.components.file_manager.lint import RULE_NAMES
from tests.components.file_manager.test_lint import BAD, Check
from tests.components.file_manager.test_lint import check as check  # noqa: PLC0414 - a fixture
from tests.components.frontend.test_page import SOURCES

ENGINE = Path(__file__).parents[3] / "components" / "serial_printer" / "engine"
LANGUAGES = [path.name.split(".")[1] for path in (SOURCES / "locale").glob("said.*.json")]


def forms(language: str, code: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the sentences of a code, as the page finds them."""
    known = json.loads((SOURCES / "locale" / f"said.{language}.json").read_text())
    return [(re.compile(form, re.DOTALL), sentence) for form, sentence in known.get(code, [])]


def said(language: str, code: str, text: str) -> str | None:
    for form, sentence in forms(language, code):
        if found := form.fullmatch(text):
            wanted = {int(index) for index in re.findall(r"\{(\d)\}", sentence)}
            assert wanted == set(range(1, len(found.groups()) + 1)), sentence
            return sentence
    return None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULE_NAMES)
def test_every_finding_is_known(check: Check, rule: str, language: str) -> None:
    text, _, profile, metadata = BAD[rule]
    (found, *_) = [each for each in check(text, profile, metadata) if each.rule == rule]
    assert said(language, rule, found.message), found.message


def spoken(path: Path) -> Iterator[str]:
    """Yield the sentences of faults in a module, with something for each value."""
    tree = ast.parse(path.read_text())
    constants: dict[str, str] = {
        target.id: str(node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def text(node: ast.expr) -> str | None:
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.Name(id=name):
                return constants.get(name)
            case ast.FormattedValue(value=value):
                return text(value) or "7"
            case ast.JoinedStr(values=values):
                return "".join(text(each) or "" for each in values)
        return None

    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if (isinstance(node.func, ast.Name) and node.func.id == "Fault") or name == "_give_up":
            yield from filter(None, map(text, node.args[1:3]))


# Told to whoever sent a command, and never a state of the printer.
ELSEWHERE = re.compile(
    r"The print was cancelled\.|The printer has lost count|An error in Gantry"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_is_known(language: str) -> None:
    sentences = [each for path in sorted(ENGINE.glob("*.py")) for each in spoken(path)]
    assert len(sentences) > 20
    unknown = [
        each
        for each in sentences
        if not ELSEWHERE.match(each) and said(language, "fault", each) is None
    ]
    assert unknown == []
