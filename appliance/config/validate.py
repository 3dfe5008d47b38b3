"""From a document to a configuration: every error at once, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from appliance.config.mistakes import of_value
from appliance.config.report import Path_, Problem
from appliance.config.schema import closest, flatten, known_options, vol
from appliance.config.secrets import secrets_in
from appliance.config.validators import log_level, port, slug, title
from appliance.config.yaml import Document
from appliance.errors import GantryError

if TYPE_CHECKING:
    from appliance.catalogue import Catalogue, Component

APPLIANCE = "appliance"
PRINTER = "printer"
PROFILES = "printer_profiles"
PROFILE = "profile"
PROFILE_NAME = "profile_name"  # beside the profile where it was given by name
# Of the computer and not of the appliance: settings of gantry.yaml.
_ON_THE_CARD = ("wifi", "hostname", "time_zone", "ssh", "access_point")
CORE_KEYS = (APPLIANCE, PRINTER, PROFILES)

APPLIANCE_SCHEMA = vol.Schema(
    {
        vol.Optional("name", default="Gantry", description="What people read."): title,
        vol.Optional(
            "log_level", default="info", description="How much Gantry writes into its log."
        ): log_level,
    }
)
# What every entry of `printer:` may have, whatever its platform.
COMMON_PRINTER_OPTIONS: dict[Any, Any] = {
    vol.Required(
        "id", description="Short name in addresses, topics and files; it should never change."
    ): slug,
    vol.Required("platform", description="How the printer is reached."): slug,
    vol.Optional("name", description="What people read."): title,
    vol.Optional(
        "http_port", description="A port of its own, for apps that know of one printer only."
    ): port,
}
_COMMON_NAMES = known_options(COMMON_PRINTER_OPTIONS)
_COMMON_SCHEMA = vol.Schema(COMMON_PRINTER_OPTIONS, extra=vol.REMOVE_EXTRA)

_DID_YOU_MEAN = re.compile(r"did you mean '(.+)'\?")
# What a careless validator may raise on a value of an unexpected type.
_CARELESS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Validation:
    """Checks one document; the results stand in the attributes."""

    def __init__(self, document: Document, catalogue: Catalogue) -> None:
        self.problems: list[Problem] = list(document.problems)
        self.appliance: dict[str, Any] = {}
        self.printers: list[dict[str, Any]] = []
        self.profiles: dict[str, Any] = {}  # as written: platforms know what they mean
        self.components: dict[str, Any] = {}
        self._document = document
        self._catalogue = catalogue
        data = document.data
        if isinstance(data, dict):
            self._check(data)
        elif not self.problems:
            message = "the file is empty" if data is None else "expected lines 'key: value'"
            self._add((), message, "see the default configuration for what it takes")

    @property
    def secrets(self) -> frozenset[str]:
        """Every text that must never be shown: from secrets.yaml, or at a secret's key."""
        return frozenset(self._document.secrets) | frozenset(secrets_in(self._document.data))

    def _check(self, data: dict[str, Any]) -> None:
        self.appliance = self._apply(APPLIANCE_SCHEMA, data.get(APPLIANCE), (APPLIANCE,)) or {}
        domains = [key for key in data if key not in CORE_KEYS and self._is_component(key)]
        entries = list(self._entries(data.get(PRINTER), data.get(PROFILES)))
        platforms = [entry["platform"] for entry, _, _ in entries if "platform" in entry]
        drivers = {name: driver for name in platforms if (driver := self._driver_domain(name))}
        for domain in self._with_dependencies([*domains, *drivers.values()]):
            component = self._load(domain)
            if component is None:
                continue
            value = self._apply(component.config_schema, data.get(domain), (domain,))
            if value is not None:
                self.components[domain] = value
        self._check_printers(entries, drivers)

    # -- components

    def _is_component(self, key: str) -> bool:
        if key in self._catalogue:
            return True
        if (reason := self._catalogue.broken.get(key)) is not None:
            self._add((key,), f"the component cannot be used: {reason}", at_key=True)
            return False
        hint = self._instead_of_component(key)
        self._add((key,), f"there is no component '{key}'", hint, at_key=True)
        return False

    def _instead_of_component(self, key: str) -> str:
        names = [*CORE_KEYS, *self._catalogue.names()]
        if key in self._catalogue.platforms():
            return f"it is the platform of a printer: write 'platform: {key}' below 'printer:'"
        if key in _ON_THE_CARD:
            return "it is set in gantry.yaml on the SD card; see docs/sd-card.md"
        if key in _COMMON_NAMES or key in self._printer_options():
            return "it is an option of a printer: indent it below 'printer:'"
        guess = closest(key, names)
        return f"did you mean '{guess}'?" if guess else f"there are: {', '.join(names)}"

    def _with_dependencies(self, domains: list[str]) -> list[str]:
        found: dict[str, None] = {}
        for domain in domains:
            try:
                found.update(dict.fromkeys(self._catalogue.with_dependencies([domain])))
            except GantryError as error:
                self._add((domain,), str(error), at_key=True)
        return list(found)

    def _load(self, domain: str) -> Component | None:
        try:
            return self._catalogue.load(domain)
        except GantryError as error:
            self._add((domain,), str(error), at_key=True)
            return None

    # -- printers

    def _entries(
        self, value: object, profiles: object
    ) -> Iterator[tuple[dict[str, Any], Path_, dict[str, Any]]]:
        """Yield entry, path and as-written entry of every printer; a mapping is one."""
        if profiles is not None and not isinstance(profiles, dict):
            self._add((PROFILES,), "expected profiles by name", "name: {volume: {width: ...}}")
            profiles = {}
        self.profiles = profiles or {}
        single = isinstance(value, dict)
        if value is not None and not isinstance(value, dict | list):
            self._add((PRINTER,), "expected a list of printers")
            return
        seen: dict[str, Path_] = {}
        for index, entry in enumerate([value] if single else value or ()):
            path: Path_ = (PRINTER,) if single else (PRINTER, index)
            if not isinstance(entry, dict):
                self._add(path, "expected a printer: id, platform and its options")
                continue
            checked, problems = check(self._document, _COMMON_SCHEMA, entry, path)
            if checked is None:
                self.problems += _meant([*self._misspelt(entry, path), *problems])
                continue
            if checked["id"] in seen:
                message = f"the id '{checked['id']}' is taken by another printer"
                self._add((*path, "id"), message, "every printer needs an id of its own")
                continue
            seen[checked["id"]] = path
            yield checked, path, self._with_profile(entry, path, profiles or {})

    def _misspelt(self, entry: dict[str, Any], path: Path_) -> Iterator[Problem]:
        """Find what no platform knows in an entry that has no id or platform."""
        known = {*_COMMON_NAMES, *self._printer_options()}
        for key in entry:
            if key not in known:
                guess = closest(key, known - {*entry})
                hint = f"did you mean '{guess}'?" if guess else None
                message = f"'{key}' is no option of a printer"
                yield self._document.problem((*path, key), message, hint, at_key=True)

    def _printer_options(self) -> frozenset[str]:
        """Return the options of the printers of every platform."""
        domains = map(self._driver_domain, self._catalogue.platforms())
        loaded = [self._load(domain) for domain in domains if domain is not None]
        schemas = [each.printer_schema for each in loaded if each is not None]
        return frozenset().union(*map(known_options, schemas))

    def _with_profile(
        self, entry: dict[str, Any], path: Path_, profiles: dict[str, Any]
    ) -> dict[str, Any]:
        """Put the profile in the place of its name."""
        name = entry.get(PROFILE)
        if not isinstance(name, str):
            return entry
        if name in profiles:
            return {**entry, PROFILE: profiles[name], PROFILE_NAME: name}
        guess = closest(name, profiles)
        hint = f"did you mean '{guess}'?" if guess else f"name it in {PROFILES}:"
        self._add((*path, PROFILE), f"there is no printer profile '{name}'", hint)
        return {key: value for key, value in entry.items() if key != PROFILE}

    def _driver_domain(self, platform: str) -> str | None:
        domain = self._catalogue.platform_component(platform)
        return domain if domain in self._catalogue else None

    def _check_printers(
        self,
        entries: list[tuple[dict[str, Any], Path_, dict[str, Any]]],
        drivers: dict[str, str],
    ) -> None:
        for checked, path, entry in entries:
            domain = drivers.get(checked["platform"])
            component = self._load(domain) if domain is not None else None
            if component is not None and component.printer_schema is not None:
                self._check_printer(checked, path, entry, component)
            elif domain is None or component is not None:
                self._unknown_platform(checked["platform"], (*path, "platform"))

    def _check_printer(
        self,
        checked: dict[str, Any],
        path: Path_,
        entry: dict[str, Any],
        component: Component,
    ) -> None:
        """Apply the platform's schema; common options that it does not know are kept."""
        known = known_options(component.printer_schema)
        own = {
            key: value
            for key, value in entry.items()
            if key in known or key not in (*_COMMON_NAMES, PROFILE_NAME)
        }
        result = self._apply(component.printer_schema, own, path, _COMMON_NAMES)
        if result is not None:
            self.printers.append({**checked, **result})
            if isinstance(name := entry.get(PROFILE_NAME), str):
                self.printers[-1][PROFILE_NAME] = name

    def _unknown_platform(self, platform: str, path: Path_) -> None:
        names = self._catalogue.platforms()
        guess = closest(platform, names)
        hint = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(names)}"
        self._add(path, f"there is no printer platform '{platform}'", hint)

    # -- schemas

    def _apply(
        self, schema: object, value: object, path: Path_, also: Iterable[str] = ()
    ) -> Any | None:
        """Return the checked value, or None after noting every problem."""
        checked, problems = check(self._document, schema, value, path, also)
        self.problems += problems
        return checked

    def _add(
        self, path: Path_, message: str, hint: str | None = None, *, at_key: bool = False
    ) -> None:
        problem = self._document.problem(path, message, hint, at_key=at_key)
        self.problems.append(problem)


