"""The names of the G-code scripts: ours in the YAML, OctoPrint's for its clients."""

from __future__ import annotations

from collections.abc import Mapping

from appliance.config.printing import SCRIPTS


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


TO_CLIENT: Mapping[str, str] = {name: _camel(name) for name in SCRIPTS}
TO_YAML: Mapping[str, str] = {client: name for name, client in TO_CLIENT.items()}
