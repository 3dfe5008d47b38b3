"""From a script in Klipper's language to steps that a Marlin printer can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from appliance.components.moonraker_api.klipper import heating, moving, printing, tuning
from appliance.components.moonraker_api.klipper.call import Call, parse
from appliance.components.moonraker_api.klipper.context import Command, Context
from appliance.components.moonraker_api.klipper.steps import Do, Say, Send, Step, Verb
from appliance.errors import InvalidRequest

COMMANDS: Mapping[str, Command] = {
    **heating.COMMANDS,
    **moving.COMMANDS,
    **tuning.COMMANDS,
    **printing.COMMANDS,
}

MOST_LINES = 5000
MOST_STEPS = 20_000
DEEPEST = 10  # macros that call macros
# G-code that the host of a virtual card obeys itself.
_OF_THE_HOST: Mapping[str, Verb] = {"M24": Verb.RESUME, "M25": Verb.PAUSE}
_WITH_TEXT = ("M117", "M118")


def translate(script: str, context: Context) -> list[Step]:
    """Return the steps of a script; `InvalidRequest` for a command that cannot be."""
    lines = script.splitlines()
    if len(lines) > MOST_LINES:
        message = f"at most {MOST_LINES} lines at once; print a file instead"
        raise InvalidRequest(message)
    steps: list[Step] = []
    for step in _steps(lines, context, ()):
        steps.append(step)
        if len(steps) > MOST_STEPS:
            raise InvalidRequest("the macros of this script make too many lines")
    return steps


def _steps(lines: Iterable[str], context: Context, within: tuple[str, ...]) -> Iterator[Step]:
    for line in lines:
        call = parse(line)
        if call is None:
            continue
        macro = context.macros.get(call.name)
        # A macro that calls itself means the command that it has replaced.
        if macro is not None and call.name not in within:
            if len(within) >= DEEPEST:
                message = f"macros call each other too deeply: {' > '.join(within)}"
                raise InvalidRequest(message)
            rendered = context.render(macro, call.parameters)
            yield from _steps(rendered, context, (*within, call.name))
        elif call.classic:
            yield from _classic(call, context)
        elif context.speaks_klipper and not _of_the_host(call.name):
            yield Send(line.strip())
        elif (command := COMMANDS.get(call.name)) is not None:
            yield from command.meaning(call, context)
        elif call.name == "HELP":
            yield Say.note(_help(context))
        else:
            yield Say.error(f'Unknown command:"{call.name}"')


def _of_the_host(name: str) -> bool:
    """Whether it is about the job or the page, which a printer with Klipper has no part in."""
    return name in printing.COMMANDS or name == "HELP" or name.startswith("_")


def _classic(call: Call, context: Context) -> Iterator[Step]:
    if call.name == "M112":
        yield Do(Verb.EMERGENCY_STOP)
        return
    if call.name in _OF_THE_HOST and context.snapshot.phase.active:
        yield Do(_OF_THE_HOST[call.name])
        return
    if call.name == "M876" and context.snapshot.prompt is not None:
        yield Do(Verb.ANSWER, str(int(call.number("S") or 0)))
        return
    if call.name == "M110":
        return  # the numbering of lines is the engine's
    context.modes = context.modes.after(call)
    yield Send(f"{call.name} {call.rest}".rstrip())
    if call.name in ("G90", "G91") and not context.speaks_klipper:
        # In Klipper these say nothing about the extruder; in Marlin they do.
        yield Send("M82" if context.modes.absolute_e else "M83")


def help_texts(macros: Mapping[str, Any]) -> dict[str, str]:
    """Return what each command is for, with the macros of the user."""
    texts = {name: command.help for name, command in COMMANDS.items() if name[0] != "_"}
    texts["HELP"] = "List the commands."
    texts |= {name: macro.description or "G-Code macro" for name, macro in macros.items()}
    return dict(sorted(texts.items()))


def _help(context: Context) -> str:
    lines = [f"{name:<10}: {text}" for name, text in help_texts(context.macros).items()]
    return "Available extended commands:\n" + "\n".join(lines)
