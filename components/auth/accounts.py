"""Users and groups, and the rules that hold between them. Pure: knows no disk, no client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from appliance.domain.permissions import (
    DANGEROUS,
    PERMISSIONS_OF_SCOPE,
    Permission,
    Scope,
    expand,
)
from appliance.domain.users import ADMINS, GUESTS, READONLY, USERS, Group, User
from appliance.errors import InvalidRequest, UserExists, UserMissing
from appliance.records import dataclass

# Any name that is one line, cannot be taken for a path or "user:session", and is not ours.
_NAME = re.compile(
    r"(?!_)[^\x00-\x1f\x7f-\x9f/\\:\u2028\u2029\u200e\u200f\u202a-\u202e]{1,64}"
)
_GROUP = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

_READ = PERMISSIONS_OF_SCOPE[Scope.READ]
DEFAULT_GROUPS: tuple[Group, ...] = (
    Group(
        ADMINS,
        "Admins",
        "Administrators",
        frozenset({Permission.ADMIN}),
        removable=False,
        changeable=False,
    ),
    Group(
        USERS,
        "Operators",
        "Use the printers",
        _READ
        | {
            Permission.CONNECTION,
            Permission.FILES_UPLOAD,
            Permission.FILES_DELETE,
            Permission.FILES_SELECT,
            Permission.PRINT,
            Permission.CONTROL,
            Permission.SLICE,
            Permission.TIMELAPSE_DELETE,
            Permission.TIMELAPSE_MANAGE_UNRENDERED,
            Permission.TIMELAPSE_ADMIN,
            Permission.NOTIFICATION_CLEAR,
            Permission.PROMPT_INTERACT,
            Permission.APPKEYS_GRANT,
        },
        default=True,
        removable=False,
    ),
    Group(READONLY, "Read-only", "See everything, change nothing", _READ, removable=False),
    Group(
        GUESTS,
        "Guests",
        "Whoever is not logged in",
        removable=False,
        toggleable=False,
    ),
)


@dataclass(slots=True)
class Account:
    """A user with what only the authority sees."""

    user: User
    password: str | None = None  # scrypt hash
    personal_key: str | None = None  # in clear: three endpoints must show it
    generation: int = 0  # of the JWTs; those of an older one are void


class Accounts:
    """All users and groups."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._groups: dict[str, Group] = {group.key: group for group in DEFAULT_GROUPS}

    # --- users ------------------------------------------------------------------------

    @property
    def accounts(self) -> Sequence[Account]:
        """All of them, by name."""
        return [self._accounts[name] for name in sorted(self._accounts)]

    def find(self, name: str) -> Account | None:
        """Return the account of that name, if there is one."""
        return self._accounts.get(name)

    def get(self, name: str) -> Account:
        """Return the account of that name."""
        account = self._accounts.get(name)
        if account is None:
            raise UserMissing("there is no such user")
        return account

    def add(self, account: Account) -> None:
        """Add an account; the name must be free and usable, the groups must exist."""
        name = account.user.name
        if name != name.strip() or not _NAME.fullmatch(name):
            raise InvalidRequest(
                "a user name is 1 to 64 characters in one line, without / \\ : and does not "
                "begin with _"
            )
        if name in self._accounts:
            raise UserExists("there is a user of that name already")
        self._check_groups(account.user.groups)
        self._accounts[name] = account

    def discard(self, name: str) -> None:
        """Forget a user that was added a moment ago and could not be kept."""
        self._accounts.pop(name, None)

    def change(self, user: User) -> Account:
        """Replace what is known about a user; one active administrator must remain."""
        account = self.get(user.name)
        self._check_groups(user.groups)
        before = account.user
        account.user = user
        if self._is_admin(before) and not self.has_admin():
            account.user = before
            raise InvalidRequest("one active administrator must remain")
        return account

    def remove(self, name: str) -> Account:
        """Remove a user; one active administrator must remain."""
        account = self.get(name)
        del self._accounts[name]
        if self._is_admin(account.user) and not self.has_admin():
            self._accounts[name] = account
            raise InvalidRequest("one active administrator must remain")
        return account

    def permissions_of(self, user: User) -> frozenset[Permission]:
        """Return the own permissions of a user and those of the groups."""
        return expand(user.permissions | self._of_groups(user.groups, set()))

    def has_admin(self) -> bool:
        """Return whether there is an active administrator."""
        return any(self._is_admin(account.user) for account in self._accounts.values())

    # --- groups -----------------------------------------------------------------------

    @property
    def groups(self) -> Sequence[Group]:
        """All groups, the built-in ones first."""
        return list(self._groups.values())

    def group(self, key: str) -> Group:
        """Return that group."""
        group = self._groups.get(key)
        if group is None:
            raise UserMissing("there is no such group")
        return group

    def put_group(self, group: Group, *, new: bool) -> None:
        """Add or replace a group."""
        known = self._groups.get(group.key)
        had_admin = self.has_admin()
        if new:
            if known is not None:
                raise UserExists("there is a group of that key already")
            if not _GROUP.fullmatch(group.key):
                raise InvalidRequest("a group key is small letters, digits, _ and -")
        elif known is None:
            raise UserMissing("there is no such group")
        elif not known.changeable:
            raise InvalidRequest("this group cannot be changed")
        if not group.name.strip() or len(group.name) > 64:
            raise InvalidRequest("a group needs a name of at most 64 characters")
        self._check_groups(group.subgroups)
        if group.key == GUESTS and group.permissions & DANGEROUS:
            raise InvalidRequest(
                "guests cannot be allowed what moves, heats or changes things"
            )
        self._groups[group.key] = group
        if had_admin and not self.has_admin():
            self.restore_group(group.key, known)
            raise InvalidRequest("one active administrator must remain")

    def restore_group(self, key: str, group: Group | None) -> None:
        """Have a group as it was before; None: there was none."""
        if group is None:
            self._groups.pop(key, None)
        else:
            self._groups[key] = group

    def remove_group(self, key: str) -> None:
        """Remove a group; users and groups leave it."""
        group = self.group(key)
        if not group.removable:
            raise InvalidRequest("this group cannot be removed")
        had_admin = self.has_admin()
        del self._groups[key]
        if had_admin and not self.has_admin():
            self._groups[key] = group
            raise InvalidRequest("one active administrator must remain")
        for account in self._accounts.values():
            account.user = replace(account.user, groups=_without(account.user.groups, key))
        for other in tuple(self._groups.values()):
            self._groups[other.key] = replace(other, subgroups=_without(other.subgroups, key))

    @property
    def default_groups(self) -> tuple[str, ...]:
        """The groups that new users are put into."""
        return tuple(group.key for group in self._groups.values() if group.default)

    # --- what is kept -------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "users": {name: _plain_account(each) for name, each in self._accounts.items()},
            "groups": {
                group.key: _plain_group(group)
                for group in self._groups.values()
                if group not in DEFAULT_GROUPS
            },
        }

    def read(self, data: Mapping[str, Any]) -> None:
        """Take over what `to_data` made; what is no longer known is left out."""
        for key, each in data.get("groups", {}).items():
            self._groups[key] = _read_group(key, each, self._groups.get(key))
        for name, each in data.get("users", {}).items():
            self._accounts[name] = _read_account(name, each, self._groups)

    # --- rules --------------------------------------------------------------------------

    def _check_groups(self, keys: Iterable[str]) -> None:
        for key in keys:
            if not self.group(key).toggleable:
                message = f"the group '{key}' cannot be assigned"
                raise InvalidRequest(message)

    def _is_admin(self, user: User) -> bool:
        return user.active and Permission.ADMIN in self.permissions_of(user)

    def _of_groups(self, keys: Iterable[str], seen: set[str]) -> frozenset[Permission]:
        found: frozenset[Permission] = frozenset()
        for key in keys:
            group = self._groups.get(key)
            if group is None or key in seen:
                continue
            seen.add(key)
            found |= group.permissions | self._of_groups(group.subgroups, seen)
        return found

    def guest_permissions(self) -> frozenset[Permission]:
        """Return what somebody may who is not logged in; never anything dangerous."""
        return self._of_groups((GUESTS,), set()) - DANGEROUS


