"""The analysis process: ``python -m ...analysis ORDER``, the file on standard input.

It is nice to everybody, bounded in memory, and answers with one JSON document.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
from pathlib import Path

from appliance.components.file_manager.analysis.analyse import Outcome, analyse
from appliance.components.file_manager.analysis.work import Order, Result
from appliance.components.file_manager.metadata import reader, unpack
from appliance.components.file_manager.metadata.bgcode import DamagedFile
from appliance.domain.metadata import Metadata
from appliance.niceness import be_nice

MEMORY_BYTES = 512 * 1024 * 1024
_INPUT = 0


def main() -> int:
    """Do what the order says and write the result to standard output."""
    be_nice()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    order = Order.decode(sys.argv[1])
    try:
        result = _work(order)
    except (DamagedFile, unpack.TooMuch) as error:
        result = Result(error=str(error))
    except OSError as error:
        result = Result(error=error.strerror or "the disk failed")
    sys.stdout.buffer.write(result.encode())
    return 0


def _work(order: Order) -> Result:
    if not unpack.packed(order.suffix):
        return _result(analyse(_INPUT, order.limits, order.diameter_mm, order.total_s))
    if order.unpack_to is None:
        raise DamagedFile("there is no place to unpack it")
    _unpack(order, order.unpack_to)
    digest = _digest(_INPUT)
    descriptor = os.open(order.unpack_to, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if order.only_unpack:
            return Result(digest, os.fstat(descriptor).st_size)
        metadata = reader.of_plain(descriptor).metadata
        total_s = order.total_s or metadata.estimated_s
        outcome = analyse(descriptor, order.limits, order.diameter_mm, total_s)
    finally:
        os.close(descriptor)
    return _result(outcome, digest, None if order.suffix == ".bgcode" else metadata)


def _unpack(order: Order, target: str) -> None:
    """Write the plain G-code, durably and whole: the print engine will read it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    temporary = target + ".part"
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            for piece in unpack.plain(_INPUT, order.suffix, order.unpack_limit):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _digest(descriptor: int) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    position = 0
    while block := os.pread(descriptor, 1024 * 1024, position):
        digest.update(block)
        position += len(block)
    return digest.hexdigest()


def _result(
    outcome: Outcome, digest: str | None = None, metadata: Metadata | None = None
) -> Result:
    return Result(
        digest or outcome.digest,
        outcome.size,
        None,
        outcome.analysis,
        outcome.facts,
        outcome.layers,
        outcome.curve,
        metadata,
    )


if __name__ == "__main__":
    sys.exit(main())
