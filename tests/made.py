"""Make configuration folders and components for tests."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

PLAIN = """
from appliance.config.schema import vol

CONFIG_SCHEMA = vol.Schema({vol.Optional("port", default=80): int, "password": str})

async def async_setup(appliance, config):
    appliance.set_up.append((DOMAIN, config))
"""

PLATFORM = """
from appliance.config.schema import vol

CONFIG_SCHEMA = vol.Schema({})
PRINTER_SCHEMA = vol.Schema({vol.Required("port"): str, vol.Optional("profile"): dict})

async def async_setup(appliance, config):
    appliance.set_up.append((DOMAIN, config))

class Printer:
    def __init__(self, entry):
        self.id = entry["id"]
        self.entry = entry

async def async_setup_printer(appliance, entry):
    appliance.set_up.append((entry["id"], entry))
    return Printer(entry)
"""


def make_component(
    folder: Path, domain: str, code: str = PLAIN, file: str = "__init__.py", **manifest: object
) -> Path:
    """Write a component; ``DOMAIN`` in the code is its name."""
    component = folder / domain
    component.mkdir(parents=True)
    content = {"domain": domain, "name": domain.title(), **manifest}
    (component / "manifest.json").write_text(json.dumps(content))
    (component / "__init__.py").touch()
    (component / file).write_text(f'DOMAIN = "{domain}"\n' + textwrap.dedent(code))
    return component


def make_configuration(folder: Path, text: str, **files: str) -> Path:
    """Write configuration.yaml, and other YAML files by their name; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(textwrap.dedent(text))
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(textwrap.dedent(content))
    return folder
