"""The manifest of a component: what it is called and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from appliance.config.schema import flatten, known_options, vol
from appliance.config.validators import boolean, slug, string
from appliance.errors import GantryError
from appliance.records import dataclass

MANIFEST = "manifest.json"


class ManifestError(GantryError):
    """A component is put together wrongly; the text says which and how."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a component says about itself."""

    domain: str
    name: str
    description: str
    path: Path
    dependencies: tuple[str, ...] = ()  # set up before it, with defaults if not configured
    after: tuple[str, ...] = ()  # set up before it if they are used at all
    required: bool = False  # without it there is no use in starting
    follows: bool = False  # takes changed options at once, without a restart
    module: str | None = None  # of the package, where __init__ must stay light
    custom: bool = False  # from the user's custom_components


_SCHEMA = vol.Schema(
    {
        vol.Required("domain"): slug,
        vol.Required("name"): string,
        vol.Optional("description", default=""): string,
        vol.Optional("dependencies", default=list): [slug],
        vol.Optional("after", default=list): [slug],
        vol.Optional("required", default=False): boolean,
        vol.Optional("follows", default=False): boolean,
        vol.Optional("module"): vol.All(string, vol.Match(r"^[a-z_][a-z0-9_]*$")),
        vol.Optional("version"): string,
        vol.Optional("documentation"): string,
    }
)


def read_manifest(folder: Path, *, custom: bool = False) -> Manifest:
    """Read the manifest in a component's folder."""
    file = folder / MANIFEST
    try:
        data = _SCHEMA(orjson.loads(file.read_bytes()))
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror or error}"
        raise ManifestError(message) from error
    except orjson.JSONDecodeError as error:
        message = f"{file}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}"
        raise ManifestError(message) from error
    except vol.MultipleInvalid as error:
        problems = "; ".join(_explain(each) for each in flatten(error))
        message = f"{file}: {problems}"
        raise ManifestError(message) from error
    if data["domain"] != folder.name:
        message = f"{file}: the domain is '{data['domain']}', the folder '{folder.name}'"
        raise ManifestError(message)
    return _manifest(data, folder, custom)


def _manifest(data: dict[str, Any], folder: Path, custom: bool) -> Manifest:
    return Manifest(
        domain=data["domain"],
        name=data["name"],
        description=data["description"],
        path=folder,
        dependencies=tuple(data["dependencies"]),
        after=tuple(data["after"]),
        required=data["required"],
        follows=data["follows"],
        module=data.get("module"),
        custom=custom,
    )


def _explain(error: vol.Invalid) -> str:
    where = "->".join(str(step) for step in error.path)
    if error.error_message == "extra keys not allowed":
        return f"unknown key {where} (known: {', '.join(sorted(known_options(_SCHEMA)))})"
    return f"{where}: {error.error_message}" if where else str(error.error_message)
