"""The README's snippet by which a worker protects its task, run by Node against an agent of the test."""

import itertools
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

CALLS = """
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const begun = [protectedJob(() => wait(50)), protectedJob(() => wait(10))];
await Promise.all(begun);
await protectedJob(async () => { throw new Error("a job that fails"); }).catch(() => {});
console.log(await protectedJob(async () => "the job's result"));
"""


class Agent(HTTPServer):
    """What ECS's agent in a task offers of task protection, with the status of its first answer and of all after it.

    It keeps what it was asked.
    """

    def __init__(self, status: int, after: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = itertools.chain([status], itertools.repeat(after))
        self.asked: list[tuple[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Agent

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        self.send_response(next(self.server.statuses))
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def agent(request: pytest.FixtureRequest) -> Iterator[Agent]:
    server = Agent(*getattr(request, "param", (200, 200)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(synthesized: Path, folder: Path, calls: str = CALLS, **environment: str) -> subprocess.CompletedProcess[str]:
    readme = (synthesized / "modules/product-import/README.md").read_text()
    (snippet,) = re.findall(r"^```js\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    program = folder / "worker.mjs"
    program.write_text(snippet + calls)
    variables = {name: value for name, value in os.environ.items() if name != "ECS_AGENT_URI"}
    return subprocess.run(
        # The Node of the synthesis.
        [os.environ["JSII_NODE"], str(program)],
        env=variables | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_worker_is_protected_while_it_has_jobs(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """From each job's start anew to the last one's end, whether it fails or not; a result passes through."""
    done = run(synthesized, tmp_path, ECS_AGENT_URI=f"http://127.0.0.1:{agent.server_port}")
    assert (done.stdout, done.returncode) == ("the job's result\n", 0), done.stderr
    on = ("/task-protection/v1/state", {"ProtectionEnabled": True, "ExpiresInMinutes": 120})
    off = ("/task-protection/v1/state", {"ProtectionEnabled": False})
    assert agent.asked == [on, on, off, on, off, on, off]


@pytest.mark.parametrize("agent", [(400, 400)], indirect=True)
def test_a_refused_protection_is_an_error(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """The job is not begun as if it were safe."""
    done = run(synthesized, tmp_path, ECS_AGENT_URI=f"http://127.0.0.1:{agent.server_port}")
    assert "Task protection: 400" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("agent", [(500, 200)], indirect=True)
def test_the_next_job_is_protected_after_a_refusal(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """A job that was not begun is not counted as one that runs."""
    calls = "await protectedJob(() => 1).catch(() => {});\nconsole.log(await protectedJob(() => 2));\n"
    done = run(synthesized, tmp_path, calls, ECS_AGENT_URI=f"http://127.0.0.1:{agent.server_port}")
    assert done.stdout == "2\n", done.stderr
    assert [body["ProtectionEnabled"] for _, body in agent.asked] == [True, False, True, False]


@pytest.mark.parametrize("agent", [(200, 500)], indirect=True)
def test_a_job_that_is_done_stays_done(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """Where the protection cannot be taken back it is said, and ends by itself."""
    calls = "console.log(await protectedJob(() => 2));\n"
    done = run(synthesized, tmp_path, calls, ECS_AGENT_URI=f"http://127.0.0.1:{agent.server_port}")
    assert (done.stdout, done.returncode) == ("2\n", 0)
    assert "Task protection: 500" in done.stderr


def test_without_an_agent_there_is_nothing_to_protect(synthesized: Path, tmp_path: Path) -> None:
    """As on a laptop."""
    assert run(synthesized, tmp_path).stdout == "the job's result\n"
