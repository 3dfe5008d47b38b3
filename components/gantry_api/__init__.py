"""Gantry's own routes, for what neither OctoPrint nor Moonraker has a word for."""

from __future__ import annotations

from typing import Any

from appliance.components.gantry_api.archive import ArchiveApi
from appliance.components.gantry_api.backups import BackupsApi
from appliance.components.gantry_api.bundle import Bundle
from appliance.components.gantry_api.cameras import CamerasApi
from appliance.components.gantry_api.configuring import ConfigurationApi
from appliance.components.gantry_api.console import ConsoleApi
from appliance.components.gantry_api.devices import DevicesApi
from appliance.components.gantry_api.freshness import FreshnessApi
from appliance.components.gantry_api.health import HealthApi
from appliance.components.gantry_api.layers import LayersApi
from appliance.components.gantry_api.lifecycle import LifecycleApi
from appliance.components.gantry_api.lint import LintApi
from appliance.components.gantry_api.log import LogApi
from appliance.components.gantry_api.macros import MacrosApi
from appliance.components.gantry_api.printers import PrintersApi
from appliance.components.gantry_api.recovery import RecoveryApi
from appliance.components.gantry_api.schema import SchemaApi
from appliance.components.gantry_api.setup import SetupApi
from appliance.components.gantry_api.updates import UpdatesApi
from appliance.components.gantry_api.versions import VersionsApi
from appliance.components.gantry_api.wifi import WifiApi
from appliance.config.schema import vol
from appliance.config.write import CONFIGURATION_WRITER
from appliance.core import Appliance
from appliance.domain.backup import BACKUPS
from appliance.domain.camera import CAMERAS
from appliance.domain.detection import DETECTION
from appliance.domain.file_service import FILES
from appliance.domain.macros import MACROS
from appliance.domain.printer import PRINTERS
from appliance.domain.updates import UPDATES
from appliance.domain.wifi import WIFI
from appliance.web import HTTP

CONFIG_SCHEMA = vol.Schema({})


async def async_setup(appliance: Appliance, _config: dict[str, Any]) -> None:
    """Declare the routes."""
    http = appliance.use(HTTP)
    files = appliance.use(FILES)
    health = HealthApi(appliance)
    http.add_routes(PrintersApi(appliance.use(PRINTERS)).routes())
    http.add_routes(CamerasApi(lambda: appliance.find(CAMERAS)).routes())
    http.add_routes(MacrosApi(lambda: appliance.find(MACROS)).routes())
    http.add_routes(ConsoleApi(appliance.bus).routes())
    http.add_routes(RecoveryApi().routes())
    http.add_routes(LintApi(files).routes())
    http.add_routes(LayersApi(files).routes())
    http.add_routes(ArchiveApi(files).routes())
    http.add_routes(health.routes())
    http.add_routes(Bundle(appliance, health).routes())
    http.add_routes(LogApi(appliance).routes())
    http.add_routes(LifecycleApi(appliance).routes())
    http.add_routes(FreshnessApi().routes())
    http.add_routes(WifiApi(lambda: appliance.find(WIFI)).routes())
    detection = appliance.find(DETECTION)
    if detection is not None:
        http.add_routes(DevicesApi(detection).routes())
    if (updates := appliance.find(UPDATES)) is not None:
        http.add_routes(UpdatesApi(updates).routes())
    if (backups := appliance.find(BACKUPS)) is not None:
        http.add_routes(BackupsApi(backups).routes())
    writer = appliance.find(CONFIGURATION_WRITER)
    if writer is not None:
        http.add_routes(ConfigurationApi(appliance, writer).routes())
        http.add_routes(SchemaApi(writer.catalogue).routes())
        http.add_routes(VersionsApi(appliance, writer).routes())
        http.add_routes(SetupApi(appliance, writer).routes())
