"""The interface of OctoPrint 1.11: a view of the domain for everything that speaks it."""

from __future__ import annotations

from typing import Any

from appliance import web
from appliance.components.octoprint_api import card, gcode, heating, motion, printer, server
from appliance.components.octoprint_api.connection import ConnectionApi
from appliance.components.octoprint_api.file_commands import FileCommands
from appliance.components.octoprint_api.files import FilesApi
from appliance.components.octoprint_api.job import JobApi
from appliance.components.octoprint_api.profiles import Profiles
from appliance.components.octoprint_api.push.component import Push
from appliance.components.octoprint_api.statistics import Statistics
from appliance.components.octoprint_api.upload import UploadApi
from appliance.config.schema import vol
from appliance.core import Appliance

CONFIG_SCHEMA = vol.Schema({})


async def async_setup(appliance: Appliance, _config: dict[str, Any]) -> None:
    """Declare every route."""
    http = appliance.use(web.HTTP)
    for module in (server, printer, heating, motion, card, gcode):
        http.add_routes(module.routes())
    profiles = Profiles()
    http.add_routes(ConnectionApi(profiles).routes())
    http.add_routes(JobApi(appliance).routes())
    http.add_routes(FilesApi(appliance, Statistics(appliance)).routes())
    http.add_routes(UploadApi(appliance).routes())
    http.add_routes(FileCommands(appliance).routes())
    Push(appliance).start()
