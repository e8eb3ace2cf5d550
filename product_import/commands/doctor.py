"""`product-import doctor`: what is wrong with a live deployment, and what to do."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from product_import.commands.cost import module_folder
from product_import.configuration import Configuration, Unknown
from product_import.doctor.calls import policy
from product_import.errors import UserError
from product_import.terminal import progress

EXAMPLE = """\
examples:
  product-import doctor --vars production.tfvars
  product-import doctor production
  product-import doctor production --cluster main --json
  product-import doctor --policy

It reads with the credentials, the profile and the region that boto3 finds (AWS_PROFILE, AWS_REGION, ...), and changes
nothing. It compares the account with the module and the inputs of the file, or the module's defaults. --policy prints
the IAM policy that it needs, without any call. The exit status is 0 when it finds nothing, 2 with findings, 1 when it
could not look, and for wrong usage.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which deployment, and how to tell of it."""
    # 2 would say that there are findings.
    parser.wrong_usage = 1  # type: ignore[attr-defined]
    parser.add_argument("environment", nargs="?", metavar="ENVIRONMENT", help="the input (default: that of --vars)")
    parser.add_argument("--vars", metavar="FILE", type=Path, help="the inputs: a .tfvars or .tfvars.json file")
    parser.add_argument("--cluster", metavar="NAME", help="of ECS (default: that of --vars, else it is looked for)")
    parser.add_argument("--module", metavar="FOLDER", type=Path, help="the module (default: the one of this version)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--policy", action="store_true", help="print the IAM policy that it needs, and do no more")


def run(options: argparse.Namespace) -> int:
    """Look, print what was found, and return the status that tells it."""
    if options.policy:
        print(policy())
        return 0
    configuration = _configuration(options)
    from product_import.doctor.account import account_at_hand  # noqa: PLC0415, not everybody has boto3
    from product_import.doctor.deployment import Deployment, with_cluster  # noqa: PLC0415
    from product_import.doctor.examination import examine  # noqa: PLC0415
    from product_import.doctor.report import json_text, text  # noqa: PLC0415

    account = account_at_hand(configuration.variable("aws_region") if options.vars else None)
    configuration = with_cluster(configuration, account, options.cluster)
    deployment = Deployment(account, configuration, datetime.now(UTC), by_default=options.vars is None)
    with progress(f"Reading {deployment.environment}"):
        examination = examine(deployment)
    print(json_text(examination) if options.json else text(examination))
    return examination.status


def _configuration(options: argparse.Namespace) -> Configuration:
    """The module with the inputs that are given, the environment among them."""
    configuration = Configuration.read(module_folder(options), options.vars)
    given = configuration.variable("environment")
    if isinstance(given, Unknown):
        if options.environment is None:
            raise UserError("doctor needs the environment: its name, or --vars with a file that has it.")
        return configuration.with_inputs({"environment": options.environment})
    if options.environment not in (None, given):
        raise UserError(f"the environment of {options.vars} is {given}. Given besides: {options.environment}.")
    return configuration
