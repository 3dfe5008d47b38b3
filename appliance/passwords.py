"""Passwords are kept as scrypt hashes, with the parameters they were made with.

``$scrypt$n=16384,r=8,p=1$<salt>$<hash>``, salt and hash in base64. Hashing takes about
60 ms and 16 MiB on a PC by intention: call it in a thread.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from appliance.records import dataclass

# RFC 7914; n = 2^14 keeps a login on a single-board computer below a second.
N, R, P = 2**14, 8, 1
SALT_BYTES = 16
HASH_BYTES = 32
# What a hash from a file may ask for at most: 64 MiB.
_MOST_MEMORY = 64 * 2**20

_HASH = re.compile(
    r"\$scrypt\$n=(\d{1,7}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/=]{1,128})\$([A-Za-z0-9+/=]{1,128})"
)


@dataclass(frozen=True, slots=True)
class _Parts:
    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes


def hash_password(password: str, n: int = N) -> str:
    """Return the hash to keep."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _scrypt(password, _Parts(n, R, P, salt, b"\0" * HASH_BYTES))
    return f"$scrypt$n={n},r={R},p={P}${_text(salt)}${_text(digest)}"


def verify_password(password: str, kept: str) -> bool:
    """Return whether ``password`` has that hash; takes as long whether it has or not."""
    parts = _parts(kept)
    if parts is None:
        return False
    return hmac.compare_digest(_scrypt(password, parts), parts.digest)


def is_hash(text: str) -> bool:
    """Return whether ``text`` is a hash of ours, rather than a password."""
    return _parts(text) is not None


def _scrypt(password: str, parts: _Parts) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=parts.salt,
        n=parts.n,
        r=parts.r,
        p=parts.p,
        maxmem=_MOST_MEMORY + 2**20,
        dklen=len(parts.digest),
    )


def _parts(kept: str) -> _Parts | None:
    match = _HASH.fullmatch(kept)
    if match is None:
        return None
    n, r, p = (int(number) for number in match.groups()[:3])
    if n < 2 or n & (n - 1) or not r or not p or 128 * n * r > _MOST_MEMORY:
        return None
    try:
        salt, digest = (base64.b64decode(text, validate=True) for text in match.groups()[3:])
    except ValueError:
        return None
    return _Parts(n, r, p, salt, digest) if digest else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
