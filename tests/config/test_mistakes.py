"""What beginners get wrong: each mistake told at its place, with what helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.catalogue import Catalogue
from appliance.config import CONFIGURATION_FILE, ConfigurationError, load_configuration
from appliance.config.mistakes import false_indent, of_syntax, of_value

CUBE = "printer:\n  id: cube\n  platform: simulator\n"
SERIAL = "printer:\n  id: cube\n  platform: serial\n"
# What stands in the file; line and column; a part of the message; of the hint.
MISTAKES = {
    "a misspelt key that must be there": (
        "printer:\n  id: cube\n  platfrom: serial\n  port: auto\n",
        (3, 3), "'platfrom' is no option of a printer", "did you mean 'platform'?",
    ),
    "capitals": (
        "printer:\n  ID: cube\n  platform: simulator\n",
        (2, 3), "'ID' is no option", "did you mean 'id'?",
    ),
    "a misspelt component": (
        f"{CUBE}octprint-api:\n", (4, 1), "no component", "did you mean 'octoprint_api'?",
    ),
    "a misspelt option": (
        f"{CUBE}http:\n  prot: 80\n", (5, 3), "'prot' is no option of 'http'", "'port'",
    ),
    "something that is missing": (
        f"mqtt:\n{CUBE}", (1, 1), "'broker' is missing", "add a line 'broker: ...'",
    ),
    "no space after a colon": (
        "printer:\n  id:cube\n  platform: simulator\n",
        (2, 6), "a space is missing after the colon", "write 'id: ...'",
    ),
    "no space after the only colons": (
        "http:\n  port:80\nprinter:\n", (2, 3), "expected options", "a space after the colon",
    ),
    "= for a colon": (
        "printer:\n  id = cube\n  platform: simulator\n",
        (2, 6), "'=' where YAML takes a colon", "write 'id: ...'",
    ),
    "no colon": (
        "printer:\n  id cube\n  platform: simulator\n",
        (2, 5), "a colon is missing after 'id'", "write 'id: ...'",
    ),
    "a colon of another keyboard": (
        "printer\uff1a\n  id: cube\n", (1, 8), "a wide colon", "write 'printer: ...'",
    ),
    "a second colon": (
        f"appliance:\n  name: Ender 3: mine\n{CUBE}", (2, 16), "a second colon", "quotes",
    ),
    "no space after a dash": (
        "printer:\n  -id: cube\n   platform: simulator\n",
        (2, 4), "a space is missing after the dash", "'- '",
    ),
    "an entry without its dash": (
        "printer:\n  - id: a\n    platform: simulator\n  id: b\n  platform: simulator\n",
        (4, 3), "the lines above are a list", "begin an entry with '- '",
    ),
    "indented too deep": (
        "printer:\n  id: cube\n    platform: simulator\n",
        (3, 5), "indented deeper than the line above", "like 'id' in line 2",
    ),
    "indented too little": (
        "printer:\n  id: cube\n platform: simulator\n",
        (3, 2), "the indentation does not fit", "alike",
    ),
    "a tab": ("printer:\n\tid: cube\n", (2, 1), "a tab", "spaces"),
    "spaces of a web page": (
        "printer:\n\u00a0\u00a0id: cube\n", (2, 1), "spaces that are none", "anew",
    ),
    "not indented at all": (
        "printer:\nid: cube\n", (2, 1), "no component 'id'", "indent it below 'printer:'",
    ),
    "an option of a printer outside of it": (
        f"{CUBE}port: auto\n", (4, 1), "no component 'port'", "indent it below 'printer:'",
    ),
    "an open quote": (
        f'appliance:\n  name: "mine\n{CUBE}', (2, 9), "never closed", "close it",
    ),
    "an apostrophe": (
        f"appliance:\n  name: 'Joe's'\n{CUBE}", (2, 14), "after its closing quote", "twice",
    ),
    "an open brace": (
        "printer: {id: cube, platform: simulator\nhttp:\n",
        (1, 10), "'{' that opens here is never closed", "close it with '}'",
    ),
    "a list where options are": (
        f"http:\n  - port: 80\n{CUBE}", (2, 3), "expected options", "options are: ",
    ),
    "a value where options are": (
        f"http: 80\n{CUBE}", (1, 7), "expected options", "options are: allowed_hosts",
    ),
    "a sign that begins no text": (
        f"appliance:\n  name: @home\n{CUBE}", (2, 9), "cannot begin", "in quotes",
    ),
    "an asterisk": (f"mqtt:\n  broker: *\n{CUBE}", (2, 12), "cannot begin with *", "quotes"),
    "the platform as a key": (
        "serial:\n  port: auto\n", (1, 1), "no component 'serial'", "'platform: serial'",
    ),
    "printer.cfg": (
        "[printer]\nkinematics: cartesian\n", (1, 1), "printer.cfg", "'name:' for a section",
    ),
    "what belongs to the card": (
        f"wifi:\n  ssid: x\n{CUBE}", (1, 1), "no component 'wifi'", "gantry.yaml",
    ),
    "a port of Windows": (
        f"{SERIAL}  port: COM3\n", (4, 9), "expected a device", "port: auto",
    ),
    "a baud rate in words": (
        f"{SERIAL}  port: auto\n  baudrate: fast\n", (5, 13), "expected auto, or", None,
    ),
    "a port in words": (
        f"http:\n  port: eighty\n{CUBE}", (2, 9), "http->port: expected a port", None,
    ),
    "a unit": (
        f"{CUBE}  profile: {{volume: {{width: 220mm, depth: 220, height: 250}}}}\n",
        (4, 29), "expected a number", "write the number alone: 220",
    ),
    "an id for people": (
        "printer:\n  id: My Ender 3\n  platform: simulator\n",
        (2, 7), "expected an id", "such as my-ender-3",
    ),
    "nothing after the colon": (
        "printer:\n  id:\n  platform: simulator\n", (2, 3), "id: has no value", None,
    ),
    "commas of JSON": (
        "printer:\n  id: cube,\n  platform: simulator\n", (2, 7), "an id", "the comma",
    ),
    "an address with its protocol": (
        f"mqtt:\n  broker: mqtt://broker:1883\n{CUBE}", (2, 11), "a host name", "mqtt://",
    ),
    "a misspelt secret": (
        f"auth:\n  password: !secret pasword\n{CUBE}",
        (2, 13), "no secret 'pasword'", "did you mean 'password'?",
    ),
    "a misspelt tag": (
        f"auth:\n  password: !secrets password\n{CUBE}",
        (2, 13), "unknown tag '!secrets'", "did you mean !secret?",
    ),
}  # fmt: skip


def problems_of(folder: Path, text: str) -> ConfigurationError:
    (folder / CONFIGURATION_FILE).write_text(text, encoding="utf-8")
    (folder / "secrets.yaml").write_text("password: geheim-1234\n")
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(folder, Catalogue(folder))
    return caught.value


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once_where_it_was_made(tmp_path: Path, name: str) -> None:
    text, place, message, hint = MISTAKES[name]
    error = problems_of(tmp_path, text)
    problem = error.problems[0]
    assert (problem.place.line, problem.place.column) == place, str(error)
    assert message in str(error)
    assert hint is None or hint in (problem.hint or ""), str(error)
    own = [each for each in error.problems if each.place.line == place[0]]
    assert len(own) == 1, str(error)


def test_several_misspelt_keys_are_told_together(tmp_path: Path) -> None:
    text = "printer:\n  idd: cube\n  plattform: serial\n  prot: auto\n"
    error = problems_of(tmp_path, text)
    assert [each.hint for each in error.problems] == [
        f"did you mean '{name}'?" for name in ("id", "platform", "port")
    ]


def test_no_hint_repeats_a_secret(tmp_path: Path) -> None:
    for text in ("password:geheim-1234", "password = geheim-1234", "password geheim-1234"):
        error = problems_of(tmp_path, f"auth:\n  {text}\n  admin: ada\n")
        assert "geheim" not in " ".join(each.hint or "" for each in error.problems)


@given(st.text(alphabet=" \t\n:-'\"#=[]{}ab\u00a0\uff1a,*&", max_size=60), st.integers(1, 9))
def test_whatever_stands_there_is_looked_at_without_an_error(text: str, line: int) -> None:
    false_indent(text)
    of_syntax(text, line)
    for message in ("expected a number", "indented below", "an id", "host name"):
        of_value(text, message)
