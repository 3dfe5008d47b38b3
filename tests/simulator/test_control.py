"""The control socket by itself."""

from __future__ import annotations

import os
from pathlib import Path

from appliance.components.simulator.control import ControlSocket


def test_a_descriptor_of_a_port_that_has_just_gone_is_nobodys(tmp_path: Path) -> None:
    """A request to unplug is served in the turn in which the port has something to read."""
    control = ControlSocket(tmp_path / "control", lambda request: request)
    reader, writer = os.pipe()
    try:
        control.serve(reader)
        assert control.readers() == control.readers()[:1]
    finally:
        os.close(reader)
        os.close(writer)
        control.close()
