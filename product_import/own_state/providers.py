"""Which providers an engine may start, and for which ones the stand-in answers."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from product_import.errors import UserError
from product_import.isolation import REGISTRIES, attach
from product_import.own_state.backend import DATA

HARMLESS = ("archive", "cloudinit", "external", "http", "local", "null", "random", "template", "time", "tls")
"""Of hashicorp/: these have no account. `external` starts a program, as `local-exec` does."""
# OpenTofu's documentation, "Files and Directories", has the second one of each.
NATIVE, JSON = ("*.tf", "*.tofu"), ("*.tf.json", "*.tofu.json")
_AWS = re.compile(r'"([\w-]+(?:\.[\w-]+)+(?::\d+)?)/hashicorp/aws"', re.IGNORECASE)


def attached(root: Path, entry: dict[str, Any]) -> str:
    """Return a value of TF_REATTACH_PROVIDERS that attaches an entry as hashicorp/aws of every registry the root names.

    A source that is not found here is not attached. The engine installs it then, and `refuse` names it.
    """
    files = _files(root, (*NATIVE, *JSON))
    return attach(entry, (match[1].lower() for file in files for match in _AWS.finditer(_text(file))))


def refuse_installed(root: Path, reattach: str) -> None:
    """Refuse to run an engine where it has installed a provider that could reach an account.

    It starts those in TF_DATA_DIR and no other ones (`providerFactories` in internal/command/meta_providers.go),
    since a run on the stand-in reads no `dev_overrides`.
    """
    folders = (root / DATA / "providers").glob("*/*/*")
    refuse(("/".join(folder.parts[-3:]) for folder in folders), reattach)


def refuse(providers: Iterable[str], reattach: str) -> None:
    """Refuse providers by their full names, as registry.terraform.io/hashicorp/aws.

    Raises:
        UserError: one could reach an account.
    """
    harmless = {f"{registry}/hashicorp/{name}" for registry in REGISTRIES for name in HARMLESS}
    started = {name for name in providers if not name.startswith("terraform.io/builtin/")}
    refused = sorted(started - harmless - set(json.loads(reattach)))
    if refused:
        raise UserError(
            f"the stand-in does not start {', '.join(refused)}, since it could reach an account. It answers for "
            f"hashicorp/aws and allows hashicorp/{', '.join(HARMLESS)}. Remove it from the root, then run "
            f"`init` again, without {(DATA / 'providers').as_posix()}."
        )


def required(listed: str) -> set[str]:
    """Return the full names in what an engine's `providers` prints."""
    return set(re.findall(r"provider\[([^\]]+)\]", listed))


def refuse_types(root: Path) -> None:
    """Name the types that the stand-in does not know, which an engine reports without saying which ones it knows.

    Raises:
        UserError: there are some.
    """
    from product_import.stand_in.schema import provider_schema  # noqa: PLC0415, needed after a failure alone

    known = {"resource": set(provider_schema(5).resource_types), "data": set[str]()}
    unknown = sorted({f"{kind} {name}" for kind, name in _types(root) if name not in known[kind]})
    if unknown:
        raise UserError(
            f"the stand-in for the AWS provider does not know {', '.join(unknown)}. "
            f"It knows {', '.join(sorted(known['resource']))}, and no data sources."
        )


def _types(root: Path) -> Iterator[tuple[str, str]]:
    """The AWS types in the root and its modules: `resource` or `data`, and the name."""
    for file in _files(root, NATIVE):
        yield from re.findall(r'^\s*(resource|data)\s+"?(aws_\w+)', _text(file), re.MULTILINE)
    for file in _files(root, JSON):
        yield from _types_in_json(file)


def _files(root: Path, patterns: Sequence[str]) -> Iterator[Path]:
    """Those of the root and of the modules that it has installed."""
    manifest = root / DATA / "modules" / "modules.json"
    modules = json.loads(manifest.read_text(encoding="utf-8"))["Modules"] if manifest.exists() else []
    for folder in sorted({root, *(root / module["Dir"] for module in modules)}):
        yield from itertools.chain.from_iterable(folder.glob(pattern) for pattern in patterns)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _types_in_json(file: Path) -> Iterator[tuple[str, str]]:
    """Whatever else the file holds: the engine has said what is wrong with it."""
    try:
        tree: Any = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return
    for body in _objects(tree):
        for kind in ("resource", "data"):
            yield from ((kind, name) for block in _objects(body.get(kind)) for name in block if name.startswith("aws_"))


def _objects(value: Any) -> list[dict[str, Any]]:
    """One object, or several in a list, as Terraform's JSON has blocks."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
