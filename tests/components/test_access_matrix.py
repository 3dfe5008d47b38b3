"""S1, S14, S15: every route of every component, asked with every kind of credential.

The routes are those that the components really declare; their handlers are replaced by one
that only says that it was reached, so that asking for a reboot is harmless. What has to come
out is worked out here again, from the words of the specification.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from appliance import docstrings, web
from appliance.bus import Bus
from appliance.catalogue import Catalogue
from appliance.components import moonraker_api
from appliance.components.file_manager import component as file_manager
from appliance.components.http.server import Server
from appliance.components.http.table import Table
from appliance.components.moonraker_api.method import Asked, Method
from appliance.config import load_configuration
from appliance.config.write import CONFIGURATION_WRITER, ConfigurationWriter
from appliance.core import Appliance, StopReason
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Need, Scope
from appliance.loader import Loader
from appliance.logs import REDACTOR, Redactor
from appliance.web import HTTP, Family, Rate, Route
from tests.components.auth.browser import Browser
from tests.fakes import FakePrinter
from tests.serving import API_KEY, PASSWORD, Running, serving

# They drive printers, or talk to the network by themselves, and declare no routes.
NOT_ASKED = {"serial_printer", "simulator", "mqtt", "zeroconf"}
# What cannot be loaded without being told something.
NEEDED = {"spoolman": "{server: http://127.0.0.1:1}"}
REACHED = 299

READONLY = {
    "STATUS",
    "WEBCAM",
    "FILES_LIST",
    "FILES_DOWNLOAD",
    "GCODE_VIEWER",
    "MONITOR_TERMINAL",
    "TIMELAPSE_LIST",
    "TIMELAPSE_DOWNLOAD",
    "SETTINGS_READ",
    "PLUGIN_ACTION_COMMAND_NOTIFICATION_SHOW",
}
OPERATORS = READONLY | {
    "CONNECTION",
    "FILES_UPLOAD",
    "FILES_DELETE",
    "FILES_SELECT",
    "PRINT",
    "CONTROL",
    "SLICE",
    "TIMELAPSE_DELETE",
    "TIMELAPSE_MANAGE_UNRENDERED",
    "TIMELAPSE_ADMIN",
    "PLUGIN_ACTION_COMMAND_NOTIFICATION_CLEAR",
    "PLUGIN_ACTION_COMMAND_PROMPT_INTERACT",
    "PLUGIN_APPKEYS_GRANT",
}
EVERYTHING = {"*"}
PERMISSIONS_OF_SCOPE: Mapping[str, set[str]] = {
    "read": READONLY,
    "upload": {"STATUS", "FILES_LIST", "FILES_UPLOAD", "SLICE"},
    "print": {"STATUS", "FILES_SELECT", "PRINT"},
    "control": {
        "STATUS",
        "CONNECTION",
        "CONTROL",
        "TIMELAPSE_MANAGE_UNRENDERED",
        "TIMELAPSE_ADMIN",
        "PLUGIN_ACTION_COMMAND_NOTIFICATION_CLEAR",
        "PLUGIN_ACTION_COMMAND_PROMPT_INTERACT",
    },
    "gcode": {"STATUS", "CONTROL"},
    "files:delete": {"STATUS", "FILES_LIST", "FILES_DELETE", "TIMELAPSE_DELETE"},
    "admin": EVERYTHING,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks, and how far that reaches."""

    name: str
    key: str | None = None
    browser: Browser | None = None
    good: bool = True
    permissions: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    fresh: bool = True

    def may(self, declared: Route | Method) -> bool:
        """Return whether the declaration lets this caller in."""
        access = declared.access
        if access.need in (Need.NOTHING, Need.OPTIONAL):
            return self.good or access.need is Need.NOTHING or self.key is None
        if not self.good or (access.fresh and not self.fresh):
            return False
        if access.need is Need.CREDENTIAL:
            return True
        holds = access.permission is None or bool({access.permission, "*"} & self.permissions)
        return holds and (access.scope is None or access.scope in self.scopes)

    def answer(self, method: Method) -> int | str:
        """Return what has to come out of a JSON-RPC call: its result, or Moonraker's code."""
        if self.may(method):
            return "reached"
        return 403 if self.good else -32602

    def expected(self, route: Route) -> int:
        """Return the status that has to come out."""
        changes = route.method not in ("GET", "HEAD")
        octoprint = route.family is Family.OCTOPRINT
        if octoprint and changes and not self.good:
            open_to_all = route.access.need is Need.NOTHING
            exempt = route.websocket or route.csrf_exempt
            return REACHED if open_to_all and exempt else 400
        if self.may(route):
            # A page of somebody else could make a browser ask: its cookie is no wish.
            return 405 if route.acts and self.browser is not None else REACHED
        if self.good:
            return 403
        if octoprint:
            return 400 if changes else 403
        return 401


