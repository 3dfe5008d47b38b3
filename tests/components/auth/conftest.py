"""Times that must not run out while a test looks at what holds within them."""

from __future__ import annotations

import pytest

from appliance.components.auth import lockout, pairing


@pytest.fixture
def locked_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever failed too often wait for longer than any test takes."""
    monkeypatch.setattr(lockout, "FIRST_WAIT_S", lockout.LONGEST_WAIT_S)


@pytest.fixture
def patient_pairing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the wish of an application wait, though nobody asks for it every second."""
    monkeypatch.setattr(pairing, "SILENT_S", pairing.LONGEST_S)
