"""A printer as a device of Home Assistant: which entities it has, and where they listen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from appliance.components.mqtt.homeassistant.device import (
    CONFIG,
    DIAGNOSTIC,
    MEASUREMENT,
    Entity,
)
from appliance.components.mqtt.homeassistant.names import Names
from appliance.components.mqtt.topics import level
from appliance.domain.job import JobResult
from appliance.domain.permissions import Scope
from appliance.domain.printer import Profile
from appliance.domain.words import JOB_EVENTS, STATES
from appliance.records import dataclass

CELSIUS = "°C"
PERCENT = "%"
LONGEST_GCODE = 255


@dataclass(frozen=True, slots=True)
class Button:
    """Something else that can be pressed, or switched: a macro, a power device."""

    id: str  # one level of a topic
    name: str


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp that can be switched, perhaps dimmed."""

    id: str
    name: str
    dims: bool


@dataclass(frozen=True, slots=True)
class Features:
    """What a printer has, as far as it decides about entities."""

    profile: Profile
    heaters: tuple[str, ...]  # all that were ever seen, with those of the profile
    fans: int = 1
    fan_rpms: int = 0
    filament_sensors: tuple[str, ...] = ()
    macros: tuple[Button, ...] = ()
    cameras: tuple[Button, ...] = ()
    power: tuple[Button, ...] = ()
    lights: tuple[Lamp, ...] = ()
    scopes: frozenset[Scope] = field(default_factory=frozenset)  # of commands

    @property
    def settable(self) -> tuple[str, ...]:
        """The heaters whose target can be set."""
        return self.profile.heaters


