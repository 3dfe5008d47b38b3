"""The method table: every call of the API, declared once for HTTP and JSON-RPC.

A `Method` says its JSON-RPC name, its path and verbs, its arguments with their kinds, who
may call it, and the handler. Whoever serves checks and converts the arguments first, so
that a handler finds what it has declared.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

from appliance.domain.permissions import Access
from appliance.domain.printer import Printer
from appliance.domain.rpc import Call, RpcMethod
from appliance.errors import InvalidRequest, SetupError
from appliance.records import dataclass

if TYPE_CHECKING:
    from appliance.components.moonraker_api.client import Client
    from appliance.components.moonraker_api.host import Host


# What JSON carries exactly everywhere.
_MOST = 2**53


class Kind(StrEnum):
    """What an argument is."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "boolean"
    OBJECT = "object"
    ANY = "any"


class _Missing(Enum):
    REQUIRED = "required"


REQUIRED = _Missing.REQUIRED


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument; without a default it has to be given."""

    name: str
    kind: Kind = Kind.TEXT
    default: Any = REQUIRED
    nullable: bool = False  # null is a value, too

    def convert(self, value: Any) -> Any:
        """Return ``value`` as the kind; numbers and flags may come as text (query, form)."""
        converted = _CONVERT[self.kind](value)
        if converted is REQUIRED:
            message = f"Unable to convert argument [{self.name}] to {self.kind}"
            raise InvalidRequest(message)
        return converted


@dataclass(frozen=True, slots=True)
class Asked(Call):
    """A call with what it is about: the host of a printer, and the websocket if any."""

    host: Host
    client: Client | None = None

    @property
    def printer(self) -> Printer:
        """The printer that the call is about."""
        return self.host.printer

    def __getitem__(self, name: str) -> Any:
        return self.params[name]


Handler = Callable[[Asked], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """One call of the API."""

    name: str  # of JSON-RPC
    verbs: tuple[str, ...]
    path: str | None  # None: only over the websocket
    access: Access
    handler: Handler
    arguments: tuple[Argument, ...] = ()
    # Facts that a call causes are told to its caller after the answer. Not for calls that
    # wait for the printer: their caller has to see what goes on meanwhile.
    quick: bool = True
    http: bool = True  # served by its path too; False: somebody else serves that
    acts: bool = False  # by its GET as well

    async def call(self, asked: Asked) -> Any:
        """Check who asks and with what, and run it."""
        asked.identity.check(self.access, asked.params)
        asked.identity.check_printer(asked.host.printer.id)
        return await self.handler(replace(asked, params=self._converted(asked.params)))

    def _converted(self, params: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(params)
        for argument in self.arguments:
            value = found.get(argument.name)
            if value is not None:
                found[argument.name] = argument.convert(value)
            elif argument.default is not REQUIRED:
                found[argument.name] = argument.default
            elif not argument.nullable or argument.name not in found:
                message = f"No data for argument: {argument.name}"
                raise InvalidRequest(message)
        return found


def get(
    path: str, access: Access, handler: Handler, *arguments: Argument, **options: Any
) -> Method:
    """Declare a reading call; its name is the path with dots unless given."""
    return _declare(("GET",), path, access, handler, arguments, options)


def post(
    path: str, access: Access, handler: Handler, *arguments: Argument, **options: Any
) -> Method:
    """Declare a call that does something."""
    return _declare(("POST",), path, access, handler, arguments, options)


def klippy(
    path: str, access: Access, handler: Handler, *arguments: Argument, **options: Any
) -> Method:
    """Declare a call that Klipper itself answers: Moonraker hands its GET on as its POST."""
    options = {**options, "acts": True}
    return _declare(("POST", "GET"), path, access, handler, arguments, options)


def delete(
    path: str, access: Access, handler: Handler, *arguments: Argument, **options: Any
) -> Method:
    """Declare a call that removes something."""
    return _declare(("DELETE",), path, access, handler, arguments, options)


def adopt(method: RpcMethod) -> Method:
    """Take a method of another component; it serves the path itself."""
    return Method(
        method.name, (method.verb,), method.path, method.access, method.run, http=False
    )


class Methods:
    """The table."""

    def __init__(self) -> None:
        self._methods: dict[str, Method] = {}

    def add(self, methods: Iterable[Method]) -> None:
        """Add calls; a name stands for one thing."""
        for method in methods:
            if method.name in self._methods:
                message = f"two methods are called '{method.name}'"
                raise SetupError(message)
            self._methods[method.name] = method

    def find(self, name: str) -> Method | None:
        """Return a method by its JSON-RPC name."""
        return self._methods.get(name)

    def __iter__(self) -> Iterator[Method]:
        return iter(self._methods.values())


def _declare(
    verbs: tuple[str, ...],
    path: str,
    access: Access,
    handler: Handler,
    arguments: tuple[Argument, ...],
    options: dict[str, Any],
) -> Method:
    name = options.pop("name", path.strip("/").replace("/", "."))
    return Method(name, verbs, path, access, handler, arguments, **options)


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else REQUIRED


def _integer(value: Any) -> Any:
    if isinstance(value, bool):
        return REQUIRED
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return REQUIRED
    if abs(number) > _MOST:  # no database takes it
        return REQUIRED
    return number if isinstance(value, int | str) or number == value else REQUIRED


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        return REQUIRED
    try:
        number = float(value)
    except (TypeError, ValueError):
        return REQUIRED
    return number if abs(number) < float("inf") else REQUIRED


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "false": False, "0": False, "": False}
    return words.get(str(value).lower(), REQUIRED)


def _object(value: Any) -> Any:
    return value if isinstance(value, dict) else REQUIRED


_CONVERT: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.OBJECT: _object,
    Kind.ANY: lambda value: value,
}
