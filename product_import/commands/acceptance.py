"""`product-import acceptance`: create, use and remove the module in a real account."""

import argparse
import subprocess
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from product_import import engine as engines
from product_import import output
from product_import.acceptance.signals import answered, ignore
from product_import.checkout import MODULE, checkout
from product_import.costs import read_prices
from product_import.engine import Executable
from product_import.errors import UserError
from product_import.files import replace_files

if TYPE_CHECKING:
    from product_import.doctor.account import Account

EXAMPLE = """\
example: product-import acceptance --confirm 123456789012 --queue-depth-image registry.example/queue-depth:1.0.0

It creates a network with a NAT gateway, a cluster and the module in the smallest sizes, in the account and the region
that boto3 finds, upgrades from the last release, runs jobs, and removes all of it: on a failure and on Ctrl-C too. It
takes about two hours, gives up after three, and costs less than a dollar. --confirm must name the account.

A run that was killed leaves a folder acceptance-<time>/. --clean removes what such runs created:

  product-import acceptance --clean --confirm 123456789012
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The account, the image, and where the report goes."""
    parser.add_argument("--confirm", metavar="ACCOUNT", required=True, help="the number of the account to use")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--queue-depth-image", metavar="IMAGE", help="the publisher's, which the account must be able to pull"
    )
    what.add_argument("--clean", action="store_true", help="remove what earlier runs from this folder left")
    parser.add_argument("--base", metavar="REFERENCE", help="of the last release (default: the newest tag v*)")
    parser.add_argument("--output", metavar="FILE", type=Path, default=Path("acceptance.md"), help="the report")


def run(options: argparse.Namespace) -> int:
    """Run it and write the report whatever happens, or remove what earlier runs left."""
    from product_import.acceptance.environment import (  # noqa: PLC0415, not everybody has boto3
        HOURS,
        check_environment,
        dropped,
        end_is_unknown,
        renew_early,
    )
    from product_import.acceptance.record import left_behind  # noqa: PLC0415
    from product_import.acceptance.root import MINUTES  # noqa: PLC0415

    check_environment()
    executable, account = engines.required(), _account(options.confirm)
    if names := dropped():
        print(f"The engine does not get these variables of the environment: {', '.join(names)}.")
    renew_early(account.session, MINUTES * 60)
    if end_is_unknown(account.session):
        print(f"The credentials are temporary, and nothing tells when they end. They must last {HOURS} hours.")
    left = left_behind(Path.cwd())
    if options.clean:
        from product_import.acceptance.clean import clean  # noqa: PLC0415

        gone = clean(left, options.confirm, account, executable, output.say)
        return 0 if gone else 1
    if left:
        folders = ", ".join(folder.name for folder in left)
        raise UserError(
            f"an earlier run did not end, or could not remove all: {folders}. What it created may still cost money. "
            f"Remove it: product-import acceptance --clean --confirm {options.confirm} (make acceptance CLEAN=1 ...)."
        )
    return _accept(options, account, executable)


def _account(confirmed: str) -> "Account":
    """The account at hand, which the user must have named."""
    from product_import.doctor.account import NotLookedAtError, account_at_hand  # noqa: PLC0415

    account = account_at_hand(None)
    try:
        number = account.read("sts:GetCallerIdentity")["Account"]
    except NotLookedAtError as error:
        raise UserError(f"AWS does not tell whose the credentials are: {error}.") from None
    if number != confirmed:
        raise UserError(f"the credentials are of the account {number}. Given: --confirm {confirmed}.")
    return account


def _accept(options: argparse.Namespace, account: "Account", executable: Executable) -> int:
    from product_import.acceptance.leftovers import of_any_run, seen  # noqa: PLC0415
    from product_import.acceptance.pace import LIMIT_SECONDS, Pace  # noqa: PLC0415
    from product_import.acceptance.record import Record  # noqa: PLC0415
    from product_import.acceptance.report import Report  # noqa: PLC0415
    from product_import.acceptance.run import MAXIMUM, Run, hourly  # noqa: PLC0415
    from product_import.plan_diff.working_tree import check_out  # noqa: PLC0415

    prices, module = read_prices(), checkout() / MODULE
    begun, base = datetime.now(UTC), options.base or _last_release()
    record = Record.new(options.confirm, account.region, f"{begun:%Y-%m-%d %H:%M} UTC")
    if unseen := seen(account.session, record):
        raise UserError(f"the run could not see whether it leaves anything: {'; '.join(unseen)}.")
    others = of_any_run(account.session, account.region)
    report = Report(
        {
            "account and region": f"{options.confirm}, {account.region}",
            "begun": record.begun,
            "engine": str(executable),
            "publisher": options.queue_depth_image,
            "last release": base or "none yet, so no upgrade was seen",
            **({"tagged by other runs before": ", ".join(others)} if others else {}),
        }
    )
    if others:
        print(f"Resources of other runs are in this account and region: {', '.join(others)}.")
    hours = LIMIT_SECONDS / 3600
    try:
        most = Decimal(hours) * hourly(module, account.region, Decimal(MAXIMUM), prices)
        cost = f"cost {most:.2f} US dollars at most"
    except UserError:
        cost = "have no price that is known for this region"
    print(
        f"In the account {options.confirm}, {account.region}: it gives up after {hours:g} hours, which {cost}.",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as temporary:
        if base:
            check_out(base, Path(temporary))
        acceptance = Run(
            folder=Path(f"acceptance-{begun:%Y%m%d-%H%M%S}").absolute(),
            record=record,
            module=module,
            base=Path(temporary) / MODULE if base else None,
            session=account.session,
            executable=executable,
            queue_depth_image=options.queue_depth_image,
            prices=prices,
            report=report,
            # Ctrl-C ends the `tee` behind it too, and a closed terminal takes nothing: the removal continues.
            say=output.say,
            pace=Pace(),
        )
        try:
            # What ends a job of CI is to remove things as well.
            with answered(_interrupt):
                acceptance.run()
        finally:
            output.say(f"{'Passed' if report.passed else 'Failed'}: {options.output}")
            for each in report.remains:
                output.say(f"  left: {each}")
            replace_files({options.output: report.markdown()})
    return 0 if report.passed else 1


def _interrupt() -> NoReturn:
    # The removal follows. A second signal before it begins, such as SIGHUP after Ctrl-C, must not skip it.
    ignore()
    raise KeyboardInterrupt


def _last_release() -> str | None:
    command = ["git", "-C", str(checkout()), "describe", "--tags", "--abbrev=0", "--match", "v*"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
