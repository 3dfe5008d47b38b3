"""The printer profiles of the configuration: those with a name, and the printers' own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from appliance.components.octoprint_api.configuring import YamlChanges, change_configuration
from appliance.config.printing import PROFILE_SCHEMA, build_profile
from appliance.config.schema import vol
from appliance.config.validate import PROFILE, PROFILE_NAME, PROFILES
from appliance.config.write import UNSET
from appliance.core import Appliance
from appliance.domain.printer import Printer, Profile
from appliance.errors import FileExists, InvalidRequest, UserMissing

_ODD = re.compile(r"[^a-z0-9_-]+")


class ProfileMissing(UserMissing):
    """There is no such profile."""


class ProfileExists(FileExists):
    """The id is taken."""


class Profiles:
    """What machines the configuration knows, as one printer sees them."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance

    def all(self, printer: Printer) -> Sequence[Profile]:
        """Return the printer's own profile and every one with a name."""
        named = [
            build_profile({"name": name, **_checked(config), "id": name}, name)
            for name, config in self._named.items()
        ]
        if any(profile.id == printer.profile.id for profile in named):
            return named
        return [printer.profile, *named]

    def get(self, printer: Printer, profile_id: str) -> Profile:
        """Return that profile."""
        for profile in self.all(printer):
            if profile.id == profile_id:
                return profile
        message = "there is no such profile"
        raise ProfileMissing(message)

    def default(self, printer: Printer) -> Profile:
        """Return the profile that the configuration gives the printer."""
        return printer.profile

    async def choose(self, printer: Printer, wanted: object) -> None:
        """Use another profile from now on; one without a name gets its id as its name."""
        if wanted == printer.profile.id:
            return
        if not isinstance(wanted, str) or wanted not in self._named:
            raise InvalidRequest("there is no such profile")
        common: YamlChanges = {}
        entry = self._entry(printer)
        if PROFILE_NAME not in entry:
            kept = {"name": printer.profile.name, **_plain(entry[PROFILE])}
            common[PROFILES, printer.profile.id] = kept
        await change_configuration(self._appliance, printer, common, {(PROFILE,): wanted})

    async def add(
        self, printer: Printer, config: Mapping[str, Any], wanted_id: str, based_on: object
    ) -> Profile:
        """Add a profile with a name: what is given, over the one it is based on."""
        profile_id = _ODD.sub("_", wanted_id.lower()).strip("_")
        if not profile_id:
            raise InvalidRequest("profile.id must hold letters or digits")
        if any(profile.id == profile_id for profile in self.all(printer)):
            message = "that id is taken by another profile"
            raise ProfileExists(message)
        base = self._config(printer, based_on)
        merged = merged_config(base, config)
        _checked(merged)
        await change_configuration(
            self._appliance, printer, {(PROFILES, profile_id): merged}, {}
        )
        return self.get(printer, profile_id)

    async def change(
        self, printer: Printer, profile_id: str, config: Mapping[str, Any]
    ) -> Profile:
        """Change what is given of a profile, where it stands."""
        self.get(printer, profile_id)
        base = self._config(printer, profile_id)
        merged = merged_config(base, config)
        _checked(merged)
        if profile_id in self._named:
            wanted: YamlChanges = {(PROFILES, profile_id): merged}
            await change_configuration(self._appliance, printer, wanted, {})
        else:
            await change_configuration(self._appliance, printer, {}, {(PROFILE,): merged})
        return self.get(printer, profile_id)

    async def remove(self, printer: Printer, profile_id: str) -> None:
        """Remove a profile that no printer uses."""
        if profile_id in self._named:
            removal: YamlChanges = {(PROFILES, profile_id): UNSET}
            await change_configuration(self._appliance, printer, removal, {})

    def in_use(self, printer: Printer, profile_id: str) -> bool:
        """Return whether some printer has that profile."""
        entries = self._appliance.configuration.printers
        named = {entry.get(PROFILE_NAME) for entry in entries}
        return profile_id in named or profile_id == printer.profile.id

    def _config(self, printer: Printer, profile_id: object) -> Mapping[str, Any]:
        """Return a profile as it is written; the printer's own where none is named."""
        if profile_id is None or profile_id == printer.profile.id:
            profile_id = self._entry(printer).get(PROFILE_NAME)
            if profile_id is None:
                return _plain(self._entry(printer)[PROFILE])
        if not isinstance(profile_id, str) or profile_id not in self._named:
            raise InvalidRequest("there is no profile to base that on")
        return dict(self._named[profile_id] or {})

    @property
    def _named(self) -> Mapping[str, Any]:
        return self._appliance.configuration.profiles

    def _entry(self, printer: Printer) -> Mapping[str, Any]:
        entries = self._appliance.configuration.printers
        return next(entry for entry in entries if entry["id"] == printer.id)


def merged_config(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``given`` over it, branch by branch."""
    merged = dict(base)
    for key, value in given.items():
        known = merged.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            merged[key] = merged_config(known, value)
        else:
            merged[key] = value
    return merged


def _checked(config: Mapping[str, Any] | None) -> dict[str, Any]:
    try:
        checked: dict[str, Any] = PROFILE_SCHEMA(dict(config or {}))
    except vol.Invalid as error:
        message = f"the profile is invalid: {error}"
        raise InvalidRequest(message) from error
    return checked


def _plain(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a checked profile without what are defaults, to be written again."""
    defaults = PROFILE_SCHEMA({})
    plain: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            known = defaults.get(key, {})
            value = {k: v for k, v in value.items() if known.get(k) != v}  # noqa: PLW2901
            if not value:
                continue
        elif defaults.get(key) == value:
            continue
        plain[key] = value
    return plain
