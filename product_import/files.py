"""Writing files so that a failure leaves all of them as they were."""

import os
from collections.abc import Mapping
from pathlib import Path

from product_import.errors import UserError


def replace_files(files: Mapping[Path, str]) -> list[tuple[Path, bool]]:
    """Write texts aside, then rename all of them into place.

    Returns:
        Each path, and whether its content changed.

    Raises:
        UserError: a file cannot be written, or is a device or a pipe; none was replaced.
    """
    staged: dict[Path, Path] = {}
    results = []
    try:
        for path, text in files.items():
            if path.exists() and not path.is_file():
                # One that never ends would be read for ever, and none can be replaced.
                raise UserError(f"{path}: must be a file, or not be there yet.")
            changed = not path.exists() or path.read_bytes() != text.encode()
            results.append((path, changed))
            if changed:
                path.parent.mkdir(parents=True, exist_ok=True)
                aside = path.with_name(f".{path.name}.{os.getpid()}")
                staged[path] = aside
                aside.write_text(text, encoding="utf-8")
        for path, aside in staged.items():
            aside.replace(path)
    except OSError as error:
        raise UserError(str(error)) from None
    finally:
        for aside in staged.values():
            aside.unlink(missing_ok=True)
    return results
