from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.config.report import Problem
from appliance.config.yaml import Document, read_document
from tests.made import make_configuration


def read(folder: Path, text: str | bytes, **files: str) -> Document:
    make_configuration(folder, "", **files)
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "configuration.yaml").write_bytes(content)
    return read_document(folder, "configuration.yaml")


def only_problem(document: Document) -> Problem:
    assert len(document.problems) == 1, document.problems
    return document.problems[0]


def test_plain_types_come_out(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "a: 1\nb: 1.5\nc: true\nd: on\ne: ~\nf:\ng: 0123\nh: '5'\ni: 0x1F\nj: 1e3\n"
        "k: 2026-01-01\nl: [1, {m: -2}]\nn: .inf\no: 1_000\n80: x\n",
    )
    expected = {
        "a": 1, "b": 1.5, "c": True, "d": "on", "e": None, "f": None, "g": "0123", "h": "5",
        "i": 31, "j": 1000.0, "k": "2026-01-01", "l": [1, {"m": -2}], "n": float("inf"),
        "o": "1_000", "80": "x",
    }  # fmt: skip
    assert document.data == expected
    assert {key: type(value) for key, value in document.data.items()} == {
        key: type(value) for key, value in expected.items()
    }
    assert not document.problems


def test_every_value_knows_its_place(tmp_path: Path) -> None:
    document = read(tmp_path, "# comment\nprinter:\n  - id: a\n    port:  /dev/x\n")
    place = document.values[("printer", 0, "port")]
    assert (place.line, place.column) == (4, 12)
    key = document.keys[("printer", 0, "port")]
    assert (key.line, key.column) == (4, 5)


def test_a_secret_is_found_beside_the_file_or_above(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "part.yaml").write_text("near: !secret near\nfar: !secret far\n")
    (tmp_path / "sub" / "secrets.yaml").write_text("near: 0123\n")
    document = read(tmp_path, "x: !include sub/part.yaml\n", secrets="far: abc\nnear: no\n")
    assert document.data == {"x": {"near": "0123", "far": "abc"}}
    assert {"0123", "abc"} <= document.secrets


def test_secrets_are_not_looked_for_above_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("key: outside\n")
    document = read(tmp_path / "config", "a: !secret key\n")
    problem = only_problem(document)
    assert problem.message == "there is no secret 'key'"
    assert "secrets.yaml" in str(problem.hint)


def test_a_misspelt_secret_is_suggested(tmp_path: Path) -> None:
    document = read(tmp_path, "a: !secret pasword\n", secrets="password: x\n")
    assert "did you mean 'password'" in str(only_problem(document).hint)


def test_an_environment_variable_and_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_PORT", "8080")
    monkeypatch.delenv("OTHER", raising=False)
    document = read(tmp_path, "a: !env_var SOME_PORT 1\nb: !env_var OTHER two words\n")
    assert document.data == {"a": "8080", "b": "two words"}
    document = read(tmp_path, "a: !env_var OTHER\n")
    assert "OTHER" in only_problem(document).message


def test_what_is_included_knows_its_own_file(tmp_path: Path) -> None:
    document = read(tmp_path, "a: !include part.yaml\n", part="x:\n  y: 1\n")
    assert document.data == {"a": {"x": {"y": 1}}}
    place = document.values[("a", "x", "y")]
    assert (place.file.name, place.line, place.column) == ("part.yaml", 2, 6)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../outside.yaml", "an included file must be inside the configuration folder"),
        ("/etc/hostname", "an included file must be inside the configuration folder"),
        ("configuration.yaml", "'configuration.yaml' includes itself"),
        ("nothing.yaml", "there is no file 'nothing.yaml'"),
        (
            ".storage/auth.json",
            "'.storage' is written by Gantry and holds nothing to include",
        ),
        ("secrets.yaml", "secrets.yaml is used with !secret NAME only"),
    ],
)
def test_an_include_that_cannot_be(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "outside.yaml").write_text("a: 1\n")
    document = read(tmp_path / "config", f"a: !include {name}\n", secrets="a: b\n")
    assert only_problem(document).message == message


def test_two_files_that_include_each_other(tmp_path: Path) -> None:
    document = read(
        tmp_path, "a: !include b.yaml\n", b="x: !include c.yaml\n", c="y: !include b.yaml\n"
    )
    problem = only_problem(document)
    assert problem.message == "'b.yaml' includes itself"
    assert problem.place.file.name == "c.yaml"


def test_anchors_and_merges(tmp_path: Path) -> None:
    document = read(tmp_path, "a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3\n")
    assert document.data == {
        "a": {"p": 1, "q": 2},
        "b": {"p": 1, "q": 2},
        "c": {"q": 3, "p": 1},
    }


