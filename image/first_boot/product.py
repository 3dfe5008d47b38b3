"""The keys of gantry.yaml that belong into configuration.yaml, put there.

Three versions meet: what gantry.yaml said at the last import, what it says now, and the
configuration in force. What has changed in gantry.yaml since then is changed in force, and
nothing else: a setting made on the page stays when somebody corrects the Wi-Fi on the card.
A section (a key at the left margin) that would not be valid is left as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.catalogue import Catalogue
from appliance.config import CONFIGURATION_FILE, ConfigurationError, load_configuration
from appliance.config.nodes import UnreadableYaml, decode
from appliance.config.report import SECRETS_FILE, Path_, Problem, dotted
from appliance.config.validate import PRINTER
from appliance.config.write import ConfigurationWriter, SettingRefused
from appliance.config.yaml import read_document
from appliance.storage import make_private_directory

from . import disk
from .merge import Changes, merge

Finding = tuple[Path_, str, str | None]  # where in gantry.yaml, what, a hint

_FILES = (SECRETS_FILE, CONFIGURATION_FILE)
_SECRETS_HEADER = "# Passwords and keys; configuration.yaml uses them with !secret NAME.\n"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What gantry.yaml says: `Secret` and `Keep` stand in the place of secrets."""

    values: Mapping[str, Any]
    secrets: Mapping[str, str]  # by name, for secrets.yaml
    used_by: Mapping[str, frozenset[str]]  # the sections that use a secret, by its name

    def secrets_of(self, sections: Sequence[str]) -> dict[str, str]:
        """Return the secrets that these sections use, and those that none uses."""
        return {
            name: text
            for name, text in self.secrets.items()
            if not (users := self.used_by.get(name)) or users & {*sections}
        }


@dataclass(slots=True)
class Merged:
    """What became of the keys."""

    changed: list[str] = field(default_factory=list)  # for people
    findings: list[Finding] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # sections left as they were
    in_force: str | None = None  # what is wrong with the configuration itself


class Product:
    """One configuration folder."""

    def __init__(self, folder: Path, defaults: str) -> None:
        self._folder = folder
        self._file = folder / CONFIGURATION_FILE
        self._good = folder / ".storage/last-good"
        self._defaults = defaults
        self._catalogue = Catalogue(folder)
        self._writer = ConfigurationWriter(folder, self._catalogue)

    def prepare(self) -> tuple[list[str], str | None]:
        """Have a configuration that is valid; return what was done and what is wrong.

        One that is not valid (edited by hand) is set aside for the last good one.
        """
        disk.sweep(self._folder)
        secrets = self._folder / SECRETS_FILE
        if not secrets.exists():
            disk.write(secrets, _SECRETS_HEADER.encode())
        if not self._file.exists():
            disk.write(self._file, self._defaults.encode())
            return ["a new configuration, as it comes from the factory"], None
        if (problem := self.check()) is None:
            self._keep_good()
            return [], None
        return self._go_back(problem)

    def check(self) -> str | None:
        """Return what is wrong with the configuration in force; None if it is valid."""
        try:
            load_configuration(self._folder, self._catalogue)
        except ConfigurationError as error:
            return str(error)
        return None

    def _keep_good(self) -> None:
        make_private_directory(self._good)
        for name in _FILES:
            disk.write(self._good / name, (self._folder / name).read_bytes())

    def _go_back(self, problem: str) -> tuple[list[str], str | None]:
        """Put the last good configuration in force, if it is (still) good."""
        try:
            good = {name: decode((self._good / name).read_bytes()) for name in _FILES}
            overlay = {self._folder / name: text for name, text in good.items()}
            load_configuration(self._folder, self._catalogue, overlay)
        except (OSError, UnreadableYaml, ConfigurationError):
            return [], f"The configuration in force is not valid:\n{problem}"
        for name in _FILES:
            content = (self._folder / name).read_bytes()
            disk.write(self._folder / f"{name}.broken", content)
            disk.write(self._folder / name, good[name].encode())
        return (
            ["the last good configuration (the present one is kept as *.broken)"],
            f"The configuration was not valid:\n{problem}",
        )

    def take(self, wanted: Wanted, before: Mapping[str, Any]) -> Merged:
        """Change what ``wanted`` says differently from ``before``; write it if valid."""
        merged = Merged()
        live = read_document(self._folder, CONFIGURATION_FILE)
        if live.problems or not isinstance(live.data, dict):
            merged.in_force = self.check()
            merged.refused = list(wanted.values)
            return merged
        placeholders = _entries(self._factory().get(PRINTER))
        sections = list({**before, **wanted.values})
        while True:
            changes = merge(
                {key: before[key] for key in sections if key in before},
                {key: wanted.values[key] for key in sections if key in wanted.values},
                live.data,
                placeholders,
            )
            secrets = wanted.secrets_of(sections)
            bad = self._attempt(changes, secrets, merged) & {*sections}
            if not bad:
                return merged
            merged.refused += [key for key in sections if key in bad]
            sections = [key for key in sections if key not in bad]

    def _attempt(
        self, changes: Changes, secrets: Mapping[str, str], merged: Merged
    ) -> set[str]:
        """Try the changes; return the sections that spoil them, none if all is done."""
        if not changes.values and not secrets:
            return set()
        try:
            draft = self._writer.draft(changes.values, secrets)
            load_configuration(self._folder, self._catalogue, draft.after)
        except ConfigurationError as error:
            return self._blame(error.problems, changes, merged)
        except SettingRefused as error:
            return self._blame_one(str(error), changes, secrets, merged)
        self._writer.write(draft)
        self._keep_good()
        merged.changed += changes.words
        return set()

    def _blame(
        self, problems: Sequence[Problem], changes: Changes, merged: Merged
    ) -> set[str]:
        sections = set(changes.by_section())
        guilty = {str(each.path[0]) for each in problems if each.path} & sections
        if not guilty:  # what is in force was not valid before
            merged.in_force = self.check() or "the changes do not fit what is in force"
            return sections
        for problem in problems:
            if problem.path and str(problem.path[0]) in guilty:
                path = changes.origin(problem.path)
                message = problem.message.replace(
                    f"'{dotted(problem.path[:-1])}'", f"'{dotted(path[:-1])}'"
                )
                merged.findings.append((path, message, problem.hint))
        return guilty

    def _blame_one(
        self, message: str, changes: Changes, secrets: Mapping[str, str], merged: Merged
    ) -> set[str]:
        """Find the section that cannot be written by trying each alone."""
        guilty = set()
        for section, values in changes.by_section().items():
            try:
                self._writer.draft(values, secrets)
            except SettingRefused as error:
                guilty.add(section)
                merged.findings.append(((section,), str(error), None))
        if guilty:
            return guilty
        merged.in_force = message
        return set(changes.by_section())

    def _factory(self) -> dict[str, Any]:
        """Return the configuration of the factory: its printer gives way to a real one."""
        overlay = {self._file: self._defaults}
        data = read_document(self._folder, CONFIGURATION_FILE, overlay).data
        return data if isinstance(data, dict) else {}


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
