"""How long the random tests look: once by default, longer by GANTRY_THOROUGH=<times>."""

from __future__ import annotations

import os

THOROUGH = int(os.environ.get("GANTRY_THOROUGH", "1"))
