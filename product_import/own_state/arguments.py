"""Read the arguments of an engine as the engine does, and refuse those that reach past the stand-in's state."""

import itertools
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from product_import.errors import UserError
from product_import.own_state.backend import DATA, refuse_foreign_plan

REFUSED = {
    **dict.fromkeys(("-state", "-state-out", "-backup", "-backup-out"), "names a state or its copy"),
    **dict.fromkeys(("-backend-config", "-reconfigure", "-migrate-state", "-force-copy"), "changes the backend"),
    "-from-module": "copies a root that is not checked before",
    "-cloud-run": "runs tests in an account",
}
"""Options that keep, copy or erase a state elsewhere, in spite of the backend, or run in an account."""
OVERWRITTEN = {
    "-out": ("plan", (b"PK",)),
    "-junit-xml": ("report", (b"<?xml",)),
    "-json-into": ("log", (b'{"@', b'{"format_version"')),
}
"""Options that name a file to overwrite, what the file is, and how it begins.

Plans are ZIP archives (`planfile.Create` in Terraform's internal/plans/planfile/writer.go). Reports are XML
(`junitXMLTestReport` in internal/command/junit/junit.go). Logs are JSON (OpenTofu's documentation, "Command: show").
"""
NO_STATE = ("fmt", "login", "logout", "metadata", "version")
"""Commands that read neither a backend nor a state."""
_BACKEND = re.compile(r'\bbackend\s+("[^"]*"|[\w-]+)\s*\{')
_GROUPS = ("env", "metadata", "providers", "state", "workspace")
"""Commands with commands of their own, which have a TF_CLI_ARGS_<command>_<command> each."""


@dataclass(frozen=True)
class CommandLine:
    arguments: list[str]
    """All of them: no TF_CLI_ARGS or TF_CLI_ARGS_<command> adds to these."""

    @classmethod
    def read(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> "CommandLine":
        """Insert the arguments of TF_CLI_ARGS where an engine does (`mergeEnvArgs` in Terraform's main.go).

        What is checked is what the engine gets, however it reads quotes and backslashes in a variable.

        Raises:
            UserError: a variable has a quotation without an end.
        """
        line = cls(list(arguments))
        place = line._words()
        command = "_".join(line.arguments[place]).replace("-", "_")
        added = [_split(name, environment) for name in (f"TF_CLI_ARGS_{command}", "TF_CLI_ARGS")]
        line.arguments[place.stop : place.stop] = [*added[0], *added[1]]
        return line

    @property
    def root(self) -> Path:
        """The folder that `-chdir` names, else the current one."""
        folders = [
            text.partition("=")[2] for text in self.arguments[: self._words().start] if _option(text) == "-chdir"
        ]
        return Path(folders[-1] if folders else ".")

    @property
    def command(self) -> str:
        """The first word, for example `apply` or `state`; empty without one."""
        return "".join(self.words[:1])

    @property
    def words(self) -> list[str]:
        """The command: `["apply"]`, or `["state", "list"]`; empty without one."""
        return self.arguments[self._words()]

    @property
    def operands(self) -> list[str]:
        """What follows the command and is no option, or the value of one after a blank."""
        return [text for text in self.arguments[self._words().stop :] if not text.startswith("-")]

    def _words(self) -> slice:
        """The place of the command: of one word, of two in a group, or an empty one at the end of the options."""
        # An engine skips empty arguments in front of its command: `processArgs` in mitchellh/cli's cli.go.
        start = next((i for i, text in enumerate(self.arguments) if text[:1] not in ("", "-")), len(self.arguments))
        words = self.arguments[start : start + 2]
        two = len(words) == 2 and words[0] in _GROUPS and not words[1].startswith("-")
        return slice(start, start + (2 if two else len(words[:1])))

    def check(self) -> None:
        """Refuse what would write to another state than the stand-in's.

        Raises:
            UserError: an option, a plan for another backend, or a plan in the place of another file.
        """
        for option, value in self._options():
            if option in REFUSED:
                raise UserError(
                    f"{option} {REFUSED[option]}: on the stand-in the state is in {DATA.as_posix()} of the root. "
                    "Leave the option out."
                )
            kind, beginnings = OVERWRITTEN.get(option, ("", ()))
            if kind and _is_other_file(self.root / value, beginnings):
                raise UserError(f"{option}={value}: a file that is no {kind} is there. Name another one, or remove it.")
        if self.command == "test":
            named = {value for option, value in self._options() if option == "-test-directory"}
            for folder in (".", *(named or {"tests"})):
                _refuse_backends_of_tests(self.root / folder)
        if self.command == "apply":
            for argument in self.arguments:
                for text in {argument, argument.partition("=")[2]} - {""}:
                    refuse_foreign_plan(self.root / text)

    def _options(self) -> Iterator[tuple[str, str]]:
        for argument, following in itertools.pairwise([*self.arguments, ""]):
            if argument.startswith("-"):
                _, equals, value = argument.partition("=")
                yield _option(argument), value if equals else following


def _option(argument: str) -> str:
    """Go's `flag` takes one dash or two."""
    return f"-{argument.lstrip('-')}".partition("=")[0] if argument.startswith("-") else ""


def _split(name: str, environment: Mapping[str, str]) -> list[str]:
    try:
        return shlex.split(environment.get(name, ""))
    except ValueError as error:
        raise UserError(f"{name} is no list of arguments: {error}. Given: {environment[name]}") from None


def _refuse_backends_of_tests(folder: Path) -> None:
    """Terraform's documentation, "Tests": a `run` block may have a `backend`, which keeps a state for real.

    An engine reads the files of the root and of one other folder (`LoadConfigDirWithTests` in
    Terraform's internal/configs/parser_config_dir.go).
    """
    for file in (found for kind in ("tftest", "tofutest") for found in folder.glob(f"*.{kind}.*")):
        text = file.read_text(encoding="utf-8", errors="replace")
        if "backend" in _names(text) if file.suffix == ".json" else _BACKEND.search(text):
            raise UserError(f"{file}: on the stand-in no test may have a backend. Remove the block.")


def _names(text: str) -> set[str]:
    """All names in a JSON document, none where an engine could not read it either."""
    names = set[str]()
    with suppress(ValueError):
        json.loads(text, object_pairs_hook=lambda pairs: names.update(name for name, _ in pairs))
    return names


def _is_other_file(file: Path, beginnings: tuple[bytes, ...]) -> bool:
    """Not an empty one, and not a pipe, which may be given for a log."""
    try:
        return file.is_file() and (content := file.read_bytes()) != b"" and not content.startswith(beginnings)
    except OSError:
        return False
