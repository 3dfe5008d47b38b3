"""The configuration: one YAML file, checked whole, every error at its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appliance.config.report import ConfigurationError, Place, Problem
from appliance.config.validate import Validation
from appliance.config.yaml import read_document
from appliance.records import dataclass

if TYPE_CHECKING:
    from appliance.catalogue import Catalogue

__all__ = [
    "CONFIGURATION_FILE",
    "Configuration",
    "ConfigurationError",
    "Problem",
    "load_configuration",
]

CONFIGURATION_FILE = "configuration.yaml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A checked configuration, in plain Python types."""

    directory: Path
    appliance: dict[str, Any]
    printers: tuple[dict[str, Any], ...] = ()
    profiles: dict[str, Any] = field(default_factory=dict)  # printer_profiles, by name
    components: dict[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()


def load_configuration(
    directory: Path, catalogue: Catalogue, overlay: Mapping[Path, str] | None = None
) -> Configuration:
    """Read and check a configuration folder, or raise `ConfigurationError` with all of it.

    Blocks on the disk and imports the configured components: call it before the event loop
    starts, or in a thread. ``overlay`` takes the text of files as if it were written.
    """
    directory = Path(os.path.abspath(directory))  # noqa: PTH100 - normalises .. as well
    file = directory / CONFIGURATION_FILE
    if not directory.is_dir():
        hint = f"--config takes the folder: {directory.parent}" if directory.exists() else None
        raise _missing(directory, f"there is no folder {directory}", hint)
    if not file.exists() and file not in (overlay or {}):
        hint = "create it; Gantry's own config/configuration.yaml is a commented example"
        raise _missing(directory, f"there is no {CONFIGURATION_FILE}", hint)
    document = read_document(directory, CONFIGURATION_FILE, overlay)
    validation = Validation(document, catalogue)
    if validation.problems:
        raise ConfigurationError(directory, validation.problems, validation.secrets)
    return Configuration(
        directory,
        validation.appliance,
        tuple(validation.printers),
        validation.profiles,
        validation.components,
        validation.secrets,
    )


def _missing(directory: Path, message: str, hint: str | None = None) -> ConfigurationError:
    problem = Problem(Place(directory / CONFIGURATION_FILE, 1, 1), message, hint)
    return ConfigurationError(directory, [problem])
