"""The process of a simulated printer: `python -m appliance.components.simulator.firmware`.

It makes a pseudo terminal, prints `ready PATH` when the printer can be opened there, and
runs until SIGTERM.
"""

from __future__ import annotations

import sys

from appliance.components.simulator.options import parse_arguments
from appliance.components.simulator.process import Simulator


def main() -> int:
    """Run a simulated printer; the exit code is 2 if it cannot be made as asked."""
    process = parse_arguments()
    try:
        simulator = Simulator(process)
        simulator.plug_in()
    except (ValueError, KeyError, OSError) as error:
        words = error if isinstance(error, OSError) else error.args[0]
        sys.stderr.write(f"simulator: {words}\n")
        return 2
    simulator.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
