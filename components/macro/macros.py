"""The macros of the appliance: which there are, what they stand for, and running them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import orjson

from appliance.core import Appliance
from appliance.domain.macros import INTERPRETER, REMOTE_CALL, Macro
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest
from appliance.templates import gcode_lines, render

_GCODE = re.compile(r"\s*[GMT]\d+", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
DEEPEST = 10
MOST_LINES = 5000


class Collection:
    """Implements `appliance.domain.macros.Macros`."""

    def __init__(self, macros: Mapping[str, Macro], appliance: Appliance) -> None:
        self._macros = macros
        self._appliance = appliance
        self._of: dict[str, Mapping[str, Macro]] = {}

    def of(self, printer_id: str) -> Mapping[str, Macro]:
        """Return the macros for a printer."""
        if printer_id not in self._of:
            self._of[printer_id] = {
                name: macro for name, macro in self._macros.items() if macro.is_for(printer_id)
            }
        return self._of[printer_id]

    def render(
        self, macro: Macro, parameters: Mapping[str, str], printer: Printer
    ) -> tuple[str, ...]:
        """Return the lines that the macro stands for."""
        try:
            return gcode_lines(render(macro.gcode, variables(macro, parameters, printer)))
        except ValueError as error:
            message = f"{macro.name}: {error}"
            raise InvalidRequest(message) from error

    async def run(
        self, name: str, parameters: Mapping[str, str], printer: Printer, *, origin: str
    ) -> None:
        """Run a macro; where Klipper's language is spoken its lines may be in it."""
        macro = self._find(name, printer.id)
        _check_words(parameters)
        interpreter = self._appliance.find(INTERPRETER)
        if interpreter is not None:
            words = " ".join(
                shlex.quote(f"{key}={value}") for key, value in parameters.items()
            )
            await interpreter.run(f"{macro.name} {words}".strip(), printer, origin=origin)
            return
        lines = list(self._lines(macro, parameters, printer, ()))
        if len(lines) > MOST_LINES:
            message = f"{macro.name} makes more than {MOST_LINES} lines"
            raise InvalidRequest(message)
        if lines:
            await printer.send(lines, origin=origin, wait=True)

    def _find(self, name: str, printer_id: str) -> Macro:
        macro = self.of(printer_id).get(name.upper())
        if macro is None:
            message = f"there is no macro '{name}'"
            raise InvalidRequest(message)
        return macro

    def _lines(
        self,
        macro: Macro,
        parameters: Mapping[str, str],
        printer: Printer,
        within: tuple[str, ...],
    ) -> Iterator[str]:
        if macro.name in within or len(within) >= DEEPEST:
            message = (
                f"macros call each other without end: {' > '.join((*within, macro.name))}"
            )
            raise InvalidRequest(message)
        for line in self.render(macro, parameters, printer):
            if _GCODE.match(line):
                yield line
                continue
            name, *words = line.split()
            inner = self.of(printer.id).get(name.upper())
            if inner is None:
                message = f"{macro.name}: '{name}' is neither G-code nor a macro"
                raise InvalidRequest(message)
            yield from self._lines(inner, _pairs(words), printer, (*within, macro.name))


def _check_words(parameters: Mapping[str, str]) -> None:
    """Refuse what would be another line, or a comment, where the call is one line."""
    if not all(_NAME.fullmatch(name) for name in parameters):
        raise InvalidRequest("the name of a parameter is one word of letters, digits and _")
    if not all(value.isprintable() for value in parameters.values()):
        raise InvalidRequest("the values of parameters stand on one line")
    if any(";" in value for value in parameters.values()):
        raise InvalidRequest("the values of parameters hold no semicolon: it begins a comment")


def variables(macro: Macro, parameters: Mapping[str, str], printer: Printer) -> dict[str, Any]:
    """Return what a template may use: ``params``, ``printer``, its own variables."""
    given = {name.upper(): value for name, value in parameters.items()}
    for parameter in macro.parameters:
        if parameter.name in given:
            continue
        if parameter.default is None:
            message = f"{macro.name}: the parameter {parameter.name} is missing"
            raise InvalidRequest(message)
        given[parameter.name] = parameter.default
    snapshot, profile = printer.snapshot, printer.profile
    position = snapshot.motion.position
    return {
        "action_call_remote_method": remote_call,
        **macro.variables,
        "params": given,
        "printer": {
            "id": printer.id,
            "name": printer.name,
            "phase": snapshot.phase.value,
            "homed": snapshot.motion.homed,
            "absolute": snapshot.motion.absolute,
            "absolute_e": snapshot.motion.absolute_e,
            "position": None if position is None else asdict(position),
            "heaters": {name: asdict(heater) for name, heater in snapshot.heaters.items()},
            "fans": list(snapshot.fans),
            "tool": snapshot.motion.tool,
            "volume": asdict(profile.volume),
            "extruders": len(profile.extruders),
        },
    }


def remote_call(method: str, **arguments: Any) -> str:
    """Return the line that calls a program beside the printer, for templates."""
    try:
        call = orjson.dumps([method, arguments]).decode()
    except TypeError as error:
        message = f"action_call_remote_method: {error}"
        raise InvalidRequest(message) from error
    quoted = shlex.quote(call.replace(";", r"\u003b"))  # a semicolon begins a comment
    return f"\n{REMOTE_CALL} CALL={quoted}\n"


def _pairs(words: Iterable[str]) -> dict[str, str]:
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            message = f"'{word}' is no parameter; write NAME=value"
            raise InvalidRequest(message)
        found[name.upper()] = value
    return found
