"""The documentation's snippet by which a worker protects its task, run by Node against an agent of the test."""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

ON = ("/task-protection/v1/state", {"ProtectionEnabled": True, "ExpiresInMinutes": 120})
OFF = ("/task-protection/v1/state", {"ProtectionEnabled": False})
# What the agent answers: amazon-ecs-agent, ecs-agent/tmds/handlers/taskprotection/v1/types/types.go.
PROTECTED = (200, '{"protection": {"ProtectionEnabled": true, "TaskArn": "arn"}}')
BLOCKED = (200, '{"failure": {"Arn": "arn", "Reason": "DEPLOYMENT_BLOCKED", "Detail": "..."}}')
DENIED = (400, '{"error": {"Arn": "arn", "Code": "AccessDeniedException", "Message": "not authorized"}}')
TIMED_OUT = (504, '{"error": {"Arn": "arn", "Code": "RequestCanceled", "Message": "Timed out calling ECS"}}')
TWO_JOBS = """
console.log(await protectedJob(async () => 1));
console.log(await protectedJob(async () => 2));
"""


class Agent(HTTPServer):
    """Stands for ECS's agent: gives its answers in turn, the last one again and again, and keeps what it was asked.

    None for an answer never comes.
    """

    def __init__(self, answers: Sequence[tuple[int, str] | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Agent

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer is None:
            self.rfile.read(1)  # returns when the client hangs up
            return
        status, text = answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def agent(request: pytest.FixtureRequest) -> Iterator[Agent]:
    server = Agent(getattr(request, "param", [PROTECTED]))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(
    synthesized: Path, folder: Path, calls: str, agent: str | None, before: Iterable[str] = ()
) -> subprocess.CompletedProcess[str]:
    page = (synthesized / "modules/product-import/docs/worker.md").read_text()
    (snippet,) = re.findall(r"^```js\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    program = folder / "worker.mjs"
    program.write_text("\n".join([*before, snippet, calls]))
    variables = {name: value for name, value in os.environ.items() if name != "ECS_AGENT_URI"}
    return subprocess.run(
        # The Node of the synthesis.
        [os.environ["JSII_NODE"], str(program)],
        env=variables | ({"ECS_AGENT_URI": agent} if agent else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def address(agent: Agent) -> str:
    return f"http://127.0.0.1:{agent.server_port}"


def test_a_worker_is_protected_while_it_has_jobs(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """One request at the first job's start, one after the last job's end, whether it fails or not."""
    calls = """
    let release;
    const held = protectedJob(() => new Promise((resolve) => (release = resolve)));
    await protectedJob(async () => 0);
    await protectedJob(async () => { throw new Error("a job that fails"); }).catch(() => {});
    release("the job's result");
    console.log(await held);
    """
    done = run(synthesized, tmp_path, calls, address(agent))
    assert (done.stdout, done.stderr, done.returncode) == ("the job's result\n", "", 0)
    assert agent.asked == [ON, OFF]


def test_a_worker_that_is_never_idle_stays_protected(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """The first job that starts after half of the time renews the protection."""
    calls = """
    let release;
    const held = protectedJob(() => new Promise((resolve) => (release = resolve)));
    await protectedJob(async () => 0);
    for (const minutes of [59, 60, 119, 120]) {
      now = minutes * 60_000;
      await protectedJob(async () => 0);
    }
    release();
    await held;
    """
    done = run(synthesized, tmp_path, calls, address(agent), before=["let now = 0;", "Date.now = () => now;"])
    assert (done.stderr, done.returncode) == ("", 0)
    assert agent.asked == [ON, ON, ON, OFF]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ([BLOCKED], "DEPLOYMENT_BLOCKED"),
        ([DENIED], "AccessDeniedException"),
        ([TIMED_OUT], "RequestCanceled"),
        ([(200, "{}")], "{}"),
        ([(502, "<html>")], "JSON"),
    ],
    indirect=["agent"],
)
def test_an_unprotected_job_runs_all_the_same(agent: Agent, said: str, synthesized: Path, tmp_path: Path) -> None:
    """The worker logs one line, and asks again with the next job."""
    done = run(synthesized, tmp_path, TWO_JOBS, address(agent))
    assert (done.stdout, done.returncode) == ("1\n2\n", 0), done.stderr
    first, second = done.stderr.splitlines()
    assert first.startswith("Task protection could not be switched on: ")
    assert said in first
    assert second == first
    # There is nothing to switch off.
    assert agent.asked == [ON, ON]


@pytest.mark.parametrize("agent", [[None]], indirect=True)
def test_a_silent_agent_holds_no_job_up(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """The request has a time limit, of which the test waits a fiftieth."""
    sooner = "const timeout = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (ms) => timeout(ms / 50);"
    done = run(synthesized, tmp_path, TWO_JOBS, address(agent), before=[sooner])
    assert (done.stdout, done.returncode) == ("1\n2\n", 0), done.stderr
    assert done.stderr.count("aborted due to timeout") == 2


@pytest.mark.parametrize("agent", [[BLOCKED, PROTECTED]], indirect=True)
def test_the_next_job_is_protected_after_a_refusal(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    done = run(synthesized, tmp_path, TWO_JOBS, address(agent))
    assert done.stdout == "1\n2\n", done.stderr
    assert agent.asked == [ON, ON, OFF]


@pytest.mark.parametrize("agent", [[PROTECTED, DENIED]], indirect=True)
def test_a_job_that_is_done_stays_done(agent: Agent, synthesized: Path, tmp_path: Path) -> None:
    """When the protection cannot be taken back the worker logs it; it ends by itself."""
    done = run(synthesized, tmp_path, "console.log(await protectedJob(async () => 2));", address(agent))
    assert (done.stdout, done.returncode) == ("2\n", 0)
    assert done.stderr.startswith("Task protection could not be switched off: ")
    assert agent.asked == [ON, OFF]


def test_a_worker_runs_without_an_agent(synthesized: Path, tmp_path: Path) -> None:
    """As on a laptop, and where the agent is gone."""
    assert run(synthesized, tmp_path, TWO_JOBS, None).stdout == "1\n2\n"
    server = Agent([PROTECTED])
    server.server_close()
    done = run(synthesized, tmp_path, TWO_JOBS, address(server))
    assert (done.stdout, done.returncode) == ("1\n2\n", 0)
    assert len(done.stderr.splitlines()) == 2
