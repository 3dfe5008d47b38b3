"""What can be wished of a printer over the broker: names, schemas, and what they do.

A payload is a JSON object, or plain text for the one value that the command is about. What a
command takes is checked before anything is done; how far commands reach is said by scopes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from appliance.config.schema import flatten, vol
from appliance.config.validators import boolean, integer, number, string
from appliance.core import Appliance
from appliance.domain import actions
from appliance.domain.file_service import FILES, Files
from appliance.domain.files import GCODES
from appliance.domain.macros import MACROS
from appliance.domain.permissions import Scope
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest, NothingSelected
from appliance.records import dataclass
from appliance.templates import gcode_lines

MAX_PAYLOAD = 64 * 1024
# What a display shows of a message.
LONGEST_MESSAGE = 63
# What Home Assistant's buttons send when nothing else is configured.
PRESS = "PRESS"
# Said in a JSON payload by whoever wants to know the answer again; no argument.
ID = "id"


@dataclass(frozen=True, slots=True)
class Wish:
    """A command with everything it needs."""

    appliance: Appliance
    printer: Printer
    item: str  # what stands behind the name in the topic: a heater, a macro, ""
    values: Mapping[str, Any]
    origin: str

    async def send(self, lines: list[str] | tuple[str, ...]) -> None:
        """Send G-code."""
        await self.printer.send(lines, origin=self.origin)


Run = Callable[[Wish], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``main`` is the value that a plain payload stands for."""

    name: str
    scope: Scope
    run: Run
    schema: Mapping[Any, Any]
    main: str | None = None
    item: bool = False  # whether the topic has one more level
    help: str = ""


def parse(command: Command, payload: bytes) -> tuple[dict[str, Any], Any]:
    """Return the checked arguments and the id of the sender; `InvalidRequest` if wrong."""
    if len(payload) > MAX_PAYLOAD:
        raise InvalidRequest("the payload is longer than 64 KB")
    given = _plain(command, payload)
    sender_id = given.pop(ID, None)
    try:
        return vol.Schema(dict(command.schema))(given), sender_id
    except vol.Invalid as error:
        raise InvalidRequest(_complaint(error)) from None


def _plain(command: Command, payload: bytes) -> dict[str, Any]:
    try:
        text = payload.decode().strip()
    except UnicodeDecodeError:
        raise InvalidRequest("the payload is not UTF-8") from None
    if text.startswith("{"):
        try:
            data = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise InvalidRequest("the payload begins like JSON and is none") from None
        return dict(data)
    if not text or (text == PRESS and command.main is None):
        return {}
    if command.main is None:
        raise InvalidRequest("this command takes nothing, or a JSON object")
    return {command.main: text}


def _complaint(error: vol.Invalid) -> str:
    """Say what is wrong; never what was given."""
    first = next(flatten(error))
    where = ".".join(str(step) for step in first.path)
    return f"{where}: {first.msg}" if where else str(first.msg)


# -- what they do


async def _start(wish: Wish) -> None:
    files = _files(wish)
    path = wish.values.get("file")
    if path is None:
        selected = wish.printer.snapshot.selected
        if selected is None:
            raise NothingSelected("no file is selected; say which: {'file': 'cube.gcode'}")
        path = selected.path
    request = await files.prepare(
        path, wish.printer.id, user=wish.origin, force=wish.values["force"]
    )
    await wish.printer.start(request)


async def _select(wish: Wish) -> None:
    files = _files(wish)
    await files.info(GCODES, wish.values["file"])
    await wish.printer.select(await files.job_file(wish.values["file"], wish.printer.id))


async def _home(wish: Wish) -> None:
    axes = wish.values.get("axes", "xyz")
    wanted = [axis for axis in str(axes).lower() if axis not in ", "]
    await wish.send(actions.home(wanted))


async def _jog(wish: Wish) -> None:
    values = wish.values
    distances = {axis: values[axis] for axis in actions.AXES if axis in values}
    snapshot, profile = wish.printer.snapshot, wish.printer.profile
    await wish.send(
        actions.jog(
            snapshot.motion,
            profile,
            distances,
            speed=values.get("speed"),
            absolute=values["absolute"],
        )
    )


async def _extrude(wish: Wish) -> None:
    values = wish.values
    motion, profile = wish.printer.snapshot.motion, wish.printer.profile
    lines = actions.extrude(motion, profile, values["amount"], speed=values.get("speed"))
    await wish.send(lines)


async def _target(wish: Wish) -> None:
    if wish.item not in wish.printer.profile.heaters:
        message = f"the printer has no heater of that name; it has {_heaters(wish)}"
        raise InvalidRequest(message)
    await wish.send(actions.set_target(wish.printer.profile, wish.item, wish.values["value"]))


async def _fan(wish: Wish) -> None:
    if not wish.item.isdecimal() or int(wish.item[:3]) >= len(wish.printer.snapshot.fans):
        raise InvalidRequest("there is no fan of that number; the first is 0")
    await wish.send(actions.set_fan(wish.values["value"] / 100, int(wish.item)))


async def _tool(wish: Wish) -> None:
    text = wish.values["value"].strip().lower().removeprefix("tool")
    if not text.isdecimal() or len(text) > 2:
        raise InvalidRequest("expected a tool such as tool0")
    await wish.send(actions.select_tool(wish.printer.profile, int(text)))


