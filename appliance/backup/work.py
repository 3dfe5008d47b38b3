"""Let the process work: errors come out as if it had been done here."""

from __future__ import annotations

from typing import Any

import orjson

from appliance import children
from appliance.backup.format import Head, load_head
from appliance.backup.order import MODULE, Order
from appliance.children import ChildFailed
from appliance.domain.backup import BackupDamaged, BackupUnusable, PassphraseWrong
from appliance.errors import FileError, StorageFull

# A slow board packs a megabyte a second.
PATIENCE_S = 300.0
PATIENCE_S_PER_BYTE = 4e-6

_ERRORS = {each.__name__: each for each in (BackupDamaged, BackupUnusable, PassphraseWrong)}


async def let_work(order: Order, size: int) -> Head:
    """Carry out an order about ``size`` bytes in a process of its own."""
    patience_s = PATIENCE_S + PATIENCE_S_PER_BYTE * size
    try:
        answer = await children.run(MODULE, patience_s=patience_s, given=order.dump())
        said: dict[str, Any] = orjson.loads(answer.output)
    except (ChildFailed, orjson.JSONDecodeError) as error:
        message = f"it could not be done: {error}"
        raise FileError(message) from error
    if "error" in said:
        kind = {**_ERRORS, "StorageFull": StorageFull}.get(said["error"], FileError)
        raise kind(said["message"])
    return load_head(said["head"].encode())
