"""Run an engine on a state of its own: what the stand-in for AWS makes up must not get into a root's real state.

All that a run writes goes to `.terraform/stand-in/` of the root (backend.py). The README of the stand-in says what this
protects, and what it cannot.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any

from product_import.errors import UserError
from product_import.isolation import without_aws, without_credentials
from product_import.own_state import providers
from product_import.own_state.arguments import NO_STATE, CommandLine
from product_import.own_state.backend import DATA, OVERRIDE, current_state, own_backend

DOWNLOADS = ("get", "init")
"""Commands that download modules and providers, for which a user may need credentials. They start no provider."""
LOCK = ["providers", "lock"]

_OTHER_BACKEND = "nitialization required"
"""In what an engine says when the configured backend is not the saved one, whether its own or `cloud`."""


@dataclass(frozen=True)
class Settings:
    """What a wrapper knows from `product-import stand-in`, whatever its environment says."""

    engine: str
    programs: str
    """The folder of the wrappers."""
    socket: str
    """Path of the stand-in's socket."""
    entry: dict[str, Any]
    """The stand-in's entry in TF_REATTACH_PROVIDERS, except for its address."""
    home: str
    """An empty folder."""
    names: str
    """A folder that gets an empty file for each name of the AWS provider that a root uses, and a link to its state."""


def main(settings: Settings, arguments: Sequence[str]) -> int:
    """Run the engine in the folder that its `-chdir` names, else in the current one, and return its exit status."""
    try:
        return _status(settings, CommandLine.read(arguments, os.environ))
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _status(settings: Settings, line: CommandLine) -> int:
    line.check()
    root = line.root
    # Where there is no such folder the engine says so.
    if line.command in ("", *NO_STATE) or not root.is_dir():
        return _wait([settings.engine, *line.arguments], without_credentials(_environment(settings), settings.home))
    with own_backend(root), _link(root, settings.socket) as address:
        entry = {**settings.entry, "Addr": {"Network": "unix", "String": address}}
        run = _Run(settings, root, entry)
        if line.words == LOCK:
            status = run.lock(line)
        else:
            status = run.download(line.arguments) if line.command in DOWNLOADS else run.use(line.arguments)
        if status == 1:
            run.explain()
    return status


@contextmanager
def _link(root: Path, socket: str) -> Iterator[str]:
    """Let an engine reach the stand-in from this folder alone: a relative address is relative to the engine's folder.

    A provisioner inherits the address. An engine that it starts by its path in another folder finds nothing there.
    """
    link = DATA / f"provider-{os.getpid()}"
    try:
        (root / link).unlink(missing_ok=True)
        (root / link).symlink_to(socket)
    except OSError as error:
        raise UserError(f"the stand-in must be able to make a symbolic link in the root: {error}") from None
    try:
        yield link.as_posix()
    finally:
        (root / link).unlink(missing_ok=True)