async def _gcode(wish: Wish) -> None:
    lines = gcode_lines(wish.values["gcode"])
    if not lines:
        raise InvalidRequest("there is no G-code in it")
    await wish.send(lines)


async def _macro(wish: Wish) -> None:
    macros = wish.appliance.find(MACROS)
    if macros is None:
        raise InvalidRequest("there are no macros")
    known = {name.upper() for name in macros.of(wish.printer.id)}
    if wish.item.upper() not in known:
        raise InvalidRequest("the printer has no macro of that name")
    given = {str(name).upper(): str(value) for name, value in wish.values.items()}
    await macros.run(wish.item.upper(), given, wish.printer, origin=wish.origin)


async def _message(wish: Wish) -> None:
    text = " ".join(wish.values["text"].replace(";", ",").split())
    await wish.send([f"M117 {text[:LONGEST_MESSAGE]}".rstrip()])


def _files(wish: Wish) -> Files:
    files = wish.appliance.find(FILES)
    if files is None:
        raise InvalidRequest("there are no files: the component file_manager is not loaded")
    return files


def _heaters(wish: Wish) -> str:
    return ", ".join(wish.printer.profile.heaters)


_ANY_NUMBER = number()
_AXIS = number(least=-1000, most=1000, what="millimetres")

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("pause", Scope.PRINT, lambda w: w.printer.pause(origin=w.origin), {}),
        Command("resume", Scope.PRINT, lambda w: w.printer.resume(origin=w.origin), {}),
        Command("cancel", Scope.PRINT, lambda w: w.printer.cancel(origin=w.origin), {}),
        Command(
            "start",
            Scope.PRINT,
            _start,
            {vol.Optional("file"): string, vol.Optional("force", default=False): boolean},
            "file",
        ),
        Command("select", Scope.PRINT, _select, {vol.Required("file"): string}, "file"),
        Command(
            "exclude",
            Scope.PRINT,
            lambda w: w.printer.exclude(w.values["object"]),
            {vol.Required("object"): string},
            "object",
        ),
        Command(
            "pause_at",
            Scope.PRINT,
            lambda w: w.printer.plan_pause(
                layer=w.values.get("layer"), height=w.values.get("height")
            ),
            {
                vol.Exclusive("layer", "where"): integer(least=1),
                vol.Exclusive("height", "where"): number(least=0),
            },
            "layer",
        ),
        Command("connect", Scope.CONTROL, lambda w: w.printer.connect(), {}),
        Command("disconnect", Scope.CONTROL, lambda w: w.printer.disconnect(), {}),
        Command("reset", Scope.CONTROL, lambda w: w.printer.reset(), {}),
        Command(
            "answer",
            Scope.CONTROL,
            lambda w: w.printer.answer(w.values["button"], origin=w.origin),
            {vol.Required("button"): integer(least=0, most=20)},
            "button",
        ),
        Command("home", Scope.CONTROL, _home, {vol.Optional("axes"): string}, "axes"),
        Command(
            "jog",
            Scope.CONTROL,
            _jog,
            {
                **{vol.Optional(axis): _AXIS for axis in actions.AXES},
                vol.Optional("speed"): number(least=1, most=60000, what="mm/min"),
                vol.Optional("absolute", default=False): boolean,
            },
        ),
        Command(
            "extrude",
            Scope.CONTROL,
            _extrude,
            {
                vol.Required("amount"): number(least=-500, most=500, what="millimetres"),
                vol.Optional("speed"): number(least=1, most=6000, what="mm/min"),
            },
            "amount",
        ),
        Command(
            "target",
            Scope.CONTROL,
            _target,
            {vol.Required("value"): _ANY_NUMBER},
            "value",
            item=True,
        ),
        Command(
            "cool_down",
            Scope.CONTROL,
            lambda w: w.send(actions.cool_down(w.printer.profile)),
            {},
        ),
        Command(
            "fan",
            Scope.CONTROL,
            _fan,
            {vol.Required("value"): number(least=0, most=100)},
            "value",
            item=True,
        ),
        Command(
            "feedrate",
            Scope.CONTROL,
            lambda w: w.send(actions.set_feed_factor(w.values["value"] / 100)),
            {vol.Required("value"): number(least=1, most=1000, what="a percentage")},
            "value",
        ),
        Command(
            "flow",
            Scope.CONTROL,
            lambda w: w.send(actions.set_flow_factor(w.values["value"] / 100)),
            {vol.Required("value"): number(least=1, most=1000, what="a percentage")},
            "value",
        ),
        Command(
            "babystep",
            Scope.CONTROL,
            lambda w: w.send(actions.babystep(w.values["distance"])),
            {vol.Required("distance"): number(least=-2, most=2, what="millimetres")},
            "distance",
        ),
        Command("tool", Scope.CONTROL, _tool, {vol.Required("value"): string}, "value"),
        Command("motors_off", Scope.CONTROL, lambda w: w.send(actions.motors_off()), {}),
        Command("message", Scope.CONTROL, _message, {vol.Required("text"): string}, "text"),
        Command("macro", Scope.CONTROL, _macro, {vol.Extra: object}, item=True),
        Command("gcode", Scope.GCODE, _gcode, {vol.Required("gcode"): string}, "gcode"),
    )
}
# With any scope: stopping is never forbidden to those who may do something.
EMERGENCY = Command(
    "emergency_stop", Scope.PRINT, lambda w: w.printer.emergency_stop(origin=w.origin), {}
)
