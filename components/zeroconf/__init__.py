"""Lets others find the printers, and finds others: mDNS and SSDP."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from appliance import web
from appliance.components.zeroconf import ssdp
from appliance.components.zeroconf.mdns import Mdns
from appliance.components.zeroconf.network import own_addresses, reachable
from appliance.components.zeroconf.records import Announced, Facts, records
from appliance.components.zeroconf.responder import Responders
from appliance.components.zeroconf.ssdp import Offer
from appliance.config.schema import vol
from appliance.config.validators import boolean, host, list_of, one_of
from appliance.core import Appliance, Stage, StopReason
from appliance.domain.discovery import DISCOVERY
from appliance.domain.permissions import Scope, public, scope
from appliance.domain.printer import PRINTERS
from appliance.domain.serving import HttpListening
from appliance.identifiers import Identifiers, identifiers

if TYPE_CHECKING:
    from appliance.components.zeroconf.avahi import Avahi

ZEROCONF = "zeroconf"
AVAHI = "avahi"
CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional(
            "backend",
            default=ZEROCONF,
            description="Who announces us by mDNS: zeroconf is ourselves, avahi "
            "the service of the system that owns its name.",
        ): one_of(ZEROCONF, AVAHI),
        # Addresses of the interfaces to use; all of them if none is named.
        vol.Optional(
            "interfaces",
            default=list,
            description="Addresses of the interfaces to use; all if none is named.",
        ): list_of(host),
        vol.Optional("ipv6", default=True, description="Announce over IPv6 too."): boolean,
        vol.Optional("ssdp", default=True, description="Be found by SSDP too."): boolean,
    }
)
NEIGHBOURS_PATH = "/api/gantry/neighbours"


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer to look around; announce once HTTP answers."""
    ids = await identifiers(appliance)
    mdns = await _backend(appliance, ids, config)
    appliance.provide(DISCOVERY, mdns)
    appliance.use(web.HTTP).add_routes([_neighbours(mdns), _description(ids)])

    def announce(_event: HttpListening) -> None:
        facts = _facts(appliance, ids)
        heard = _heard_at(appliance, own_addresses(config["interfaces"]))
        told = tuple(records(facts)) if heard or config["backend"] == ZEROCONF else ()
        appliance.tasks.supervise(partial(mdns.run, told), "mdns")
        if config["ssdp"] and facts.octoprint:
            _start_ssdp(appliance, config, facts)

    async def stop(_reason: StopReason) -> None:
        await mdns.close()

    appliance.bus.listen(HttpListening, announce)
    appliance.on_stop(Stage.STORAGE, "mdns", stop)


async def _backend(
    appliance: Appliance, ids: Identifiers, config: dict[str, Any]
) -> Mdns | Avahi:
    """Return who speaks mDNS; the other one is not even imported, for it costs memory."""
    if config["backend"] == AVAHI:
        module = await asyncio.to_thread(importlib.import_module, f"{__name__}.avahi")
        made: Avahi = module.Avahi(config["interfaces"], ipv6=config["ipv6"])
        return made
    name = f"gantry-{ids.appliance.replace('-', '')[:8]}"
    heard_at = partial(_heard_at, appliance)
    return Mdns(name, config["interfaces"], ipv6=config["ipv6"], heard_at=heard_at)


def _heard_at(appliance: Appliance, addresses: Sequence[str]) -> tuple[str, ...]:
    """Return at which of our addresses HTTP answers."""
    http = appliance.configuration.components.get("http", {})
    return reachable(addresses, http.get("host", ("0.0.0.0",)))  # noqa: S104 - the default


def _start_ssdp(appliance: Appliance, config: dict[str, Any], facts: Facts) -> None:
    offers = [Offer(each.uuid, each.port, each.path) for each in facts.printers]

    def addresses() -> tuple[str, ...]:
        return _heard_at(appliance, own_addresses(config["interfaces"]))

    responders = Responders(offers, addresses)
    appliance.tasks.supervise(responders.run, "ssdp")

    async def stop(_reason: StopReason) -> None:
        responders.close()

    appliance.on_stop(Stage.STORAGE, "ssdp", stop)


def _facts(appliance: Appliance, ids: Identifiers) -> Facts:
    http = appliance.use(web.HTTP)
    registry = appliance.use(PRINTERS)
    printers = []
    for index, printer in enumerate(registry):
        port = http.port_of(printer.id)
        at_root = index == 0 or port not in http.ports
        path = "/" if at_root else f"/printers/{printer.id}/"
        uuid = ids.of(printer.id)
        model = printer.profile.model
        printers.append(Announced(printer.id, printer.name, uuid, port, path, model))
    components = appliance.configuration.components
    return Facts(
        appliance.name,
        ids.appliance,
        http.ports[0],
        printers,
        octoprint="octoprint_api" in components,
        moonraker="moonraker_api" in components,
    )


def _neighbours(mdns: Mdns | Avahi) -> web.Route:
    async def get_neighbours(_request: web.Request) -> web.StreamResponse:
        """List the other Gantrys on the network."""
        found = [asdict(service) for service in mdns.neighbours.values()]
        return web.json_response({"neighbours": found})

    return web.Route(
        "GET", NEIGHBOURS_PATH, get_neighbours, scope(Scope.READ), web.Family.GANTRY
    )


def _description(ids: Identifiers) -> web.Route:
    async def get_description(request: web.Request) -> web.StreamResponse:
        """Describe the printer to whoever found it by SSDP."""
        printer = web.printer(request)
        text = ssdp.description(
            printer.name,
            ids.of(printer.id),
            printer.profile.model,
            web.url_for(request, "/"),
        )
        return web.Response(text=text, content_type="application/xml")

    return web.Route(
        "GET",
        ssdp.DESCRIPTION_PATH,
        get_description,
        public(),
        web.Family.OCTOPRINT,
        per_printer=True,
    )
