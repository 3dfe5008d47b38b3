"""`python -m first_boot import|report|access-point|wifi`: the parts that systemd starts.

Boot never waits for a person: whatever happens is written to the report, and we end with 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from appliance.control import socket_path

from . import ask, disk
from .access_point import AccessPoint
from .host import Host
from .identity import give_to
from .importer import Importer, Places
from .in_force import write_in_force
from .joining import Ended, Joining, WishRefused
from .later import Sight
from .on_card import write_wifi
from .outcome import Outcome, load_outcome
from .report import write_report
from .restore import Restorer
from .work import Elsewhere, do

_DEFAULTS = Path(__file__).parent / "configuration.yaml"
_OUTCOME = "outcome.json"
# Before this the clock was never set: a Raspberry Pi has none that runs on.
_CLOCK_IS_SET = 1_700_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one of the parts."""
    options = _parser().parse_args(arguments)
    return int(options.part(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="first_boot", description=__doc__)
    parser.add_argument("--boot", type=Path, default=Path("/boot/firmware"))
    parser.add_argument("--config", type=Path, default=Path("/data/config"))
    parser.add_argument("--system", type=Path, default=Path("/data/system"))
    parser.add_argument("--run", type=Path, default=Path("/run/gantry-import"))
    parser.add_argument("--defaults", type=Path, default=_DEFAULTS)
    parser.add_argument("--user", help="to whom the configuration belongs")
    parser.add_argument(
        "--launcher", default="/usr/lib/gantry/launch", help="runs what is done as that user"
    )
    parts = parser.add_subparsers(required=True)
    take = parts.add_parser("import", help="take what is on the boot partition")
    take.set_defaults(part=import_)
    work_ = parts.add_parser("work", help="carry out an order from stdin (see work.py)")
    work_.set_defaults(part=carry_out)
    report = parts.add_parser("report", help="add what is seen of network and printer")
    report.add_argument("--after", type=int, metavar="SECONDS", help="default: the uptime")
    report.add_argument("--claim-code", type=Path, default=Path("/run/gantry/claim-code.txt"))
    report.set_defaults(part=report_)
    point = parts.add_parser("access-point", help="open our own network if there is no other")
    point.set_defaults(part=access_point)
    wifi_ = parts.add_parser("wifi", help="try the network that was wished on the page")
    wifi_.add_argument("--folder", type=Path, default=Path("/run/gantry-wifi"))
    wifi_.set_defaults(part=wifi)
    return parser


def import_(options: argparse.Namespace) -> int:
    """Import, write the first part of the report, name the computer."""
    places = Places(options.boot, options.config, options.system, options.defaults)
    importer = Importer(places, do)
    if options.user is not None:
        importer.worker = Elsewhere(options.user, [options.launcher, "first_boot", "work"])
        words = [options.launcher, "appliance", "restore", "--config", str(options.config)]
        importer.restorer = Restorer(options.config, words, options.user)
    try:
        _own(options.config, options.user)
        importer.run()
    except Exception as error:  # noqa: BLE001 - the report is the only witness
        traceback.print_exc()
        importer.outcome.problems.append(_unexpected(error))
    outcome = importer.outcome
    outcome.started = _now()
    for line in [*outcome.problems, *outcome.applied, *outcome.notes]:
        print(line, file=sys.stderr)
    _keep(options, outcome)
    return 0


def carry_out(_options: argparse.Namespace) -> int:
    """Do the part of the user of the configuration; answer on stdout."""
    print(json.dumps(do(json.load(sys.stdin))))
    return 0


def report_(options: argparse.Namespace) -> int:
    """Write the report again, with what is seen now."""
    outcome = load_outcome(options.run / _OUTCOME)
    control = socket_path(options.config)
    sight = Sight(
        ask.run,
        lambda path: ask.appliance(control, path),
        Host(options.system),
        options.config,
        options.claim_code,
    )
    after_s = options.after if options.after is not None else round(time.monotonic())
    outcome.started = outcome.started or _now()
    health = ask.appliance(control, "/api/gantry/health")
    if isinstance(health, dict):
        outcome.version = health["version"]  # the one that runs, not the one of the card
    try:
        write_report(options.boot, outcome, sight.lines(after_s))
        write_in_force(options.boot, options.config)
    except OSError as error:
        print(f"The report cannot be written: {error}", file=sys.stderr)
    return 0


def access_point(options: argparse.Namespace) -> int:
    """Open our own network where nothing else leads to us."""
    point = AccessPoint(Host(options.system), ask.patient)  # listening takes a while
    if point.open_if_needed():
        print(f"Our own network is on the air: {point.name}", file=sys.stderr)
    return 0


def wifi(options: argparse.Namespace) -> int:
    """Join or forget a network, and leave word how it ended."""
    request = options.folder / "request.json"
    joining = Joining(Host(options.system), ask.patient)
    try:
        wish = json.loads(request.read_bytes())
        request.unlink()  # it may hold a password
        if wish.pop("do") == "forget":
            joining.forget(wish["ssid"])
            ended = None
        else:
            ended = joining.join(wish)
    except (OSError, ValueError, KeyError, WishRefused) as error:
        ended = Ended("", joined=False, reason=str(error))
    if ended is not None:
        content = json.dumps({**asdict(ended), "ended_at": time.time()})
        disk.write(options.folder / "ended.json", content.encode())
        print(ended.reason or f"Joined {ended.ssid!r}", file=sys.stderr)
    try:
        write_wifi(options.boot, joining.host)
    except OSError as error:
        print(f"gantry.yaml cannot be written: {error}", file=sys.stderr)
    return 0


def _own(folder: Path, user: str | None) -> None:
    """Have the folder of the configuration, for its user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    give_to(user, folder)


def _keep(options: argparse.Namespace, outcome: Outcome) -> None:
    try:
        outcome.save(options.run / _OUTCOME)
        write_report(options.boot, outcome)
    except OSError as error:
        print(f"The report cannot be written: {error}", file=sys.stderr)


def _unexpected(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The settings cannot be stored: {error}"
    return f"The import has failed: {type(error).__name__}: {error}"


def _now() -> str:
    if time.time() < _CLOCK_IS_SET:
        return ""
    return time.strftime("%Y-%m-%d %H:%M:%S")


if __name__ == "__main__":
    sys.exit(main())
