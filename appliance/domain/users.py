"""Accounts and the groups that they are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from appliance.domain.permissions import Permission
from appliance.records import dataclass

# Groups that always exist, by OctoPrint's keys.
ADMINS = "admins"
USERS = "users"
READONLY = "readonly"
GUESTS = "guests"


@dataclass(frozen=True, slots=True)
class User:
    """A person (or a thing) with an account."""

    name: str
    groups: tuple[str, ...] = ()
    permissions: frozenset[Permission] = frozenset()  # own ones, beside those of the groups
    active: bool = True
    created_at: float = 0.0  # unix seconds
    settings: Mapping[str, Any] = field(default_factory=dict)  # of views, kept as they are
    has_password: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A named bundle of permissions."""

    key: str
    name: str
    description: str = ""
    permissions: frozenset[Permission] = frozenset()
    subgroups: tuple[str, ...] = ()
    default: bool = False  # new users are put into it
    removable: bool = True
    changeable: bool = True
    toggleable: bool = True  # can be assigned to users


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user was added."""

    name: str


@dataclass(frozen=True, slots=True)
class UserChanged:
    """Password, groups, permissions or activity of a user changed; sessions may be void."""

    name: str


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A group was added, changed or removed: its members may do other things now."""

    key: str


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """A user was removed, with keys and sessions."""

    name: str
