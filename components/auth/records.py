"""Users, groups and permissions as OctoPrint writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from appliance.components.auth.accounts import DEFAULT_GROUPS
from appliance.domain.auth import Auth
from appliance.domain.identity import Identity, Method
from appliance.domain.logins import Login
from appliance.domain.permissions import DANGEROUS, Permission
from appliance.domain.users import GUESTS, Group, User

_WORDS: Mapping[Permission, tuple[str, str]] = {
    Permission.ADMIN: ("Admin", "Everything"),
    Permission.STATUS: ("Status", "See the state of printers and jobs"),
    Permission.CONNECTION: ("Connection", "Connect to and disconnect from printers"),
    Permission.WEBCAM: ("Webcam", "See the cameras"),
    Permission.SYSTEM: ("System", "Restart and shut down"),
    Permission.FILES_LIST: ("File list", "See the lists of files"),
    Permission.FILES_UPLOAD: ("File upload", "Upload files and make folders"),
    Permission.FILES_DOWNLOAD: ("File download", "Download files"),
    Permission.FILES_DELETE: ("File delete", "Delete, move and overwrite files"),
    Permission.FILES_SELECT: ("File select", "Choose the file to print"),
    Permission.PRINT: ("Print", "Start, pause and cancel jobs"),
    Permission.GCODE_VIEWER: ("G-code viewer", "Look into files"),
    Permission.MONITOR_TERMINAL: ("Terminal", "Read the dialogue with the printer"),
    Permission.CONTROL: ("Control", "Move, heat and send commands"),
    Permission.SLICE: ("Slice", "Slice models"),
    Permission.TIMELAPSE_LIST: ("Timelapse list", "See the list of timelapses"),
    Permission.TIMELAPSE_DOWNLOAD: ("Timelapse download", "Download timelapses"),
    Permission.TIMELAPSE_DELETE: ("Timelapse delete", "Delete timelapses"),
    Permission.TIMELAPSE_MANAGE_UNRENDERED: (
        "Unrendered timelapses",
        "See, render and delete what was recorded",
    ),
    Permission.TIMELAPSE_ADMIN: ("Timelapse settings", "Change how timelapses are made"),
    Permission.SETTINGS_READ: ("Settings read", "Read settings that are not secret"),
    Permission.SETTINGS: ("Settings", "Change settings"),
    Permission.NOTIFICATION_SHOW: ("Notifications", "See what the printer reports"),
    Permission.NOTIFICATION_CLEAR: ("Clear notifications", "Clear what the printer reported"),
    Permission.PROMPT_INTERACT: ("Prompts", "Answer questions of the printer"),
    Permission.APPKEYS_GRANT: ("Grant app keys", "Let applications act in one's own name"),
    Permission.APPKEYS_ADMIN: ("Manage app keys", "See and revoke everybody's app keys"),
    Permission.BACKUP_ACCESS: ("Backup", "Make and restore backups"),
    Permission.LOGGING_MANAGE: ("Logs", "Read logs and set their levels"),
}
_ROLE_NAMES = {Permission.GCODE_VIEWER: "gcodeviewer"}


def role(permission: Permission) -> str:
    """Return the name of the role that OctoPrint ties to a permission."""
    return _ROLE_NAMES.get(permission, permission.value.lower())


def needs(permissions: Iterable[Permission], groups: Iterable[str]) -> dict[str, list[str]]:
    """Return what somebody brings along, in OctoPrint's words."""
    return {"role": sorted(role(each) for each in permissions), "group": list(groups)}


def permission_record(permission: Permission) -> dict[str, Any]:
    """Describe a permission."""
    name, description = _WORDS[permission]
    return {
        "key": permission.value,
        "name": name,
        "description": description,
        "dangerous": permission in DANGEROUS,
        "default_groups": [
            group.key for group in DEFAULT_GROUPS if permission in group.permissions
        ],
        "needs": {"role": [role(permission)]},
    }


def group_record(group: Group) -> dict[str, Any]:
    """Describe a group."""
    return {
        "key": group.key,
        "name": group.name,
        "description": group.description,
        "permissions": sorted(group.permissions),
        "subgroups": list(group.subgroups),
        "needs": needs(group.permissions, [group.key]),
        "dangerous": not DANGEROUS.isdisjoint(group.permissions),
        "default": group.default,
        "removable": group.removable,
        "changeable": group.changeable,
        "toggleable": group.toggleable,
    }


def user_record(auth: Auth, user: User, by: Identity) -> dict[str, Any]:
    """Describe a user; the key only to whoever could use it anyway and proved it just now."""
    effective = auth.permissions_of(user)
    admin = Permission.ADMIN in effective
    return {
        "name": user.name,
        "active": user.active,
        "user": True,
        "admin": admin,
        "apikey": auth.personal_key(user.name) if may_see_key(user, by) else None,
        "settings": dict(user.settings),
        "groups": list(user.groups),
        "permissions": sorted(user.permissions),
        "needs": needs(effective, user.groups),
        "roles": ["user", "admin"] if admin else ["user"],
    }


def may_see_key(user: User, by: Identity) -> bool:
    """Return whether the personal key of a user may be shown."""
    return by.is_fresh and not by.restricted and (by.user == user.name or by.admin)


def guest_record(who: Identity) -> dict[str, Any]:
    """Describe whoever is not logged in."""
    return {
        "name": None,
        "active": True,
        "user": False,
        "admin": who.admin,
        "apikey": None,
        "settings": {},
        "groups": [GUESTS],
        "permissions": [],
        "needs": needs(who.permissions, [GUESTS]),
        "roles": ["admin"] if who.admin else [],
    }


def login_record(auth: Auth, login: Login, *, external: bool) -> dict[str, Any]:
    """Describe a login that worked."""
    who = login.identity
    record = (
        guest_record(who) if who.user is None else user_record(auth, auth.user(who.user), who)
    )
    seen = login.credentials_seen
    return {
        **record,
        "needs": needs(who.permissions, who.groups),
        "session": login.handle,
        "_is_external_client": external,
        "_login_mechanism": _mechanism(login.method),
        "_credentials_seen": (
            datetime.fromtimestamp(seen, UTC).isoformat() if seen is not None else False
        ),
    }


def _mechanism(method: Method) -> str:
    return "apikey" if method is Method.APP_KEY else method.value
