"""A Terraform root of a run, and the engine that applies and destroys it with the account at hand."""

import fcntl
import json
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from product_import.acceptance.environment import engine_environment
from product_import.acceptance.record import TAG, Record
from product_import.acceptance.signals import answered
from product_import.engine import Executable
from product_import.errors import UserError

import boto3  # type: ignore[import-untyped]

MINUTES = 45
# What an engine gets to end what it has begun, once it is told to stop.
STOPPING_MINUTES = 20


@dataclass(frozen=True)
class Root:
    """A root in a folder that keeps its state until nothing is left.

    Attributes:
        record: of the run.
        session: has the credentials.
        say: tells a person what happens.
    """

    folder: Path
    record: Record
    executable: Executable
    session: boto3.Session
    say: Callable[[str], object]

    @property
    def log(self) -> Path:
        """Where the engine's output goes."""
        return self.folder / "terraform.log"

    @property
    def state(self) -> Path:
        return self.folder / "terraform.tfstate"

    @property
    def is_configured(self) -> bool:
        """Whether there is more than the provider's block."""
        return any(self.folder.glob("main.tf*"))

    def create(self) -> None:
        """Create the folder, with an empty state: from here on a state that is missing is an error.

        The provider takes one account only, and tags all that it creates.
        """
        self.folder.mkdir()
        provider = {
            "region": self.record.region,
            "allowed_account_ids": [self.record.account],
            "default_tags": {"tags": {TAG: self.record.name}},
        }
        self.write(
            {
                "provider.tf.json": {
                    "terraform": {"backend": {"local": {"path": self.state.name}}},
                    "provider": {"aws": provider},
                },
                self.state.name: {"version": 4, "serial": 0, "lineage": self._lineage, "outputs": {}, "resources": []},
            }
        )

    def write(self, files: Mapping[str, Any]) -> None:
        """Write files of the root: text, or what becomes JSON."""
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            (self.folder / name).write_text(text, encoding="utf-8")

    def init(self) -> None:
        """Load the provider.

        Raises:
            UserError: it fails, or the provider is a build of the user's own, which may have no account.
        """
        said = self.run("init", "-input=false")
        # The warning of both engines (internal/command/meta_providers.go, providerDevOverrideInitWarnings).
        if "Provider development overrides are in effect" in said:
            raise UserError(
                "the CLI configuration has dev_overrides: the run must use the provider of the registry. Remove them, "
                "or name another file in TF_CLI_CONFIG_FILE."
            )

    def apply(self) -> int:
        """Apply, and return how many resources there are.

        Raises:
            UserError: it fails, or there are none.
        """
        self.run("apply", "-input=false", "-auto-approve")
        number = len(self.left())
        if not number:
            raise UserError(f"apply ended well and created nothing: {self.log}")
        return number

    def plan(self) -> bytes:
        """The plan as `show -json` has it."""
        self.run("plan", "-input=false", "-out=planned")
        return self._read("show", "-json", "planned").encode()

    def destroy(self) -> None:
        """Destroy all, once an engine that still works on the state has ended, as one whose run was killed may.

        Raises:
            UserError: it fails, or the state is missing, damaged or of something else. An engine takes the first two
                for an empty state.
        """
        self._wait_for_the_state()
        self._state("lineage")
        self.run("destroy", "-input=false", "-auto-approve", f"-lock-timeout={STOPPING_MINUTES}m")

    def left(self) -> list[str]:
        """The addresses of what the state still has.

        Raises:
            UserError: there is no state, or it cannot be read.
        """
        return [
            ".".join(filter(None, (resource.get("module"), resource["type"], resource["name"])))
            + (f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else "")
            for resource in self._state("resources")
            if resource["mode"] == "managed"
            for instance in resource["instances"]
        ]

    def outputs(self) -> dict[str, Any]:
        """The values of the outputs, as of the last apply."""
        return {name: output["value"] for name, output in self._state("outputs").items()}

    def run(self, *command: str) -> str:
        """Run the engine, which is never killed: on Ctrl-C or after its time it is told to stop, and ends in order.

        Returns:
            Its output.

        Raises:
            UserError: it fails; the text has the end of its output.
            KeyboardInterrupt: passed on once the engine has ended.
        """
        with self.log.open("ab") as log:
            log.write(f"\n$ {Path(self.executable.path).name} {' '.join(command)}\n".encode())
            log.flush()
            begun = log.tell()
            running: subprocess.Popen[bytes] | None = None
            signalled: list[bool] = []
            try:
                # An interrupt inside of Popen would leave an engine that runs, and that nobody stops.
                with answered(lambda: signalled.append(True)):
                    # In a session of its own it does not get the terminal's Ctrl-C, which would reach its providers.
                    running = subprocess.Popen(
                        [self.executable.path, *command, "-no-color"],
                        cwd=self.folder,
                        env=engine_environment(self.session),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                if signalled:
                    signal.raise_signal(signal.SIGINT)
                status = running.wait(MINUTES * 60)
            except subprocess.TimeoutExpired:
                self._stop(running)
                raise UserError(f"{command[0]} took more than {MINUTES} minutes: {self.log}") from None
            except KeyboardInterrupt:
                self._stop(running)
                raise
        said = self.log.read_bytes()[begun:].decode(errors="replace")
        if status != 0:
            end = said.splitlines()[-12:]
            raise UserError(f"{command[0]} failed ({self.log}):\n" + "\n".join(line for line in end if line.strip()))
        return said

    def _stop(self, running: subprocess.Popen[bytes] | None) -> None:
        if running is None:
            return
        with answered(lambda: self.say("    waiting for the engine to end what it has begun")):
            running.send_signal(signal.SIGINT)
            try:
                running.wait(STOPPING_MINUTES * 60)
            except subprocess.TimeoutExpired:
                raise UserError(
                    f"the engine, process {running.pid}, does not stop within {STOPPING_MINUTES} minutes: {self.log}"
                ) from None

    def _wait_for_the_state(self) -> None:
        """Wait until no engine has locked the state: while one writes it, it is not whole.

        Engines lock the file itself (internal/states/statemgr/filesystem_lock_unix.go).
        """
        with suppress(OSError), self.state.open("rb+") as file:
            for _ in range(STOPPING_MINUTES * 60):
                try:
                    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    sleep(1)
                else:
                    break

    def _read(self, *command: str) -> str:
        done = subprocess.run(
            [self.executable.path, *command],
            cwd=self.folder,
            env=engine_environment(self.session),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise UserError(f"{' '.join(command)} failed: {done.stderr.strip()}")
        return done.stdout

    @property
    def _lineage(self) -> str:
        """The lineage of the state, the same in each process that works on the run."""
        return str(uuid5(NAMESPACE_URL, f"{self.record.name}/{self.folder.name}"))

    def _state(self, member: str) -> Any:
        try:
            state = json.loads(self.state.read_bytes())
            if state["lineage"] != self._lineage:
                raise UserError(f"the state is not the one that the run created: {self.state}")
            return state[member]
        except OSError as error:
            raise UserError(f"the state cannot be read: {self.state}: {error.strerror}") from None
        except (KeyError, TypeError, ValueError):
            raise UserError(f"the state is damaged: {self.state}") from None
