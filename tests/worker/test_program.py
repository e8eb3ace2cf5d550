"""The worker as a program: its types, its settings, its log, its health check and its image."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import time
from typing import Any

from product_import.local import workers

import pytest

from .conftest import PATIENCE_SECONDS, SOURCES, System, run_node, until

TOKEN = "Sixteen0!&#$^<>-"
ENCODED = "Sixteen0%21%26%23%24%5E%3C%3E-"


def run(*command: str | Path, folder: Path = workers.EXAMPLE, **variables: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def test_the_types_are_right(worker_packages: Path) -> None:
    """Of every argument and result, as TypeScript sees them in the comments."""
    done = run(workers.node(), worker_packages / "typescript/bin/tsc", "-p", ".")
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"REDIS_URL": ""}, "REDIS_URL must be redis[s]://"),
        ({"REDIS_URL": f"http://:{ENCODED}@host"}, "REDIS_URL must be redis[s]://"),
        ({"REDIS_URL": f"rediss://:%E9{ENCODED}@host"}, "REDIS_URL must be redis[s]://"),
        ({"BULL_CONCURRENCY": "0"}, "BULL_CONCURRENCY must be a whole number from 1 to 99999. Given: 0."),
        ({"QUEUE_LIBRARY": "bee"}, "QUEUE_LIBRARY must be one of bull, bullmq. Given: bee."),
        ({"DATABASE_URL": f"mysql://user:{ENCODED}@host"}, "DATABASE_URL must start with postgres:// or sqlite:"),
    ],
)
def test_a_wrong_setting_ends_the_worker(variables: dict[str, Any], complaint: str, worker_packages: Path) -> None:  # noqa: ARG001
    """With status 2 and the name of the variable, never with its secret."""
    variables = {"REDIS_URL": "redis://127.0.0.1:1"} | variables
    done = run(workers.node(), SOURCES / "product-import-worker.js", **variables)
    assert done.returncode == 2, done.stdout
    assert complaint in json.loads(done.stdout)["error"]
    for secret in (TOKEN, ENCODED):
        assert secret not in done.stdout + done.stderr


def test_secrets_leave_the_environment_and_the_log(tmp_path: Path, worker_packages: Path) -> None:  # noqa: ARG001
    """Read once; encoded and decoded forms are hidden in every line."""
    done = run_node(
        """
        import { takeSettings } from "SOURCES/settings.js";
        import { createLog } from "SOURCES/log.js";
        const settings = takeSettings(process.env);
        const { href, password } = settings.redis;
        const error = new Error(`${href} ${decodeURIComponent(password)}`);
        createLog(settings.secrets).error("queue", { error, key: "encryption-key" });
        console.log(JSON.stringify(Object.keys(process.env).filter((name) => /URL|KEY/.test(name))));
        """,
        tmp_path,
        REDIS_URL=f"rediss://:{ENCODED}@host:6379",
        DATABASE_URL="postgres://user:database-password@host/products",
        INTEGRATION_ENCRYPTION_KEY="encryption-key",
    )
    line, left = done.stdout.splitlines()
    assert json.loads(line)["error"] == "Error: (hidden) (hidden)"
    assert json.loads(line)["key"] == "(hidden)"
    assert json.loads(left) == []


@pytest.mark.parametrize("refused", ["at start", "after a rotation"])
def test_a_refused_token_ends_the_worker(system: System, refused: str) -> None:
    """ECS starts another task then, which reads the new token. The log has neither."""
    client: Any = system.group.client
    if refused == "at start":
        worker = system.start(REDIS_URL=re.sub(r":[^:@]+@", f":{ENCODED}@", system.group.url))
    else:
        worker = system.start()
        until((system.folder / "worker-1.heartbeat").exists)
        client.config_set("requirepass", TOKEN)
        client.client_kill_filter(_type="normal")
    assert worker.process.wait(PATIENCE_SECONDS) == 1
    assert "WRONGPASS" in worker.wait_for("ended by an error")["error"]
    text = worker.path.read_text()
    for token in (TOKEN, ENCODED, system.group.token):
        assert token not in text


def health(system: System, worker: str = "worker-1") -> tuple[int, str]:
    done = run(workers.node(), SOURCES / "healthcheck.js", HEARTBEAT_FILE=str(system.folder / f"{worker}.heartbeat"))
    return done.returncode, done.stderr


def test_a_worker_is_healthy_while_its_loop_runs_and_redis_answers(system: System) -> None:
    """Not before Redis answered, and not when the event loop hangs."""
    assert health(system) == (1, f"no heartbeat yet in {system.folder}/worker-1.heartbeat\n")
    worker = system.start()
    heartbeat = system.folder / "worker-1.heartbeat"
    until(heartbeat.exists)
    assert health(system) == (0, "")
    worker.process.send_signal(signal.SIGSTOP)
    old = time() - 61
    os.utime(heartbeat, (old, old))
    status, said = health(system)
    assert status == 1
    assert re.fullmatch(r"last heartbeat 6\d s ago\n", said)
    worker.process.send_signal(signal.SIGCONT)
    until(lambda: health(system)[0] == 0)


def test_the_heartbeat_needs_an_answer_of_redis(tmp_path: Path, worker_packages: Path) -> None:  # noqa: ARG001
    """A ping that fails or waits touches nothing, and one that waits is not joined by others."""
    done = run_node(
        """
        import { existsSync } from "node:fs";
        import { heartbeat } from "SOURCES/heartbeat.js";
        await heartbeat("failed", () => Promise.reject(new Error("gone")))();
        let pings = 0;
        const waiting = heartbeat("waits", () => (pings++, new Promise(() => {})));
        void waiting();
        await waiting();
        await heartbeat("answered", async () => "PONG")();
        console.log(JSON.stringify([pings, ...["failed", "waits", "answered"].map((file) => existsSync(file))]));
        """,
        tmp_path,
    )
    assert json.loads(done.stdout) == [1, False, False, True]


def test_the_times_of_a_stop_are_those_of_the_documentation(
    synthesized: Path,
    tmp_path: Path,
    worker_packages: Path,  # noqa: ARG001
) -> None:
    """Of the module's page on the worker, in seconds."""
    done = run_node(
        """
        import { takeSettings } from "SOURCES/settings.js";
        const { giveBackMs, exitMs, stopMs } = takeSettings(process.env);
        console.log(JSON.stringify([0, giveBackMs / 1000, exitMs / 1000, stopMs / 1000]));
        """,
        tmp_path,
        REDIS_URL="redis://host",
    )
    page = (synthesized / "modules/product-import/docs/worker.md").read_text()
    (table,) = re.findall(r"^\| Second .*\n\|-.*\n((?:\|.*\n)+)", page, flags=re.MULTILINE)
    assert json.loads(done.stdout) == [int(row.split("|")[1]) for row in table.splitlines()]


