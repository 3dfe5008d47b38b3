"""From what a client shows to who it is. Synchronous: this runs for every request."""

from __future__ import annotations

from dataclasses import replace

from appliance.components.auth.accounts import Account
from appliance.components.auth.clock import Clock
from appliance.components.auth.networks import TrustedNetworks
from appliance.components.auth.secret import digest
from appliance.components.auth.sessions import Session
from appliance.components.auth.tokens import Claims, OneshotTokens
from appliance.components.auth.vault import Holdings, Vault
from appliance.domain.api_keys import ApiKey, KeyKind
from appliance.domain.identity import ANONYMOUS, Credentials, Identity, Method
from appliance.domain.permissions import (
    Permission,
    Scope,
    permissions_within,
    scopes_within,
)
from appliance.errors import CredentialInvalid


class Identifier:
    """Knows every kind of credential, and remembers who keys stand for."""

    def __init__(
        self,
        held: Holdings,
        networks: TrustedNetworks,
        oneshot: OneshotTokens,
        clock: Clock,
        vault: Vault,
    ) -> None:
        self._held = held
        self._networks = networks
        self._oneshot = oneshot
        self._clock = clock
        self._vault = vault
        self._by_key: dict[str, Identity] = {}
        self._reach: dict[str, tuple[frozenset[Permission], frozenset[Scope]]] = {}
        self._nobody: Identity | None = None
        self._has_admin: bool | None = None

    @property
    def has_admin(self) -> bool:
        """Whether there is an active administrator; asked for every request."""
        if self._has_admin is None:
            self._has_admin = self._held.accounts.has_admin()
        return self._has_admin

    def forget(self) -> None:
        """Look everything up anew: users, groups or keys have changed."""
        self._by_key.clear()
        self._reach.clear()
        self._nobody = None
        self._has_admin = None

    def identify(self, shown: Credentials) -> Identity:
        """Return who showed this, or raise CredentialInvalid."""
        if shown.empty:
            return self._without(shown.address)
        try:
            who = self._shown(shown)
        except CredentialInvalid:
            if (trusted := self._networks.identity(shown.address)) is not None:
                return trusted  # it may as much without
            if _guessable(shown):
                self._held.lockout.check(f"key@{shown.address}")
                self._held.lockout.failed(f"key@{shown.address}")
                self._vault.sessions_changed()
            raise
        return self._without(shown.address) if who is None else who

    def by_handle(self, user: str, handle: str) -> Identity:
        """Return who a websocket's handle stands for."""
        session = self._held.sessions.by_handle(handle)
        if session is None or session.user != user:
            raise CredentialInvalid("the session is over")
        if session.stands_for is not None:
            if not self.still_valid(session.stands_for):
                raise CredentialInvalid("the session is over")
            return session.stands_for
        return self._of_session(session)

    def of_session(self, session: Session) -> Identity:
        """Return who a session stands for."""
        return self._of_session(session)

    def still_valid(self, who: Identity) -> bool:
        """Return whether what somebody proved some time ago still counts, and as much."""
        try:
            now = self._now(who)
        except CredentialInvalid:
            return False
        return now is not None and (now.permissions, now.scopes, now.printers) == (
            who.permissions,
            who.scopes,
            who.printers,
        )

    def _now(self, who: Identity) -> Identity | None:
        """Return who the same credential stands for by now."""
        kind, _, name = who.credential.partition(":")
        if kind == "session":
            session = self._held.sessions.by_id(name)
            return None if session is None else self._of_session(session)
        if kind == "key":
            keys = self._held.keyring.of(who.user or "")
            key = next((key for key in keys if key.id == name), None)
            return None if key is None or self._expired(key) else self._of_api_key(key)
        if kind == "jwt":
            account = self._active(who.user or "")
            same = name == str(account.generation)
            return self._identity(account, who.method, who.credential) if same else None
        if kind == "remember":
            known = self._held.sessions.remembers(who.user or "", who.credential)
            account = self._active(who.user or "")
            return self._identity(account, who.method, who.credential) if known else None
        return who

    # --- each kind ----------------------------------------------------------------------

    def _shown(self, shown: Credentials) -> Identity | None:
        if shown.api_key:
            return self._of_key(shown.api_key)
        if shown.bearer:
            if shown.bearer.count(".") == 2:
                return self._of_token(shown.bearer)
            return self._of_key(shown.bearer)
        if shown.token:
            return self._of_oneshot(shown.token, shown.address)
        if shown.access_token:
            return self._of_token(shown.access_token)
        return self._of_cookies(shown)

    def _of_key(self, secret: str) -> Identity:
        key_hash = digest(secret)
        key = self._held.keyring.find(key_hash)
        if key is None or self._expired(key):
            raise CredentialInvalid("the key is not valid")
        who = self._by_key.get(key_hash)
        if who is None:
            who = self._by_key[key_hash] = self._of_api_key(key)
        if self._held.keyring.used(key_hash, self._clock.wall()):
            self._vault.key_used()
        return who

    def _of_api_key(self, key: ApiKey) -> Identity:
        personal = key.kind is KeyKind.PERSONAL
        method = Method.API_KEY if personal else Method.APP_KEY
        who = self._identity(self._active(key.user), method, f"key:{key.id}")
        if key.scopes is not None:
            permissions = permissions_within(key.scopes, who.permissions)
            scopes = who.scopes if Scope.ADMIN in key.scopes else who.scopes & key.scopes
            who = replace(who, permissions=permissions, scopes=scopes)
        # One that ends is no less than its owner, but must not outlive itself as them.
        limits = (key.scopes, key.printers, key.expires_at)
        restricted = any(limit is not None for limit in limits)
        return replace(who, printers=key.printers, fresh=True, restricted=restricted)

    def _of_token(self, token: str) -> Identity:
        claims: Claims = self._held.signer.read(token, "access")
        account = self._active(claims.user)
        if claims.generation != account.generation:
            raise CredentialInvalid("the token is not valid")
        who = self._identity(account, Method.JWT, f"jwt:{claims.generation}")
        return self._fresh_until(who, self._held.signer.fresh_until(claims))

    def _of_oneshot(self, token: str, address: str) -> Identity:
        if token.count(".") == 2:
            return self._of_token(token)
        who = self._oneshot.take(token, address)
        if who is None or not self.still_valid(who):
            raise CredentialInvalid("the token is not valid")
        return who

    def _of_cookies(self, shown: Credentials) -> Identity | None:
        """Return who the cookies stand for; old ones are no error, browsers keep them."""
        if shown.session:
            session, worth_a_write = self._held.sessions.by_cookie(shown.session)
            if session is not None and self._is_active(session.user):
                if worth_a_write:
                    self._vault.sessions_changed()
                return self._of_session(session)
        if shown.remember:
            found = self._held.sessions.by_remember(shown.remember)
            if found is not None and self._is_active(found[0]):
                credential = f"remember:{found[1][:12]}"
                who = self._identity(self._active(found[0]), Method.REMEMBER, credential)
                return replace(who, ambient=True)
        return None

    def _of_session(self, session: Session) -> Identity:
        account = self._active(session.user)
        who = self._identity(account, Method.SESSION, f"session:{session.id}")
        who = self._fresh_until(who, session.fresh_until)
        return replace(who, session=session.id, ambient=True)

    def _without(self, address: str) -> Identity:
        """Return who shows nothing: a trusted network, or a guest."""
        trusted = self._networks.identity(address)
        if trusted is not None:
            return trusted
        if self._nobody is None:
            allowed = self._held.accounts.guest_permissions()
            self._nobody = (
                Identity(None, Method.NONE, allowed, scopes_within(allowed) - {Scope.ADMIN})
                if allowed
                else ANONYMOUS
            )
        return self._nobody

    # --- helpers ------------------------------------------------------------------------

    def _identity(self, account: Account, method: Method, credential: str) -> Identity:
        """Return the user with everything that the account reaches."""
        user = account.user
        if user.name not in self._reach:
            permissions = self._held.accounts.permissions_of(user)
            self._reach[user.name] = (permissions, scopes_within(permissions))
        permissions, scopes = self._reach[user.name]
        return Identity(
            user=user.name,
            method=method,
            permissions=permissions,
            scopes=scopes,
            groups=user.groups,
            credential=credential,
        )

    def _fresh_until(self, who: Identity, end: float) -> Identity:
        fresh = self._clock.monotonic() < end
        return replace(who, fresh=True, fresh_until=end) if fresh else who

    def _active(self, name: str) -> Account:
        account = self._held.accounts.find(name)
        if account is None or not account.user.active:
            raise CredentialInvalid("the account is not active")
        return account

    def _is_active(self, name: str | None) -> bool:
        account = self._held.accounts.find(name or "")
        return account is not None and account.user.active

    def _expired(self, key: ApiKey) -> bool:
        return key.expires_at is not None and self._clock.wall() >= key.expires_at


def _guessable(shown: Credentials) -> bool:
    """Return whether a failure looks like guessing; old JWTs and cookies do not."""
    secret = shown.api_key or shown.bearer or shown.token
    return secret is not None and (shown.api_key is not None or secret.count(".") != 2)
