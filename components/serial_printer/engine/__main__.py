"""``python -m appliance.components.serial_printer.engine``."""

import sys

# asyncio imports ssl when it can, which costs 4 MB; a serial line needs none.
sys.modules["ssl"] = None  # type: ignore[assignment]

from .process import main  # noqa: E402

sys.exit(main())
