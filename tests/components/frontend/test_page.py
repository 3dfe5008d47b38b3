"""Gantry's own page as it is built and served; how it behaves is tested in a browser."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.components.frontend.page import FOLDER, read_page
from appliance.config.schema import vol
from appliance.core import Appliance
from appliance.web import HTTP
from tests.fakes import FakePrinter
from tests.serving import serving

SOURCES = FOLDER.parent / "src"
MOST_JAVASCRIPT = 60_000  # bytes of the first load, gzipped
KEY = re.compile(r'\bt\(\s*(?:`([\w.]+)\$\{|"([\w.:]+)")')


async def _set_up(appliance: Appliance, _config: dict[str, Any]) -> None:
    appliance.use(HTTP).add_routes((await read_page()).routes())


PAGE = SimpleNamespace(CONFIG_SCHEMA=vol.Schema({}), async_setup=_set_up)


def catalogue(language: str) -> dict[str, str]:
    """Return the texts of every part of the page."""
    texts: dict[str, str] = {}
    for part in sorted((SOURCES / "locale").rglob(f"{language}.json")):
        found = json.loads(part.read_text())
        assert not texts.keys() & found.keys()
        texts |= found
    return texts


def scripts() -> list[Path]:
    return [path for path in sorted(SOURCES.rglob("*.ts")) if "node_modules" not in path.parts]


def test_what_is_served_was_built_from_these_sources() -> None:
    files = sorted(
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    )
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + b"\0" + (SOURCES / name).read_bytes() + b"\0")
    built = (FOLDER / "built-from.txt").read_text().strip()
    assert digest.hexdigest() == built, "run script/frontend and commit what it builds"


def test_the_first_load_is_small() -> None:
    index = (FOLDER / "index.html").read_text()
    entry = re.search(r'src="page/([\w.-]+\.js)"', index)
    assert entry is not None
    wanted, seen = [entry[1]], set[str]()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        text = (FOLDER / name).read_text()
        wanted += re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', text)
    size = sum(len(gzip.compress((FOLDER / name).read_bytes())) for name in seen)
    assert 5_000 < size <= MOST_JAVASCRIPT


def test_the_licence_of_every_library_stands_beside_it() -> None:
    wanted = json.loads((SOURCES / "package.json").read_text())["dependencies"]
    licences = (FOLDER / "licences.txt").read_text()
    for name, version in wanted.items():
        assert f"{name} {version}\n" in licences


@pytest.mark.parametrize("language", ["de"])
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert other.keys() == english.keys()
    for key, text in english.items():
        values = set(re.findall(r"\{(\w+)\}", text))
        assert set(re.findall(r"\{(\w+)\}", other[key])) == values, key


def test_every_text_that_is_asked_for_exists_and_none_is_idle() -> None:
    texts = catalogue("en")
    source = "\n".join(path.read_text() for path in scripts())
    exact = {match[2] for match in KEY.finditer(source) if match[2]}
    assert exact <= texts.keys()
    prefixes = {match[1] for match in KEY.finditer(source) if match[1]}
    for prefix in prefixes:
        assert any(key.startswith(prefix) for key in texts), prefix
    used = exact | {key for key in texts if key.startswith(tuple(prefixes))}
    idle = {key for key in texts.keys() - used if f'"{key}"' not in source}
    idle -= {key for key in idle if f"`{key.rpartition('.')[0]}." in source}
    assert not idle


async def test_the_page_is_served_with_a_strict_policy_below_every_printer(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, components=[(PAGE, {})]) as running:
        running.printers.add(FakePrinter(running.appliance.bus))
        for path, base in (("/", "/"), ("/printers/ender3/", "/printers/ender3/")):
            answer = await running.call("GET", path)
            assert answer.status == 200
            assert f'<base href="{base}">' in answer.text
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            script = re.search(r'src="(page/[\w.-]+\.js)"', answer.text)
            assert script is not None
            answer = await running.call("GET", base + script[1])
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/javascript")
            assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["index.html", "../page.py", "..%2fpage.py", "%2e%2e/page.py", "nothing.js"]
)
async def test_nothing_but_the_built_files_is_served(tmp_path: Path, name: str) -> None:
    async with serving(tmp_path, components=[(PAGE, {})]) as running:
        assert (await running.call("GET", f"/page/{name}")).status == 404
