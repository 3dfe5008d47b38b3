from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.catalogue import Catalogue
from appliance.config import ConfigurationError
from appliance.config.edit import EditError, remove, set_value
from appliance.config.emit import block, flow
from appliance.config.nodes import UnreadableYaml, compose
from appliance.config.report import Path_
from appliance.config.write import UNSET, ConfigurationWriter, SettingRefused
from appliance.config.yaml import read_document
from tests.made import make_component, make_configuration

ANYTHING = """
from appliance.config.schema import vol
CONFIG_SCHEMA = vol.Schema({}, extra=vol.ALLOW_EXTRA)
PRINTER_SCHEMA = vol.Schema({vol.Optional("width"): int}, extra=vol.ALLOW_EXTRA)
async def async_setup(appliance, config): pass
async def async_setup_printer(appliance, entry): pass
"""

TEXT = """\
# my appliance
appliance:
  name:  Ender   # the old one

http:            # reached from everywhere
  port: 8080
  # host: 0.0.0.0
  cors: [a, b]   # exact

mqtt:
auth:
  password: !secret pw
  broker: !env_var BROKER here
part: !include part.yaml
printer:
  # the first
  - id: one
    platform: any
    width: 1
  - id: two      # the second
    platform: any
    profile: {width: 2, depth: 3}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_configuration(
        tmp_path, TEXT, secrets="# keep\npw: 'old'  # changed monthly\n", part="x: 1 # one\n"
    )
    for domain in ("http", "mqtt", "auth", "part", "any"):
        make_component(tmp_path / "custom_components", domain, ANYTHING)
    return tmp_path


def writer(folder: Path) -> ConfigurationWriter:
    return ConfigurationWriter(folder, Catalogue(folder, folder / "none"))


def text_of(folder: Path, name: str = "configuration.yaml") -> str:
    return (folder / name).read_text()


CHANGES: list[tuple[Path_, Any, str, str]] = [
    (("appliance", "name"), "Big: one", "name:  Ender   #", 'name:  "Big: one"   #'),
    (("http", "port"), 80, "port: 8080\n", "port: 80\n"),
    (("http", "cors", 1), "c", "[a, b]", "[a, c]"),
    (("http", "cors", 2), "c", "[a, b]", "[a, b, c]"),
    (("http", "cors"), ["a"], "[a, b]", "[a]"),
    (("http", "cors"), [], "[a, b]", "[]"),
    (("http", "new"), {"a": [1, {"b": None}]}, "[a, b]   # exact\n",
     "[a, b]   # exact\n  new:\n    a:\n      - 1\n      - b: null\n"),
    (("mqtt", "port"), 1883, "mqtt:\n", "mqtt:\n  port: 1883\n"),
    (("mqtt",), {"a": 1}, "mqtt:\n", "mqtt:\n  a: 1\n"),
    (("mqtt", "deep", "er"), True, "mqtt:\n", "mqtt:\n  deep:\n    er: true\n"),
    (("http", "port"), UNSET, "  port: 8080\n", ""),
    (("http", "cors", 0), UNSET, "[a, b]", "[b]"),
    (("http", "cors", 1), UNSET, "[a, b]", "[a]"),
    (("printer", 0, "width"), UNSET, "    width: 1\n", ""),
    (("printer", 0, "width"), 5, "width: 1\n", "width: 5\n"),
    (("printer", 1, "profile", "depth"), 4, "depth: 3}", "depth: 4}"),
    (("printer", 1, "profile", "height"), 4, "depth: 3}", "depth: 3, height: 4}"),
    (("printer", 1), UNSET, TEXT[TEXT.index("  - id: two") :], ""),
    (("printer", 2), {"id": "x", "platform": "any"}, "depth: 3}\n",
     "depth: 3}\n  - id: x\n    platform: any\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "before", "after"), CHANGES)
async def test_only_the_value_changes(
    folder: Path, path: Path_, value: Any, before: str, after: str
) -> None:
    assert TEXT.count(before) == 1
    await writer(folder).change({path: value})
    assert text_of(folder) == TEXT.replace(before, after)


async def test_several_changes_are_one(folder: Path) -> None:
    configuration = await writer(folder).change(
        {("http", "port"): 80, ("http", "host"): "::", ("auth", "password"): "new!"}
    )
    assert configuration.components["http"]["port"] == 80
    assert configuration.components["auth"]["password"] == "new!"
    assert "port: 80\n" in text_of(folder)
    assert text_of(folder, "secrets.yaml") == '# keep\npw: "new!"  # changed monthly\n'


async def test_an_include_is_followed(folder: Path) -> None:
    await writer(folder).change({("part", "x"): 2, ("part", "y"): "z"})
    assert text_of(folder) == TEXT
    assert text_of(folder, "part.yaml") == "x: 2 # one\ny: z\n"


async def test_a_secret_is_changed_where_it_is_kept(folder: Path) -> None:
    await writer(folder).change({("auth", "password"): "0123"})
    assert text_of(folder) == TEXT
    assert text_of(folder, "secrets.yaml") == '# keep\npw: "0123"  # changed monthly\n'


async def test_a_secret_that_others_use_is_refused(folder: Path) -> None:
    make_configuration(folder, TEXT + "    pin: !secret pw\n")
    with pytest.raises(SettingRefused, match="other values too: printer->1->pin"):
        await writer(folder).change({("auth", "password"): "new"})


async def test_the_environment_is_not_ours_to_change(folder: Path) -> None:
    with pytest.raises(SettingRefused, match="the environment variable BROKER"):
        await writer(folder).change({("auth", "broker"): "x"})
    assert text_of(folder) == TEXT


async def test_what_is_shared_by_an_anchor_is_refused(folder: Path) -> None:
    make_configuration(folder, "http: &x {a: 1, b: {c: 1}}\nmqtt: *x\nauth: {<<: *x}\n")
    for path in (("mqtt", "a"), ("http", "a"), ("auth", "b"), ("auth", "b", "c")):
        with pytest.raises(SettingRefused):
            await writer(folder).change({path: 2})


async def test_a_change_that_is_not_valid_is_refused_whole(folder: Path) -> None:
    with pytest.raises(SettingRefused, match="printer->0->width: expected int"):
        await writer(folder).change({("http", "port"): 80, ("printer", 0, "width"): "wide"})
    assert text_of(folder) == TEXT


async def test_a_printer_by_its_id(folder: Path) -> None:
    write = writer(folder)
    await write.change_printer("two", {("profile", "width"): 9})
    assert "{width: 9, depth: 3}" in text_of(folder)
    with pytest.raises(SettingRefused, match="there is no printer 'three'"):
        await write.change_printer("three", {("a",): 1})
    make_configuration(
        folder,
        """\
        printer: {id: one, platform: any, profile: big}
        printer_profiles:
          big:
            volume: {width: 1}
        """,
    )
    await write.change_printer("one", {("profile", "volume", "width"): 9, ("name",): "One"})
    assert "    volume: {width: 9}\n" in text_of(folder)
    assert "profile: big, name: One}" in text_of(folder)


async def test_a_broken_file_is_left_alone(folder: Path) -> None:
    make_configuration(folder, "a: [\n")
    with pytest.raises(
        SettingRefused, match=r"not readable as it stands: configuration\.yaml:2"
    ):
        await writer(folder).change({("http", "port"): 80})
    assert text_of(folder) == "a: [\n"


async def test_files_are_checked_before_they_are_written(folder: Path) -> None:
    write = writer(folder)
    assert (await write.check()).components["http"]["port"] == 8080
    texts = {folder / "part.yaml": "x: [\n"}
    with pytest.raises(ConfigurationError, match=r"part\.yaml:2:1"):
        await write.check(texts)
    assert text_of(folder, "part.yaml") == "x: 1 # one\n"


async def test_ten_versions_are_kept(folder: Path) -> None:
    write = writer(folder)
    for port in range(1, 14):
        await write.change({("http", "port"): port})
    kept = sorted((folder / ".storage" / "config-versions").iterdir())
    assert [int(file.read_text().split("port: ")[1].split()[0]) for file in kept] == [
        *range(3, 13)
    ]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in kept)


async def test_changes_at_once_are_all_made(folder: Path) -> None:
    write = writer(folder)
    await asyncio.gather(*(write.change({("http", f"k{n}"): n}) for n in range(8)))
    document = read_document(folder, "configuration.yaml")
    assert {f"k{n}": n for n in range(8)}.items() <= document.data["http"].items()


async def test_mode_mark_and_line_ends_stay(folder: Path) -> None:
    file = folder / "configuration.yaml"
    file.write_bytes(b"\xef\xbb\xbfhttp:\r\n  port: 1\r\n  text: |\r\n    a\r\nmqtt:\r\n")
    file.chmod(0o640)
    await writer(folder).change(
        {("http", "port"): 2, ("http", "text"): "b", ("mqtt", "x"): [{"a": 1}]}
    )
    assert file.read_bytes() == (
        b"\xef\xbb\xbfhttp:\r\n  port: 2\r\n  text: b\r\nmqtt:\r\n  x:\r\n    - a: 1\r\n"
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


async def test_a_link_stays_a_link(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = tmp_path_factory.mktemp("elsewhere") / "real.yaml"
    (folder / "configuration.yaml").rename(real)
    (folder / "configuration.yaml").symlink_to(real)
    await writer(folder).change({("http", "port"): 2})
    assert (folder / "configuration.yaml").is_symlink()
    assert "port: 2" in real.read_text()


async def test_a_file_that_cannot_be_written(folder: Path) -> None:
    # A folder in the place of the kept versions fails for root as well.
    (folder / ".storage").write_text("in the way")
    with pytest.raises(SettingRefused, match="cannot be written"):
        await writer(folder).change({("http", "port"): 2})
    assert text_of(folder) == TEXT


# -- any text, any change: the wanted value differs, nothing else, no comment is lost

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["0123", "null", "on", "1e5", "a: b", "# x", "- a", "é", "\u2028", "!x", "'"]
    )
)
KEYS = st.text("abcxyz: -#'\"", min_size=1, max_size=4) | st.sampled_from(
    ["true", "1", "null"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def data_of(text: str, folder: Path) -> Any:
    document = read_document(folder, "x.yaml", {folder / "x.yaml": text})
    assert not document.problems
    return document.data


@given(MAPPINGS)
def test_what_is_written_is_read_again(data: dict[str, Any]) -> None:
    for text in (flow(data), block(data, 0)):
        assert same(data_of(text, Path("/none")), data)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, dict[str, Any], list[str]]:
    """Draw YAML with comments between its lines."""
    data = draw(MAPPINGS)
    lines: list[str] = []
    comments: list[str] = []
    for line in block(data, 0).splitlines(keepends=True):
        if draw(st.booleans()):
            comments.append(f"# comment {len(comments)}")
            indent = len(line) - len(line.lstrip(" "))
            lines.append(f"{' ' * indent}{comments[-1]}\n")
        lines.append(line)
    return "".join(lines), data, comments


def paths(data: Any, path: Path_ = ()) -> list[Path_]:
    found = [path] if path else []
    if isinstance(data, dict | list):
        entries = data.items() if isinstance(data, dict) else enumerate(data)
        for step, inner in entries:
            found += paths(inner, (*path, step))
    return found


def changed(data: Any, path: Path_, value: Any) -> Any:
    data = json.loads(json.dumps(data))
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return data


def same(found: Any, wanted: Any) -> bool:
    return json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)


@given(texts(), st.data(), VALUES)
def test_setting_any_value_sets_only_that(
    drawn: tuple[str, dict[str, Any], list[str]], more: st.DataObject, value: Any
) -> None:
    text, data, comments = drawn
    path = more.draw(st.sampled_from(paths(data)))
    result = set_value(text, path, value)
    assert same(data_of(result, Path("/none")), changed(data, path, value))
    if not isinstance(value, dict | list):
        inside = len(paths(_at(data, path)))  # comments within what is replaced may go
        assert inside or all(comment in result for comment in comments)


@given(texts(), st.data(), KEYS, VALUES)
def test_adding_any_key_adds_only_that(
    drawn: tuple[str, dict[str, Any], list[str]], more: st.DataObject, key: str, value: Any
) -> None:
    text, data, comments = drawn
    mappings = [(), *(path for path in paths(data) if isinstance(_at(data, path), dict))]
    parent = more.draw(st.sampled_from(mappings))
    if key in _at(data, parent):
        return
    result = set_value(text, (*parent, key), value)
    assert same(data_of(result, Path("/none")), changed(data, (*parent, key), value))
    assert all(comment in result for comment in comments)


@given(texts(), st.data())
def test_removing_any_key_removes_only_that(
    drawn: tuple[str, dict[str, Any], list[str]], more: st.DataObject
) -> None:
    text, data, _ = drawn
    path = more.draw(st.sampled_from(paths(data)))
    result = remove(text, path)
    expected = json.loads(json.dumps(data))
    target = _at(expected, path[:-1])
    del target[path[-1]]
    assert same(data_of(result, Path("/none")) or {}, expected)


def _at(data: Any, path: Path_) -> Any:
    for step in path:
        data = data[step]
    return data


@given(
    st.text(max_size=60), st.lists(st.sampled_from(["a", "b", 0, 1]), min_size=1, max_size=3)
)
def test_any_text_is_changed_or_refused(text: str, path: list[str | int]) -> None:
    try:
        compose(text)
        result = set_value(text, tuple(path), 5)
    except (UnreadableYaml, EditError):
        return
    assert isinstance(result, str)
