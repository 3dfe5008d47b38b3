"""Brings printers, the appliance and the broker together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from appliance import __version__
from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.desk import MQTT_IDENTITY, Desk
from appliance.components.mqtt.homeassistant import appliance as appliance_entities
from appliance.components.mqtt.homeassistant.announcer import Announcer
from appliance.components.mqtt.homeassistant.device import Device
from appliance.components.mqtt.homeassistant.features import Seen, features
from appliance.components.mqtt.homeassistant.names import Names
from appliance.components.mqtt.homeassistant.printer import Button, Lamp, PrinterEntities
from appliance.components.mqtt.host import Host, HostProbe
from appliance.components.mqtt.layouts.layout import Layout
from appliance.components.mqtt.layouts.moonraker import MoonrakerLayout
from appliance.components.mqtt.layouts.octoprint import OctoPrintLayout
from appliance.components.mqtt.layouts.publisher import LayoutPublisher
from appliance.components.mqtt.layouts.requests import Requests
from appliance.components.mqtt.lights import LightTopics, lights_of
from appliance.components.mqtt.options import MOONRAKER, OCTOPRINT
from appliance.components.mqtt.pictures import CameraRounds, Previews
from appliance.components.mqtt.power import PowerTopics
from appliance.components.mqtt.publisher import Publisher, Terms
from appliance.components.mqtt.render.values import json, moment
from appliance.components.mqtt.session import Sessions
from appliance.components.mqtt.topics import level
from appliance.components.mqtt.updates import UpdateTopics
from appliance.core import Appliance, ConfigurationChanged, StopReason
from appliance.domain import job
from appliance.domain import words as events
from appliance.domain.file_events import FileAdded
from appliance.domain.files import GCODES
from appliance.domain.mqtt import MqttMessage
from appliance.domain.permissions import Scope
from appliance.domain.printer import PRINTERS, Printer, PrinterChanged
from appliance.domain.telling import OctoPrintEventTold
from appliance.storage import Store

# No id of a printer begins with it.
APPLIANCE = "_appliance"
AVAILABILITY = "availability"


def layouts_of(
    appliance: Appliance, printer: Printer, config: dict[str, Any], *, first: bool
) -> dict[str, Layout]:
    """Return the topics of other programs that are wanted; the first printer is their one."""
    made: dict[str, Layout] = {}
    if OCTOPRINT in config["layouts"]:
        base = config["octoprint_prefix"]
        interface = "octoprint_api" in appliance.configuration.components
        base = base if first else f"{base}/{printer.id}"
        made[OCTOPRINT] = OctoPrintLayout(base, interface=interface)
    if MOONRAKER in config["layouts"]:
        made[MOONRAKER] = MoonrakerLayout(printer.id)
    return made


class PrinterSide:
    """Everything about one printer."""

    def __init__(
        self,
        appliance: Appliance,
        sessions: Sessions,
        printer: Printer,
        config: dict[str, Any],
        seen: Seen,
        *,
        first: bool,
    ) -> None:
        session = sessions.own
        self.printer = printer
        self.base = f"{config['prefix']}/{printer.id}"
        self.scopes: frozenset[Scope] = config["commands"]
        self.seen = seen.and_also(printer.snapshot)
        terms = Terms(config["qos"], config["retain"], config["topics"])
        self._layouts = {
            name: LayoutPublisher(
                sessions.further(f"{name[0]}-{printer.id}", layout.presence),
                printer,
                layout,
                config["qos"],
            )
            for name, layout in layouts_of(appliance, printer, config, first=first).items()
        }
        self.publisher = Publisher(
            session,
            printer,
            self.base,
            terms,
            config["interval"],
            tuple(self._layouts.values()),
        )
        self._previews = Previews(appliance, printer, self.publisher)
        self._power = PowerTopics(appliance, self.publisher, printer.id, first=first)
        self._lights = lights_of(config["lights"], printer.id, first=first)
        more = (self._power.command(), LightTopics(self.publisher, self._lights).command())
        self._desk = Desk(appliance, session, printer, self.base, self.scopes, more)
        self._pictures = bool(config["camera_interval"])
        if self._pictures:
            rounds = CameraRounds(
                appliance, session, printer, self.publisher, config["camera_interval"]
            )
            appliance.tasks.supervise(rounds.run, f"mqtt pictures of {printer.id}")
        self._appliance = appliance

    def start(self) -> None:
        """Publish, and take commands if there are any to take."""
        self.publisher.start()
        self._previews.start()
        self._power.start()
        if self.scopes:
            self._desk.start()
        self._appliance.bus.listen(OctoPrintEventTold, self._told_to_octoprint)
        for name, layout in self._layouts.items():
            if name == MOONRAKER and self.scopes:
                Requests(
                    self._appliance,
                    layout.session,
                    self.printer.id,
                    self.printer.id,
                    self.scopes,
                ).start()
            work = f"mqtt as {name} for {self.printer.id}"
            self._appliance.tasks.supervise(layout.session.run, work)

    def changed(self, event: PrinterChanged) -> bool:
        """Take note of a change; return whether the printer showed something new."""
        self.publisher.changed(event)
        self._previews.changed(event)
        told = events.of_change(event)
        if told is not None:
            self.tell(told)
        seen = self.seen.and_also(event.snapshot)
        if seen == self.seen:
            return False
        self.seen = seen
        return True

    def tell(self, told: events.Told) -> None:
        """Publish something that happened."""
        self.publisher.tell(told)
        for layout in self._layouts.values():
            layout.tell(told)

    def _told_to_octoprint(self, event: OctoPrintEventTold) -> None:
        for publisher in self._layouts.values():
            layout = publisher.layout
            if event.printer_id == self.printer.id and isinstance(layout, OctoPrintLayout):
                publisher.send(*layout.told(event))

    async def stop(self) -> None:
        """Publish no more."""
        self.publisher.stop()
        for layout in self._layouts.values():
            await layout.session.stop()

    def device(self, parent: str, names: Names, always: str, url: str | None) -> Device:
        """Return the printer as Home Assistant sees it."""
        power = self._power.devices().items()
        found = replace(
            features(
                self._appliance, self.printer, self.seen, self.scopes, pictures=self._pictures
            ),
            power=tuple(Button(device_id, device.name) for device_id, device in power),
            lights=tuple(
                Lamp(each.id, each.name, each.dims) for each in self._lights.values()
            ),
        )
        firmware = self.printer.snapshot.firmware
        more = {
            "model": self.printer.profile.model,
            "via_device": parent,
            "sw_version": None if firmware is None else firmware.name,
            "configuration_url": url,
        }
        return Device(
            f"{parent}_{level(self.printer.id)}",
            level(self.printer.id),
            self.printer.name,
            PrinterEntities(self.base, names, found).all(),
            (always, f"{self.base}/{AVAILABILITY}"),
            {key: value for key, value in more.items() if value is not None},
        )


class Gateway:
    """All printers and the appliance on the broker."""

    def __init__(
        self,
        appliance: Appliance,
        sessions: Sessions,
        config: dict[str, Any],
        store: Store,
        kept: dict[str, Any],
    ) -> None:
        self._appliance = appliance
        self._session = sessions.own
        self._config = config
        self._base = f"{config['prefix']}/{APPLIANCE}"
        self._store = store
        self._kept = kept  # by printer: what was seen, and its topics
        self._updates = UpdateTopics(appliance, sessions.own, self._base, MQTT_IDENTITY)
        self._probe = HostProbe(appliance.paths.config)
        registry = appliance.use(PRINTERS)
        self._sides = {
            printer.id: PrinterSide(
                appliance,
                sessions,
                printer,
                config,
                Seen.from_plain(kept.get(printer.id, {}).get("seen")),
                first=index == 0,
            )
            for index, printer in enumerate(registry)
        }
        self._announce: Callable[[], None] = lambda: None

    def announce_with(
        self, announcer: Announcer, parent: str, names: Names, host: Host, url: str | None
    ) -> None:
        """Be present in Home Assistant."""

        def announce() -> None:
            announcer.announce(self._device(parent, names, host, url))
            for side in self._sides.values():
                own = None if url is None else f"{url}/printers/{side.printer.id}/"
                device = side.device(parent, names, f"{self._base}/{AVAILABILITY}", own)
                announcer.announce(device)

        self._announce = announce
        announce()
        announcer.forget_others()
        announcer.follow_birth()

    async def start(self) -> Host:
        """Publish everything and follow what happens."""
        host = await asyncio.to_thread(self._probe.look)
        self._forget_former_printers()
        for side in self._sides.values():
            side.start()
        self._publish("info", {"name": self._appliance.name, "version": __version__})
        self._listen()
        self._remember()
        admin = Scope.ADMIN in self._config["commands"]
        self._updates.start(commands=admin)
        if admin:
            self._session.listen(f"{self._base}/command/restart", self._restart)
        return host

    async def watch_host(self) -> None:
        """Publish how the machine is, for ever."""
        while True:
            host = await asyncio.to_thread(self._probe.look)
            self._publish(
                "host",
                {
                    "cpu_percent": host.cpu_percent,
                    "load": host.load,
                    "memory_percent": host.memory_percent,
                    "disk_percent": host.disk_percent,
                    "disk_free": host.disk_free,
                    "temperature": host.temperature,
                    "throttled": host.throttled,
                    "boot": moment(host.boot),
                },
            )
            await asyncio.sleep(self._config["host_interval"])

    async def stop(self) -> None:
        """Publish no more."""
        for side in self._sides.values():
            await side.stop()

    # -- within

    def _device(self, parent: str, names: Names, host: Host, url: str | None) -> Device:
        admin = Scope.ADMIN in self._config["commands"]
        install = admin and self._updates.can_install
        entities = appliance_entities.entities(
            self._base, names, host, restart=admin, install=install
        )
        more = {"manufacturer": "Gantry", "sw_version": __version__}
        if url is not None:
            more["configuration_url"] = url
        slug = level(self._appliance.name).lower()
        availability = (f"{self._base}/{AVAILABILITY}",)
        return Device(parent, slug, self._appliance.name, tuple(entities), availability, more)

    def _publish(self, topic: str, data: Any) -> None:
        self._session.state(Outgoing(f"{self._base}/{topic}", json(data), 1, retain=True))

    def _listen(self) -> None:
        listen = self._appliance.bus.listen
        listen(PrinterChanged, self._changed)
        listen(job.JobStarted, lambda e: self._tell(e.printer_id, events.of_start(e)))
        listen(job.JobPaused, lambda e: self._tell(e.printer_id, events.of_pause(e)))
        listen(job.JobResumed, lambda e: self._tell(e.printer_id, events.of_resume(e)))
        listen(job.JobEnded, lambda e: self._tell(e.printer_id, events.of_end(e)))
        listen(FileAdded, self._file_added)
        listen(ConfigurationChanged, lambda _: self._announce())

    def _changed(self, event: PrinterChanged) -> None:
        side = self._sides.get(event.printer_id)
        if side is None:
            return
        new = side.changed(event)
        if new or event.snapshot.firmware != event.previous.firmware:
            self._announce()
            self._remember()

    def _tell(self, printer_id: str, told: events.Told) -> None:
        side = self._sides.get(printer_id)
        if side is not None:
            side.tell(told)

    def _file_added(self, event: FileAdded) -> None:
        if event.file.root == GCODES:
            for side in self._sides.values():
                side.tell(events.of_file(event))

    def _restart(self, message: MqttMessage) -> None:
        if not message.retained:
            self._appliance.request_stop(StopReason.RESTART)

    # -- what is kept

    def _remember(self) -> None:
        self._store.save_soon(
            lambda: {
                printer_id: {
                    "seen": side.seen.plain(),
                    "topics": sorted(side.publisher.topics),
                }
                for printer_id, side in self._sides.items()
            }
        )

    def _forget_former_printers(self) -> None:
        """Have the broker forget what it keeps of printers that are no longer configured."""
        for printer_id, kept in self._kept.items():
            if printer_id not in self._sides:
                for topic in kept.get("topics", ()):
                    self._session.forget(topic)
