"""The interface of Moonraker: a view of the domain for Mainsail, Fluidd and their kin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from appliance import web
from appliance.components.moonraker_api.carried import Carried
from appliance.components.moonraker_api.database import SCHEMA, Namespaces
from appliance.components.moonraker_api.dispatcher import Dispatcher
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.interpreter import Interpreter, Language, RenderMacro
from appliance.components.moonraker_api.load import LoadWatch
from appliance.components.moonraker_api.news import News
from appliance.components.moonraker_api.printing import Printing
from appliance.components.moonraker_api.proc import Sampler
from appliance.components.moonraker_api.routes import Transports
from appliance.components.moonraker_api.table import build
from appliance.components.moonraker_api.timelapse_news import TimelapseNews
from appliance.components.moonraker_api.transfers import Transfers
from appliance.config.schema import vol
from appliance.core import Appliance, Stage, StopReason
from appliance.database import Database
from appliance.domain.audit import AUDIT
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.domain.macros import INTERPRETER, MACROS, Macro
from appliance.domain.printer import PRINTERS, Printer
from appliance.domain.rpc import RPC
from appliance.domain.timelapse import TIMELAPSE
from appliance.domain.updates import UPDATES
from appliance.errors import InvalidRequest

CONFIG_SCHEMA = vol.Schema({})


async def async_setup(appliance: Appliance, _config: dict[str, Any]) -> None:
    """Show every printer to Moonraker's clients."""
    database = Database(appliance.paths.storage / "moonraker.sqlite", SCHEMA)
    await database.open()
    namespaces = Namespaces(database, appliance.paths.storage / "backups" / "moonraker")
    hosts = _hosts(appliance)
    interpreters = {host.printer.id: _interpreter(appliance, host) for host in hosts.values()}
    appliance.provide(INTERPRETER, Language(interpreters))
    sampler = Sampler()
    watch = LoadWatch(hosts, sampler, appliance.tasks)
    methods = build(appliance, hosts, interpreters, namespaces, sampler)
    dispatcher = Dispatcher(methods, partial(appliance.find, AUDIT))
    appliance.provide(RPC, Carried(dispatcher, hosts))
    transports = Transports(methods, dispatcher, hosts, appliance.tasks, watch.begin)
    http = appliance.use(web.HTTP)
    http.add_routes(transports.routes())
    http.add_routes(Transfers(appliance, interpreters).routes())
    updates = appliance.find(UPDATES)
    update = None if updates is None else updates.status
    News(hosts, appliance.use(FILES), appliance.tasks, update).listen(appliance.bus)

    if (timelapse := appliance.find(TIMELAPSE)) is not None:
        files = appliance.use(FILES)
        TimelapseNews(hosts, timelapse, files, appliance.tasks).listen(appliance.bus)

    async def fall_silent(_reason: StopReason) -> None:
        for host in hosts.values():
            host.stop()

    async def close(_reason: StopReason) -> None:
        await database.close()

    appliance.on_stop(Stage.VIEWS, "moonraker_api", fall_silent)
    appliance.on_stop(Stage.STORAGE, "moonraker_api", close)


def _hosts(appliance: Appliance) -> dict[str, Host]:
    files = appliance.use(FILES)
    gcodes = next(str(root.path) for root in files.roots if root.name == GCODES)
    entries = {entry["id"]: entry for entry in appliance.configuration.printers}
    return {
        printer.id: Host(
            printer, entries.get(printer.id, {}), _macros_of(appliance, printer), gcodes
        )
        for printer in appliance.use(PRINTERS)
    }


def _interpreter(appliance: Appliance, host: Host) -> Interpreter:
    start = Printing(appliance.use(FILES), host.printer).start
    return Interpreter(host, appliance.bus, start, _render_for(appliance, host.printer))


def _macros_of(appliance: Appliance, printer: Printer) -> Callable[[], Mapping[str, Macro]]:
    none: Mapping[str, Macro] = {}

    def macros() -> Mapping[str, Macro]:
        known = appliance.find(MACROS)
        return none if known is None else known.of(printer.id)

    return macros


def _render_for(appliance: Appliance, printer: Printer) -> RenderMacro:
    def render(macro: Macro, parameters: Mapping[str, str]) -> tuple[str, ...]:
        known = appliance.find(MACROS)
        if known is None:
            raise InvalidRequest("there are no macros")
        return known.render(macro, parameters, printer)

    return render
