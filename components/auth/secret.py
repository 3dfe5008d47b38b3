"""Secrets that we make ourselves: 190 random bits, known again by their SHA-256.

Such a secret cannot be guessed, so that a plain hash protects it as well as a slow one
protects a password; looking it up by its hash tells nothing about it by time.
"""

from __future__ import annotations

import hashlib
import secrets
import string

# Clients take a key for one of OctoPrint or Moonraker only if it is 32 letters and digits.
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 32


def new_secret() -> str:
    """Return a new secret, safe in URLs, headers, on a command line and in any form."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_id() -> str:
    """Return an id that says nothing: for logs and lists."""
    return secrets.token_hex(8)
