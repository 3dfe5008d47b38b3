"""The process that verifies and installs: ``python -m appliance.releases.worker``.

What it imports, nobody else needs: libsodium and what unpacks wheels. It says what it does
in lines of JSON, the last of which is the answer.
"""

from __future__ import annotations

import base64
import platform
import sys
from dataclasses import asdict
from typing import Any

import orjson

from appliance.domain.updates import BundleDamaged, UpdatePhase, UpdateRefused
from appliance.errors import GantryError
from appliance.niceness import be_nice
from appliance.releases.bundle import check_signature, load_keys, opened
from appliance.releases.channel import parse_list
from appliance.releases.installing import install, parse_version, refuse_if_unfit
from appliance.releases.order import Order, load_order
from appliance.releases.slots import PYTHON, Slots


def carry_out(order: Order) -> dict[str, Any]:
    """Do what the order says; blocks. Errors are those of the domain."""
    slots = Slots(order.root, order.factory)
    keys = load_keys(order.keys)
    if order.do == "offers":
        return _best_offer(order, slots)
    if order.do == "verify":
        with opened(order.file, keys) as bundle:
            refuse_if_unfit(bundle.manifest, slots)
            return {"version": bundle.manifest.version}
    manifest = install(order.file, slots, keys, order.config, _say, order.python)
    return {"version": manifest.version}


def _best_offer(order: Order, slots: Slots) -> dict[str, Any]:
    """Return the newest release of a channel that fits here, or nothing."""
    content = order.file.read_bytes()
    try:
        signature = base64.b64decode(order.signature, validate=True)
    except ValueError as error:
        raise BundleDamaged("the signature of the list is damaged") from error
    check_signature(content, signature, load_keys(order.keys))
    fitting = [
        each
        for each in parse_list(content)
        if each.python == PYTHON and each.machine in ("any", platform.machine())
    ]
    best = max(fitting, key=lambda each: parse_version(each.version), default=None)
    known = [slots.state().highest, slots.factory_version, slots.version_at("current")]
    newest = max(parse_version(each) for each in known if each is not None)
    if best is None or parse_version(best.version) <= newest:
        return {"offer": None}
    return {"offer": asdict(best)}


def _say(phase: UpdatePhase, progress: float | None) -> None:
    line = orjson.dumps({"phase": phase, "progress": progress})
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def main() -> int:
    """Do what the order says and say how it went."""
    be_nice()
    try:
        answer = carry_out(load_order(sys.stdin.buffer.read()))
    except GantryError as error:
        answer = {"error": _name(error), "message": str(error)}
    except OSError as error:
        answer = {"error": "OSError", "message": error.strerror or str(error)}
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    return 0


def _name(error: GantryError) -> str:
    for each in (BundleDamaged, UpdateRefused):
        if isinstance(error, each):
            return each.__name__
    return type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
