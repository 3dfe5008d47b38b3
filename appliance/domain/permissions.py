"""What one may be allowed: permissions, the scopes that bundle them, and what is asked for.

Permissions are OctoPrint's own keys, because its clients read and write them. Scopes are
the seven words that a person understands on a key ("this slicer may upload"). A route or
a method of either API declares an `Access`; nothing is reachable without a declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from appliance.records import dataclass


class Permission(StrEnum):
    """A permission; groups and users hold them."""

    ADMIN = "ADMIN"  # holds every other one
    STATUS = "STATUS"
    CONNECTION = "CONNECTION"
    WEBCAM = "WEBCAM"
    SYSTEM = "SYSTEM"
    FILES_LIST = "FILES_LIST"
    FILES_UPLOAD = "FILES_UPLOAD"
    FILES_DOWNLOAD = "FILES_DOWNLOAD"
    FILES_DELETE = "FILES_DELETE"
    FILES_SELECT = "FILES_SELECT"
    PRINT = "PRINT"
    GCODE_VIEWER = "GCODE_VIEWER"
    MONITOR_TERMINAL = "MONITOR_TERMINAL"
    CONTROL = "CONTROL"
    SLICE = "SLICE"
    TIMELAPSE_LIST = "TIMELAPSE_LIST"
    TIMELAPSE_DOWNLOAD = "TIMELAPSE_DOWNLOAD"
    TIMELAPSE_DELETE = "TIMELAPSE_DELETE"
    TIMELAPSE_MANAGE_UNRENDERED = "TIMELAPSE_MANAGE_UNRENDERED"
    TIMELAPSE_ADMIN = "TIMELAPSE_ADMIN"
    SETTINGS_READ = "SETTINGS_READ"
    SETTINGS = "SETTINGS"
    NOTIFICATION_SHOW = "PLUGIN_ACTION_COMMAND_NOTIFICATION_SHOW"
    NOTIFICATION_CLEAR = "PLUGIN_ACTION_COMMAND_NOTIFICATION_CLEAR"
    PROMPT_INTERACT = "PLUGIN_ACTION_COMMAND_PROMPT_INTERACT"
    APPKEYS_GRANT = "PLUGIN_APPKEYS_GRANT"
    APPKEYS_ADMIN = "PLUGIN_APPKEYS_ADMIN"
    BACKUP_ACCESS = "PLUGIN_BACKUP_ACCESS"
    LOGGING_MANAGE = "PLUGIN_LOGGING_MANAGE"


class Scope(StrEnum):
    """How far a key reaches; a key never reaches further than its owner."""

    READ = "read"  # see everything that is not secret
    UPLOAD = "upload"
    PRINT = "print"  # select, start, pause, resume, cancel
    CONTROL = "control"  # heat, move, connect, answer prompts
    GCODE = "gcode"  # send any G-code: more than control
    FILES_DELETE = "files:delete"  # delete, move, overwrite
    ADMIN = "admin"


_READ = frozenset(
    {
        Permission.STATUS,
        Permission.WEBCAM,
        Permission.FILES_LIST,
        Permission.FILES_DOWNLOAD,
        Permission.GCODE_VIEWER,
        Permission.MONITOR_TERMINAL,
        Permission.TIMELAPSE_LIST,
        Permission.TIMELAPSE_DOWNLOAD,
        Permission.SETTINGS_READ,
        Permission.NOTIFICATION_SHOW,
    }
)

EVERY_PERMISSION: frozenset[Permission] = frozenset(Permission)
EVERY_SCOPE: frozenset[Scope] = frozenset(Scope)

# A slicer that may only upload still has to learn that this is a printer: STATUS is in each.
PERMISSIONS_OF_SCOPE: Mapping[Scope, frozenset[Permission]] = {
    Scope.READ: _READ,
    Scope.UPLOAD: frozenset(
        {
            Permission.STATUS,
            Permission.FILES_LIST,
            Permission.FILES_UPLOAD,
            Permission.SLICE,
        }
    ),
    Scope.PRINT: frozenset({Permission.STATUS, Permission.FILES_SELECT, Permission.PRINT}),
    Scope.CONTROL: frozenset(
        {
            Permission.STATUS,
            Permission.CONNECTION,
            Permission.CONTROL,
            Permission.NOTIFICATION_CLEAR,
            Permission.PROMPT_INTERACT,
            Permission.TIMELAPSE_MANAGE_UNRENDERED,
            Permission.TIMELAPSE_ADMIN,
        }
    ),
    Scope.GCODE: frozenset({Permission.STATUS, Permission.CONTROL}),
    Scope.FILES_DELETE: frozenset(
        {
            Permission.STATUS,
            Permission.FILES_LIST,
            Permission.FILES_DELETE,
            Permission.TIMELAPSE_DELETE,
        }
    ),
    Scope.ADMIN: EVERY_PERMISSION,
}

# Never for guests, whatever a group says: these move, heat, delete, change or reveal.
DANGEROUS: frozenset[Permission] = frozenset(
    {
        Permission.ADMIN,
        Permission.SYSTEM,
        Permission.SETTINGS,
        Permission.CONNECTION,
        Permission.CONTROL,
        Permission.PRINT,
        Permission.FILES_UPLOAD,
        Permission.FILES_DELETE,
        Permission.FILES_SELECT,
        Permission.SLICE,
        Permission.TIMELAPSE_DELETE,
        Permission.TIMELAPSE_MANAGE_UNRENDERED,
        Permission.TIMELAPSE_ADMIN,
        Permission.PROMPT_INTERACT,
        Permission.APPKEYS_GRANT,
        Permission.APPKEYS_ADMIN,
        Permission.BACKUP_ACCESS,
        Permission.LOGGING_MANAGE,
    }
)


def expand(permissions: Iterable[Permission]) -> frozenset[Permission]:
    """Return the permissions with everything that ADMIN stands for."""
    given = frozenset(permissions)
    return EVERY_PERMISSION if Permission.ADMIN in given else given


def scopes_within(permissions: frozenset[Permission]) -> frozenset[Scope]:
    """Return the scopes that someone with these permissions reaches."""
    return frozenset(
        scope for scope, needed in PERMISSIONS_OF_SCOPE.items() if needed <= permissions
    )


def permissions_within(
    scopes: frozenset[Scope], permissions: frozenset[Permission]
) -> frozenset[Permission]:
    """Return what is left of ``permissions`` for a key of these scopes."""
    covered: frozenset[Permission] = frozenset()
    for scope in scopes:
        covered |= PERMISSIONS_OF_SCOPE[scope]
    return covered & permissions


class Need(StrEnum):
    """What a route or method asks of whoever calls it."""

    NOTHING = "nothing"  # a credential is neither needed nor looked at for being wrong
    OPTIONAL = "optional"  # none is needed, but a wrong one is refused
    CREDENTIAL = "credential"  # any good one
    ALL = "all"  # the permission and the scope that are named


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration of who may call something; made by the functions below."""

    need: Need
    permission: Permission | None = None
    scope: Scope | None = None
    fresh: bool = False  # credentials given a few minutes ago, or a key
    by_network: bool = False  # or a trusted network, where nobody can give any
    # The name of the path parameter (or argument) that names a user: that user may, too.
    own: str | None = None

    def __str__(self) -> str:
        """Return the declaration as it stands in the documents."""
        if self.need is not Need.ALL:
            return f"{self.need.value}, fresh" if self.fresh else self.need.value
        words = [f"permission {self.permission}"] if self.permission else []
        words += [f"scope {self.scope}"] if self.scope else []
        text = " and ".join(words)
        text += ", fresh" if self.fresh else ""
        text += " or by a trusted network" if self.by_network else ""
        return f"{text}, or the user '{{{self.own}}}'" if self.own else text


