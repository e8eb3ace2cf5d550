"""The stand-in's own backend: made that of a root, and read from what engines write."""

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from pathlib import Path

from product_import.errors import UserError
from product_import.own_state.plan_file import planned_backend

DATA = Path(".terraform/stand-in")
# An engine merges overrides in the order of their names, and the last one counts: ~ comes after each letter. The name
# does not have to be the last one: an engine refuses a backend that is not the one in SAVED.
OVERRIDE = "~stand_in_override.tf.json"
SAVED = DATA / "terraform.tfstate"
"""Where an engine saves which backend a folder was initialized for, below TF_DATA_DIR."""
CONFIGURATION = {
    "path": (DATA / "made-up.tfstate").as_posix(),
    # Of all workspaces but `default`. Real ones may be in the backend's own folder for them.
    "workspace_dir": (DATA / "workspaces").as_posix(),
}
_TEXT = (
    json.dumps(
        {
            "//": "`product-import stand-in` writes this for the length of a run. Remove it when a run was killed.",
            "terraform": {"backend": {"local": CONFIGURATION}},
        },
        indent=2,
    )
    + "\n"
)


@contextmanager
def own_backend(root: Path) -> Iterator[None]:
    """Make the root's configuration and its saved backend name the stand-in's state, as long as a run lasts.

    An engine compares the two before each command. When they differ it stops; only `init` with an option changes the
    saved one (`backendFromConfig` in Terraform's internal/command/meta_backend.go). With the saved one there an `init`
    does not move a local state either, as the first `init` for a new backend does.

    Raises:
        UserError: the root cannot be written to, or has a file of the override's name.
    """
    override = root / OVERRIDE
    if override.exists() and override.read_text(encoding="utf-8") != _TEXT:
        raise UserError(f"{override}: a file of that name is there, and the stand-in needs the name. Rename it.")
    _refuse_links(root / DATA)
    with ExitStack() as stack:
        try:
            (root / DATA).mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((root / DATA / "lock").open("w", encoding="utf-8"))
            flock(lock, LOCK_SH)
            _save(root / SAVED)
            override.write_text(_TEXT, encoding="utf-8")
        except OSError as error:
            with suppress(OSError):
                override.unlink()
            raise UserError(f"the stand-in must be able to write into the root: {error}") from None
        try:
            yield
        finally:
            # The last one of several runs in a root removes it.
            flock(lock, LOCK_UN)
            with suppress(BlockingIOError):
                flock(lock, LOCK_EX | LOCK_NB)
                override.unlink(missing_ok=True)


def current_state(root: Path) -> Path:
    """Return the state of the workspace that is in use; it need not be there.

    The engine keeps the name of the workspace in TF_DATA_DIR, and TF_WORKSPACE goes before: `Workspace` in Terraform's
    internal/command/meta.go.
    """
    kept = root / DATA / "environment"
    workspace = os.environ.get("TF_WORKSPACE") or (kept.read_text(encoding="utf-8") if kept.is_file() else "")
    state = Path(CONFIGURATION["path"])
    if workspace not in ("", "default"):
        state = Path(CONFIGURATION["workspace_dir"], workspace, "terraform.tfstate")
    return (root / state).absolute()


def _refuse_links(data: Path) -> None:
    """What is written to a link gets to its target."""
    for path in (data, *data.glob("*"), *(data / "workspaces").rglob("*")):
        # Engines are told of the stand-in by one (`_link`), which a run that was killed leaves.
        if path.is_symlink() and not path.name.startswith("provider-"):
            raise UserError(f"{path}: a link is in the place of the stand-in's own state. Remove the link.")


def _save(path: Path) -> None:
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        saved = json.loads(path.read_bytes())["backend"]
        if saved["type"] == "local" and _given(saved["config"]) == CONFIGURATION:
            return
    backend = {"type": "local", "config": CONFIGURATION, "hash": 0}
    path.write_text(json.dumps({"version": 3, "serial": 1, "lineage": "", "backend": backend}), encoding="utf-8")


def _given(configuration: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in configuration.items() if value is not None}


def refuse_foreign_plan(file: Path) -> None:
    """Refuse a saved plan that an `apply` would write to another state: it uses the backend that is in the plan.

    `PrepareBackend` in Terraform's internal/command/apply.go. A file that is no plan is left to the engine.

    Raises:
        UserError: the plan is for another backend, or cannot be read.
    """
    try:
        # OpenTofu's internal/encryption/base.go: an encrypted plan is JSON with this name.
        if not zipfile.is_zipfile(file) and b'"encrypted_data"' not in file.read_bytes():
            return
    except OSError:
        return
    try:
        with zipfile.ZipFile(file) as archive:
            kind, configuration = planned_backend(archive.read("tfplan"))
    except (ValueError, LookupError, zipfile.BadZipFile):
        raise UserError(f"{file}: the stand-in cannot read which backend this plan is for. Plan again on it.") from None
    if kind != "local" or _given(configuration) != CONFIGURATION:
        raise UserError(f"{file}: this plan is for another state, in the backend {kind}. Plan again on the stand-in.")
