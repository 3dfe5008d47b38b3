"""API keys: found by their hash, never kept in clear (but for the personal ones)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from appliance.components.auth.secret import digest, new_id, new_secret
from appliance.domain.api_keys import ApiKey, KeyKind
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest, UserMissing

MAX_KEYS_PER_USER = 100
# A key that is used all day is written down about once an hour.
USED_EVERY_S = 3600.0


class Keyring:
    """All keys by their hash."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}  # hash -> key
        self._fixed: dict[str, str] = {}  # user -> the key that the configuration says

    @property
    def keys(self) -> Sequence[ApiKey]:
        """All keys, the oldest first."""
        return sorted(self._keys.values(), key=lambda key: key.created_at)

    def find(self, key_hash: str) -> ApiKey | None:
        """Return the key with that hash."""
        return self._keys.get(key_hash)

    def of(self, user: str, kind: KeyKind | None = None) -> Sequence[ApiKey]:
        """Return the keys of a user."""
        return [
            key for key in self.keys if key.user == user and (kind is None or key.kind is kind)
        ]

    def create(
        self,
        user: str,
        label: str,
        *,
        scopes: frozenset[Scope] | None,
        printers: frozenset[str] | None,
        expires_at: float | None,
        now: float,
    ) -> tuple[ApiKey, str]:
        """Make a key; return it with the secret, which is not known afterwards."""
        label = label.strip()
        if not label or len(label) > 128 or not label.isprintable():
            raise InvalidRequest("a key needs a label of at most 128 characters in one line")
        if len(self.of(user, KeyKind.APP)) >= MAX_KEYS_PER_USER:
            message = f"a user has at most {MAX_KEYS_PER_USER} keys; revoke one first"
            raise InvalidRequest(message)
        secret = new_secret()
        key = ApiKey(
            id=new_id(),
            kind=KeyKind.APP,
            user=user,
            label=label,
            scopes=scopes,
            printers=printers,
            created_at=now,
            expires_at=expires_at,
        )
        self._keys[digest(secret)] = key
        return key, secret

    def put_personal(self, user: str, secret: str, now: float, *, fixed: bool = False) -> None:
        """Make ``secret`` the personal key of a user, in place of the one before."""
        self.drop_personal(user)
        if fixed:
            self._fixed[user] = secret
        self._keys[digest(secret)] = ApiKey(
            id=new_id(),
            kind=KeyKind.PERSONAL,
            user=user,
            label="personal key",
            created_at=now,
            fixed=fixed,
        )

    def fixed_of(self, user: str) -> str | None:
        """Return the key that the configuration says for a user."""
        return self._fixed.get(user)

    def drop_personal(self, user: str) -> Sequence[ApiKey]:
        """Forget the personal key of a user and return it."""
        keys = self.of(user, KeyKind.PERSONAL)
        self._drop(keys)
        self._fixed.pop(user, None)
        return keys

    def drop_user(self, user: str) -> Sequence[ApiKey]:
        """Forget every key of a user and return them."""
        keys = self.of(user)
        self._drop(keys)
        self._fixed.pop(user, None)
        return keys

    def revoke(self, key_id: str) -> ApiKey:
        """Void a key that is not a personal one."""
        for key in self._keys.values():
            if key.id == key_id and key.kind is KeyKind.APP:
                self._drop((key,))
                return key
        raise UserMissing("there is no such key")

    def discard(self, key: ApiKey) -> None:
        """Forget a key that was made a moment ago and could not be kept."""
        self._drop((key,))

    def used(self, key_hash: str, now: float) -> bool:
        """Remember that a key was used; return whether that is worth writing down."""
        key = self._keys[key_hash]
        if key.last_used_at is not None and 0 <= now - key.last_used_at < USED_EVERY_S:
            return False
        self._keys[key_hash] = replace(key, last_used_at=now)
        return key.kind is KeyKind.APP

    def to_data(self) -> list[dict[str, Any]]:
        """Return the keys but for the personal ones, which stand with their users."""
        return [
            {
                "id": key.id,
                "hash": key_hash,
                "user": key.user,
                "label": key.label,
                "scopes": None if key.scopes is None else sorted(key.scopes),
                "printers": None if key.printers is None else sorted(key.printers),
                "created_at": key.created_at,
                "expires_at": key.expires_at,
                "last_used_at": key.last_used_at,
            }
            for key_hash, key in self._keys.items()
            if key.kind is KeyKind.APP
        ]

    def read(self, data: Iterable[Mapping[str, Any]]) -> None:
        """Take over what `to_data` made."""
        for each in data:
            self._keys[each["hash"]] = ApiKey(
                id=each["id"],
                kind=KeyKind.APP,
                user=each["user"],
                label=each["label"],
                # A scope that is no longer known is dropped: the key reaches less far.
                scopes=None if each["scopes"] is None else _known(each["scopes"]),
                printers=None if each["printers"] is None else frozenset(each["printers"]),
                created_at=each["created_at"],
                expires_at=each["expires_at"],
                last_used_at=each["last_used_at"],
            )

    def _drop(self, keys: Iterable[ApiKey]) -> None:
        ids = {key.id for key in keys}
        for key_hash in [each for each, key in self._keys.items() if key.id in ids]:
            del self._keys[key_hash]


def _known(scopes: Iterable[str]) -> frozenset[Scope]:
    known = set(Scope.__members__.values())
    return frozenset(Scope(word) for word in scopes if word in known)
