"""An operator's inputs: read from files, converted and checked by the rules that the module's variables have."""

import difflib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from product_import.configuration.expressions import arguments, template
from product_import.configuration.values import ExpressionError, Names, Scope, boolean_of, number_of, text_of
from product_import.errors import UserError
from product_import.files import read_text


def read_variables(path: Path) -> dict[str, Any]:
    """The values of a .tfvars or .tfvars.json file.

    Raises:
        UserError: it cannot be read, or holds what is no literal.
    """
    text = read_text(path)
    try:
        return _from_json(text) if path.suffix == ".json" else _from_hcl(text)
    except RecursionError:
        raise UserError(f"{path}: must hold values of inputs. It is nested too deeply.") from None
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


def _from_json(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, object_pairs_hook=_each_once, parse_float=number_of, parse_constant=number_of)
    except json.JSONDecodeError as error:
        raise UserError(f"no JSON: {error}.") from None
    if not isinstance(values, dict):
        raise UserError(f"must be a JSON object of inputs. Given: {text:.40}")
    return values


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise UserError(f"{name} has two values: leave one out")
        found[name] = value
    return found


def _from_hcl(text: str) -> dict[str, Any]:
    return {name: value(Names({}, "a file of inputs")) for name, value in arguments(text).items()}


def unknown_inputs(given: Iterable[str], declared: Iterable[str]) -> str:
    """Return the names that no input has, each with the inputs of similar names, or "" if there are none."""
    names = sorted(declared)
    unknown = []
    for name in sorted(set(given).difference(names)):
        near = difflib.get_close_matches(name, names, cutoff=0.7)
        unknown.append(f"{name} (similar: {', '.join(near)})" if near else name)
    return ", ".join(unknown)


def convert(name: str, value: Any, declared: Mapping[str, Any]) -> Any:
    """A value in the declared type of its variable, as Terraform converts it.

    Raises:
        UserError: it cannot be.
    """
    wanted = declared.get("type", "any")
    try:
        return _converted(value, wanted)
    except (ExpressionError, TypeError):
        given = "(sensitive value)" if declared.get("sensitive") else json.dumps(value)
        raise UserError(f"The {name} must be a {wanted}. Given: {given:.80}.") from None


def check(value: Any, declared: Mapping[str, Any], scope: Scope) -> None:
    """Hold a value against its variable's own rules.

    Raises:
        UserError: it breaks one; the text is the module's.
    """
    rules = declared.get("validation", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if template(rule["condition"])(scope) is False:
            given = "(sensitive value)" if declared.get("sensitive") else json.dumps(value)
            raise UserError(f"{rule['error_message']} Given: {given:.200}.")


def _converted(value: Any, wanted: str) -> Any:
    if value is None or wanted == "any":
        return value
    if wanted == "string":
        return text_of(value)
    if wanted == "number":
        return number_of(value)
    if wanted == "bool":
        return boolean_of(value)
    container, _, inner = wanted.removesuffix(")").partition("(")
    if container in ("list", "set") and isinstance(value, list):
        return [_converted(item, inner) for item in value]
    if container == "map" and isinstance(value, dict):
        return {key: _converted(item, inner) for key, item in value.items()}
    raise TypeError(wanted)
