"""Front ends on ports of their own: files, fallback, headers, and the API beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from yarl import URL

from appliance import web
from appliance.bus import Bus
from appliance.components import frontend
from appliance.components.frontend.endpoints import settle
from appliance.components.frontend.site import media_type, policy
from appliance.config.schema import vol
from appliance.core import Appliance
from appliance.domain.permissions import optional
from appliance.errors import SetupError
from appliance.web import Family, Request, Response, Route, json_response
from tests.fakes import FakePrinter
from tests.serving import Running, serving

PAGE = "<!doctype html><title>A front end</title>"


async def which(request: Request) -> Response:
    return json_response({"printer": web.printer(request).id})


API = Route("GET", "/server/info", which, optional(), Family.MOONRAKER, per_printer=True)


@asynccontextmanager
async def served(folder: Path, printer: str | None = None) -> AsyncIterator[Running]:
    site = folder / "site"
    (site / "assets").mkdir(parents=True)
    (site / "index.html").write_text(PAGE)
    (site / "assets" / "index-C_2wUBmd.js").write_text("run()")
    (site / "config.json").write_text("{}")
    (site / ".secret").write_text("no")
    (folder / "outside.txt").write_text("no")
    (site / "link.txt").symlink_to(folder / "outside.txt")
    entry = {"name": "test", "path": str(site), "port": 1}
    if printer is not None:
        entry["printer"] = printer
    config = frontend.CONFIG_SCHEMA({"extra": [entry]})
    config["extra"][0]["port"] = 0  # whichever is free
    ports: list[int] = []
    bus = Bus()

    class Component:
        """The component, with a port that is told to the test."""

        CONFIG_SCHEMA = vol.Schema(dict)

        @staticmethod
        async def async_setup(appliance: Appliance, config: dict[str, object]) -> None:
            await frontend.async_setup(appliance, config)
            server = appliance.use(web.HTTP)
            ports.append(server._listeners[-1].port)  # type: ignore[attr-defined]

    printers = [FakePrinter(bus, "one"), FakePrinter(bus, "two")]
    async with serving(
        folder, [API], printers=printers, components=[(Component, config)]
    ) as running:
        running.url = f"http://127.0.0.1:{ports[0]}"
        yield running


async def test_a_site_has_its_files_and_one_page(tmp_path: Path) -> None:
    async with served(tmp_path) as site:
        page = await site.call("GET", "/")
        deep = await site.call("GET", "/settings/general")
        script = await site.call("GET", "/assets/index-C_2wUBmd.js")
        config = await site.call("GET", "/config.json")

    assert page.text == deep.text == PAGE
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == config.headers["Cache-Control"] == "no-cache"
    assert "immutable" in script.headers["Cache-Control"]
    assert script.headers["Content-Type"] == "text/javascript"


@pytest.mark.parametrize(
    "path",
    [
        "/missing.png",
        "/.secret",
        "/link.txt",
        "/..%2Foutside.txt",
        "/assets/..%2F..%2Foutside.txt",
        "/%2e%2e/outside.txt",
    ],
)
async def test_nothing_else_is_there(tmp_path: Path, path: str) -> None:
    async with (
        served(tmp_path) as site,
        site.client.get(URL(site.url + path, encoded=True)) as answer,
    ):
        text = await answer.text()

    assert answer.status in (403, 404) or text == PAGE
    assert text != "no"


async def test_the_api_is_on_the_same_port(tmp_path: Path) -> None:
    async with served(tmp_path) as site:
        first = await site.call("GET", "/server/info")
        second = await site.call("GET", "/printers/two/server/info")
        wrong = await site.call("GET", "/server/nothing")

    assert first.json == {"printer": "one"}
    assert second.json == {"printer": "two"}
    assert (wrong.status, wrong.json["error"]["code"]) == (404, 404)


async def test_a_site_may_be_for_one_printer(tmp_path: Path) -> None:
    async with served(tmp_path, printer="two") as site:
        answer = await site.call("GET", "/server/info")

    assert answer.json == {"printer": "two"}


async def test_a_folder_without_a_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    entry = {"name": "test", "path": str(tmp_path / "empty"), "port": 8081}
    with pytest.raises(SetupError, match=r"index\.html"):
        async with serving(tmp_path, components=[(frontend, {"extra": [entry]})]):
            pass


def test_sources_are_allowed_where_they_are_listed() -> None:
    assert "https://cdn.example.org" in policy(["https://cdn.example.org"])
    assert media_type(Path("a.webmanifest")) == "application/manifest+json"


FLUIDD = {"blacklist": ["fluidd.xyz"], "endpoints": [], "hosted": False, "themePresets": []}


async def test_fluidd_is_told_where_its_server_is(tmp_path: Path) -> None:
    async with served(tmp_path) as running:
        config = tmp_path / "site" / "config.json"
        assert (await running.call("GET", "/config.json")).text == "{}"
        config.write_bytes(orjson.dumps(FLUIDD))
        answer = await running.call("GET", "/config.json", headers={"Host": "gantry.local:81"})
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.json == FLUIDD | {
            "endpoints": ["http://gantry.local:81"],
            "blacklist": ["fluidd.xyz", "gantry.local"],
        }
        written = FLUIDD | {"endpoints": ["http://elsewhere"]}
        config.write_bytes(orjson.dumps(written))
        assert (await running.call("GET", "/config.json")).json == written


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"endpoints": [], "hosted": true}'])
def test_other_configurations_are_left_alone(content: bytes) -> None:
    assert settle(content, "http://x") is None


def test_an_address_is_named_as_browsers_name_it() -> None:
    settled = settle(orjson.dumps(FLUIDD), "http://[fe80::1]:8081")
    assert settled is not None
    assert orjson.loads(settled)["blacklist"][-1] == "[fe80::1]"
