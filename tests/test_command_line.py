"""The one command line: its help, its version, and what becomes of errors."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from product_import.bindings import BINDINGS
from product_import.command_line import COMMANDS, EXTRAS, main, parser_of
from tests.project import PROJECT, Copy

import pytest


def product_import(*arguments: str, folder: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it as a user does."""
    command = [sys.executable, "-m", "product_import", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_help_names_each_command() -> None:
    """In one screen, with a line on each."""
    result = product_import("--help")
    assert result.returncode == 0
    for command, summary in COMMANDS.items():
        assert re.search(rf"^  {command} +{re.escape(summary)}$", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One that the command's own parser takes."""
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    examples = re.findall(rf"product-import ({command}.*)", capsys.readouterr().out.partition("example")[2])
    assert examples
    parser, _ = parser_of(command)
    for example in examples:
        parser.parse_args(shlex.split(example))


@pytest.mark.parametrize("arguments", [(), ("no-such-command",), ("synth", "--no-such-option")])
def test_wrong_usage_is_status_2(arguments: tuple[str, ...]) -> None:
    """With the usage and one line on what is wrong."""
    result = product_import(*arguments)
    assert result.returncode == 2
    assert re.fullmatch(r"usage: product-import(.|\n)*\nerror: [^\n]+\n", result.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_option_shows_the_usage_of_its_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Not that of the whole program."""
    parser, _ = parser_of(command)
    required = {
        "acceptance": ["--confirm=1", "--clean"],
        "comment": ["1", "file"],
        "prices": ["--region=eu-central-1"],
        "release": ["1.0.0"],
        "stand-in": ["--", "true"],
    }
    with pytest.raises(SystemExit):
        parser.parse_args([command, "--no-such-option", *required.get(command, [])])
    told = capsys.readouterr().err
    assert told.startswith(f"usage: product-import {command} ")
    assert told.endswith("\nerror: unrecognized arguments: --no-such-option\n")


def test_a_folder_can_be_chosen(tmp_path: Path) -> None:
    """Paths of other arguments are relative to it."""
    (tmp_path / "mine.tfvars").write_text('redis_node_type = "cache.t4g.micro"\n')
    result = product_import("-C", str(tmp_path), "cost", "mine.tfvars", folder=PROJECT)
    assert (result.returncode, result.stderr) == (0, "")
    assert "cache.t4g.micro" in result.stdout


def test_a_folder_that_is_not_there_is_named() -> None:
    """With the reason."""
    result = product_import("-C", "no-such-folder", "cost")
    assert result.returncode == 1
    assert result.stderr == "error: -C must name a folder. Given: no-such-folder (No such file or directory).\n"


def test_the_program_of_a_clone_runs_in_any_folder(tmp_path: Path) -> None:
    """Without an installed package, whatever modules are in that folder."""
    for name in ("product_import.py", "json.py", "jinja2.py"):
        (tmp_path / name).write_text("raise SystemExit('imported from the current folder')\n")
    (tmp_path / "link").symlink_to(PROJECT / ".venv/bin/product-import")
    for program in (PROJECT / ".venv/bin/product-import", tmp_path / "link"):
        result = subprocess.run([program, "cost"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        assert "\ntotal " in result.stdout


@pytest.mark.parametrize("command", ["doctor", "plan-diff"])
def test_where_status_2_says_what_was_found_wrong_usage_is_1(command: str) -> None:
    """Else who goes by the status would take one for the other."""
    assert product_import(command, "--no-such-option").returncode == 1


def test_version() -> None:
    """One line."""
    result = product_import("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert re.fullmatch(r"product-import \S.*\n", result.stdout)


@pytest.mark.parametrize(
    ("command_and_part", "code", "error"),
    [
        (
            ("synth", "module/redis.py"),
            "\ndef redis(stack, inputs, *_): return inputs.redis_node_typ\n",
            r"error: unexpected AttributeError at product_import/module/redis\.py:\d+: "
            r"'Inputs' object has no attribute 'redis_node_typ'",
        ),
        (
            ("synth", "module/dashboard.py"),
            "\ndef dashboard(resources, *_):"
            "  resources.add(CloudwatchDashboard, 'it', dashboard_name=1, dashboard_body=2)\n",
            r"error: unexpected \w+Error at product_import/module/dashboard\.py:\d+: .*",
        ),
        (
            ("synth", "module/dashboard.py"),
            "\ndef dashboard(resources, *_): resources.add(CloudwatchDashboard, 'all of it', dashboard_name='it')\n",
            r"error: unexpected ValueError at product_import/module/dashboard\.py:\d+: the name of an "
            r"aws_cloudwatch_dashboard must start with a letter or an underscore, and have only letters, digits, "
            r"underscores and hyphens\. Given: 'all of it'",
        ),
        (
            ("cost", "costs/estimate.py"),
            "\nimport jsno\n",
            r"error: unexpected ModuleNotFoundError at .*: No module named 'jsno'",
        ),
        (
            ("cost", "commands/cost.py"),
            "\ndef run(_): raise ValueError('one\\ntwo')\n",
            r"error: unexpected ValueError .*: one",
        ),
    ],
)
def test_a_fault_of_the_program_says_so(
    project: Copy, tmp_path: Path, command_and_part: tuple[str, str], code: str, error: str
) -> None:
    """In one line, which names the place and a log; the traceback is in the log."""
    command, part = command_and_part
    with (project.folder / "product_import" / part).open("a") as file:
        file.write(code)
    result = product_import(command, folder=project.folder, TMPDIR=str(tmp_path))
    assert result.returncode == 1
    found = re.fullmatch(error + r" \(traceback in (.+)\)\n", result.stderr)
    assert found, result.stderr
    log = Path(found[1])
    assert log.parent == tmp_path
    assert "Traceback (most recent call last):\n" in log.read_text()


def test_the_log_of_a_fault_takes_what_the_locale_cannot_encode(project: Copy, tmp_path: Path) -> None:
    """As in a path of the traceback."""
    with (project.folder / "product_import" / "commands/cost.py").open("a") as file:
        file.write("\ndef run(_): raise ValueError('\\N{SNOWMAN} \\udcff')\n")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = product_import("cost", folder=project.folder, TMPDIR=str(tmp_path), **ascii_only)
    assert re.fullmatch(r"error: unexpected ValueError at .*: \\u2603 \\udcff \(traceback in .+\)\n", result.stderr)
    (log,) = tmp_path.glob("product-import-*.log")
    assert log.read_text(encoding="utf-8").endswith("ValueError: \N{SNOWMAN} \\udcff\n")


def test_without_a_log_the_traceback_comes_first(project: Copy) -> None:
    """The disk may be full."""
    with (project.folder / "product_import" / "commands/cost.py").open("a") as file:
        file.write("\ndef run(_):\n  __import__('tempfile').tempdir = '/no/such'\n  raise ValueError('one')\n")
    result = product_import("cost", folder=project.folder)
    assert result.returncode == 1
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    last = result.stderr.splitlines()[-1]
    assert re.fullmatch(r"error: unexpected ValueError at .*: one \(traceback above: No such file or directory\)", last)


def test_a_requirement_that_is_not_there_is_named_with_the_remedy() -> None:
    """Python without the set-up, as somebody runs it who has not read that `make` makes one."""
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import sys; sys.path.insert(0, '.'); import main; sys.exit(main.main())",
    ]
    result = subprocess.run([*command, "synth"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert re.fullmatch(r"error: No module named '\w+', which synth needs\. Run: make synth\n", result.stderr)


def test_every_requirement_has_a_remedy() -> None:
    """Whatever the package imports that is neither its own nor Python's."""
    package = PROJECT / "product_import"
    sources = [path for path in package.rglob("*.py") if BINDINGS not in path.parents]
    imported = {
        name.partition(".")[0]
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    third_party = imported - sys.stdlib_module_names - {"product_import", "imports", "_typeshed"}
    assert third_party <= frozenset().union(*EXTRAS.values())


def test_an_extra_that_is_not_there_is_named_with_the_target() -> None:
    """What serves the stand-in is not among the requirements of the package."""
    code = "import sys; sys.modules['grpc'] = None; from product_import.command_line import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "stand-in", "--", "terraform"]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.endswith(", which stand-in needs. Run: make demo\n")


def test_a_command_imports_what_it_needs_and_no_more() -> None:
    """A report on saved plans starts neither Node nor a server: it takes a moment."""
    code = (
        "import sys; from product_import.command_line import main; status = main(['plan-diff', sys.argv[1]]);"
        "print(status, *sorted({'cdktf', 'jsii', 'grpc', 'imports'} & set(sys.modules)))"
    )
    plan = PROJECT / "tests/plan_diff/reports/new_input/production.json"
    command = [sys.executable, "-c", code, str(plan)]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert result.stdout.endswith("\n2\n")