def public() -> Access:
    """Everybody: health, login, static files, discovery. A wrong credential is ignored."""
    return Access(Need.NOTHING)


def optional() -> Access:
    """Everybody, but whoever shows a credential must show a good one."""
    return Access(Need.OPTIONAL)


def authenticated(*, fresh: bool = False) -> Access:
    """Whoever has a good credential, of any scope."""
    return Access(Need.CREDENTIAL, fresh=fresh)


def permission(
    needed: Permission,
    *,
    scope: Scope | None = None,
    fresh: bool = False,
    own: str | None = None,
) -> Access:
    """Whoever holds the permission (and reaches the scope); OctoPrint's way to say it.

    ``own`` names the path parameter that names a user: that user is let in as well.
    """
    return Access(Need.ALL, permission=needed, scope=scope, fresh=fresh, own=own)


def scope(needed: Scope, *, fresh: bool = False) -> Access:
    """Whoever reaches the scope; the way of Moonraker's routes and of our own."""
    return Access(Need.ALL, scope=needed, fresh=fresh)


# The configuration holds passwords in plain words and says what programs run: who reads or
# changes it, by whatever way, has shown who they are a moment ago. A network that somebody
# trusts with everything shows that with each request; Mainsail has no other way to its editor.
CONFIGURATION = Access(Need.ALL, scope=Scope.ADMIN, fresh=True, by_network=True)
