"""The part of the import that belongs to the user of the configuration.

Checking a configuration imports its components, which may be those of a newer release than
the factory's, and a folder of the user may hold more of them. So none of that runs as root:
it is a process of that user, of the release in use, which takes an order and answers it as
JSON. And no link of theirs leads root astray.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from appliance.config.emit import Secret
from appliance.config.write import SettingRefused

from .identity import run_as
from .merge import Keep
from .product import Merged, Product, Wanted

LONGEST_S = 240.0

Answer = dict[str, Any]
Worker = Callable[[Answer], Answer]

_SECRET, _KEEP = "!secret", "!keep"


class WorkFailed(Exception):
    """It did not come to an end as it should; the text says how."""


def do(order: Answer) -> Answer:
    """Carry out an order, here and now."""
    product = Product(Path(order["config"]), order["defaults"])
    if order["do"] == "prepare":
        applied, problem = product.prepare()
        return {"applied": applied, "problem": problem}
    wanted = Wanted(
        {key: _decoded(value) for key, value in order["values"].items()},
        order["secrets"],
        {name: frozenset(users) for name, users in order["used_by"].items()},
    )
    try:
        return asdict(product.take(wanted, order["before"]))
    except SettingRefused as error:  # the disk refused
        return asdict(Merged(refused=list(wanted.values), in_force=str(error)))


def preparing(config: Path, defaults: str) -> Answer:
    """Return the order to have a valid configuration."""
    return {"do": "prepare", "config": str(config), "defaults": defaults}


def taking(config: Path, defaults: str, wanted: Wanted, before: Answer) -> Answer:
    """Return the order to take what gantry.yaml says."""
    return {
        "do": "take",
        "config": str(config),
        "defaults": defaults,
        "values": {key: _encoded(value) for key, value in wanted.values.items()},
        "secrets": dict(wanted.secrets),
        "used_by": {name: sorted(users) for name, users in wanted.used_by.items()},
        "before": before,
    }


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Has orders carried out by a command of another user, through stdin and stdout."""

    user: str | None
    command: Sequence[str]

    def __call__(self, order: Answer) -> Answer:
        """Return the answer; raise `WorkFailed`."""
        try:
            done = run_as(self.user, self.command, LONGEST_S, json.dumps(order).encode())
            answer = json.loads(done.stdout)
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            message = f"the configuration could not be checked: {error}"
            raise WorkFailed(message) from error
        if done.returncode != 0 or not isinstance(answer, dict):
            message = f"the configuration could not be checked: {done.stderr.decode()[-300:]}"
            raise WorkFailed(message)
        return answer


def _encoded(value: Any) -> Any:
    match value:
        case dict():
            return {key: _encoded(inner) for key, inner in value.items()}
        case list():
            return [_encoded(inner) for inner in value]
        case Secret():
            return {_SECRET: [value.name, value.text]}
        case Keep():
            return {_KEEP: [value.stored.name, value.stored.text]}
    return value


def _decoded(value: Any) -> Any:
    match value:
        case {"!secret": [name, text], **rest} if not rest:
            return Secret(name, text)
        case {"!keep": [name, text], **rest} if not rest:
            return Keep(Secret(name, text))
        case dict():
            return {key: _decoded(inner) for key, inner in value.items()}
        case list():
            return [_decoded(inner) for inner in value]
    return value
