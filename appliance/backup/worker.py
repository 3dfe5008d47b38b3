"""The process that packs, checks and unpacks: ``python -m appliance.backup.worker``.

It holds no lock of anybody, uses the time that is left over, and its memory is bounded, since
what it reads may have been made to use it up. The order comes on its standard input, because
a passphrase must not be seen in the list of processes; the answer is one line of JSON.
"""

from __future__ import annotations

import errno
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

import orjson

from appliance.backup.contents import STORAGE
from appliance.backup.format import Head
from appliance.backup.order import Order, load_order
from appliance.backup.packing import pack
from appliance.backup.staging import stage, verify
from appliance.errors import GantryError, StorageFull
from appliance.niceness import be_nice

_MEMORY = 768 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}


def carry_out(order: Order) -> Head:
    """Do what the order says; blocks. Errors are those of the domain."""
    sweep(order.config)
    try:
        if order.do == "pack":
            assert order.head is not None, "an order to pack says what it is"
            assert order.folders is not None, "and where everything is"
            pack(order.archive, order.head, order.folders, order.passphrase)
            return order.head
        if order.do == "stage":
            return stage(order.archive, order.config, order.passphrase)
        return verify(order.archive, order.passphrase)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("the disk is full") from error
        raise


def sweep(config: Path) -> None:
    """Remove what a process that was killed has left."""
    for left in (config / STORAGE).glob(".backup-*"):
        shutil.rmtree(left, ignore_errors=True)


def main() -> int:
    """Do what the order says and say how it went."""
    be_nice()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        head = carry_out(load_order(sys.stdin.buffer.read()))
        answer: dict[str, Any] = {"head": head.dump().decode()}
    except GantryError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except OSError as error:
        answer = {"error": "OSError", "message": error.strerror or str(error)}
    except MemoryError:
        answer = {"error": "BackupDamaged", "message": "it is larger than any backup"}
    sys.stdout.buffer.write(orjson.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
