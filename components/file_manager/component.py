"""Set up the file manager from its configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from appliance.catalogue import Catalogue
from appliance.components.file_manager.analysis.limits import limits_of
from appliance.components.file_manager.analyst import Analyst
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.index import SCHEMA, Index
from appliance.components.file_manager.library import Library
from appliance.components.file_manager.lint import RULES
from appliance.components.file_manager.plain import PlainCopies
from appliance.components.file_manager.reservations import Reservations
from appliance.components.file_manager.roots import (
    CONFIG_SUFFIXES,
    GCODE_SUFFIXES,
    LOG_SUFFIXES,
    MODEL_SUFFIXES,
    Roots,
)
from appliance.components.file_manager.selected import follow
from appliance.components.file_manager.service import FileService
from appliance.components.file_manager.watch import Watcher
from appliance.config import ConfigurationError, load_configuration
from appliance.config.schema import vol
from appliance.config.validators import boolean, one_of, path, positive
from appliance.core import Appliance, ConfigurationChanged, Paths, Stage, StopReason
from appliance.database import Database
from appliance.domain.analysis import Limits
from appliance.domain.file_events import FileAdded, FileChanged, FileMoved, FolderMoved
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES, Root
from appliance.domain.history import HISTORY
from appliance.domain.printer import PRINTERS
from appliance.errors import InvalidRequest, SetupError

EXAMPLES = Path(__file__).parent / "examples"

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional("path", default="gcodes", description="The folder of the files."): path,
        vol.Optional(
            "max_upload_mb", default=2048, description="The largest file that is taken, in MB."
        ): positive,
        vol.Optional(
            "watch", default=True, description="See files that others put there."
        ): boolean,
        vol.Optional(
            "analysis",
            default=True,
            description="Read what a file will do: time, filament, layers.",
        ): boolean,
        vol.Optional(
            "lint",
            default=dict,
            description="How strictly each check before printing is taken.",
        ): {
            vol.Optional(rule.name, description=rule.about): one_of(
                "block", "warn", "info", "off"
            )
            for rule in RULES
        },
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the files, and keep the index at what the disk has."""
    folder = appliance.paths.resolve(config["path"])
    disk = Disk()
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder {folder} for G-code cannot be made: {error.strerror}"
        raise SetupError(message) from error
    limit = int(config["max_upload_mb"] * 1e6)
    database = Database(appliance.paths.storage / "files.sqlite", SCHEMA)
    await database.open()
    gcodes = Root(GCODES, folder, suffixes=GCODE_SUFFIXES | MODEL_SUFFIXES)
    roots = Roots(gcodes)
    library = Library(gcodes, roots, disk, Index(database))
    service = FileService(
        appliance.bus,
        roots,
        disk,
        library,
        Reservations(lambda: appliance.use(PRINTERS)),
        limit,
    )
    service.history = lambda: appliance.find(HISTORY)
    service.printer = lambda printer_id: appliance.use(PRINTERS).get(printer_id)
    _follow_lint(appliance, service, config["lint"])
    analyst = await _analyst(appliance, library, disk, limit)
    service.analyst = analyst
    _add_roots(appliance.paths, service, folder)
    await service.sweep()
    watcher = Watcher(appliance.bus, service, library, folder)
    await watcher.begin()
    appliance.tasks.supervise(watcher.catch_up, "read new G-code files")
    if config["analysis"]:
        _analyse_what_comes(appliance, analyst)
    if config["watch"]:
        appliance.tasks.supervise(watcher.run, "watch the G-code folder")
    appliance.provide(FILES, service)
    follow(appliance)

    async def stop(reason: StopReason) -> None:
        del reason
        watcher.stop()
        await database.close()
        await disk.close()

    appliance.on_stop(Stage.STORAGE, "file manager", stop)


def _follow_lint(
    appliance: Appliance, service: FileService, severities: dict[str, str]
) -> None:
    """Go by the rules of the configuration, and of a changed one at once."""
    service.severities = severities

    def changed(event: ConfigurationChanged) -> None:
        service.severities = event.configuration.components["file_manager"]["lint"]

    appliance.bus.listen(ConfigurationChanged, changed)


async def _analyst(appliance: Appliance, library: Library, disk: Disk, limit: int) -> Analyst:
    copies = PlainCopies(appliance.paths.storage / "plain", disk)
    await copies.prepare()
    analyst = Analyst(appliance.bus, library, disk, copies, limit)

    def limits() -> Limits:
        """Return what the first printer that is connected can do."""
        for printer in appliance.use(PRINTERS):
            firmware = printer.snapshot.firmware
            if firmware is not None and firmware.settings:
                return limits_of(firmware.settings)
        return Limits()

    analyst.limits = limits
    return analyst


def _analyse_what_comes(appliance: Appliance, analyst: Analyst) -> None:
    bus = appliance.bus
    bus.listen(FileAdded, lambda event: analyst.want_file(event.file))
    bus.listen(FileChanged, lambda event: analyst.want_file(event.file))
    bus.listen(FileMoved, lambda event: analyst.want_file(event.file))
    bus.listen(FolderMoved, lambda _: analyst.look_again())
    appliance.tasks.supervise(analyst.run, "analyse G-code")


def _add_roots(paths: Paths, service: FileService, gcodes: Path) -> None:
    private = {".storage", "custom_components"}
    private.update(
        str(folder.relative_to(paths.config))
        for folder in (gcodes, paths.logs)
        if folder.is_relative_to(paths.config)
    )
    config = Root("config", paths.config, suffixes=CONFIG_SUFFIXES)
    service.add_root(config, frozenset(private), _configuration_check(paths.config))
    service.add_root(Root("logs", paths.logs, writable=False, suffixes=LOG_SUFFIXES))
    examples = Root("config_examples", EXAMPLES, writable=False, suffixes=CONFIG_SUFFIXES)
    service.add_root(examples)


def _configuration_check(directory: Path) -> Callable[[Path, bytes], Awaitable[None]]:
    """Return what refuses a file that would make the configuration invalid."""

    def check(file: Path, content: bytes) -> None:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            message = "the file is not UTF-8 text"
            raise InvalidRequest(message) from None
        try:
            load_configuration(directory, Catalogue(directory), {file: text})
        except ConfigurationError as error:
            raise InvalidRequest(str(error)) from error

    async def check_in_thread(file: Path, content: bytes) -> None:
        if file.suffix in {".yaml", ".yml"}:
            await asyncio.to_thread(check, file, content)

    return check_in_thread