async def reached(request: web.Request) -> web.StreamResponse:
    """Say that the guard let somebody in."""
    return web.Response(status=REACHED)


async def declared_routes(directory: Path) -> list[Route]:
    """Return the routes of all components."""
    catalogue = Catalogue(directory)
    domains = sorted(set(catalogue.names()) - NOT_ASKED - {"http"})
    text = "http: {host: 127.0.0.1, port: 0}\n" + "".join(
        f"{name}: {NEEDED.get(name, '')}\n" for name in domains
    )
    (directory / "configuration.yaml").write_text(text)
    appliance = Appliance(load_configuration(directory, catalogue))
    appliance.provide(REDACTOR, Redactor())
    appliance.provide(CONFIGURATION_WRITER, ConfigurationWriter(directory, catalogue))
    try:
        await Loader(appliance, catalogue).set_up()
        assert appliance.failed_components == {}
        return list(appliance.use(HTTP).routes)
    finally:
        await appliance.stop(StopReason.TERMINATE)


@asynccontextmanager
async def front_door(tmp_path: Path) -> AsyncIterator[tuple[Running, list[Route]]]:
    """Serve every declared route, with harmless handlers."""
    (tmp_path / "all").mkdir()
    routes = await declared_routes(tmp_path / "all")
    bus = Bus()
    printers = [FakePrinter(bus, "one"), FakePrinter(bus, "two")]
    config = {"password": PASSWORD, "api_key": API_KEY}
    proxy = {"trusted_proxies": ["127.0.0.1"]}
    async with serving(tmp_path, auth=config, http=proxy, printers=printers) as running:
        yield running, routes


def disarm(running: Running, routes: list[Route]) -> None:
    """Let every route say only that it was reached."""
    server = running.http
    assert isinstance(server, Server)
    server._table, server._routes = Table(), []
    server.add_routes(replace(route, handler=reached, rate=Rate.NORMAL) for route in routes)


async def callers(running: Running) -> list[Caller]:
    """Return everybody who asks."""
    auth = running.auth
    people = [
        Caller("nobody", good=False),
        Caller("wrong key", "wrong", good=False),
        Caller("expired key", await expired(running), good=False),
    ]
    for scope, permissions in PERMISSIONS_OF_SCOPE.items():
        _, key = await auth.create_key(
            "admin", scope, scopes=frozenset({Scope(scope)}), by=LOCAL
        )
        people.append(
            Caller(
                f"scope {scope}",
                key,
                permissions=frozenset(permissions),
                scopes=frozenset(PERMISSIONS_OF_SCOPE if scope == "admin" else {scope}),
            )
        )
    for group, permissions, scopes in (
        ("admins", EVERYTHING, set(PERMISSIONS_OF_SCOPE)),
        ("users", OPERATORS, set(PERMISSIONS_OF_SCOPE) - {"admin"}),
        ("readonly", READONLY, {"read"}),
    ):
        await auth.create_user(f"one-of-{group}", None, groups=[group])
        people.append(
            Caller(
                f"group {group}",
                await auth.renew_personal_key(f"one-of-{group}"),
                permissions=frozenset(permissions),
                scopes=frozenset(scopes),
            )
        )
    return [*people, await stale(running)]


async def expired(running: Running) -> str:
    keyring = running.auth.held.keyring  # type: ignore[attr-defined]
    _, key = keyring.create("admin", "x", scopes=None, printers=None, expires_at=1.0, now=0.0)
    return str(key)


async def stale(running: Running) -> Caller:
    """Return an administrator who logged in some time ago."""
    browser = Browser(running)
    await browser.login("admin", PASSWORD, remember=True)
    del browser.cookies[f"session_P{running.port}"]
    return Caller(
        "stale session",
        browser=browser,
        permissions=frozenset(EVERYTHING),
        scopes=frozenset(PERMISSIONS_OF_SCOPE),
        fresh=False,
    )


def path_of(route: Route, value: str = "x") -> str:
    """Return a path that leads to the route."""
    return re.sub(r"\{\w+(:[^}]*)?\}", value, route.path)


