"""What is asked of the analysis process, and what it answers: JSON on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from appliance.components.file_manager.records import (
    analysis_from,
    layers_from,
    metadata_from,
)
from appliance.domain.analysis import Analysis, Layer, Limits
from appliance.domain.metadata import Metadata
from appliance.domain.wire import from_plain, to_plain
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """A file to go through; it is the standard input of the process."""

    suffix: str  # of the file, such as ".bgcode"
    limits: Limits
    diameter_mm: float = 1.75
    total_s: float | None = None  # by the slicer
    unpack_to: str | None = None  # where the plain G-code of a packed file goes
    unpack_limit: int = 0  # bytes that may come out
    only_unpack: bool = False

    def encode(self) -> str:
        """Return the order as an argument of the process."""
        return orjson.dumps(to_plain(self)).decode()

    @classmethod
    def decode(cls, text: str) -> Order:
        """Return the order from the argument."""
        return from_plain(cls, orjson.loads(text))


@dataclass(frozen=True, slots=True)
class Result:
    """What the process found."""

    digest: str = ""  # SHA-1 of the file as it is
    size: int = 0  # bytes of the plain G-code
    error: str | None = None
    analysis: Analysis | None = None
    facts: Mapping[str, Any] | None = None
    layers: tuple[Layer, ...] = ()
    curve: tuple[tuple[int, float], ...] = ()
    metadata: Metadata | None = None  # of a packed file, read from the plain G-code

    def encode(self) -> bytes:
        """Return the result for the pipe."""
        plain = {
            "digest": self.digest,
            "size": self.size,
            "error": self.error,
            "analysis": self.analysis,
            "facts": self.facts,
            "layers": self.layers,
            "curve": self.curve,
            "metadata": self.metadata,
        }
        return orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS)

    @classmethod
    def decode(cls, data: bytes) -> Result:
        """Return the result from the pipe; raise ValueError if it is none."""
        plain = orjson.loads(data)
        if not isinstance(plain, dict):
            raise TypeError("a result is a mapping")
        return cls(
            digest=plain["digest"],
            size=plain["size"],
            error=plain["error"],
            analysis=analysis_from(plain["analysis"]) if plain["analysis"] else None,
            facts=plain["facts"],
            layers=layers_from(plain["layers"]),
            curve=tuple((byte, left) for byte, left in plain["curve"]),
            metadata=metadata_from(plain["metadata"]) if plain["metadata"] else None,
        )
