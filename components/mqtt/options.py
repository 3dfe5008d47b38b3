"""What stands below ``mqtt:`` in the configuration."""

from __future__ import annotations

from typing import Any

from appliance.components.mqtt.homeassistant.names import LANGUAGES
from appliance.components.mqtt.lights import LIGHT_SCHEMA
from appliance.components.mqtt.topics import check_topic
from appliance.config.schema import vol
from appliance.config.validators import (
    boolean,
    host,
    integer,
    list_of,
    non_empty,
    number,
    one_of,
    path,
    port,
    time_period,
)
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

AUTO = "auto"
# `commands: true` allows these; G-code and the appliance itself must be named.
DEFAULT_SCOPES = (Scope.PRINT, Scope.CONTROL)
OFFERED_SCOPES = (Scope.PRINT, Scope.CONTROL, Scope.GCODE, Scope.ADMIN)
OCTOPRINT = "octoprint"
MOONRAKER = "moonraker"


def _broker(value: object) -> str:
    text = str(value).strip()
    return AUTO if text.lower() == AUTO else host(value)


def topic_prefix(value: object) -> str:
    """Accept the first levels of topics, such as gantry or house/workshop."""
    text = non_empty(value).strip("/")
    try:
        return check_topic(text)
    except InvalidRequest:
        raise vol.Invalid("expected a topic without + and #") from None


def _commands(value: object) -> frozenset[Scope]:
    if isinstance(value, bool):
        return frozenset(DEFAULT_SCOPES if value else ())
    words = value if isinstance(value, list) else [value]
    check = one_of(*(scope.value for scope in OFFERED_SCOPES))
    return frozenset(Scope(check(each)) for each in words)


def _or_off(schema: dict[Any, Any]) -> Any:
    """Accept true, false or options; None stands for off."""
    options = vol.Schema(schema)

    def check(value: object) -> dict[str, Any] | None:
        if isinstance(value, bool):
            return options({}) if value else None
        return options({} if value is None else value)  # type: ignore[no-any-return]

    check.validators = [options]  # type: ignore[attr-defined]  # for suggestions
    return check


def _key_and_certificate(value: dict[str, Any]) -> dict[str, Any]:
    if ("certificate" in value) != ("key" in value):
        raise vol.Invalid("certificate and key come together, or not at all")
    return value


_TLS = vol.All(
    {
        vol.Optional(
            "ca",
            description="File of the authority that signed the certificate of "
            "the broker (PEM); those of the system if left out.",
        ): path,
        vol.Optional(
            "certificate",
            description="File of our own certificate (PEM), where the broker "
            "wants one; comes with key.",
        ): path,
        vol.Optional("key", description="File of the key of our certificate (PEM)."): path,
        vol.Optional(
            "verify",
            default=True,
            description="Check the certificate of the broker; false for one that "
            "nobody signed.",
        ): boolean,
    },
    _key_and_certificate,
)


def _tls(value: object) -> dict[str, Any] | None:
    if isinstance(value, bool):
        return vol.Schema(_TLS)({}) if value else None
    return vol.Schema(_TLS)({} if value is None else value)  # type: ignore[no-any-return]


_tls.validators = [_TLS]  # type: ignore[attr-defined]  # for suggestions


_TOPIC = {
    vol.Optional(
        "publish", default=True, description="Send messages of this topic at all."
    ): boolean,
    vol.Optional("qos", description="How surely messages arrive: 0, 1 or 2."): integer(
        least=0, most=2
    ),
    vol.Optional(
        "retain", description="The broker keeps the last value of each topic."
    ): boolean,
}

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Required(
            "broker", description="Host name or address, or auto to look for one."
        ): _broker,
        vol.Optional("port", description="Its port; by the transport if left out."): port,
        vol.Optional("username", description="Who Gantry is to the broker."): non_empty,
        vol.Optional("password", description="The password for it."): non_empty,
        vol.Optional("client_id", description="The name of the connection."): non_empty,
        vol.Optional("protocol", default="5", description="Version of MQTT."): one_of(
            "3.1.1", "5"
        ),
        vol.Optional(
            "transport", default="tcp", description="Plain TCP or websockets."
        ): one_of("tcp", "websockets"),
        vol.Optional("path", default="/mqtt", description="Of the websocket."): non_empty,
        vol.Optional("tls", default=False, description="Encrypt the connection."): _tls,
        vol.Optional(
            "keepalive", default=30, description="Seconds of silence before both sides ask."
        ): integer(least=5, most=3600),
        vol.Optional(
            "prefix", default="gantry", description="The first level of all topics."
        ): topic_prefix,
        vol.Optional(
            "qos", default=1, description="How surely messages arrive: 0, 1 or 2."
        ): integer(least=0, most=2),
        vol.Optional(
            "retain",
            default=True,
            description="The broker keeps the last value of each topic.",
        ): boolean,
        vol.Optional("topics", default=dict, description="Exceptions for single topics."): {
            non_empty: _TOPIC
        },
        vol.Optional(
            "interval",
            default=1.0,
            description="Seconds between two values of the same topic.",
        ): number(least=0.1, most=3600),
        vol.Optional(
            "host_interval",
            default=30.0,
            description="How often the computer's own values are told.",
        ): vol.All(time_period, vol.Range(min=1, msg="expected at least a second")),
        vol.Optional(
            "camera_interval",
            default=0.0,
            description="How often a picture is sent; 0 is never.",
        ): time_period,
        vol.Optional(
            "commands", default=False, description="Let the broker command: true, or how far."
        ): _commands,
        vol.Optional(
            "home_assistant",
            default=True,
            description="Announce everything to Home Assistant.",
        ): _or_off(
            {
                vol.Optional(
                    "prefix",
                    default="homeassistant",
                    description="The first level of all topics.",
                ): topic_prefix,
                vol.Optional(
                    "language", default="en", description="Of the names in Home Assistant."
                ): one_of(*LANGUAGES),
            }
        ),
        vol.Optional(
            "layouts", default=list, description="Topics as other programs have them."
        ): list_of(one_of(OCTOPRINT, MOONRAKER)),
        vol.Optional(
            "lights",
            default=list,
            description="Lamps that Home Assistant switches: the case light of "
            "the firmware (M355), or two macros.",
        ): list_of(LIGHT_SCHEMA),
        vol.Optional(
            "octoprint_prefix",
            default="octoPrint",
            description="The first level of OctoPrint's layout.",
        ): topic_prefix,
    }
)