def test_the_protection_is_that_of_the_documentation(synthesized: Path) -> None:
    """The snippet of the module's page, with types."""
    page = (synthesized / "modules/product-import/docs/worker.md").read_text()
    (snippet,) = re.findall(r"^```js\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    code = (SOURCES / "protection.js").read_text()
    without_types = re.sub(r"/\*\*\n(?: \*.*\n)+? \*/\n", "", code)
    assert without_types.endswith(snippet)


def test_the_image_has_what_the_module_starts(tmp_path: Path, worker_packages: Path, module: dict[str, object]) -> None:
    """The default command and the default health check run in the folder that the Dockerfile makes."""
    dockerfile = workers.EXAMPLE / "Dockerfile"
    assert run(Path(sys.executable).with_name("hadolint"), dockerfile).stdout == ""
    instructions = re.findall(r"^([A-Z]+) (.*)$", dockerfile.read_text(), flags=re.MULTILINE)
    for name, rest in instructions:
        if name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                copy = shutil.copytree if (workers.EXAMPLE / source).is_dir() else shutil.copy
                copy(workers.EXAMPLE / source, tmp_path / target)
        elif name == "RUN" and not rest.startswith("npm ci"):
            assert run("sh", "-ec", rest, folder=tmp_path, PATH=os.environ["PATH"]).returncode == 0
    (tmp_path / "node_modules").symlink_to(worker_packages)
    variables = module["variable"]
    assert isinstance(variables, dict)
    path = f"{Path(workers.node()).parent}:{os.environ['PATH']}"
    command = variables["worker_command"]["default"]
    assert f"CMD {json.dumps(command)}" in dockerfile.read_text()
    done = run(*command, folder=tmp_path, PATH=path)
    assert "REDIS_URL must be" in done.stdout
    kind, line = variables["worker_health_check_command"]["default"]
    assert kind == "CMD-SHELL"
    done = run("sh", "-c", line, folder=tmp_path, PATH=path, HEARTBEAT_FILE=str(tmp_path / "heartbeat"))
    assert (done.returncode, done.stderr) == (1, f"no heartbeat yet in {tmp_path}/heartbeat\n")
