"""Values of data sources that a user sets in a file, in the place of made-up ones."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from product_import.errors import UserError
from product_import.files import read_text
from product_import.stand_in.data.known import Values
from product_import.stand_in.schema import DataSource, ProviderSchema

_WHERE = "where"
_PYTHON: Mapping[str, Any] = {"string": str, "number": (int, float), "bool": bool}


@dataclass(frozen=True)
class Fixture:
    where: Mapping[str, Any]
    """Arguments that a data source has to have; a text may have `*` and `?`."""
    values: Values

    def fits(self, config: Values) -> bool:
        return all(_same(config.get(name), wanted) for name, wanted in self.where.items())


@dataclass(frozen=True)
class Fixtures:
    by_source: Mapping[str, tuple[Fixture, ...]]

    def values(self, source: str, config: Values) -> Values:
        """Return what the first fixture says that fits the arguments."""
        return next((each.values for each in self.by_source.get(source, ()) if each.fits(config)), {})


NO_FIXTURES = Fixtures({})


def read_fixtures(path: Path, schema: ProviderSchema) -> Fixtures:
    """Read a file: TOML, a table for each data source, or an array of tables with `where`.

    Raises:
        UserError: the file cannot be read, or it has what the provider does not have.
    """
    try:
        content = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: {error}.") from None
    fixtures = {}
    for name, given in content.items():
        if name not in schema.data_sources:
            raise UserError(f"{path}: the provider has no data source {name}.{_near(name, schema.data_sources)}")
        tables = given if isinstance(given, list) else [given]
        if not all(isinstance(table, dict) for table in tables):
            raise UserError(f"{path}: {name} must be a table, [{name}], or several, [[{name}]].")
        source = schema.data_sources[name]
        fixtures[name] = tuple(_fixture(path, source, table) for table in tables)
    return Fixtures(fixtures)


def _fixture(path: Path, source: DataSource, table: Values) -> Fixture:
    where = table.get(_WHERE, {})
    if not isinstance(where, dict):
        raise UserError(f"{path}: {source.name}.where must be a table of arguments. Given: {where}.")
    values = {name: value for name, value in table.items() if name != _WHERE}
    attributes = source.block.attributes
    for name in (*where, *values):
        if name not in attributes:
            near = _near(name, attributes)
            raise UserError(f"{path}: {source.name} has no attribute {name}.{near} It has: {', '.join(attributes)}.")
    for name, value in values.items():
        _check(f"{path}: {source.name}.{name}", value, attributes[name].type)
    return Fixture(where, {name: _filled(value, attributes[name].type) for name, value in values.items()})


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 3)
    return f" Nearest: {', '.join(near)}." if near else ""


def _check(where: str, value: Any, kind: Any) -> None:
    """Refuse a value that is not of a type.

    Raises:
        UserError: it is not.
    """
    if isinstance(kind, str):
        fits = isinstance(value, _PYTHON[kind]) and (kind == "bool") == isinstance(value, bool)
    else:
        fits = isinstance(value, list if kind[0] in ("list", "set") else dict)
    if not fits:
        raise UserError(f"{where} must be a {_named(kind)}. Given: {value!r}.")
    if isinstance(value, list):
        for number, item in enumerate(value):
            _check(f"{where}[{number}]", item, kind[1])
    elif isinstance(value, dict):
        for key, item in value.items():
            if kind[0] == "object" and key not in kind[1]:
                raise UserError(f"{where} has no {key}.{_near(key, kind[1])} It has: {', '.join(kind[1])}.")
            _check(f"{where}.{key}", item, kind[1][key] if kind[0] == "object" else kind[1])


def _named(kind: Any) -> str:
    if isinstance(kind, str):
        return kind
    return "object" if kind[0] == "object" else f"{kind[0]} of {_named(kind[1])}"


def _filled(value: Any, kind: Any) -> Any:
    """The value, with null for what an object leaves out."""
    if isinstance(kind, str):
        return value
    if kind[0] == "object":
        return {key: _filled(value[key], inner) if key in value else None for key, inner in kind[1].items()}
    if kind[0] == "map":
        return {key: _filled(item, kind[1]) for key, item in value.items()}
    return [_filled(item, kind[1]) for item in value]


def _same(given: Any, wanted: Any) -> bool:
    if isinstance(given, str) and isinstance(wanted, str):
        return fnmatchcase(given, wanted)
    if isinstance(given, list) and isinstance(wanted, list):
        return sorted(map(str, given)) == sorted(map(str, wanted))
    return bool(given == wanted)
