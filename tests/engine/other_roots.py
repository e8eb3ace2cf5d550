"""Run the examples of public modules on the stand-in: `python -m tests.engine.other_roots FOLDER [MODULE[:EXAMPLE] ...]`.

FOLDER has clones of the modules' repositories, with tags, under their names at GitHub:

    git clone https://github.com/OWNER/terraform-aws-vpc FOLDER/OWNER/terraform-aws-vpc

MODULE is the name in the registry, `OWNER/vpc/aws`. Without one, the examples of all modules run. Each example goes
through its life on both major versions of the provider: init, plan, apply, a second plan that must be empty, destroy.
The newest tag counts whose constraints admit the provider's version that the stand-in has.

The sources of modules stay as they are: the engine gets them from a registry on the loopback that serves FOLDER. It
gets providers other than that of AWS from FOLDER/providers, a filesystem mirror, or without one from their registry.
"""  # noqa: E501

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from threading import Thread

from product_import import engine as engines
from product_import.isolation import REGISTRIES
from product_import.own_state.backend import DATA
from product_import.stand_in.schema import MAJORS, provider_schema
from tests.engine.requirements import allows
from tests.project import PROJECT

PASSED = "passed"
STEPS = {
    "init": "init -input=false",
    "plan": "plan -input=false -out=planned {inputs}",
    "apply": "apply -input=false planned",
    "second plan": "plan -input=false -detailed-exitcode {inputs}",
    "destroy": "destroy -input=false -auto-approve {inputs}",
}
"""The engine's command of each step, by what a result calls the step."""
SECONDS = 600
"""A step that takes longer has failed."""
_FIRST_STATUS = 10
"""Of the exit status by which the shell tells the step that failed."""
_TAG = re.compile(r"v?(\d+\.\d+\.\d+)")
_AWS = re.compile(r'\baws\s*=\s*\{[^}]*?\bversion\s*=\s*"([^"]+)"')
_MISSING_PROVIDER = re.compile(r"provider\s+hashicorp/([\w-]+)")
_HOST = """
host "{registry}" {{
  services = {{
    "modules.v1"   = "{modules}"
    "providers.v1" = "https://{registry}/v1/providers/"
  }}
}}
"""
"""Of a CLI configuration: `host` is in Terraform's internal/command/cliconfig and not in its documentation."""


@dataclass(frozen=True)
class Module:
    """A repository of a module."""

    name: str
    """In the registry, `OWNER/vpc/aws`."""
    repository: Path

    @cache  # noqa: B019, there are few modules
    def tags(self, provider: str) -> dict[str, str]:
        """Return the tags that admit a version of the provider, by the module's version, the newest first."""
        tags = {match[1]: tag for tag in self._git("tag").split() if (match := _TAG.fullmatch(tag))}
        # Each line of the answer begins with a tag.
        where = ("*.tf", ":!examples", ":!test*", ":!wrappers")
        found = self._git("grep", "-A", "6", "aws *= *{", *tags.values(), "--", *where).splitlines()
        lines = [line for line in found if line != "--"]
        required = {tag: "\n".join(these) for tag, these in groupby(lines, lambda line: line.partition(":")[0])}
        admitted = [
            version
            for version, tag in tags.items()
            if all(allows(constraint, provider) for constraint in _AWS.findall(required.get(tag, "")))
        ]
        newest_first = sorted(admitted, key=lambda version: tuple(map(int, version.split("."))), reverse=True)
        return {version: tags[version] for version in newest_first}

    def export(self, tag: str, folder: Path) -> None:
        """Write the files of a tag to a new folder."""
        folder.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", tag], cwd=self.repository, stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)

    def _git(self, *command: str) -> str:
        # `git grep` ends with 1 where nothing is found.
        done = subprocess.run(["git", *command], cwd=self.repository, capture_output=True, text=True, check=False)
        return done.stdout


@dataclass(frozen=True)
class Result:
    module: str
    version: str
    example: str
    major: int
    """Of the provider."""
    outcome: str
    """PASSED, the step that failed, or why the example cannot run."""
    is_run: bool
    """Whether the example can run: its modules and providers are there."""
    others: bool
    """Whether it uses other providers too."""
    output: str
    """Of the failed step."""


def modules(folder: Path) -> dict[str, Module]:
    """Return the modules of a folder by name."""
    found = {}
    for repository in sorted(folder.glob("*/terraform-*-*")):
        _, provider, name = repository.name.split("-", 2)
        full = f"{repository.parent.name}/{name}/{provider}"
        found[full] = Module(full, repository.resolve())
    return found


