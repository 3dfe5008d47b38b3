"""Commands about heaters, fans and lights."""

from __future__ import annotations

from collections.abc import Iterable

from appliance.components.moonraker_api.klipper.call import Call
from appliance.components.moonraker_api.klipper.context import Command, Context, command, table
from appliance.components.moonraker_api.klipper.steps import Do, Say, Send, Step, Verb
from appliance.components.moonraker_api.words import heater_of
from appliance.domain import actions
from appliance.errors import InvalidRequest


@command("Give a heater a target (HEATER, TARGET).")
def set_heater_temperature(call: Call, context: Context) -> Iterable[Step]:
    heater = _heater(call, context, call.text("HEATER"))
    target = call.number("TARGET") or 0.0
    return [Send(line) for line in actions.set_target(context.profile, heater, target)]


@command("Let every heater cool down.")
def turn_off_heaters(_call: Call, context: Context) -> Iterable[Step]:
    return [Send(line) for line in actions.cool_down(context.profile)]


@command("Wait until a sensor is within MINIMUM and MAXIMUM.")
def temperature_wait(call: Call, context: Context) -> Iterable[Step]:
    name = call.text("SENSOR")
    heater = heater_of(name) or name.removeprefix("temperature_sensor ")
    if heater not in context.snapshot.heaters:
        message = f"Error on '{call}': there is no sensor '{name}'"
        raise InvalidRequest(message)
    lowest, highest = call.number("MINIMUM"), call.number("MAXIMUM")
    if lowest is None and highest is None:
        message = f"Error on '{call}': missing MINIMUM or MAXIMUM"
        raise InvalidRequest(message)
    least = "-inf" if lowest is None else f"{lowest:g}"
    most = "inf" if highest is None else f"{highest:g}"
    return [Do(Verb.WAIT, f"{heater} {least} {most}")]


@command("Run a fan at a share of its full speed (FAN, SPEED 0 to 1).")
def set_fan_speed(call: Call, _context: Context) -> Iterable[Step]:
    name = call.text("FAN")
    number = name.lower().removeprefix("fan_generic ").removeprefix("fan")
    if number and not number.isdecimal():
        message = f"Error on '{call}': there is no fan '{name}'"
        raise InvalidRequest(message)
    share = call.within("SPEED", 0, 1) or 0.0
    return [Send(line) for line in actions.set_fan(share, int(number or 0))]


@command("Light the LEDs (RED, GREEN, BLUE, WHITE 0 to 1).")
def set_led(call: Call, _context: Context) -> Iterable[Step]:
    words = [
        f"{letter}{round((call.within(name, 0, 1) or 0.0) * 255)}"
        for letter, name in (("R", "RED"), ("U", "GREEN"), ("B", "BLUE"), ("W", "WHITE"))
    ]
    return [Send("M150 " + " ".join(words))]


@command("Let the firmware tune the control of a heater (HEATER, TARGET).")
def pid_calibrate(call: Call, context: Context) -> Iterable[Step]:
    heater = _heater(call, context, call.text("HEATER"))
    target = call.number("TARGET") or 0.0
    actions.set_target(context.profile, heater, target)  # refuses what is too hot
    number = {"bed": "-1", "chamber": "-2"}.get(heater, heater[4:])
    return [Send(f"M303 E{number} S{actions.number(target)} C8 U1")]


@command("Switch the filament runout sensor (SENSOR, ENABLE).")
def set_filament_sensor(call: Call, context: Context) -> Iterable[Step]:
    _sensor(call, context)
    return [Send(f"M412 S{int(bool(call.number('ENABLE')))}"), Send("M503 S0")]


@command("Say whether a sensor sees filament (SENSOR).")
def query_filament_sensor(call: Call, context: Context) -> Iterable[Step]:
    name = _sensor(call, context)
    there = "detected" if context.snapshot.filament_present[name] else "not detected"
    return [Say.note(f"Filament Sensor {name}: filament {there}")]


def _heater(call: Call, context: Context, name: str) -> str:
    heater = heater_of(name)
    if heater is None or heater not in context.profile.heaters:
        message = f"Error on '{call}': The value '{name}' is not valid for HEATER"
        raise InvalidRequest(message)
    return heater


def _sensor(call: Call, context: Context) -> str:
    name = call.text("SENSOR")
    if name not in context.snapshot.filament_present:
        message = f"Error on '{call}': there is no filament sensor '{name}'"
        raise InvalidRequest(message)
    return name


COMMANDS: dict[str, Command] = table(
    set_heater_temperature,
    turn_off_heaters,
    temperature_wait,
    set_fan_speed,
    set_led,
    pid_calibrate,
    set_filament_sensor,
    query_filament_sensor,
)
