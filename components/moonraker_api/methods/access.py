"""Who may call what, in one place."""

from __future__ import annotations

from appliance.domain.files import GCODES
from appliance.domain.permissions import Scope, optional, scope
from appliance.domain.users import Identity
from appliance.errors import FileForbidden

READ = scope(Scope.READ)
UPLOAD = scope(Scope.UPLOAD)
PRINT = scope(Scope.PRINT)
CONTROL = scope(Scope.CONTROL)
GCODE = scope(Scope.GCODE)
FILES_DELETE = scope(Scope.FILES_DELETE)
ADMIN = scope(Scope.ADMIN)
OPEN = optional()
# To see something is not to see these: a configuration may hold passwords in plain words,
# and a log tells who did what.
_PRIVATE_ROOTS = frozenset({"config", "logs"})


def check_reading(who: Identity, root: str) -> None:
    """Raise unless the content of files in that root may be seen."""
    if root in _PRIVATE_ROOTS and not who.reaches(Scope.ADMIN):
        message = f"'{root}' is read by administrators only"
        raise FileForbidden(message)


def check_changing(who: Identity, root: str) -> None:
    """Raise unless that root may be changed: what is no G-code by administrators only."""
    if root != GCODES and not who.reaches(Scope.ADMIN):
        message = f"'{root}' is changed by administrators only"
        raise FileForbidden(message)
