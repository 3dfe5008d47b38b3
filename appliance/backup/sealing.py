r"""An archive under a passphrase: Argon2id and libsodium's secret stream.

"gantry-sealed-backup 1\n", length of the head (4 bytes), head (JSON), salt, header of
the stream, blocks. Each block but the last holds 64 KiB; the last is marked as such, so
that a file that was cut off is known. The head is bound to the first block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from nacl import bindings, pwhash, utils
from nacl.exceptions import CryptoError

from appliance.backup.format import SEALED, sealed_head
from appliance.domain.backup import BackupDamaged, PassphraseWrong

_BLOCK = 64 * 1024
_SALT = pwhash.argon2id.SALTBYTES
# 64 MiB: a Zero 2 W has no more to give.
_MEMORY = pwhash.argon2id.MEMLIMIT_INTERACTIVE
_PASSES = pwhash.argon2id.OPSLIMIT_MODERATE
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class Sealer:
    """Takes what is written to it and writes it sealed; `finish` marks the end."""

    def __init__(self, output: BinaryIO, passphrase: str, head: bytes) -> None:
        self._output = output
        self._buffer = bytearray()
        self._bound = SEALED + head
        salt = utils.random(_SALT)
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(
            self._state, _key(passphrase, salt)
        )
        output.write(sealed_head(head) + salt + header)

    def write(self, data: bytes | memoryview) -> int:
        """Take more."""
        self._buffer += data
        while len(self._buffer) > _BLOCK:
            self._push(bytes(self._buffer[:_BLOCK]), _MESSAGE)
            del self._buffer[:_BLOCK]
        return len(data)

    def flush(self) -> None:
        """Do nothing: a block is written when it is full."""

    def finish(self) -> None:
        """Write the last block."""
        self._push(bytes(self._buffer), _FINAL)
        self._buffer.clear()

    def _push(self, block: bytes, tag: int) -> None:
        bound, self._bound = self._bound, b""
        sealed: bytes = bindings.crypto_secretstream_xchacha20poly1305_push(
            self._state, block, bound or None, tag
        )
        self._output.write(sealed)


def unseal(source: BinaryIO, head: bytes, passphrase: str | None) -> Iterator[bytes]:
    """Yield the archive; ``source`` stands behind the head."""
    if passphrase is None:
        raise PassphraseWrong("the backup is encrypted: give its passphrase")
    key = _key(passphrase, _exactly(source, _SALT))
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(
        state, _exactly(source, _HEADER), key
    )
    bound, tag = SEALED + head, _MESSAGE
    while tag != _FINAL:
        sealed = source.read(_BLOCK + _OVERHEAD)
        try:
            if len(sealed) < _OVERHEAD:
                raise BackupDamaged("it is not complete")
            block, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, sealed, bound or None
            )
        except CryptoError as error:
            if bound:
                raise PassphraseWrong("that is not its passphrase") from error
            raise BackupDamaged("it is damaged") from error
        bound = b""
        yield block
    if source.read(1):
        raise BackupDamaged("something stands behind its end")


def _key(passphrase: str, salt: bytes) -> bytes:
    key: bytes = pwhash.argon2id.kdf(
        bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES,
        passphrase.encode(),
        salt,
        opslimit=_PASSES,
        memlimit=_MEMORY,
    )
    return key


def _exactly(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    if len(data) != length:
        raise BackupDamaged("it is not complete")
    return data