def check(
    document: Document,
    schema: object,
    value: object,
    path: Path_,
    also: Iterable[str] = (),
) -> tuple[Any | None, list[Problem]]:
    """Apply a schema to the value at ``path`` of a document.

    Returns the checked value, or None and every problem at its place. ``also`` are options
    that exist beside those of the schema, to be proposed in hints.
    """
    apply = schema if isinstance(schema, vol.Schema) else vol.Schema(schema)
    try:
        return apply({} if value is None else value), []
    except vol.Invalid as invalid:
        told = {each.path for each in document.problems}  # such as a secret that is missing
        found = [_explain(document, schema, error, path, also) for error in flatten(invalid)]
        problems = [each for each in _meant(found) if each.path not in told]
    except _CARELESS as error:
        message = f"cannot be checked: {type(error).__name__}: {error}"
        problems = [document.problem(path, message)]
    return None, problems


def _meant(problems: list[Problem]) -> list[Problem]:
    """Leave out what is "missing" where another line says its name with a mistake."""
    meant = {
        (*each.path[:-1], word[1])
        for each in problems
        if each.hint and (word := _DID_YOU_MEAN.fullmatch(each.hint))
    }
    missing = "is missing"
    return [each for each in problems if not (each.path in meant and missing in each.message)]


def _explain(
    document: Document,
    schema: object,
    error: vol.Invalid,
    path: Path_,
    also: Iterable[str],
) -> Problem:
    inner: Path_ = tuple(
        step if isinstance(step, str | int) else str(step) for step in error.path
    )
    here = _written(document, (*path, *inner))
    message = str(error.error_message)
    if message == "extra keys not allowed":
        options = known_options(schema, inner[:-1]) | {*(also if len(inner) == 1 else ())}
        section = "->".join(str(step) for step in here[:-1])
        guess = closest(here[-1], options)
        hint = f"did you mean '{guess}'?" if guess else None
        if hint is None and options:
            hint = f"options are: {', '.join(sorted(options))}"
        message = f"'{here[-1]}' is no option of '{section}'"
        return document.problem(here, message, hint, at_key=True)
    if message == "required key not provided":
        message, hint = f"'{here[-1]}' is missing", f"add a line '{here[-1]}: ...'"
        return document.problem(here, message, hint, at_key=True)
    value = _value_at(document.data, here)
    if message == "expected a dictionary":
        message = "expected options 'key: value', indented below"
        hint = of_value(value, message)
        if hint is None and (options := known_options(schema, inner)):
            hint = f"options are: {', '.join(sorted(options))}"
        return document.problem(here, message, hint)
    if value is None and here in document.keys:
        return document.problem(here, f"has no value: {message}", at_key=True)
    return document.problem(here, message, of_value(value, message))


def _written(document: Document, path: Path_) -> Path_:
    """Return the path without the index that a validator gave to what stands alone."""
    while path and isinstance(path[-1], int) and path not in document.keys:
        path = path[:-1]
    return path


def _value_at(data: Any, path: Path_) -> Any:
    for step in path:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data
