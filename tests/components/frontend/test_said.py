"""What the server says in English is known by its form in every other language of the page."""

from __future__ import annotations

import ast
import functools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import errors, outgoing
from appliance.components.file_manager.lint import RULE_NAMES
from appliance.components.serial_printer.driver import HANGS
from appliance.domain import backup, camera, host, updates
from image.first_boot import diagnosis
from tests.components.file_manager.test_lint import BAD, Check
from tests.components.file_manager.test_lint import check as check  # noqa: PLC0414 - a fixture
from tests.components.frontend.sentences import CHECKOUT, VALUE, listed, reasons, refusals
from tests.components.frontend.test_page import SOURCES

ENGINE = CHECKOUT / "components" / "serial_printer" / "engine"
LANGUAGES = [path.name.split(".")[1] for path in (SOURCES / "locale").glob("said.*.json")]


@functools.cache
def forms(language: str, code: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the sentences of a code, as the page finds them."""
    known = json.loads((SOURCES / "locale" / f"said.{language}.json").read_text())
    return [(re.compile(form, re.DOTALL), sentence) for form, sentence in known.get(code, [])]


def said(language: str, code: str, text: str) -> str | None:
    for form, sentence in forms(language, code):
        if found := form.fullmatch(text):
            wanted = {int(index) for index in re.findall(r"\{=?(\d)\}", sentence)}
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
    modules = [ENGINE.parent / "driver.py", *sorted(ENGINE.glob("*.py"))]
    sentences = [each for path in modules for each in spoken(path)]
    assert HANGS.message in sentences
    assert len(sentences) > 20
    unknown = [
        each
        for each in sentences
        if not ELSEWHERE.match(each) and said(language, "fault", each) is None
    ]
    assert unknown == []


REFUSALS = frozenset(
    name
    for module in (errors, backup, camera, host, updates)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, errors.GantryError)
) | {"HttpError", "Refused", "SettingRefused", "StorageError", "WishRefused"}
# What this page never asks for, or has words of its own for: commands, routes of other
# front ends, and the configuration, whose problems stand at their lines as `gantry check`
# says them.
NOT_OF_THE_PAGE = (
    "appliance/catalogue.py",
    "appliance/commands/",
    "appliance/config/",
    "appliance/control.py",
    "appliance/interfaces.py",
    "appliance/loader.py",
    "appliance/manifest.py",
    "appliance/printing/",
    "appliance/processes.py",
    "components/audit/",
    "components/auth/desk.py",
    "components/auth/key_command.py",
    "components/auth/moonraker.py",
    "components/auth/octoprint_access.py",
    "components/auth/user_command.py",
    "components/auth/vault.py",
    "components/automation/actions.py",
    "components/automation/http_call.py",
    "components/automation/notify.py",
    "components/http/captive.py",
    "components/http/listeners.py",
    "components/http/peers.py",
    "components/http/table.py",
    "components/http/tls.py",
    "components/moonraker_api/",
    "components/mqtt/",
    "components/octoprint_api/downloads.py",
    "components/octoprint_api/gcode.py",
    "components/octoprint_api/languages.py",
    "components/octoprint_api/plugins.py",
    "components/octoprint_api/printer_profiles.py",
    "components/octoprint_api/profiles.py",
    "components/octoprint_api/push/",
    "components/octoprint_api/render/",
    "components/octoprint_api/settings/",
    "components/octoprint_api/slicing.py",
    "components/octoprint_api/system.py",
    "components/octoprint_api/timelapse.py",
    "components/octoprint_api/util_test.py",
    "components/octoprint_api/wizard.py",
    "components/simulator/",
    "components/spoolman/",
    "components/timelapse/",
)
# Mistakes of a program: a field that is missing or of a wrong type, HTTP that is none.
OF_PROGRAMS = re.compile(
    r"(?s)(the argument )?'\w+' (is|are|must|names?|has|lists|needs|gives)\b.*"
    r"|'\w+'.* (must be|is missing|names) .*"
    r"|send .*|.* (must be|needs) (an? )?(number|object|list|text).*|such a form .*|speak .*"
    r"|the (Host header|form has|scopes are|commands are) .*|only Expect.*|not modified"
    r"|(a field of the form|fields that begin|userdata|factor|axes must|folders are).*"
    r"|there is neither a file .*|files are in .*|say .*|permissions are missing"
    r"|user and pass are missing|log in as a user: .*|the values of 'parameters' .*"
    r"|there (is no slicer|are no videos|is no such log) .*|only local files can be analysed"
    r"|they differ\.?|7 must be a number|there is a root '7' already|7s must be .*|'7' needs 7"
    r"|no camera takes pictures of this printer|action_call_remote_method: 7|7: 7"
)


@functools.cache
def said_by_the_server() -> frozenset[tuple[str, str]]:
    """Return what people may be told, and by which module."""
    return frozenset(_said_by_the_server())


def _said_by_the_server() -> Iterator[tuple[str, str]]:
    for path in sorted(
        [*CHECKOUT.glob("appliance/**/*.py"), *CHECKOUT.glob("components/**/*.py")]
    ):
        name = path.relative_to(CHECKOUT).as_posix()
        if not name.startswith(NOT_OF_THE_PAGE):
            yield from ((name, text) for text in refusals(path, REFUSALS))
    for module, functions in REASONS.items():
        yield from ((module, text) for text in reasons(CHECKOUT / module, *functions))
    for text in diagnosis._REASONS.values():
        yield "image/first_boot/diagnosis.py", text
    for text in (*outgoing._REASONS.values(), *(text for _, text in outgoing._KINDS)):
        yield "appliance/outgoing.py", text


# Not raised, but handed on: why an update ended, why a network was not joined.
REASONS = {
    "appliance/outgoing.py": ("reason_of",),
    "appliance/releases/launching.py": ("fall_back",),
    "appliance/releases/places.py": ("why_not",),
    "components/updates/proof.py": ("prove",),
    "image/first_boot/diagnosis.py": ("why_not_joined", "_not_in_reach"),
    "image/host_helper/wifi.py": ("WishRefused",),
    "image/first_boot/joining.py": ("WishRefused",),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_known(language: str) -> None:
    sentences = said_by_the_server()
    assert len(sentences) > 300
    unknown = [
        f"{module}: {text}"
        for module, text in sorted(sentences)
        if text.strip(VALUE + " .:")
        and not OF_PROGRAMS.fullmatch(text)
        and said(language, "refusal", text) is None
    ]
    assert unknown == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_back_into_a_lost_print_is_known(language: str) -> None:
    steps = list(listed(ENGINE / "salvage.py", "steps"))
    assert len(steps) > 4
    assert [each for each in steps if said(language, "step", each) is None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_idle(language: str) -> None:
    """Each form is of something that is said: by the server, this page or the system."""
    spoken_ones = [text for _, text in said_by_the_server()]
    sources = [*CHECKOUT.glob("appliance/**/*.py"), *CHECKOUT.glob("components/**/*.py")]
    sources += [*CHECKOUT.glob("image/**/*.py"), *(SOURCES / "core").glob("*.ts")]
    written = "\n".join(
        [*(path.read_text() for path in sources), *map(os.strerror, range(133))]
    )
    idle = [
        form.pattern
        for form, _ in forms(language, "refusal")
        if max(form.pattern.replace("\\", "").split("(.+)"), key=len) not in written
        and not any(form.fullmatch(each) for each in spoken_ones)
    ]
    assert idle == []
