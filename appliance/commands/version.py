"""`gantry version`."""

from __future__ import annotations

import argparse

from appliance import __version__


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take none."""


def run(_: argparse.Namespace) -> int:
    """Print the version."""
    print(f"Gantry {__version__}")
    return 0
