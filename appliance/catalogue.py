"""Which components there are, and how one is imported.

Ours are in ``appliance/components``; a user's own are in ``custom_components`` of the
configuration folder, imported as ``custom_components.<domain>`` without touching the
search path of Python.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from appliance.manifest import MANIFEST, Manifest, ManifestError, read_manifest
from appliance.records import dataclass

if TYPE_CHECKING:
    from appliance.core import Appliance
    from appliance.domain.printer import Printer

_LOGGER = logging.getLogger(__name__)

OUR_PACKAGE = "appliance.components"
CUSTOM_PACKAGE = "custom_components"
_OUR_FOLDER = Path(__file__).parent / "components"

# The platforms of `printer:` whose component has another name.
_PLATFORMS = {"serial": "serial_printer"}
_PLATFORM_PARTS = ("PRINTER_SCHEMA", "async_setup_printer")

Setup = Callable[["Appliance", Any], Awaitable[None]]
SetupPrinter = Callable[["Appliance", dict[str, Any]], Awaitable["Printer"]]


@dataclass(frozen=True, slots=True)
class Component:
    """A component, imported."""

    manifest: Manifest
    config_schema: Any
    async_setup: Setup
    printer_schema: Any = None
    async_setup_printer: SetupPrinter | None = None


class Catalogue:
    """The components that can be used with one configuration folder."""

    def __init__(self, directory: Path | None = None, ours: Path = _OUR_FOLDER) -> None:
        self.manifests: dict[str, Manifest] = {}
        # Components that are there and unusable, with the reason.
        self.broken: dict[str, str] = {}
        self._imported: dict[str, Component] = {}
        self._find(ours, custom=False)
        if directory is not None and (own := directory / CUSTOM_PACKAGE).is_dir():
            self._find(own, custom=True)
            _mount(own)

    def __contains__(self, domain: str) -> bool:
        return domain in self.manifests

    def names(self) -> list[str]:
        """Return the domains of all usable components, sorted."""
        return sorted(self.manifests)

    def load(self, domain: str) -> Component:
        """Import a component; what goes wrong in its code becomes a `ManifestError`."""
        if domain not in self._imported:
            self._imported[domain] = self._import(self.manifests[domain])
        return self._imported[domain]

    def with_dependencies(self, domains: Iterable[str]) -> dict[str, Manifest]:
        """Return the manifests of ``domains`` and of all that they depend on."""
        found: dict[str, Manifest] = {}
        waiting = [(domain, domain) for domain in domains]
        while waiting:
            domain, wanted_by = waiting.pop()
            if domain in found:
                continue
            if domain not in self.manifests:
                reason = self.broken.get(domain, "there is no such component")
                message = f"'{wanted_by}' depends on '{domain}': {reason}"
                raise ManifestError(message)
            found[domain] = self.manifests[domain]
            waiting += [(needed, domain) for needed in found[domain].dependencies]
        return found

    def platform_component(self, platform: str) -> str:
        """Return the domain of the component that drives printers of ``platform``."""
        return _PLATFORMS.get(platform, platform)

    def platforms(self) -> list[str]:
        """Return the words that `platform:` takes; imports every component."""
        words = {domain: word for word, domain in _PLATFORMS.items()}
        return [words.get(domain, domain) for domain in self.names() if self._drives(domain)]

    def _drives(self, domain: str) -> bool:
        try:
            return self.load(domain).printer_schema is not None
        except ManifestError:
            return False

    def _find(self, folder: Path, *, custom: bool) -> None:
        for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
            domain = manifest.parent.name
            if custom and domain in self.manifests:
                _LOGGER.warning("Your own '%s' is used instead of Gantry's", domain)
            try:
                self.manifests[domain] = read_manifest(manifest.parent, custom=custom)
            except ManifestError as error:
                self.manifests.pop(domain, None)
                self.broken[domain] = str(error)

    def _import(self, manifest: Manifest) -> Component:
        package = CUSTOM_PACKAGE if manifest.custom else OUR_PACKAGE
        name = f"{package}.{manifest.domain}"
        if manifest.module is not None:
            name = f"{name}.{manifest.module}"
        try:
            module = importlib.import_module(name)
        except Exception as error:  # whatever somebody's code does when it is imported
            message = f"'{manifest.domain}' cannot be imported: {_one_line(error)}"
            raise ManifestError(message) from error
        return _component(manifest, module)


def _component(manifest: Manifest, module: ModuleType) -> Component:
    missing = [name for name in ("CONFIG_SCHEMA", "async_setup") if not hasattr(module, name)]
    platform = [name for name in _PLATFORM_PARTS if hasattr(module, name)]
    if len(platform) == 1:
        missing += [name for name in _PLATFORM_PARTS if name not in platform]
    if missing:
        message = f"'{manifest.domain}' has no {' and no '.join(missing)} in {module.__name__}"
        raise ManifestError(message)
    for name in ("async_setup", "async_setup_printer"):
        if not inspect.iscoroutinefunction(getattr(module, name, module.async_setup)):
            message = f"{module.__name__}.{name} must be an async function"
            raise ManifestError(message)
    return Component(
        manifest,
        module.CONFIG_SCHEMA,
        module.async_setup,
        getattr(module, "PRINTER_SCHEMA", None),
        getattr(module, "async_setup_printer", None),
    )


def _mount(folder: Path) -> None:
    """Make ``custom_components`` the package of that folder, and of no other."""
    mounted = sys.modules.get(CUSTOM_PACKAGE)
    if mounted is not None:
        if list(mounted.__path__) == [str(folder)]:
            return
        for name in [each for each in sys.modules if each.startswith(f"{CUSTOM_PACKAGE}.")]:
            del sys.modules[name]
    spec = ModuleSpec(CUSTOM_PACKAGE, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    sys.modules[CUSTOM_PACKAGE] = module_from_spec(spec)


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
