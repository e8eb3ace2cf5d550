"""`product-import acceptance`: the module on a real account, from nothing to nothing."""

import argparse
import subprocess
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from product_import import engine as engines
from product_import import output
from product_import.acceptance.signals import answered
from product_import.checkout import MODULE, checkout
from product_import.costs import read_prices
from product_import.errors import UserError
from product_import.files import replace_files

EXAMPLE = """\
example: product-import acceptance --confirm 123456789012 --queue-depth-image registry.example/queue-depth:1.0.0

It makes a network with a NAT gateway, a cluster and the module in the smallest sizes, in the account and the region
that boto3 finds, upgrades from the last release, runs jobs, and removes all of it: on a failure and on Ctrl-C too. It
takes about two hours, gives up after three, and costs less than a dollar. --confirm has to name the account.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The account, the image, and where the report goes."""
    parser.add_argument("--confirm", metavar="ACCOUNT", required=True, help="the number of the account to make it in")
    parser.add_argument(
        "--queue-depth-image", metavar="IMAGE", required=True, help="the publisher's, which the account can pull"
    )
    parser.add_argument("--base", metavar="REFERENCE", help="of the last release (default: the newest tag v*)")
    parser.add_argument("--output", metavar="FILE", type=Path, default=Path("acceptance.md"), help="the report")


def run(options: argparse.Namespace) -> int:
    """Run it, and write the report whatever happens."""
    from product_import.acceptance.pace import LIMIT_SECONDS, Pace  # noqa: PLC0415, not everybody has boto3
    from product_import.acceptance.report import Report  # noqa: PLC0415
    from product_import.acceptance.run import MAXIMUM, Run, hourly  # noqa: PLC0415
    from product_import.doctor.account import NotLookedAtError, account_at_hand  # noqa: PLC0415
    from product_import.plan_diff.working_tree import check_out  # noqa: PLC0415

    executable, prices, module = engines.required(), read_prices(), checkout() / MODULE
    account = account_at_hand(None)
    try:
        number = account.read("sts:GetCallerIdentity")["Account"]
    except NotLookedAtError as error:
        raise UserError(f"AWS does not tell whose the credentials are: {error}.") from None
    if number != options.confirm:
        raise UserError(f"the credentials are of the account {number}. Given: --confirm {options.confirm}.")
    begun, base = datetime.now(UTC), options.base or _last_release()
    report = Report(
        {
            "account and region": f"{number}, {account.region}",
            "begun": f"{begun:%Y-%m-%d %H:%M} UTC",
            "engine": str(executable),
            "publisher": options.queue_depth_image,
            "last release": base or "none yet, so no upgrade was seen",
        }
    )
    hours = LIMIT_SECONDS / 3600
    try:
        most = Decimal(hours) * hourly(module, account.region, Decimal(MAXIMUM), prices)
        cost = f"cost {most:.2f} US dollars at most"
    except UserError:
        cost = "have no price that is known for this region"
    print(f"In the account {number}, {account.region}: it gives up after {hours:g} hours, which {cost}.", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        if base:
            check_out(base, Path(temporary))
        acceptance = Run(
            folder=Path(f"acceptance-{begun:%Y%m%d-%H%M%S}").absolute(),
            module=module,
            base=Path(temporary) / MODULE if base else None,
            session=account.session,
            executable=executable,
            queue_depth_image=options.queue_depth_image,
            prices=prices,
            report=report,
            # Ctrl-C ends the `tee` behind it too, and a closed terminal takes nothing: what was made goes all the same.
            say=output.say,
            pace=Pace(),
        )
        try:
            # What ends a job of CI is to remove things as well.
            with answered(_interrupt):
                acceptance.run()
        finally:
            replace_files({options.output: report.markdown()})
            output.say(f"{'Passed' if report.passed else 'Failed'}: {options.output}")
    return 0 if report.passed else 1


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


def _last_release() -> str | None:
    command = ["git", "-C", str(checkout()), "describe", "--tags", "--abbrev=0", "--match", "v*"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
