"""Who may call what, in one place."""

from __future__ import annotations

from appliance.domain.permissions import Scope, optional, scope
from appliance.errors import FileError, FileExists, FileForbidden

READ = scope(Scope.READ)
UPLOAD = scope(Scope.UPLOAD)
PRINT = scope(Scope.PRINT)
CONTROL = scope(Scope.CONTROL)
GCODE = scope(Scope.GCODE)
FILES_DELETE = scope(Scope.FILES_DELETE)
ADMIN = scope(Scope.ADMIN)
OPEN = optional()


def no_replacing(error: FileExists, *, may_replace: bool) -> FileError:
    """Return what to raise for a name that is taken: it may be the key that is too small."""
    if may_replace:
        return error
    return FileForbidden("replacing a file needs the scope 'files:delete'")
