"""Run an engine on a state of its own: what the stand-in for AWS makes up must not get into a root's real state.

All that a run writes goes to `.terraform/stand-in/` of the root. A state in it is made the backend by an override file,
there as long as the run lasts (Terraform's documentation, "Override Files": it goes before any other backend).
"""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from product_import.errors import UserError

DATA = Path(".terraform/stand-in")
# Overrides go in the order of their names, the last one counts: ~ comes after each letter.
OVERRIDE = "~stand_in_override.tf.json"
# OpenTofu's documentation, "Files and Directories", has the second one of each.
NATIVE, JSON = ("*.tf", "*.tofu"), ("*.tf.json", "*.tofu.json")
ELSEWHERE = ("-backend-config", "-state", "-state-out")
"""Options that would keep the state at a place of their own, in spite of the override."""
_BACKEND = {
    "//": "Written by `product-import stand-in` for the length of a run. A run that was killed leaves it: remove it.",
    "terraform": {
        "backend": {
            "local": {
                "path": (DATA / "made-up.tfstate").as_posix(),
                # Of all workspaces but `default`. Real ones may lie in the backend's own folder for them.
                "workspace_dir": (DATA / "workspaces").as_posix(),
            }
        }
    },
}


def main(engine: str, arguments: Sequence[str]) -> int:
    """Run the engine in the folder that its `-chdir` names, else in the current one, and return its exit status."""
    folders = [argument.partition("=")[2] for argument in arguments if argument.startswith("-chdir=")]
    root = Path(folders[0] if folders else ".")
    try:
        if not _has_configuration(root):
            return _run([engine, *arguments])
        _refuse_elsewhere(arguments)
        with _override(root / OVERRIDE):
            status = _run([engine, *arguments])
        if status != 0:
            _explain(root)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return status


def _has_configuration(root: Path) -> bool:
    """Or a state alone, which is enough for a `destroy`."""
    return any(True for _ in _files(root, (*NATIVE, *JSON, "terraform.tfstate*")))


def _files(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    return itertools.chain.from_iterable(folder.glob(pattern) for pattern in patterns)


def _refuse_elsewhere(arguments: Sequence[str]) -> None:
    """An engine also takes arguments from TF_CLI_ARGS and TF_CLI_ARGS_<command>.

    Raises:
        UserError: one names another place for the state.
    """
    added = [
        text.replace('"', "").replace("'", "").split()
        for name, text in os.environ.items()
        if name.startswith("TF_CLI_ARGS")
    ]
    for argument in itertools.chain(arguments, *added):
        option = f"-{argument.lstrip('-')}".partition("=")[0]
        if argument.startswith("-") and option in ELSEWHERE:
            raise UserError(f"{option}: on the stand-in the state lies in {DATA.as_posix()} of the root. Leave it out.")


@contextmanager
def _override(path: Path) -> Iterator[None]:
    text = json.dumps(_BACKEND, indent=2) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise UserError(f"{path}: a file of that name is there, and the stand-in needs the name. Rename it.")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise UserError(f"the stand-in must be able to write into the root: {error}") from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _run(command: Sequence[str]) -> int:
    process = subprocess.Popen(command, env={**os.environ, "TF_DATA_DIR": DATA.as_posix()})

    def end(_signal: int, _frame: FrameType | None) -> None:
        process.terminate()

    # The terminal sends an interrupt to the engine too, which then ends in good order. When it is closed it hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, end)
    signal.signal(signal.SIGTERM, end)
    return process.wait()


def _explain(root: Path) -> None:
    """Name the types that the stand-in does not know, which an engine reports without saying which ones it knows.

    Raises:
        UserError: there are some.
    """
    from product_import.stand_in.schema import provider_schema  # noqa: PLC0415, needed after a failure alone

    known = {"resource": set(provider_schema(5).resource_types), "data": set[str]()}
    unknown = sorted({f"{kind} {name}" for kind, name in _types(root) if name not in known[kind]})
    if unknown:
        raise UserError(
            f"the stand-in for the AWS provider does not know {', '.join(unknown)}. "
            f"It knows {', '.join(sorted(known['resource']))}, and no data sources."
        )


def _types(root: Path) -> Iterator[tuple[str, str]]:
    """The AWS types in the root and its modules: `resource` or `data`, and the name."""
    manifest = root / DATA / "modules" / "modules.json"
    modules = json.loads(manifest.read_text(encoding="utf-8"))["Modules"] if manifest.exists() else []
    for folder in {root, *(root / module["Dir"] for module in modules)}:
        for file in _files(folder, NATIVE):
            text = file.read_text(encoding="utf-8", errors="replace")
            yield from re.findall(r'^\s*(resource|data)\s+"?(aws_\w+)', text, re.MULTILINE)
        for file in _files(folder, JSON):
            yield from _types_in_json(file)


def _types_in_json(file: Path) -> Iterator[tuple[str, str]]:
    """Whatever else the file holds: the engine has said what is wrong with it."""
    try:
        tree: Any = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return
    for body in _objects(tree):
        for kind in ("resource", "data"):
            yield from ((kind, name) for block in _objects(body.get(kind)) for name in block if name.startswith("aws_"))


def _objects(value: Any) -> list[dict[str, Any]]:
    """One object, or several in a list, as Terraform's JSON has blocks."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
