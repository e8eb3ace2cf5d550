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
# A block, a reference as in `moved` and `import`, and an object in a state: each with its kind and its name.
_NAMES = (
    re.compile(r'\b(resource|data)\s+"?(aws_\w+)'),
    re.compile(r"\b(data\.)?(aws_\w+)\."),
    re.compile(r'"mode":\s*"(managed|data)",\s*"type":\s*"(aws_\w+)"'),
)
_DECLARED = re.compile(r'^\s*(resource|data)\s+"?(aws_\w+)', re.MULTILINE)
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
    started = {name for name in providers if not _is_built_in(name)}
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


def installed(listed: str, reattach: str) -> list[str]:
    """Return the full names in what an engine's `providers` prints, without those that the engine does not install."""
    attached = set(json.loads(reattach))
    return sorted(name for name in required(listed) if name not in attached and not _is_built_in(name))


def _is_built_in(provider: str) -> bool:
    return provider.startswith("terraform.io/builtin/")


def refuse_names(root: Path) -> None:
    """Name what an engine reports as a type that the provider does not support, although it may.

    Raises:
        UserError: there is something.
    """
    from product_import.stand_in.schema import MAJORS, provider_schema  # noqa: PLC0415, needed after a failure alone

    schemas = [provider_schema(major) for major in MAJORS]
    known = {
        "resource": {name for schema in schemas for name in schema.resource_types},
        "data": {name for schema in schemas for name in schema.data_sources},
    }
    declared = {(kind, name) for file in _files(root, NATIVE) for kind, name in _DECLARED.findall(_text(file))}
    unknown = sorted(f"{kind} {name}" for kind, name in declared if name not in known[kind])
    if unknown:
        versions = " and ".join(schema.version for schema in schemas)
        raise UserError(
            f"the stand-in for the AWS provider does not know {', '.join(unknown)}. It has the types of {versions}, "
            "except for aws_quicksight_analysis, _dashboard and _template, aws_wafv2_rule_group and aws_wafv2_web_acl."
        )


def names(root: Path) -> set[str]:
    """Return the AWS types in the root, its modules, its tests and its state: `aws_vpc`, or `data.aws_vpc`.

    What only looks like one may be among them.
    """
    native = (*NATIVE, "*.tftest.hcl", "*.tofutest.hcl")
    # Tests are in another folder than the root: Terraform's documentation, "Tests".
    texts = itertools.chain(_files(root, native), (root / "tests").glob("*.hcl"), (root / DATA).rglob("*.tfstate"))
    in_json = itertools.chain(_files(root, JSON), (root / "tests").glob("*.json"))
    found = {name for file in texts for name in _names(_text(file))}
    return found.union(*(_names_in_json(_text(file)) for file in in_json))


def _names(text: str) -> Iterator[str]:
    for pattern in _NAMES:
        for kind, name in pattern.findall(text):
            yield f"data.{name}" if kind.startswith("data") else name


def _names_in_json(text: str) -> Iterator[str]:
    """Whatever else the text holds: the engine says what is wrong with it."""
    yield from _names(text)
    try:
        tree: Any = json.loads(text)
    except ValueError:
        return
    for body in _objects(tree):
        for kind, prefix in (("resource", ""), ("data", "data.")):
            yield from (f"{prefix}{name}" for block in _objects(body.get(kind)) for name in block)


def _objects(value: Any) -> list[dict[str, Any]]:
    """One object, or several in a list, as Terraform's JSON has blocks."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _files(root: Path, patterns: Sequence[str]) -> Iterator[Path]:
    """Those of the root and of the modules that it has installed."""
    manifest = root / DATA / "modules" / "modules.json"
    modules = json.loads(manifest.read_text(encoding="utf-8"))["Modules"] if manifest.exists() else []
    for folder in sorted({root, *(root / module["Dir"] for module in modules)}):
        yield from itertools.chain.from_iterable(folder.glob(pattern) for pattern in patterns)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
