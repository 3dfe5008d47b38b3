"""Who may call what, in one place."""

from __future__ import annotations

from appliance.domain.permissions import Scope, optional, scope

READ = scope(Scope.READ)
UPLOAD = scope(Scope.UPLOAD)
PRINT = scope(Scope.PRINT)
CONTROL = scope(Scope.CONTROL)
GCODE = scope(Scope.GCODE)
FILES_DELETE = scope(Scope.FILES_DELETE)
ADMIN = scope(Scope.ADMIN)
OPEN = optional()
