"""The password file of mosquitto: one user, and what is left of a password by PBKDF2.

A line is ``USER:$7$ITERATIONS$SALT$HASH``, salt and hash in base64, SHA-512 (mosquitto's
``password_mosq.c`` reads the number of iterations from the file).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

_ITERATIONS = 20_000  # a tenth of a second on a Raspberry Pi, at each connection
_SALT_BYTES = 12
_HASH_BYTES = 64
_KIND = "7"


def password_line(user: str, password: str) -> str:
    """Return the line of a user."""
    salt = os.urandom(_SALT_BYTES)
    parts = ("", _KIND, str(_ITERATIONS), _text(salt), _text(_hash(password, salt)))
    return f"{user}:{'$'.join(parts)}\n"


def user_of(line: str) -> str:
    """Return whose line it is."""
    return line.rpartition(":")[0]


def accepts(line: str, user: str, password: str) -> bool:
    """Whether this is the line of that user with that password."""
    try:
        _, kind, iterations, salt, wanted = line.strip().rpartition(":")[2].split("$")
        found = _hash(password, base64.b64decode(salt), int(iterations))
        is_same = hmac.compare_digest(found, base64.b64decode(wanted))
    except (ValueError, OverflowError, binascii.Error):
        return False
    return is_same and kind == _KIND and user_of(line) == user


def _hash(password: str, salt: bytes, iterations: int = _ITERATIONS) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations, _HASH_BYTES)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
