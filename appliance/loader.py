"""Set up the components in order, each timed and each failure kept to itself."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from appliance.catalogue import Catalogue, Component
from appliance.core import Appliance
from appliance.domain.printer import PRINTERS, Printer, Printers
from appliance.errors import SetupError
from appliance.manifest import Manifest

_LOGGER = logging.getLogger(__name__)

SLOW_SETUP_S = 10.0
LONGEST_SETUP_S = 300.0


class Loader:
    """Brings the components and printers of a configuration to life."""

    def __init__(self, appliance: Appliance, catalogue: Catalogue) -> None:
        self._appliance = appliance
        self._catalogue = catalogue
        printers = appliance.configuration.printers
        self._printers = Printers(printers[0]["id"] if printers else None)
        appliance.provide(PRINTERS, self._printers)

    async def set_up(self) -> None:
        """Set up everything; raise `SetupError` only if something required fails.

        The components that drive printers come first, with what they need, then the
        printers, all at once; then everything else finds the printers in their registry.
        """
        configuration = self._appliance.configuration
        manifests = self._catalogue.with_dependencies(configuration.components)
        drivers = {self._driver(entry) for entry in configuration.printers}
        first = self._catalogue.with_dependencies(drivers)
        order = setup_order(manifests, first)
        for domain in order[: len(first)]:
            await self._set_up_component(manifests[domain])
        await self._set_up_printers()
        for domain in order[len(first) :]:
            await self._set_up_component(manifests[domain])

    def _driver(self, entry: Mapping[str, Any]) -> str:
        return self._catalogue.platform_component(entry["platform"])

    async def _set_up_component(self, manifest: Manifest) -> None:
        domain = manifest.domain
        failed = self._appliance.failed_components
        missing = next((each for each in manifest.dependencies if each in failed), None)
        if missing is not None:
            error: BaseException | None = SetupError(f"it needs '{missing}', which failed")
        else:
            component = self._catalogue.load(domain)
            config = self._appliance.configuration.components[domain]
            work = component.async_setup(self._appliance, config)
            _, error = await _run(work, f"set up {domain}")
        if error is None:
            _LOGGER.debug("Set up '%s'", domain)
            return
        reason = _explain(error, f"Component '{domain}'")
        failed[domain] = reason
        if manifest.required:
            message = f"'{domain}' is required and cannot be set up: {reason}"
            raise SetupError(message) from error

    async def _set_up_printers(self) -> None:
        """Set up the printers side by side, and add them in the order of the file."""
        entries = self._appliance.configuration.printers
        printers = await asyncio.gather(*(self._set_up_printer(entry) for entry in entries))
        for printer in printers:
            if printer is not None:
                self._printers.add(printer)

    async def _set_up_printer(self, entry: dict[str, Any]) -> Printer | None:
        domain = self._driver(entry)
        name = f"printer {entry['id']}"
        error: BaseException | None
        printer = None
        if domain in self._appliance.failed_components:
            error = SetupError(f"it needs '{domain}', which failed")
        else:
            work = _driver_setup(self._catalogue.load(domain), self._appliance, entry)
            printer, error = await _run(work, f"set up {name}")
        if error is not None:
            reason = _explain(error, f"Printer '{entry['id']}'")
            self._appliance.failed_components[name] = reason
        return printer


def setup_order(manifests: Mapping[str, Manifest], first: Iterable[str] = ()) -> list[str]:
    """Return the domains so that each comes after what it needs, ``first`` before others.

    ``first`` must be complete in its dependencies. What is equal goes by the alphabet, so
    that every start is like the last.
    """
    early = set(first)
    graph = {
        domain: {
            needed
            for needed in (*manifest.dependencies, *manifest.after)
            if needed in manifests and (domain not in early or needed in early)
        }
        for domain, manifest in manifests.items()
    }
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        message = f"components wait for each other: {' -> '.join(error.args[1])}"
        raise SetupError(message) from None
    order: list[str] = []
    ready: list[tuple[bool, str]] = []
    while sorter.is_active():
        for domain in sorter.get_ready():
            heapq.heappush(ready, (domain not in early, domain))
        _, domain = heapq.heappop(ready)
        order.append(domain)
        sorter.done(domain)
    return order


async def _run(work: Awaitable[Any], name: str) -> tuple[Any, BaseException | None]:
    """Run a set-up in a task of its own; return its result and what it raised."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    slow = loop.call_later(SLOW_SETUP_S, _LOGGER.warning, "'%s' takes over 10 s", name)
    started = loop.time()
    try:
        done, _ = await asyncio.wait({task}, timeout=LONGEST_SETUP_S)
    finally:
        slow.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=1)
    _LOGGER.debug("'%s' took %.3f s", name, loop.time() - started)
    if not done or task.cancelled():
        return None, SetupError(f"it was given up after {loop.time() - started:.0f} s")
    error = task.exception()
    return (None, error) if error is not None else (task.result(), None)


def _driver_setup(
    component: Component, appliance: Appliance, entry: dict[str, Any]
) -> Awaitable[Printer]:
    assert component.async_setup_printer is not None, "the configuration was checked"
    return component.async_setup_printer(appliance, entry)


def _explain(error: BaseException, what: str) -> str:
    """Log a failure, with its traceback if it is one of the code, and return the reason."""
    if isinstance(error, SetupError):
        reason = str(error)
        _LOGGER.error("%s cannot be set up: %s", what, reason)
    else:
        reason = f"{type(error).__name__}: {error}"
        _LOGGER.error("%s cannot be set up", what, exc_info=error)
    return reason
