"""Remove what runs left that were killed, or could not remove all: `product-import acceptance --clean`."""

import shutil
from collections.abc import Callable
from pathlib import Path

from product_import.acceptance.leftovers import of_any_run
from product_import.acceptance.pace import Pace
from product_import.acceptance.record import Record, forget, in_use
from product_import.acceptance.removal import NOTHING, remove
from product_import.acceptance.run import roots
from product_import.doctor.account import Account
from product_import.engine import Executable
from product_import.errors import UserError


def clean(
    left: list[Path], number: str, account: Account, executable: Executable, say: Callable[[str], object]
) -> bool:
    """Remove what the folders know, name whatever else has a run's tag, and return whether nothing is left.

    Raises:
        UserError: a folder is of another account; nothing was removed.
    """
    session, region = account.session, account.region
    records = {folder: Record.read(folder) for folder in left}
    for folder, record in records.items():
        if record.account != number:
            raise UserError(f"{folder.name} is of the account {record.account}. Given: --confirm {number}.")
    all_gone = True
    for folder, record in records.items():
        say(f"{folder.name}: removing {record.name} in the account {record.account}, {record.region} ...")
        with in_use(folder):
            remains = remove(record, roots(folder, record, executable, session, say), session, Pace(), say)
            if not remains:
                forget(folder)
                shutil.rmtree(folder)
        for each in remains or [NOTHING]:
            say(f"  left: {each}")
        all_gone = all_gone and not remains
    if not left:
        say(f"No folder of an earlier run is in {Path.cwd()}.")
    if others := of_any_run(session, region):
        say(f"In the account {number}, {region}, these have the tag of a run:")
        for other in others:
            say(f"  {other}")
    return all_gone and not others