@dataclass(frozen=True)
class _Run:
    """One run of the engine in a root that has the stand-in's backend."""

    settings: Settings
    root: Path
    entry: dict[str, Any]

    def download(self, arguments: Sequence[str]) -> int:
        """Run a command with the user's own settings for downloads.

        An `init` would configure whatever backend is the effective one, and `cloud` moves the state there. Another
        command stops when that is not the saved one.
        """
        probe = self._ask("workspace", "list")
        if _OTHER_BACKEND in probe.stderr:
            return 1
        # The engine could not say: without credentials it reaches nothing.
        environment = self._apart() if probe.returncode else without_aws(_environment(self.settings))
        # Git may download modules with `ssh`, which one of the wrappers refuses. The backend is the stand-in's here.
        folders = environment["PATH"].split(os.pathsep)
        environment["PATH"] = os.pathsep.join(folder for folder in folders if folder != self.settings.programs)
        before = providers.attached(self.root, self.entry)
        status = self._run(arguments, environment, before)
        # Modules that have been installed may name another registry.
        after = providers.attached(self.root, self.entry)
        if status == 1 and after != before:
            status = self._run(arguments, environment, after)
        providers.refuse_installed(self.root, after)
        return status

    def lock(self, line: CommandLine) -> int:
        """Lock the providers that the engine installs.

        Without names, `providers lock` asks a registry about all that the root requires, also about those that the
        stand-in answers for (internal/command/providers_lock.go in Terraform). cdktf runs it after each first `init`.
        """
        told = self._ask("providers")
        if line.operands or told.returncode != 0:
            return self.download(line.arguments)
        installed = providers.installed(told.stdout, providers.attached(self.root, self.entry))
        if not installed:
            print("The stand-in answers for hashicorp/aws, which needs no lock.")
            return 0
        return self.download([*line.arguments, *installed])

    def use(self, arguments: Sequence[str]) -> int:
        """Run a command that may start providers and provisioners, without the user's credentials."""
        reattach = providers.attached(self.root, self.entry)
        providers.refuse_installed(self.root, reattach)
        for name in providers.names(self.root):
            Path(self.settings.names, name).touch()
        state = current_state(self.root)
        link = Path(self.settings.names, f"{sha256(str(state).encode()).hexdigest()}.tfstate")
        if not link.is_symlink():
            link.symlink_to(state)
        return self._run(arguments, self._apart(), reattach)

    def explain(self) -> None:
        """Name what the stand-in refuses or does not know where the engine, which has failed, does not name it.

        Raises:
            UserError: there is something.
        """
        if _OTHER_BACKEND in self._ask("workspace", "list").stderr:
            later = sorted(file.name for file in self.root.glob("*_override.t*") if file.name > OVERRIDE)
            raise UserError(
                f"the root does not use the state of the stand-in: an override that the engine reads after {OVERRIDE} "
                f"sets `backend` or `cloud`. Rename it, so that its name is the lower one. It reads later: "
                f"{', '.join(later) or 'none by its name'}."
            )
        reattach = providers.attached(self.root, self.entry)
        providers.refuse(providers.required(self._ask("providers").stdout), reattach)
        providers.refuse_names(self.root)

    def _ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command that changes nothing, for what it says."""
        return subprocess.run(
            [self.settings.engine, *command, *(("-no-color",) if command[0] != "providers" else ())],
            cwd=self.root,
            env=self._apart() | self._attachment(providers.attached(self.root, self.entry)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def _apart(self) -> dict[str, str]:
        kept = {name: value for name, value in _environment(self.settings).items() if name != "TERRAFORM_CONFIG"}
        # No `dev_overrides`, and no credentials of a registry.
        return without_credentials(kept, self.settings.home) | {"TF_CLI_CONFIG_FILE": os.devnull}

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str], reattach: str) -> int:
        return _wait([self.settings.engine, *arguments], {**environment, **self._attachment(reattach)})

    @staticmethod
    def _attachment(reattach: str) -> dict[str, str]:
        return {"TF_DATA_DIR": DATA.as_posix(), "TF_REATTACH_PROVIDERS": reattach}


def _environment(settings: Settings) -> dict[str, str]:
    """Without what adds arguments, which are among the arguments already, and with the wrappers in front."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TF_CLI_ARGS") and name != "TF_REATTACH_PROVIDERS"
    }
    return kept | {"PATH": f"{settings.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _wait(command: Sequence[str], environment: Mapping[str, str]) -> int:
    process = subprocess.Popen(command, env=environment)

    def end(_signal: int, _frame: FrameType | None) -> None:
        process.terminate()

    # The terminal sends an interrupt to the engine too, which then ends in good order. When it is closed it hangs up.
    # Not SIG_IGN: a second engine would inherit it.
    signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    signal.signal(signal.SIGHUP, end)
    signal.signal(signal.SIGTERM, end)
    return process.wait()