@contextmanager
def registry(found: Mapping[str, Module], provider: str) -> Iterator[str]:
    """Serve modules that admit a version of the provider, and yield the URL.

    Terraform's documentation, "Module Registry Protocol".
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            *name, last = self.path.removeprefix("/modules/").split("/")
            version = name.pop() if last == "download" else ""
            module = found.get("/".join(name))
            tags = module.tags(provider) if module else {}
            if module is None or (version and version not in tags):
                self.send_error(404)
                return
            versions = [{"version": each} for each in tags]
            body = b"" if version else json.dumps({"modules": [{"versions": versions}]}).encode()
            self.send_response(204 if version else 200)
            if version:
                self.send_header("X-Terraform-Get", f"git::file://{module.repository}?ref={tags[version]}&depth=1")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/modules/"
        finally:
            server.shutdown()
            thread.join()


def run(
    chosen: Sequence[str], found: Mapping[str, Module], major: int, folder: Path, providers: Path
) -> Iterator[Result]:
    """Run the chosen examples on a major version of the provider, in copies in a folder."""
    provider = provider_schema(major).version
    mirror = f'provider_installation {{ filesystem_mirror {{ path = "{providers.resolve()}" }} }}'
    with registry(found, provider) as url:
        configuration = folder / "cli.tfrc"
        hosts = [_HOST.format(registry=name, modules=url) for name in REGISTRIES]
        configuration.write_text("\n".join((mirror if providers.is_dir() else "", *hosts)))
        for name, module in found.items():
            wanted = {
                example
                for choice in chosen
                for chosen_name, _, example in [choice.partition(":")]
                if chosen_name == name
            }
            if (chosen and not wanted) or not (tags := module.tags(provider)):
                continue
            version, tag = next(iter(tags.items()))
            module.export(tag, folder / name)
            for root in sorted({file.parent for file in (folder / name).glob("examples/*/*.tf")}):
                if not chosen or wanted & {"", root.name}:
                    step, output = _live(root, major, configuration)
                    obstacle = _obstacle(output) if step == "init" else ""
                    others = any((root / DATA / "providers").glob("*/*/*"))
                    yield Result(name, version, root.name, major, obstacle or step, not obstacle, others, output)


def _live(root: Path, major: int, configuration: Path) -> tuple[str, str]:
    """Run the steps in a root; return PASSED or the step that failed, and the output of that."""
    engine = Path(engines.required().path)
    inputs = " ".join(f"-var-file={shlex.quote(file.name)}" for file in sorted(root.glob("*.tfvars")))
    steps = [
        f"timeout {SECONDS} {engine.name} {command.format(inputs=inputs)} -no-color > log 2>&1 || exit {status}"
        for status, command in enumerate(STEPS.values(), _FIRST_STATUS)
    ]
    command = [sys.executable, "-m", "product_import", "stand-in", "--provider", str(major), "--"]
    environment = {
        "PATH": f"{engine.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(root),
        "PYTHONPATH": str(PROJECT),
        "TF_CLI_CONFIG_FILE": str(configuration),
        "CHECKPOINT_DISABLE": "1",
    }
    ran = subprocess.run(
        [*command, "sh", "-c", "\n".join(steps)], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode == 0:
        return PASSED, ""
    failed = dict(enumerate(STEPS, _FIRST_STATUS)).get(ran.returncode, "start")
    log = root / "log"
    return failed, (log.read_text(errors="replace") if log.exists() else "") + ran.stdout + ran.stderr


def _obstacle(output: str) -> str:
    """Return what an `init` did not find."""
    if providers := set(_MISSING_PROVIDER.findall(output)):
        return f"needs the provider {', '.join(sorted(providers))}"
    if "Module not found" in output or "Unresolvable module version constraint" in output:
        return "needs a module that is not there or excludes this provider"
    return ""


def table(results: Sequence[Result]) -> str:
    """Return the results as Markdown, and the share that passed."""
    rows = [f"| module | example | {' | '.join(f'provider {major}' for major in MAJORS)} |", "|---|---|---|---|"]
    cells: dict[tuple[str, str], dict[int, str]] = {}
    for result in results:
        cells.setdefault((result.module, result.example), {})[result.major] = f"{result.version}: {result.outcome}"
    for (module, example), row in cells.items():
        rows.append(f"| {module} | {example} | {' | '.join(row.get(major, '') for major in MAJORS)} |")
    for text, others in (("Only the AWS provider", False), ("Other providers too", True)):
        these = [result for result in results if result.is_run and result.others is others]
        passed = sum(result.outcome == PASSED for result in these)
        share = f", {passed / len(these):.0%}" if these else ""
        rows += ["", f"{text}: {passed} of {len(these)} runs passed{share}."]
    rows += ["", f"Cannot run: {sum(not result.is_run for result in results)}."]
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("chosen", nargs="*", metavar="MODULE[:EXAMPLE]")
    parser.add_argument("--provider", type=int, choices=MAJORS, help="default: both")
    options = parser.parse_args()
    found = modules(options.folder)
    if unknown := {choice.partition(":")[0] for choice in options.chosen} - set(found):
        parser.error(f"{options.folder} does not have {', '.join(sorted(unknown))}. It has {', '.join(found)}.")
    results = []
    for major in [options.provider] if options.provider else MAJORS:
        with tempfile.TemporaryDirectory() as folder:
            for result in run(options.chosen, found, major, Path(folder), options.folder / "providers"):
                results.append(result)
                title = f"{result.module}:{result.example} on {major}: {result.outcome}"
                print(title, result.output, sep="\n", file=sys.stderr, flush=True)
    print(table(results))
    return int(any(result.is_run and result.outcome != PASSED for result in results))


if __name__ == "__main__":
    sys.exit(main())
