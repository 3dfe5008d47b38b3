"""JWTs for Moonraker's clients, and tokens that are good for one request."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import jwt

from appliance.components.auth.clock import Clock
from appliance.components.auth.secret import digest, new_id
from appliance.domain.identity import Identity
from appliance.errors import CredentialInvalid
from appliance.records import dataclass

ISSUER = "gantry"
ALGORITHM = "HS256"
ACCESS_S = 3600.0
REFRESH_S = 90 * 86400.0
FRESH_S = 300.0
# A signing key makes tokens for a month and is good for what it made.
ROTATE_S = 30 * 86400.0
ONESHOT_S = 5.0
MAX_ONESHOT = 1024


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs JWTs."""

    id: str
    secret: str
    made_at: float  # unix seconds


@dataclass(frozen=True, slots=True)
class Claims:
    """What a JWT of ours says."""

    user: str
    kind: str  # access or refresh
    generation: int  # of the user's tokens
    login_at: float  # unix seconds of the password


class TokenSigner:
    """Makes and checks JWTs; the newest of its keys signs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: list[SigningKey] = []

    def issue(self, user: str, kind: str, generation: int, login_at: float) -> str:
        """Return a token."""
        now = self._clock.wall()
        key = self._keys[-1]
        life = ACCESS_S if kind == "access" else REFRESH_S
        return jwt.encode(
            {
                "iss": ISSUER,
                "sub": user,
                "iat": int(now),
                "exp": int(now + life),
                "typ": kind,
                "gen": generation,
                "auth": int(login_at),
                "jti": new_id(),
            },
            key.secret,
            algorithm=ALGORITHM,
            headers={"kid": key.id},
        )

    def read(self, token: str, kind: str) -> Claims:
        """Return the claims of a token of that kind, or raise CredentialInvalid."""
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = next(key for key in self._keys if key.id == key_id)
            # "Issued in the future" is no error: a board without battery clock starts in
            # the past, and tokens made before are good nevertheless.
            data = jwt.decode(
                token,
                key.secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "sub"], "verify_iat": False},
            )
        except (jwt.InvalidTokenError, StopIteration):
            raise CredentialInvalid("the token is not valid") from None
        if data.get("typ") != kind:
            raise CredentialInvalid("the token is not valid")
        return Claims(data["sub"], kind, data["gen"], data["auth"])

    def fresh_until(self, claims: Claims) -> float:
        """Return until when the password counts as just given, by the monotonic clock."""
        age = self._clock.wall() - claims.login_at
        return self._clock.monotonic() + FRESH_S - age if age >= 0 else 0.0

    def rotate(self) -> bool:
        """Make a new signing key when the last is old; return whether something changed."""
        now = self._clock.wall()
        if self._keys and now - self._keys[-1].made_at < ROTATE_S:
            return False
        self._keys = [key for key in self._keys if now - key.made_at < ROTATE_S + REFRESH_S]
        self._keys.append(SigningKey(new_id(), secrets.token_hex(32), now))
        return True

    def to_data(self) -> list[dict[str, Any]]:
        """Return the signing keys as plain data."""
        return [{"id": k.id, "secret": k.secret, "made_at": k.made_at} for k in self._keys]

    def load(self, data: Sequence[Mapping[str, Any]]) -> None:
        """Take over what `to_data` made."""
        self._keys = [SigningKey(each["id"], each["secret"], each["made_at"]) for each in data]


class OneshotTokens:
    """Tokens for links and websockets of browsers: one request, five seconds, one address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[Identity, str, float]] = {}

    def issue(self, identity: Identity, address: str) -> str:
        """Return a token of 32 characters."""
        now = self._clock.monotonic()
        for key, (_, _, until) in tuple(self._tokens.items()):
            if now >= until or len(self._tokens) >= MAX_ONESHOT:
                del self._tokens[key]
        token = secrets.token_hex(16)
        self._tokens[digest(token)] = (identity, address, now + ONESHOT_S)
        return token

    def take(self, token: str, address: str) -> Identity | None:
        """Return who the token was made for, once."""
        entry = self._tokens.pop(digest(token), None)
        if entry is None:
            return None
        identity, bound_to, until = entry
        if bound_to != address or self._clock.monotonic() >= until:
            return None
        return identity
