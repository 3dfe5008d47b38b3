"""Macros: G-code that people write once and call by a name, from every view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Protocol

from appliance.domain.printer import Printer
from appliance.interfaces import Key
from appliance.records import dataclass

# The line that a macro makes to call a program beside the printer: its parameter CALL is
# JSON, the method's name and its arguments.
REMOTE_CALL = "_CALL_REMOTE_METHOD"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that whoever calls a macro may give."""

    name: str  # in capitals, as it is written behind the macro's name
    default: str | None = None  # None: it has to be given
    description: str = ""


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro of the configuration."""

    name: str  # as it is called, such as LOAD_FILAMENT
    gcode: str  # a Jinja template
    title: str = ""  # for a button
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    printers: frozenset[str] | None = None  # None: all
    # What it replaces or is shown beside: a macro of a front end's own name is hidden.
    hidden: bool = False

    def is_for(self, printer_id: str) -> bool:
        """Return whether the macro is for that printer."""
        return self.printers is None or printer_id in self.printers


class Macros(Protocol):
    """The macros of the appliance."""

    def of(self, printer_id: str) -> Mapping[str, Macro]:
        """Return the macros for a printer by their names, in capitals."""

    def render(
        self, macro: Macro, parameters: Mapping[str, str], printer: Printer
    ) -> tuple[str, ...]:
        """Return the lines that the macro stands for; `InvalidRequest` if it cannot."""

    async def run(
        self, name: str, parameters: Mapping[str, str], printer: Printer, *, origin: str
    ) -> None:
        """Run a macro; lines may be calls of other macros. `InvalidRequest` if unknown."""


MACROS: Key[Macros] = Key("macros")


class Interpreter(Protocol):
    """Runs G-code in a richer language than the firmware's (Klipper's)."""

    async def run(self, script: str, printer: Printer, *, origin: str) -> None:
        """Run a script to its end."""


INTERPRETER: Key[Interpreter] = Key("G-code interpreter")
