"""`gantry check`: is the configuration right? Starts nothing, writes nothing."""

from __future__ import annotations

import argparse

from appliance.catalogue import Catalogue
from appliance.commands.options import add_config_option
from appliance.config import Configuration, load_configuration
from appliance.loader import setup_order


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder."""
    add_config_option(parser)


def run(options: argparse.Namespace) -> int:
    """Check it; a broken one raises its report."""
    catalogue = Catalogue(options.config)
    configuration = load_configuration(options.config, catalogue)
    order = setup_order(catalogue.with_dependencies(configuration.components))
    print(summary(configuration, order))
    return 0


def summary(configuration: Configuration, order: list[str]) -> str:
    """Say in a few lines what the configuration makes."""
    printers = [f"{entry['id']} ({entry['platform']})" for entry in configuration.printers]
    return "\n".join(
        (
            f"The configuration in {configuration.directory} is valid.",
            f"  printers:   {', '.join(printers) or 'none'}",
            f"  components: {', '.join(order) or 'none'}",
        )
    )
