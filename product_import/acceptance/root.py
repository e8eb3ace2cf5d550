"""The root that a run applies, and the engine that applies it with the account at hand."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from product_import.acceptance.signals import answered
from product_import.engine import Executable
from product_import.errors import UserError

MINUTES = 45
# What an engine gets to end what it has begun, once it is told to stop.
STOPPING_MINUTES = 20


@dataclass(frozen=True)
class Root:
    """A root that consumes the module, in a folder that keeps its state until nothing is left.

    Attributes:
        say: tells a person what goes on.
        log: where the engine's output goes.
    """

    folder: Path
    executable: Executable
    token: str
    say: Callable[[str], object]

    @property
    def log(self) -> Path:
        return self.folder / "terraform.log"

    @property
    def state(self) -> Path:
        """The state; an engine writes it before it makes the first thing."""
        return self.folder / "terraform.tfstate"

    def use(self, module: Path, inputs: Mapping[str, Any]) -> None:
        """Consume the module of a folder with these inputs; those that it does not have are left out."""
        copy = self.folder / "module"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(module, copy, ignore=shutil.ignore_patterns("tests", ".terraform*"))
        declared = json.loads((copy / "variables.tf.json").read_text(encoding="utf-8"))["variable"]
        given = {name: value for name, value in inputs.items() if name in declared}
        root = {
            "variable": {"redis_auth_token": {"type": "string", "sensitive": True}},
            "provider": {"aws": {"region": inputs["aws_region"]}},
            "module": {
                "product_import": {"source": "./module", **given, "redis_auth_token": "${var.redis_auth_token}"}
            },
        }
        (self.folder / "main.tf.json").write_text(json.dumps(root, indent=2), encoding="utf-8")
        self.run("init", "-input=false")

    def apply(self) -> None:
        self.run("apply", "-input=false", "-auto-approve")

    def plan(self) -> bytes:
        """The plan as `show -json` has it."""
        self.run("plan", "-input=false", "-out=planned")
        return self._read("show", "-json", "planned").encode()

    def destroy(self) -> None:
        self.run("destroy", "-input=false", "-auto-approve")

    def left(self) -> list[str]:
        """The addresses of what the state still has."""
        return self._read("state", "list").split()

    def run(self, *command: str) -> None:
        """Run the engine, which is never killed: on Ctrl-C or after its time it is told to stop, and ends in order.

        Raises:
            UserError: it fails; the text has the end of its output.
            KeyboardInterrupt: passed on once the engine has ended.
        """
        with self.log.open("ab") as log:
            log.write(f"\n$ {Path(self.executable.path).name} {' '.join(command)}\n".encode())
            log.flush()
            # In a session of its own it does not get the terminal's Ctrl-C, which would reach its providers too.
            running = subprocess.Popen(
                [self.executable.path, *command, "-no-color"],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = running.wait(MINUTES * 60)
            except subprocess.TimeoutExpired:
                self._stop(running)
                raise UserError(f"{command[0]} took more than {MINUTES} minutes: {self.log}") from None
            except KeyboardInterrupt:
                self._stop(running)
                raise
        if status != 0:
            end = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
            raise UserError(f"{command[0]} failed ({self.log}):\n" + "\n".join(line for line in end if line.strip()))

    def _stop(self, running: subprocess.Popen[bytes]) -> None:
        with answered(lambda: self.say("    waiting for the engine to end what it has begun")):
            running.send_signal(signal.SIGINT)
            try:
                running.wait(STOPPING_MINUTES * 60)
            except subprocess.TimeoutExpired:
                raise UserError(
                    f"the engine, process {running.pid}, does not stop within {STOPPING_MINUTES} minutes: {self.log}"
                ) from None

    def _read(self, *command: str) -> str:
        done = subprocess.run(
            [self.executable.path, *command],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise UserError(f"{' '.join(command)} failed: {done.stderr.strip()}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """The user's own, where the credentials are."""
        return {**os.environ, "TF_IN_AUTOMATION": "1", "TF_VAR_redis_auth_token": self.token}