async def ask(running: Running, caller: Caller, route: Route, path: str, host: int) -> int:
    """Return the status; each request comes from another address."""
    headers = {"X-Forwarded-For": f"10.{host >> 16}.{host >> 8 & 255}.{host & 255}"}
    if caller.browser is not None:
        answer = await caller.browser.call(route.method, path, headers=headers)
    else:
        answer = await running.call(route.method, path, key=caller.key, headers=headers)
    return answer.status


async def test_every_route_lets_in_whom_it_declares(tmp_path: Path) -> None:
    hosts = itertools.count(1)
    async with front_door(tmp_path) as (running, routes):
        everybody = await callers(running)
        disarm(running, routes)
        differences = []
        asked = 0
        for route, caller in itertools.product(routes, everybody):
            status = await ask(running, caller, route, path_of(route), next(hosts))
            asked += 1
            if status != caller.expected(route):
                differences.append(
                    f"{route.method} {route.path} ({route.access}) as {caller.name}: "
                    f"{status}, not {caller.expected(route)}"
                )
        print(f"{len(routes)} routes x {len(everybody)} callers: {len(differences)} differ")
        assert not differences, "\n".join(differences)
        assert asked > 500


async def test_a_key_for_one_printer_reaches_no_other_by_any_route(tmp_path: Path) -> None:
    async with front_door(tmp_path) as (running, routes):
        _, key = await running.auth.create_key(
            "admin", "two only", printers=frozenset({"two"}), by=LOCAL
        )
        disarm(running, routes)
        for route in routes:
            if not route.per_printer or route.access.need is Need.NOTHING:
                continue
            caller = Caller("two only", key)
            for prefix, status in (
                ("/printers/two", REACHED),
                ("/printers/one", 403),
                ("", 403),
            ):
                path = prefix + path_of(route)
                assert (path, await ask(running, caller, route, path, 1)) == (path, status)


async def test_whoever_a_route_is_about_may_use_it(tmp_path: Path) -> None:
    async with front_door(tmp_path) as (running, routes):
        await running.auth.create_user("bob", None, groups=["readonly"])
        key = await running.auth.renew_personal_key("bob")
        disarm(running, routes)
        own = [route for route in routes if route.access.own is not None]
        assert own
        for route in own:
            caller = Caller("bob", key)
            for name, status in (("bob", REACHED), ("admin", 403)):
                path = path_of(route, name)
                assert (path, await ask(running, caller, route, path, 1)) == (path, status)


async def test_every_route_says_what_it_does(tmp_path: Path) -> None:
    for route in await declared_routes(tmp_path):
        assert docstrings.summary(route.handler), f"{route.method} {route.path} has no summary"
        assert str(route.access)


async def reached_by_call(asked: Asked) -> str:
    """Say that the check let somebody in."""
    return "reached"


def disarm_methods(running: Running) -> list[Method]:
    """Let every JSON-RPC method say only that it was reached; return what is declared."""
    route = next(each for each in running.http.routes if each.path == "/server/jsonrpc")
    table = route.handler.__self__._methods  # type: ignore[attr-defined]
    declared = list(table)
    for method in declared:
        table._methods[method.name] = replace(method, handler=reached_by_call, arguments=())
    return [method for method in declared if method.path is not None]


async def test_every_method_of_the_websocket_lets_in_whom_it_declares(tmp_path: Path) -> None:
    config = {"password": PASSWORD, "api_key": API_KEY}
    components = [(file_manager, {"watch": False}), (moonraker_api, {})]
    async with serving(
        tmp_path, auth=config, printers=[FakePrinter(Bus(), "one")], components=components
    ) as running:
        everybody = [each for each in await callers(running) if each.good or not each.key]
        methods = disarm_methods(running)
        differences = []
        for method, caller in itertools.product(methods, everybody):
            body = {"jsonrpc": "2.0", "method": method.name, "params": {}, "id": 1}
            if caller.browser is not None:
                answer = await caller.browser.call("POST", "/server/jsonrpc", json=body)
            else:
                answer = await running.call(
                    "POST", "/server/jsonrpc", key=caller.key, json=body
                )
            said = answer.json
            found = said["error"]["code"] if "error" in said else said["result"]
            if found != caller.answer(method):
                differences.append(
                    f"{method.name} ({method.access}) as {caller.name}: "
                    f"{found}, not {caller.answer(method)}"
                )
        print(f"{len(methods)} methods x {len(everybody)} callers: {len(differences)} differ")
        assert not differences, "\n".join(differences)
        assert len(methods) > 50
