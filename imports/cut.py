"""Cut product_import/aws out of the stock wheel of the AWS bindings: `python -m imports.cut WHEEL`.

The stock package holds 1,500 resource types, and jsii reads all of them at each start. The cut holds the listed ones:
Python classes, JavaScript and jsii's description of both. It goes by a name of its own, for jsii takes two packages of
one name for the same, and an app may have the stock one too.
"""

import gzip
import importlib.util
import io
import json
import py_compile
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from imports.resource_types import PROVIDER, RESOURCE_TYPES
from product_import.bindings import BINDINGS, PACKAGE

STOCK_PACKAGE = "cdktf_cdktf_provider_aws"
STOCK_ASSEMBLY = b"@cdktf/provider-aws"
ASSEMBLY = b"@product-import/provider-aws"
# Of each module of the stock package, after its docstring.
_FIRST_STATEMENT = b"from pkgutil import extend_path\n"
_DOCS = frozenset({"docs", "locationInModule", "symbolId"})


def cut(wheel: Path, bindings: Path, resource_types: tuple[str, ...]) -> None:
    """Replace the folder `bindings` by the given types of `wheel`; on an error it stays as it was.

    Raises:
        ValueError: the wheel has no such type.
    """
    with (
        ZipFile(wheel) as stock,
        tempfile.TemporaryDirectory(dir=bindings.parent, prefix=".aws-") as temporary,
    ):
        fresh = Path(temporary) / bindings.name
        (fresh / "_jsii").mkdir(parents=True)
        (fresh / "__init__.py").touch()
        (fresh / "py.typed").touch()
        names = set(stock.namelist())
        for package in ("_jsii", *resource_types):
            source = f"{STOCK_PACKAGE}/{package}/__init__.py"
            if source not in names:
                raise ValueError(f"imports/resource_types.py: {wheel.name} has no type aws_{package}.")
            (fresh / package).mkdir(exist_ok=True)
            (fresh / package / "__init__.py").write_bytes(_without_evaluation(_rename(stock.read(source))))
        (archive,) = (name for name in names if name.endswith(".jsii.tgz"))
        with stock.open(archive) as packed:
            content = _cut_archive(packed.read(), resource_types)
        (fresh / "_jsii" / Path(archive).name).write_bytes(content)
        _compile(fresh, str(bindings))
        if bindings.exists():
            shutil.rmtree(bindings)
        fresh.rename(bindings)


def _compile(package: Path, name: str) -> None:
    """Compile a package that will be called `name`, without its `if __debug__:` blocks and its docstrings.

    With PYTHONDONTWRITEBYTECODE each run would compile 3 MB of source anew. The blocks check the types of arguments in
    Python, which jsii does a second time in Node and the type checker has done before. Editors read the source.
    """
    for source in package.rglob("*.py"):
        shown = source.relative_to(package)
        py_compile.compile(
            str(source),
            cfile=importlib.util.cache_from_source(str(source)),
            dfile=f"{name}/{shown}",
            doraise=True,
            optimize=2,
        )


def _cut_archive(content: bytes, resource_types: tuple[str, ...]) -> bytes:
    folders = {resource_type.replace("_", "-") for resource_type in resource_types}
    output = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as stock,
        # The same bytes on any machine: no time in the header, and compressed ones would depend on the zlib at hand.
        gzip.GzipFile(filename="", mode="wb", compresslevel=0, fileobj=output, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as lean,
    ):
        for member in stock:
            _, _, path = member.name.partition("/")
            if path == "package.json":
                file = _read(stock, member)
            elif path == ".jsii":
                file = _cut_assembly(_read(stock, member), resource_types)
            elif path == "lib/index.js":
                file = _index(resource_types)
            elif path.startswith("lib/") and path.endswith(".js") and path.split("/")[1] in folders:
                file = _read(stock, member)
            else:
                continue
            member.size = len(file)
            lean.addfile(member, io.BytesIO(file))
    return output.getvalue()


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None, f"{member.name} is not a file"
    return _rename(file.read())


def _rename(content: bytes) -> bytes:
    return content.replace(STOCK_ASSEMBLY, ASSEMBLY)


def _without_evaluation(source: bytes) -> bytes:
    """A module whose annotations stay text: to evaluate those of all classes takes longer than all else in them."""
    return source.replace(_FIRST_STATEMENT, b"from __future__ import annotations\n" + _FIRST_STATEMENT, 1)


def _cut_assembly(content: bytes, resource_types: tuple[str, ...]) -> bytes:
    assembly = json.loads(content)
    namespaces = {_namespace(resource_type) for resource_type in resource_types}
    for part in ("types", "submodules"):
        assembly[part] = {name: value for name, value in assembly[part].items() if name.split(".")[1] in namespaces}
    return json.dumps(_without_docs(assembly)).encode()


def _without_docs(assembly: Any) -> Any:
    """What jsii reads of its description of the types at each start, which is less than half of it."""
    if isinstance(assembly, dict):
        return {name: _without_docs(value) for name, value in assembly.items() if name not in _DOCS}
    if isinstance(assembly, list):
        return [_without_docs(item) for item in assembly]
    return assembly


def _index(resource_types: tuple[str, ...]) -> bytes:
    lines = (
        f'exports.{_namespace(resource_type)} = require("./{resource_type.replace("_", "-")}");\n'
        for resource_type in resource_types
    )
    return '"use strict";\n{}'.format("".join(lines)).encode()


def _namespace(resource_type: str) -> str:
    """The name jsii gives to a type's module: its name in camelCase."""
    first, *rest = resource_type.split("_")
    return first + "".join(word.capitalize() for word in rest)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("usage: python -m imports.cut WHEEL", file=sys.stderr)
        sys.exit(2)
    wheel = Path(sys.argv[1])
    try:
        cut(wheel, BINDINGS, (PROVIDER, *RESOURCE_TYPES))
    except BadZipFile as error:
        sys.exit(f"error: {wheel}: {error}")
    except (OSError, ValueError) as error:
        sys.exit(f"error: {error}")
    print(f"{PACKAGE}: {len(RESOURCE_TYPES)} resource types and the provider")
