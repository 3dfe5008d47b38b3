"""Fills the method table with what this appliance offers."""

from __future__ import annotations

from appliance.components.moonraker_api.database import Namespaces
from appliance.components.moonraker_api.host import Host
from appliance.components.moonraker_api.interpreter import Interpreter
from appliance.components.moonraker_api.method import Methods
from appliance.components.moonraker_api.methods.database import DatabaseMethods
from appliance.components.moonraker_api.methods.extensions import ExtensionMethods
from appliance.components.moonraker_api.methods.files import FileMethods
from appliance.components.moonraker_api.methods.jobs import HistoryMethods, QueueMethods
from appliance.components.moonraker_api.methods.login import access_methods
from appliance.components.moonraker_api.methods.machine import MachineMethods
from appliance.components.moonraker_api.methods.mqtt import MqttMethods
from appliance.components.moonraker_api.methods.power import PowerMethods
from appliance.components.moonraker_api.methods.printer import PrinterMethods
from appliance.components.moonraker_api.methods.sensors import SensorMethods
from appliance.components.moonraker_api.methods.server import ServerMethods
from appliance.components.moonraker_api.methods.spoolman import SpoolmanMethods
from appliance.components.moonraker_api.methods.timelapse import TimelapseMethods
from appliance.components.moonraker_api.methods.updates import UpdateMethods
from appliance.components.moonraker_api.methods.webcams import WebcamMethods
from appliance.components.moonraker_api.proc import Sampler
from appliance.core import Appliance
from appliance.domain.auth import AUTH
from appliance.domain.camera import CAMERAS
from appliance.domain.file_service import FILES
from appliance.domain.history import HISTORY
from appliance.domain.host import HOST_CONTROL
from appliance.domain.mqtt import MQTT
from appliance.domain.power import POWER
from appliance.domain.queue import JOB_QUEUE
from appliance.domain.rpc import ACCESS_METHODS
from appliance.domain.sensors import SENSORS
from appliance.domain.spools import SPOOLS
from appliance.domain.timelapse import TIMELAPSE
from appliance.domain.updates import UPDATES

# By these names front ends know what there is; what is not offered is not listed.
_ALWAYS = (
    "announcements",
    "application",
    "authorization",
    "data_store",
    "database",
    "extensions",
    "file_manager",
    "job_state",
    "klippy_apis",
    "klippy_connection",
    "machine",
    "octoprint_compat",
    "proc_stats",
    "webcam",
    "websockets",
)


def build(
    appliance: Appliance,
    hosts: dict[str, Host],
    interpreters: dict[str, Interpreter],
    namespaces: Namespaces,
    sampler: Sampler,
) -> Methods:
    """Return the table."""
    components = list(_ALWAYS)
    methods = Methods()
    files = appliance.use(FILES)
    history = appliance.find(HISTORY)
    queue = appliance.find(JOB_QUEUE)

    def clients() -> int:
        return sum(len(host.clients) for host in hosts.values())

    def tell_webcams(printer_id: str, cameras: list[dict[str, object]]) -> None:
        hosts[printer_id].tell("notify_webcams_changed", {"webcams": cameras})

    methods.add(ServerMethods(appliance, components).methods())
    methods.add(PrinterMethods(appliance, interpreters).methods())
    methods.add(ExtensionMethods().methods())
    methods.add(FileMethods(files, history).methods())
    methods.add(DatabaseMethods(namespaces).methods())
    methods.add(
        MachineMethods(sampler, clients, lambda: appliance.find(HOST_CONTROL)).methods()
    )
    methods.add(
        WebcamMethods(lambda: appliance.find(CAMERAS), namespaces, tell_webcams).methods()
    )
    authentication = appliance.use(ACCESS_METHODS)
    methods.add(access_methods(authentication, appliance.use(AUTH)))
    if history is not None:
        methods.add(HistoryMethods(history, files).methods())
        components.append("history")
    if queue is not None:
        methods.add(QueueMethods(queue).methods())
        components.append("job_queue")
    _add_optional(appliance, methods, components)
    if (timelapse := appliance.find(TIMELAPSE)) is not None:
        methods.add(TimelapseMethods(timelapse, namespaces).methods())
        components.append("timelapse")
    components.sort()
    return methods


def _add_optional(appliance: Appliance, methods: Methods, components: list[str]) -> None:
    """Add what is there when it is configured."""
    if (power := appliance.find(POWER)) is not None:
        methods.add(PowerMethods(power).methods())
        components.append("power")
    if (sensors := appliance.find(SENSORS)) is not None:
        methods.add(SensorMethods(sensors).methods())
        components.append("sensor")
    if (spools := appliance.find(SPOOLS)) is not None:
        methods.add(SpoolmanMethods(spools).methods())
        components.append("spoolman")
    if (updates := appliance.find(UPDATES)) is not None and updates.status.supported:
        methods.add(UpdateMethods(updates).methods())
        components.append("update_manager")
    if (mqtt := appliance.find(MQTT)) is not None:
        methods.add(MqttMethods(mqtt).methods())
        components.append("mqtt")
