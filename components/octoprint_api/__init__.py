"""The interface of OctoPrint 1.11: a view of the domain for everything that speaks it."""

from __future__ import annotations

from typing import Any

from appliance import web
from appliance.components.octoprint_api import heating, motion, printer, server, slicing
from appliance.components.octoprint_api.card import CardApi
from appliance.components.octoprint_api.connection import ConnectionApi
from appliance.components.octoprint_api.downloads import Downloads
from appliance.components.octoprint_api.file_commands import FileCommands
from appliance.components.octoprint_api.files import FilesApi
from appliance.components.octoprint_api.gcode import GcodeApi
from appliance.components.octoprint_api.job import JobApi
from appliance.components.octoprint_api.languages import LanguagesApi
from appliance.components.octoprint_api.options import SCHEMA
from appliance.components.octoprint_api.plugins import PluginsApi
from appliance.components.octoprint_api.printer_profiles import ProfilesApi
from appliance.components.octoprint_api.profiles import Profiles
from appliance.components.octoprint_api.push.component import Push
from appliance.components.octoprint_api.settings.api import SettingsApi
from appliance.components.octoprint_api.settings.preferences import Preferences
from appliance.components.octoprint_api.statistics import Statistics
from appliance.components.octoprint_api.system import SystemApi
from appliance.components.octoprint_api.timelapse import TimelapseApi
from appliance.components.octoprint_api.upload import UploadApi
from appliance.components.octoprint_api.util_test import UtilTest
from appliance.components.octoprint_api.wizard import WizardApi
from appliance.core import Appliance
from appliance.identifiers import identifiers

CONFIG_SCHEMA = SCHEMA


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Declare every route."""
    preferences = Preferences(appliance)
    languages = LanguagesApi(appliance)
    wizard = WizardApi(appliance)
    for stored in (preferences, languages, wizard):
        await stored.load()
    profiles = Profiles(appliance)
    push = Push(appliance, preferences)
    declaring = (
        *(server, printer, heating, motion, slicing, languages, wizard),
        CardApi(preferences),
        ConnectionApi(profiles),
        JobApi(appliance),
        GcodeApi(appliance.bus, preferences),
        FilesApi(appliance, Statistics(appliance), preferences),
        UploadApi(appliance, preferences),
        FileCommands(appliance),
        ProfilesApi(profiles),
        SettingsApi(appliance, preferences, await identifiers(appliance)),
        SystemApi(appliance, config),
        TimelapseApi(appliance),
        Downloads(appliance),
        PluginsApi(appliance, push.hubs),
        UtilTest(appliance),
    )
    http = appliance.use(web.HTTP)
    for each in declaring:
        http.add_routes(each.routes())
    push.start()
