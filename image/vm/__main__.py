"""``python -m image.vm IMAGE``: rehearse the life of a card in a virtual machine.

Every step says what it found; figures are the processor seconds of the emulation, since the
clock on the wall tells more about the host.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from image.vm.machine import MODELS
from image.vm.rehearsal import STEPS, Rehearsal


def main() -> int:
    """Rehearse the steps that the arguments name; return the exit code."""
    options = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="gantry-vm-", dir=options.work))
    rehearsal = Rehearsal(MODELS[options.machine], options.image, folder)
    rehearsal.insert_fresh_card()
    rehearsal.release_key = options.release_key
    rehearsal.kills, rehearsal.full_boots = options.kills, options.full_boots
    rehearsal.quiet_minutes = options.quiet_minutes
    failed = False
    try:
        for name in options.steps or STEPS:
            print(f"--- {name}", flush=True)
            for line in STEPS[name](rehearsal):
                print(f"    {line}", flush=True)
    except Exception:  # noqa: BLE001 - what the machine said last is worth more than a trace
        failed = True
        traceback.print_exc()
        print(rehearsal.last_words())
    finally:
        rehearsal.switch_off()
        if options.keep:
            print(f"The card is in {folder}")
        else:
            shutil.rmtree(folder)
    return int(failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/image --test", description=__doc__)
    parser.add_argument("image", type=Path)
    parser.add_argument("steps", nargs="*", choices=[*STEPS, []], help="all of them if none")
    parser.add_argument("--machine", choices=MODELS, default="amd64")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument(
        "--full-boots", type=int, default=5, help="after every how many kills; 0: never"
    )
    parser.add_argument("--quiet-minutes", type=int, default=30)
    parser.add_argument("--release-key", type=Path, help="for the step 'updates'")
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--keep", action="store_true", help="keep the card")
    # A step may stand behind an option.
    return parser.parse_intermixed_args()


if __name__ == "__main__":
    sys.exit(main())