def test_every_mistake_of_a_readable_file_is_found_at_once(tmp_path: Path) -> None:
    document = read(tmp_path, "a: 1\na: 2\nb: !secret x\nc: !nonsense 1\nd: {e: 1, e: 2}\n")
    assert [(problem.place.line, problem.message) for problem in document.problems] == [
        (2, "'a' is there twice, first in line 1"),
        (3, "there is no secret 'x'"),
        (4, "unknown tag '!nonsense'"),
        (5, "'e' is there twice, first in line 5"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (b"a:\n\tb: 1\n", 2, 1, "a tab where YAML takes spaces only"),
        (b"a: caf\xe9\n", 1, 7, "byte 0xe9 is no UTF-8 text"),
        (b"a: 1\nb: \x00\n", 2, 4, "control character U+0000 is not allowed"),
        ("a: 1\n".encode("utf-16"), 1, 1, "the file is in UTF-16"),
        (b"a: b: c\n", 1, 5, "a second colon in the line"),
        (b"a:\n  b: 1\n c: 2\n", 3, 2, "the indentation does not fit the lines above"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "the file has a second document"),
        (b"a: &x [*x]\n", 1, 8, "*x contains itself"),
        (b"a: *x\n", 1, 4, "nothing is named &x"),
        (b"[" * 100, 1, 42, "nested deeper than 40 levels"),
        (b"? [a]\n: 1\n", 1, 3, "a key must be plain text"),
        (b"a: @x\n", 1, 4, "text cannot begin with this sign"),
    ],
)
def test_a_mistake_has_its_place(
    tmp_path: Path, text: bytes, line: int, column: int, message: str
) -> None:
    problem = only_problem(read(tmp_path, text))
    assert (problem.place.line, problem.place.column, problem.message) == (
        line,
        column,
        message,
    )


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


def test_what_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").mkdir()
    document = read_document(tmp_path, "configuration.yaml")
    assert only_problem(document).message == "cannot be read: it is not a file"


LAUGHS = "\n".join(
    [f"a0: &a0 [{', '.join('x' * 9)}]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)
MERGES = "\n".join(
    ["a0: &a0 {x0: 1, y0: 1}"]
    + [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], x{n}: *a{n - 1}}}" for n in range(1, 25)]
)
HOSTILE: dict[str, bytes] = {
    "large": b"a: " + b"x" * 10_000_000,
    "large list": b"- 1\n" * 2_500_000,
    "laughs": LAUGHS.encode(),
    "merges": MERGES.encode(),
    "deep flow": b"[" * 250_000,
    "deep block": b"- " * 120_000,
    "deep keys": b"? " * 120_000,
    "tags": b"!" * 250_000,
    "quotes": b"'" * 250_001,
    "escapes": b'"' + b"\\" * 250_000,
    "newlines": b"\n" * 250_000,
    "anchors": b"- &a\n" * 50_000,
    "colons": b":" * 250_000,
}
MEASURE = """
import re, sys, time
from pathlib import Path
from appliance.config.report import ConfigurationError
from appliance.config.yaml import read_document
before = time.process_time()
document = read_document(Path(sys.argv[1]), "configuration.yaml")
text = str(ConfigurationError(document.file.parent, document.problems, document.secrets))
cpu_s = time.process_time() - before
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(cpu_s, peak[1])
"""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little(tmp_path: Path, kind: str) -> None:
    (tmp_path / "configuration.yaml").write_bytes(HOSTILE[kind])
    command = [sys.executable, "-c", MEASURE, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    cpu_s, memory_kib = map(float, result.stdout.split())
    assert memory_kib < 64 * 1024
    # 1 s is the bar on a PC; the margin is for a machine that does other things as well.
    assert cpu_s < 3
    assert not result.stderr


PIECES = st.sampled_from(
    ["a", "b", ": ", ":", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ",", "&x ", "*x",
     "<<: ", "!secret ", "!include ", "!env_var ", "!!int ", "'", '"', "|\n", ">\n", "#", "? ",
     "\t", "1", "0x", ".inf", "---", "%YAML 1.1\n", "\\", "\u2028", "é", "secrets.yaml"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES).map(lambda p: "".join(p).encode())))
def test_any_bytes_are_data_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any", numbered=True)
    (folder / "secrets.yaml").write_bytes(content)
    (folder / "configuration.yaml").write_bytes(content)
    document = read_document(folder, "configuration.yaml")
    assert_plain(document.data)
    for problem in document.problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert problem.message
    (folder / "secrets.yaml").unlink()
    (folder / "configuration.yaml").unlink()
    folder.rmdir()


def assert_plain(data: Any) -> None:
    assert type(data) in (dict, list, str, int, float, bool, type(None))
    if isinstance(data, dict):
        for key, value in data.items():
            assert type(key) is str
            assert_plain(value)
    elif isinstance(data, list):
        for item in data:
            assert_plain(item)
