"""The configuration: one YAML file, checked whole, every error at its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Configuration"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A checked configuration, in plain Python types."""

    directory: Path
    appliance: dict[str, Any]
    printers: tuple[dict[str, Any], ...] = ()
    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
