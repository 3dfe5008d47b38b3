"""`gantry run`: start the appliance and keep it running until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import logging
import signal
from collections.abc import Callable
from pathlib import Path

from appliance import __version__, certificates, systemd
from appliance.backup.replacing import finish_restore
from appliance.catalogue import Catalogue
from appliance.commands.options import add_config_option
from appliance.config import Configuration, load_configuration
from appliance.config.write import CONFIGURATION_WRITER, ConfigurationWriter
from appliance.core import Appliance, ApplianceStarted, ApplianceStopping, StopReason
from appliance.descriptors import SayOnce, allow_enough
from appliance.domain.serving import HttpListening
from appliance.errors import GantryError, SetupError
from appliance.loader import Loader
from appliance.lock import core_lock
from appliance.logs import REDACTOR, Redactor, logging_to
from appliance.releases.undoing import bring_back_data

_LOGGER = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder."""
    add_config_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run one appliance; return 0, 100 for a wanted restart, or 1 after saying why."""
    certificates.look_up_one_by_one()
    allow_enough()
    finish_what_was_begun(options.config)
    catalogue = Catalogue(options.config)
    configuration = load_configuration(options.config, catalogue)
    redactor = Redactor(configuration.secrets)
    directory = configuration.directory
    level = configuration.appliance["log_level"]
    try:
        with (
            core_lock(directory),
            logging_to(directory / "logs", redactor, level),
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            return runner.run(_serve(configuration, catalogue, redactor))
    except OSError as error:
        message = f"Cannot use the folder {directory}: {error}"
        raise GantryError(message) from error


def finish_what_was_begun(config: Path) -> None:
    """Put data in their place that wait for a moment when nobody is there."""
    try:
        bring_back_data(config)
        finish_restore(config)
    except OSError as error:
        message = f"Cannot put the restored backup in its place: {error}"
        raise GantryError(message) from error


async def _serve(
    configuration: Configuration, catalogue: Catalogue, redactor: Redactor
) -> int:
    _LOGGER.info("Gantry %s starts on %s", __version__, configuration.directory)
    appliance = Appliance(configuration)
    appliance.provide(REDACTOR, redactor)
    writer = ConfigurationWriter(configuration.directory, catalogue)
    appliance.provide(CONFIGURATION_WRITER, writer)
    announcement = Announcement(appliance)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(SayOnce())
    setup = loop.create_task(Loader(appliance, catalogue).set_up(), name="set up")
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, setup.cancel)
    try:
        await setup
    except SetupError as error:
        _LOGGER.error("Gantry cannot start: %s", error)
        await appliance.stop(StopReason.TERMINATE)
        return 1
    except asyncio.CancelledError:
        _LOGGER.info("Stopped while starting")
        await appliance.stop(StopReason.TERMINATE)
        return 0
    appliance.bus.listen(ApplianceStarted, announcement.started)
    return await appliance.run_until_stopped()


class Announcement:
    """Tells people and systemd that the appliance is ready, that it lives, that it stops."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._url: str | None = None
        self._is_started = False
        appliance.bus.listen(HttpListening, self._listening)
        appliance.bus.listen(ApplianceStopping, _stopping)

    def started(self, _: ApplianceStarted) -> None:
        """Everything is set up; HTTP may answer by now, or soon."""
        self._is_started = True
        self._appliance.tasks.spawn(systemd.feed_watchdog(), "systemd watchdog")
        if self._url is not None:
            self._ready()
        elif "http" not in self._appliance.configuration.components:
            systemd.notify("READY=1", "STATUS=running without HTTP")
            print("Gantry runs without HTTP: it is not configured", flush=True)

    def _listening(self, event: HttpListening) -> None:
        self._url = event.url
        if self._is_started:
            self._ready()

    def _ready(self) -> None:
        systemd.notify("READY=1", f"STATUS=ready at {self._url}")
        print(f"Gantry is ready: {self._url}", flush=True)


def _stopping(_: ApplianceStopping) -> None:
    systemd.notify("STOPPING=1")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Use uvloop where it is installed (extra `fast`)."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module(
        "uvloop"
    ).new_event_loop
    return factory
