"""The authority: implements `appliance.domain.users.Auth` for both APIs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from appliance.bus import Bus
from appliance.components.auth.accounts import Account
from appliance.components.auth.clock import Clock
from appliance.components.auth.identification import Identifier
from appliance.components.auth.passwords import Passwords
from appliance.components.auth.secret import new_secret
from appliance.components.auth.tokens import OneshotTokens
from appliance.components.auth.vault import Holdings, Vault
from appliance.domain.api_keys import ApiKey, KeyKind
from appliance.domain.identity import CredentialRevoked, Credentials, Identity, Method
from appliance.domain.logins import Login, LoginFailed, Tokens, UserLoggedIn, UserLoggedOut
from appliance.domain.permissions import Permission, Scope
from appliance.domain.users import (
    ADMINS,
    Group,
    GroupChanged,
    User,
    UserChanged,
    UserCreated,
    UserDeleted,
)
from appliance.errors import (
    CredentialInvalid,
    CredentialMissing,
    FixedByConfiguration,
    InvalidRequest,
    PermissionMissing,
)
from appliance.records import dataclass
from appliance.storage import StorageError


@dataclass(frozen=True, slots=True)
class Authority:
    """Users, groups, keys, sessions and tokens; what changes is saved before it returns."""

    held: Holdings
    vault: Vault
    identifier: Identifier
    passwords: Passwords
    oneshot: OneshotTokens
    bus: Bus
    clock: Clock

    # --- who is it ----------------------------------------------------------------------

    @property
    def claimed(self) -> bool:
        """Whether there is somebody who can administer the appliance."""
        return self.identifier.has_admin

    def identify(self, credentials: Credentials) -> Identity:
        """Return who showed this."""
        return self.identifier.identify(credentials)

    def identify_handle(self, user: str, handle: str) -> Identity:
        """Return who holds that pair."""
        return self.identifier.by_handle(user, handle)

    def still_valid(self, identity: Identity) -> bool:
        """Return whether an identity obtained earlier still counts."""
        return self.identifier.still_valid(identity)

    # --- sessions and tokens ------------------------------------------------------------

    async def login(
        self, user: str, password: str, *, address: str, remember: bool = False
    ) -> Login:
        """Check a password and open a session."""
        await self._check_password(user, password, address)
        return self._open(user, Method.PASSWORD, address, fresh=True, remember=remember)

    async def login_as(self, identity: Identity, *, address: str) -> Login:
        """Open a session for somebody identified otherwise."""
        if identity.user is None:
            raise CredentialMissing("log in first")
        if identity.method is Method.REMEMBER:
            return self._open(identity.user, identity.method, address)
        began = None
        if identity.session is not None:
            began = self.held.sessions.by_id(identity.session)
        _, cookie, handle = self.held.sessions.open(
            identity.user, identity.method, stands_for=identity
        )
        return Login(
            identity,
            cookie,
            handle,
            method=identity.method if began is None else began.method,
            credentials_seen=self.clock.wall() if began is None else began.password_at,
        )

    async def logout(self, identity: Identity) -> None:
        """Close the session or void the JWTs that the identity came with."""
        if identity.user is None:
            return
        if identity.session is not None:
            session = self.held.sessions.by_id(identity.session)
            if session is not None:
                self.held.sessions.close(session)
                self.vault.sessions_changed()
        elif identity.method is Method.JWT:
            self.held.accounts.get(identity.user).generation += 1
            await self.vault.save()
        elif identity.method is Method.REMEMBER:
            self.held.sessions.forget_remembered(identity.credential)
            self.vault.sessions_changed()
        else:
            return  # a key is not logged in
        self.bus.fire(UserLoggedOut(identity.user, identity.session))

    async def login_for_tokens(self, user: str, password: str, *, address: str) -> Tokens:
        """Check a password and issue JWTs."""
        await self._check_password(user, password, address)
        if self.held.signer.rotate():
            await self.vault.save()
        self.bus.fire(UserLoggedIn(user, address, Method.JWT))
        return self._tokens(self.held.accounts.get(user), self.clock.wall(), refresh=True)

    async def refresh(self, refresh_token: str) -> Tokens:
        """Issue a new access token."""
        claims = self.held.signer.read(refresh_token, "refresh")
        account = self.held.accounts.find(claims.user)
        if (
            account is None
            or not account.user.active
            or account.generation != claims.generation
        ):
            raise CredentialInvalid("the token is not valid")
        if self.held.signer.rotate():
            await self.vault.save()
        return self._tokens(account, claims.login_at, refresh=False)

    def oneshot_token(self, identity: Identity, *, address: str) -> str:
        """Return a token for one request from that address within five seconds."""
        return self.oneshot.issue(identity, address)

    # --- users --------------------------------------------------------------------------

    @property
    def users(self) -> Sequence[User]:
        """All users, by name."""
        return [account.user for account in self.held.accounts.accounts]

    def user(self, name: str) -> User:
        """Return that user."""
        return self.held.accounts.get(name).user

    def permissions_of(self, user: User) -> frozenset[Permission]:
        """Return the own permissions of a user and those of the groups."""
        return self.held.accounts.permissions_of(user)

    async def create_user(
        self,
        name: str,
        password: str | None,
        *,
        groups: Sequence[str] | None = None,
        permissions: frozenset[Permission] = frozenset(),
        active: bool = True,
    ) -> User:
        """Add a user; without ``groups`` into the default ones."""
        hashed = None if password is None else await self.passwords.hash(password)
        user = User(
            name=name,
            groups=tuple(self.held.accounts.default_groups if groups is None else groups),
            permissions=permissions,
            active=active,
            created_at=self.clock.wall(),
            has_password=password is not None,
        )
        self.held.accounts.add(Account(user, hashed))
        await self._changed(lambda: self.held.accounts.discard(name))
        self.bus.fire(UserCreated(name))
        return user

    async def change_user(
        self,
        name: str,
        *,
        groups: Sequence[str] | None = None,
        permissions: frozenset[Permission] | None = None,
        active: bool | None = None,
    ) -> User:
        """Change what is given; the last administrator stays one."""
        user = before = self.user(name)
        if groups is not None:
            user = replace(user, groups=tuple(groups))
        if permissions is not None:
            user = replace(user, permissions=permissions)
        if active is not None:
            user = replace(user, active=active)
        account = self.held.accounts.change(user)
        if not user.active:
            self.held.sessions.close_user(name)
        await self._changed(lambda: setattr(account, "user", before))
        self.bus.fire(UserChanged(name))
        return user

    async def set_password(self, name: str, password: str) -> None:
        """Set a password; every session and token of that user ends."""
        account = self.held.accounts.get(name)
        if self.passwords.is_fixed(name):
            raise FixedByConfiguration("the password is set in configuration.yaml")
        hashed, before = await self.passwords.hash(password), replace(account)
        account.password = hashed
        account.generation += 1
        account.user = replace(account.user, has_password=True)
        self.held.sessions.close_user(name)

        def undo() -> None:  # the tokens of before stay void
            account.password, account.user = before.password, before.user

        await self._changed(undo)
        self.bus.fire(UserLoggedOut(name, None))
        self.bus.fire(UserChanged(name))

    async def check_password(self, name: str, password: str, *, address: str) -> None:
        """Raise CredentialInvalid unless it is that user's password."""
        await self._check_password(name, password, address)

    async def set_user_settings(self, name: str, settings: Mapping[str, Any]) -> None:
        """Keep what a view wants to remember for a user."""
        account = self.held.accounts.get(name)
        account.user = replace(account.user, settings=dict(settings))
        await self.vault.save()

    async def delete_user(self, name: str) -> None:
        """Remove a user with everything that belongs to them."""
        if self.passwords.is_fixed(name) or self._is_key_fixed(name):
            raise FixedByConfiguration("this user is set in configuration.yaml")
        self.held.accounts.remove(name)
        self.held.keyring.drop_user(name)
        self.held.sessions.close_user(name)
        await self._changed()
        self.bus.fire(UserDeleted(name))

    # --- groups -------------------------------------------------------------------------

    @property
    def groups(self) -> Sequence[Group]:
        """All groups."""
        return self.held.accounts.groups

    def group(self, key: str) -> Group:
        """Return that group."""
        return self.held.accounts.group(key)

    async def put_group(self, group: Group, *, new: bool) -> Group:
        """Add or replace a group."""
        before = None if new else self.held.accounts.group(group.key)
        self.held.accounts.put_group(group, new=new)
        await self._changed(lambda: self.held.accounts.restore_group(group.key, before))
        self.bus.fire(GroupChanged(group.key))
        return group

    async def delete_group(self, key: str) -> None:
        """Remove a group; users leave it."""
        self.held.accounts.remove_group(key)
        await self._changed()
        self.bus.fire(GroupChanged(key))

    # --- keys ---------------------------------------------------------------------------

    @property
    def keys(self) -> Sequence[ApiKey]:
        """All keys, without the keys."""
        return self.held.keyring.keys

    def personal_key(self, user: str) -> str | None:
        """Return the personal key of a user in clear."""
        account = self.held.accounts.get(user)
        return self.held.keyring.fixed_of(user) or account.personal_key

    async def renew_personal_key(self, user: str) -> str:
        """Replace the personal key and return the new one."""
        account = self.held.accounts.get(user)
        self._check_key_not_fixed(user)
        before, former = self.held.keyring.of(user, KeyKind.PERSONAL), account.personal_key
        key = account.personal_key = new_secret()
        self.held.keyring.put_personal(user, key, self.clock.wall())

        def undo() -> None:
            account.personal_key = former
            self.held.keyring.drop_personal(user)
            if former is not None:
                self.held.keyring.put_personal(user, former, before[0].created_at)

        await self._changed(undo)
        self._revoked(before)
        return key

    async def delete_personal_key(self, user: str) -> None:
        """Leave a user without a personal key."""
        account = self.held.accounts.get(user)
        self._check_key_not_fixed(user)
        account.personal_key = None
        before = self.held.keyring.drop_personal(user)
        await self._changed()
        self._revoked(before)

    async def create_key(
        self,
        user: str,
        label: str,
        *,
        scopes: frozenset[Scope] | None = None,
        printers: frozenset[str] | None = None,
        expires_at: float | None = None,
        by: Identity,
    ) -> tuple[ApiKey, str]:
        """Make a key; never stronger than ``by`` is."""
        self.held.accounts.get(user)
        if user != by.user and not by.admin:
            raise PermissionMissing("a key for somebody else needs an administrator")
        self._check_not_stronger(user, scopes, printers, by)
        self._check_not_longer(expires_at, by)
        if expires_at is not None and expires_at <= self.clock.wall():
            raise InvalidRequest("the key would have expired already")
        made = self.held.keyring.create(
            user,
            label,
            scopes=scopes,
            printers=printers,
            expires_at=expires_at,
            now=self.clock.wall(),
        )
        await self._changed(lambda: self.held.keyring.discard(made[0]))
        return made

    async def revoke_key(self, key_id: str) -> None:
        """Void a key."""
        key = self.held.keyring.revoke(key_id)
        await self._changed()
        self._revoked((key,))

    def announce_expired(self, since: float) -> float:
        """Tell which keys have ended after ``since``; return the present (unix seconds)."""
        now = self.clock.wall()
        ended = [
            key
            for key in self.held.keyring.keys
            if key.expires_at is not None and since < key.expires_at <= now
        ]
        self._revoked(ended)
        return now

    # --- for people at the machine ------------------------------------------------------

    def unlock(self) -> None:
        """Forget every failed attempt."""
        self.held.lockout.clear()
        self.vault.sessions_changed()

    async def prepare(self) -> None:
        """Make ready what was loaded."""
        for account in self.held.accounts.accounts:
            if account.personal_key is not None:
                user = account.user
                self.held.keyring.put_personal(
                    user.name, account.personal_key, user.created_at
                )
        if self.held.signer.rotate():
            await self.vault.save()

    async def have_admin(
        self, name: str, *, api_key: str | None, make_key: bool
    ) -> str | None:
        """Have the user of the configuration; return the key that we made, if any."""
        account = self.held.accounts.find(name)
        changed = account is None
        if account is None:
            user = User(
                name, groups=(ADMINS,), created_at=self.clock.wall(), has_password=False
            )
            account = Account(user)
            self.held.accounts.add(account)
        if api_key is not None:
            self.held.keyring.put_personal(name, api_key, self.clock.wall(), fixed=True)
        elif account.personal_key is None and make_key:
            account.personal_key = new_secret()
            self.held.keyring.put_personal(name, account.personal_key, self.clock.wall())
            changed = True
        if changed:
            await self.vault.save()
        self.identifier.forget()
        return None if api_key is not None else account.personal_key

    # --- helpers ------------------------------------------------------------------------

    async def _check_password(self, user: str, password: str, address: str) -> None:
        try:
            await self.passwords.check(user, password, address)
        except CredentialInvalid:
            self.bus.fire(LoginFailed(user, address))
            raise

    async def _changed(self, undo: Callable[[], None] | None = None) -> None:
        """Save, and let nobody be who they were a moment ago.

        What cannot be kept is undone, for whoever is refused must not have it all the same;
        what takes something away stays: it is safer for as long as we run.
        """
        self.identifier.forget()
        self.vault.sessions_changed()
        try:
            await self.vault.save()
        except StorageError:
            if undo is not None:
                undo()
                self.identifier.forget()
            raise

    def _open(
        self,
        user: str,
        method: Method,
        address: str,
        *,
        fresh: bool = False,
        remember: bool = False,
    ) -> Login:
        cookie_hash = remember_cookie = None
        if remember:
            remember_cookie, cookie_hash = self.held.sessions.remember(user)
        session, cookie, handle = self.held.sessions.open(
            user, method, fresh=fresh, remember=cookie_hash
        )
        self.vault.sessions_changed()
        self.bus.fire(UserLoggedIn(user, address, method))
        return Login(
            identity=self.identifier.of_session(session),
            session=cookie,
            handle=handle,
            method=method,
            remember=remember_cookie,
            credentials_seen=session.password_at,
        )

    def _tokens(self, account: Account, login_at: float, *, refresh: bool) -> Tokens:
        name, generation = account.user.name, account.generation
        signer = self.held.signer
        return Tokens(
            user=name,
            token=signer.issue(name, "access", generation, login_at),
            refresh_token=(
                signer.issue(name, "refresh", generation, login_at) if refresh else None
            ),
        )

    def _check_not_stronger(
        self,
        user: str,
        scopes: frozenset[Scope] | None,
        printers: frozenset[str] | None,
        by: Identity,
    ) -> None:
        restricted = by.printers is not None and (
            printers is None or not printers <= by.printers
        )
        of_user = self.held.accounts.permissions_of(self.user(user))
        as_far_as_owner = scopes is None and not of_user <= by.permissions
        if restricted or as_far_as_owner or (scopes is not None and not scopes <= by.scopes):
            raise PermissionMissing("a key cannot make one that reaches further")

    def _check_not_longer(self, expires_at: float | None, by: Identity) -> None:
        """Refuse a key that lives on when the one that makes it has ended."""
        own = (key for key in self.held.keyring.keys if f"key:{key.id}" == by.credential)
        end = next((key.expires_at for key in own), None)
        if end is not None and (expires_at is None or expires_at > end):
            raise PermissionMissing("a key cannot make one that lives longer")

    def _is_key_fixed(self, user: str) -> bool:
        return any(key.fixed for key in self.held.keyring.of(user, KeyKind.PERSONAL))

    def _check_key_not_fixed(self, user: str) -> None:
        if self._is_key_fixed(user):
            raise FixedByConfiguration("the key is set in configuration.yaml")

    def _revoked(self, keys: Iterable[ApiKey]) -> None:
        for key in keys:
            self.bus.fire(CredentialRevoked(key.user, f"key:{key.id}"))