def known_permissions(words: Iterable[Any]) -> frozenset[Permission]:
    """Return the permissions of these keys; an unknown one is an error."""
    try:
        return frozenset(Permission(word) for word in words)
    except ValueError:
        raise InvalidRequest("there is no such permission") from None


def _without(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(each for each in keys if each != key)


def _plain_account(account: Account) -> dict[str, Any]:
    user = account.user
    return {
        "password": account.password,
        "personal_key": account.personal_key,
        "generation": account.generation,
        "groups": list(user.groups),
        "permissions": sorted(user.permissions),
        "active": user.active,
        "created_at": user.created_at,
        "settings": dict(user.settings),
    }


def _read_account(name: str, data: Mapping[str, Any], groups: Mapping[str, Group]) -> Account:
    user = User(
        name=name,
        groups=tuple(key for key in data["groups"] if key in groups),
        permissions=_still_known(data["permissions"]),
        active=bool(data["active"]),
        created_at=float(data["created_at"]),
        settings=data["settings"],
        has_password=data["password"] is not None,
    )
    return Account(user, data["password"], data["personal_key"], int(data["generation"]))


def _plain_group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "description": group.description,
        "permissions": sorted(group.permissions),
        "subgroups": list(group.subgroups),
        "default": group.default,
    }


def _read_group(key: str, data: Mapping[str, Any], built_in: Group | None) -> Group:
    return replace(
        built_in or Group(key, data["name"]),
        name=data["name"],
        description=data["description"],
        permissions=_still_known(data["permissions"]),
        subgroups=tuple(data["subgroups"]),
        default=bool(data["default"]),
    )


def _still_known(words: Iterable[str]) -> frozenset[Permission]:
    known = Permission.__members__.values()
    return frozenset(Permission(word) for word in words if word in set(known))
