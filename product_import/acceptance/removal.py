"""The end of a run: destroy both roots, then look for what is left."""

import traceback
from collections.abc import Callable, Sequence
from functools import partial

from product_import.acceptance import jobs
from product_import.acceptance.leftovers import leftovers
from product_import.acceptance.pace import Pace
from product_import.acceptance.record import Record
from product_import.acceptance.root import Root
from product_import.acceptance.signals import answered
from product_import.errors import UserError

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

NOTHING = "nothing, except the revisions of the task definition and, for 30 days, the deleted secret"


def remove(
    record: Record, roots: Sequence[Root], session: boto3.Session, pace: Pace, say: Callable[[str], object]
) -> list[str]:
    """Destroy the roots in their order, and return what is left, each with where that is known from.

    Ctrl-C does not end it, and whatever fails keeps nothing else from being removed and reported.
    """
    please_wait = "    removing what was created, which costs money while it is there: please wait"
    with answered(lambda: say(please_wait)):
        # Where that fails, the cluster stays as long as they run.
        _guarded("the end of the tasks", lambda: _stop(session, record, say), say)
        left = [
            each
            for root in roots
            for each in _guarded(f"the removal of {root.folder}", partial(_destroyed, root, say), say)
        ]
        return left + _guarded("the look at the account", lambda: _seen(session, record, pace), say)


def _guarded(what: str, act: Callable[[], list[str]], say: Callable[[str], object]) -> list[str]:
    try:
        return act()
    except UserError as error:
        return [f"not known, {what} failed: {' '.join(str(error).split())}"]
    except Exception:
        say(traceback.format_exc())
        fault = traceback.format_exc().splitlines()[-1]
        return [f"not known, {what} failed: {fault}"]


def _stop(session: boto3.Session, record: Record, say: Callable[[str], object]) -> list[str]:
    try:
        jobs.stop(session.client("ecs", region_name=record.region), record.name)
    except (ClientError, BotoCoreError) as error:
        say(f"    {error}")
    return []


def _destroyed(root: Root, say: Callable[[str], object]) -> list[str]:
    """Destroy, and once more where that fails. Returns what the state has then."""
    # A root without a configuration was never applied.
    for again in (False, True) if root.is_configured else ():
        try:
            if again:
                # A run that was killed may not have come so far.
                root.init()
            root.destroy()
            break
        except UserError as error:
            say(f"    {error}")
    return [f"{address}, in the state {root.state}" for address in root.left()]


def _seen(session: boto3.Session, record: Record, pace: Pace) -> list[str]:
    return [f"{each}, in the account" for each in leftovers(session, record, pace)]