class PrinterEntities:
    """Makes the entities of one printer."""

    def __init__(self, base: str, names: Names, features: Features) -> None:
        self._base = base
        self._names = names
        self._features = features

    def all(self) -> tuple[Entity, ...]:
        """Return every entity."""
        return (
            *self._state(),
            *self._job(),
            *self._heat(),
            *self._motion(),
            *self._fans(),
            *self._pictures(),
            *self._cable(),
            *self._filament(),
            *self._buttons(),
            *self._power(),
            *self._lights(),
        )

    # -- what is read

    def _state(self) -> Iterator[Entity]:
        yield self._sensor("state", "state", device_class="enum", options=list(STATES))
        yield self._binary("problem", "problem", device_class="problem")
        yield self._binary("waiting", "waiting")
        yield self._binary(
            "connected",
            "availability",
            device_class="connectivity",
            payload_on="online",
            payload_off="offline",
            entity_category=DIAGNOSTIC,
        )
        yield self._sensor(
            "firmware",
            "connection",
            value_template="{{ value_json.firmware }}",
            entity_category=DIAGNOSTIC,
        )
        yield self._sensor("message", "message", always=False)
        yield self._sensor(
            "prompt",
            "prompt",
            value_template="{{ value_json.text[:255] if value_json else none }}",
        )

    def _job(self) -> Iterator[Entity]:
        yield self._binary("printing", "job/active", device_class="running")
        yield self._sensor(
            "progress",
            "job/progress",
            unit=PERCENT,
            precision=0,
            state_class=MEASUREMENT,
            icon="mdi:progress-clock",
        )
        yield self._sensor("job_name", "job/name", icon="mdi:file")
        for entity_id in ("elapsed", "left"):
            yield self._sensor(
                entity_id,
                f"job/{entity_id}",
                device_class="duration",
                unit="s",
                precision=0,
                state_class=MEASUREMENT,
            )
        yield self._sensor("ends", "job/ends", device_class="timestamp")
        for entity_id in ("layer", "layers"):
            yield self._sensor(entity_id, f"job/{entity_id}", precision=0, icon="mdi:layers")
        yield self._sensor(
            "height",
            "job/height",
            device_class="distance",
            unit="mm",
            precision=2,
            state_class=MEASUREMENT,
        )
        yield self._sensor(
            "filament",
            "job/filament",
            device_class="distance",
            unit="mm",
            precision=0,
            state_class=MEASUREMENT,
        )
        results = [result.value for result in JobResult]
        yield self._sensor("result", "job/result", device_class="enum", options=results)
        yield self._sensor("cause", "job/cause", entity_category=DIAGNOSTIC)
        yield Entity(
            "event",
            "event",
            self._names["event"],
            {"state_topic": f"{self._base}/event/job", "event_types": list(JOB_EVENTS)},
            always=True,
        )

    def _heat(self) -> Iterator[Entity]:
        for heater in self._features.heaters:
            topic = f"temperature/{level(heater)}"
            yield self._sensor(
                f"{level(heater)}_actual",
                f"{topic}/actual",
                name=self._heater_name(heater, "actual"),
                device_class="temperature",
                unit=CELSIUS,
                precision=1,
                state_class=MEASUREMENT,
                always=False,
            )
            if heater not in self._features.settable:
                continue
            yield self._target(heater, topic)
            yield self._sensor(
                f"{level(heater)}_power",
                f"{topic}/power",
                name=self._heater_name(heater, "power"),
                device_class="power_factor",
                unit=PERCENT,
                precision=0,
                state_class=MEASUREMENT,
                entity_category=DIAGNOSTIC,
                enabled_by_default=False,
                always=False,
            )

    def _target(self, heater: str, topic: str) -> Entity:
        entity_id, name = f"{heater}_target", self._heater_name(heater, "target")
        if not self._may(Scope.CONTROL):
            return self._sensor(
                entity_id,
                f"{topic}/target",
                name=name,
                device_class="temperature",
                unit=CELSIUS,
                precision=0,
                always=False,
            )
        profile = self._features.profile
        highest = {"bed": profile.max_bed_c, "chamber": profile.max_chamber_c}.get(
            heater, profile.max_tool_c
        )
        return self._number(
            entity_id,
            f"target/{heater}",
            f"{topic}/target",
            name=name,
            most=highest,
            device_class="temperature",
            unit=CELSIUS,
        )

    def _motion(self) -> Iterator[Entity]:
        yield self._sensor(
            "speed",
            "speed",
            device_class="speed",
            unit="mm/s",
            precision=0,
            state_class=MEASUREMENT,
            always=False,
        )
        for axis in "xyz":
            yield self._sensor(
                f"position_{axis}",
                "position",
                name=self._names["position"].format(axis=axis.upper()),
                value_template=f"{{{{ value_json.{axis} }}}}",
                device_class="distance",
                unit="mm",
                precision=2,
                entity_category=DIAGNOSTIC,
                enabled_by_default=False,
                always=False,
            )
        yield self._sensor(
            "z_offset",
            "z_offset",
            device_class="distance",
            unit="mm",
            precision=3,
            entity_category=DIAGNOSTIC,
            always=False,
        )
        for entity_id in ("feedrate", "flow"):
            yield self._setting(f"{entity_id}_factor", entity_id, f"factor/{entity_id}", 500)
        yield from self._tools()

    def _tools(self) -> Iterator[Entity]:
        tools = [f"tool{n}" for n in range(len(self._features.profile.extruders))]
        if len(tools) < 2:
            return
        if not self._may(Scope.CONTROL):
            yield self._sensor("tool", "tool", device_class="enum", options=tools)
            return
        config = {
            "state_topic": f"{self._base}/tool",
            "command_topic": self._command("tool"),
            "options": tools,
        }
        yield Entity("tool", "select", self._names["tool"], config)

    def _fans(self) -> Iterator[Entity]:
        several = self._features.fans > 1
        for index in range(self._features.fans):
            name = self._names["fan_n" if several else "fan"].format(number=index + 1)
            yield self._setting(
                f"fan{index}", f"fan/{index}", f"fan/{index}", 100, name=name, icon="mdi:fan"
            )
        for index in range(self._features.fan_rpms):
            name = self._names["fan_rpm_n" if several else "fan_rpm"]
            yield self._sensor(
                f"fan{index}_rpm",
                f"fan/{index}/rpm",
                name=name.format(number=index + 1),
                unit="rpm",
                precision=0,
                state_class=MEASUREMENT,
                always=False,
            )

    def _pictures(self) -> Iterator[Entity]:
        config = {"image_topic": f"{self._base}/thumbnail", "content_type": "image/png"}
        yield Entity("thumbnail", "image", self._names["thumbnail"], config, always=True)
        for camera in self._features.cameras:
            yield Entity(
                f"camera_{camera.id}",
                "camera",
                self._names["camera"].format(name=camera.name),
                {"topic": f"{self._base}/camera/{camera.id}"},
                always=True,
            )

    def _cable(self) -> Iterator[Entity]:
        yield self._sensor(
            "latency",
            "serial",
            value_template="{{ value_json.ok_latency_ms }}",
            device_class="duration",
            unit="ms",
            precision=1,
            state_class=MEASUREMENT,
            entity_category=DIAGNOSTIC,
            always=False,
        )
        yield self._sensor(
            "resends",
            "serial",
            value_template="{{ value_json.resend_percent }}",
            unit=PERCENT,
            precision=2,
            state_class=MEASUREMENT,
            entity_category=DIAGNOSTIC,
            always=False,
        )

    def _filament(self) -> Iterator[Entity]:
        for sensor in self._features.filament_sensors:
            yield self._binary(
                f"filament_{level(sensor)}",
                f"filament/{level(sensor)}",
                name=self._names["filament_present"].format(name=sensor),
                always=False,
            )

    # -- what is done

    def _buttons(self) -> Iterator[Entity]:
        if self._may(Scope.PRINT):
            yield self._button("pause", icon="mdi:pause")
            yield self._button("resume", icon="mdi:play")
            yield self._button("cancel", icon="mdi:stop")
        if self._may(Scope.CONTROL):
            yield self._button("home", icon="mdi:home")
            yield self._button("cool_down", icon="mdi:snowflake")
            yield self._button("motors_off", icon="mdi:engine-off")
            yield self._button("connect", icon="mdi:connection", always=True)
            display = {"command_topic": self._command("message"), "icon": "mdi:message-text"}
            yield Entity("display", "notify", self._names["display"], display)
            for macro in self._features.macros:
                yield self._button(
                    f"macro_{macro.id}",
                    command=f"macro/{macro.id}",
                    name=self._names["macro"].format(name=macro.name),
                )
        if self._features.scopes:
            yield self._button("emergency_stop", icon="mdi:alert-octagon")
        if self._may(Scope.GCODE):
            config = {
                "command_topic": self._command("gcode"),
                "max": LONGEST_GCODE,
                "entity_category": CONFIG,
            }
            yield Entity("gcode", "text", self._names["gcode"], config)

    def _power(self) -> Iterator[Entity]:
        for device in self._features.power:
            state = f"{self._base}/power/{device.id}"
            name = self._names["power_device"].format(name=device.name)
            if self._may(Scope.CONTROL):
                config = {
                    "state_topic": state,
                    "command_topic": self._command(f"power/{device.id}"),
                    "device_class": "outlet",
                }
                yield Entity(f"power_{device.id}", "switch", name, config, always=True)
            else:
                config = {"state_topic": state, "device_class": "power"}
                yield Entity(f"power_{device.id}", "binary_sensor", name, config, always=True)

    def _lights(self) -> Iterator[Entity]:
        for light in self._features.lights if self._may(Scope.CONTROL) else ():
            config = {
                "schema": "json",
                "state_topic": f"{self._base}/light/{light.id}",
                "command_topic": self._command(f"light/{light.id}"),
                "supported_color_modes": ["brightness" if light.dims else "onoff"],
                "brightness": light.dims,
            }
            yield Entity(f"light_{light.id}", "light", light.name, config)

    # -- shapes

    def _may(self, scope: Scope) -> bool:
        return scope in self._features.scopes

    def _command(self, name: str) -> str:
        return f"{self._base}/command/{name}"

    def _sensor(
        self,
        entity_id: str,
        topic: str,
        *,
        name: str | None = None,
        unit: str | None = None,
        precision: int | None = None,
        always: bool = True,
        **config: Any,
    ) -> Entity:
        keys: Mapping[str, Any] = {
            "state_topic": f"{self._base}/{topic}",
            "unit_of_measurement": unit,
            "suggested_display_precision": precision,
            **config,
        }
        return Entity(entity_id, "sensor", name or self._names[entity_id], keys, always=always)

    def _binary(
        self,
        entity_id: str,
        topic: str,
        *,
        name: str | None = None,
        always: bool = True,
        **config: Any,
    ) -> Entity:
        keys = {"state_topic": f"{self._base}/{topic}", **config}
        name = name or self._names[entity_id]
        return Entity(entity_id, "binary_sensor", name, keys, always=always)

    def _setting(
        self,
        entity_id: str,
        command: str,
        topic: str,
        most: float,
        *,
        name: str | None = None,
        icon: str | None = None,
    ) -> Entity:
        """Make a percentage: a number if it may be set, else a sensor."""
        name = name or self._names[entity_id]
        if self._may(Scope.CONTROL):
            return self._number(
                entity_id, command, topic, name=name, most=most, unit=PERCENT, icon=icon
            )
        return self._sensor(
            entity_id, topic, name=name, unit=PERCENT, precision=0, icon=icon, always=False
        )

    def _number(
        self,
        entity_id: str,
        command: str,
        topic: str,
        *,
        name: str,
        most: float,
        unit: str,
        **config: Any,
    ) -> Entity:
        keys = {
            "state_topic": f"{self._base}/{topic}",
            "command_topic": self._command(command),
            "min": 0 if most != 500 else 1,
            "max": most,
            "step": 1,
            "mode": "box",
            "unit_of_measurement": unit,
            **config,
        }
        return Entity(entity_id, "number", name, keys)

    def _button(
        self,
        entity_id: str,
        *,
        command: str | None = None,
        name: str | None = None,
        icon: str | None = None,
        always: bool = False,
    ) -> Entity:
        keys = {"command_topic": self._command(command or entity_id), "icon": icon}
        return Entity(entity_id, "button", name or self._names[entity_id], keys, always=always)

    def _heater_name(self, heater: str, what: str) -> str:
        number = heater.removeprefix("tool")
        if heater.startswith("tool") and number.isdecimal():
            several = len(self._features.profile.extruders) > 1
            key = f"tool_{what}_n" if several else f"tool_{what}"
            return self._names[key].format(number=int(number) + 1)
        if heater in ("bed", "chamber"):
            return self._names[f"{heater}_{what}"]
        return self._names["other_actual"].format(name=heater.replace("_", " ").title())
