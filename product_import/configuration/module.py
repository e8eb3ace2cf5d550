"""The module's tree with inputs in it: its resources, their attributes as a plan would have them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from product_import.configuration.expressions import template
from product_import.configuration.values import ExpressionError, Unknown, is_unknown
from product_import.configuration.variables import check, convert, read_variables, unknown_inputs
from product_import.errors import UserError
from product_import.files import read_text


class Configuration:
    """A module of Terraform's JSON and the values of its variables.

    Args:
        tree: the module's blocks: variable, locals, resource.
        inputs: values by the variables' names. A required variable may be left out: what depends on it is Unknown.
        applied: attributes that only an apply tells, by address. What is not given is Unknown.

    Raises:
        UserError: an input that the module does not have, or a value that breaks its rules.
    """

    def __init__(
        self, tree: Mapping[str, Any], inputs: Mapping[str, Any], applied: Mapping[str, Any] | None = None
    ) -> None:
        self._tree, self._inputs, self._applied = tree, dict(inputs), applied or {}
        self._locals: dict[str, Any] = {}
        declared = tree["variable"]
        if unknown := unknown_inputs(inputs, declared):
            raise UserError(f"The module has no input {unknown}. Its variables.tf.json lists all inputs.")
        self._values = {
            name: convert(name, inputs.get(name, variable.get("default")), variable)
            for name, variable in declared.items()
            if name in inputs or "default" in variable
        }
        for name in inputs:
            check(self._values[name], declared[name], self)
        if "environment" in declared and "environment" not in inputs:
            # The errors of rules on several inputs begin with it: where it is unknown, so is whether there is one.
            try:
                Configuration(tree, {**inputs, "environment": "unnamed"}, applied)
            except ExpressionError as error:
                raise ExpressionError(str(error).removeprefix("unnamed: ")) from None
        for name in tree.get("locals", {}):
            # The rules across several inputs stand in locals.
            if name.startswith("checked_"):
                self.local(name)

    @classmethod
    def read(cls, module: Path, variables: Path | None = None) -> "Configuration":
        """The module of a folder, with the inputs of a .tfvars or .tfvars.json file.

        Raises:
            UserError: a file cannot be read, or an input is wrong.
        """
        tree: dict[str, Any] = {}
        for path in sorted(module.glob("*.tf.json")):
            tree |= _blocks_of(path)
        if not all(isinstance(tree.get(block), dict) for block in ("variable", "resource")):
            raise UserError(f"{module} must have *.tf.json files that declare variables and resources. It has none.")
        if variables is None:
            return cls(tree, {})
        try:
            return cls(tree, read_variables(variables))
        except UserError as error:
            raise type(error)(f"{variables}: {str(error).removeprefix(f'{variables}: ')}") from None

    def with_inputs(self, changed: Mapping[str, Any]) -> "Configuration":
        """The same module with some inputs changed.

        Raises:
            UserError: an input is wrong.
        """
        return Configuration(self._tree, {**self._inputs, **changed}, self._applied) if changed else self

    def with_applied(self, told: Mapping[str, Any]) -> "Configuration":
        """The same module with further attributes that only an apply tells, by address."""
        return Configuration(self._tree, self._inputs, {**self._applied, **told})

    def resources(self, resource_type: str) -> "dict[str, Resource]":
        """The resources of a type that would exist, by name: those with a `count` of 0 are left out."""
        named = self._tree["resource"].get(resource_type, {})
        found = {name: Resource(self, attributes) for name, attributes in named.items()}
        return {name: each for name, each in found.items() if each.get("count", 1) != 0}

    def resource(self, resource_type: str, name: str) -> "Resource":
        """A resource that the module always has.

        Raises:
            UserError: it has none, since this is another module.
        """
        found = self.resources(resource_type).get(name)
        if found is None:
            raise UserError(f"The module must be product-import. It has no {resource_type}.{name}.")
        return found

    def evaluate(self, value: Any, symbols: Mapping[str, Any] | None = None) -> Any:
        """A JSON value of the tree with its expressions evaluated.

        Args:
            value: the value as it stands in the tree.
            symbols: the names that a dynamic block binds.

        Raises:
            ExpressionError: an expression is not known, or fails.
        """
        if isinstance(value, str):
            return template(value)(_Symbols(self, symbols) if symbols else self)
        if isinstance(value, Mapping):
            return {key: self.evaluate(item, symbols) for key, item in value.items()}
        if isinstance(value, list):
            return [self.evaluate(item, symbols) for item in value]
        return value

    # The scope of expressions

    def variable(self, name: str) -> Any:
        if name not in self._tree["variable"]:
            raise ExpressionError(f"var.{name} is not declared.")
        return self._values.get(name, Unknown(f"var.{name}"))

    def local(self, name: str) -> Any:
        if name not in self._locals:
            self._locals[name] = self.evaluate(self._tree["locals"][name])
        return self._locals[name]

    def attribute(self, resource_type: str, name: str, attribute: str) -> Any:
        configured = self._tree["resource"].get(resource_type, {}).get(name)
        if configured is None:
            raise ExpressionError(f"{resource_type}.{name} is not in the module.")
        if attribute not in configured:
            address = f"{resource_type}.{name}.{attribute}"
            return self._applied.get(address, Unknown(address))
        return self.evaluate(configured[attribute])

    def symbol(self, name: str) -> Any:
        raise KeyError(name)


class Resource:
    """A resource, evaluated attribute by attribute: what nobody asks for need not be known."""

    def __init__(self, configuration: Configuration, attributes: Mapping[str, Any]) -> None:
        self._configuration, self._attributes = configuration, attributes

    def __getitem__(self, attribute: str) -> Any:
        return self._configuration.evaluate(self._attributes[attribute])

    def __contains__(self, attribute: str) -> bool:
        return attribute in self._attributes

    def get(self, attribute: str, default: Any = None) -> Any:
        return self._configuration.evaluate(self._attributes.get(attribute, default))

    def blocks(self, name: str) -> list[Any]:
        """The nested blocks of a name, static and dynamic ones."""
        return list(_blocks(self._configuration, self._attributes, name))

    def dynamic(self, name: str) -> Any:
        """What a dynamic block ranges over, where it is not known; else None."""
        each = self._attributes.get("dynamic", {}).get(name)
        value = None if each is None else self._configuration.evaluate(each["for_each"])
        return value if is_unknown(value) else None


def _blocks_of(path: Path) -> dict[str, Any]:
    try:
        blocks = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(f"{path} must be JSON: {error}.") from None
    if not isinstance(blocks, dict):
        raise UserError(f"{path} must be a JSON object. Given: {json.dumps(blocks):.40}")
    return blocks


def _blocks(configuration: Configuration, attributes: Mapping[str, Any], name: str) -> Iterator[Any]:
    static = attributes.get(name, [])
    for block in static if isinstance(static, list) else [static]:
        yield configuration.evaluate(block)
    dynamic = attributes.get("dynamic", {}).get(name)
    if dynamic is None:
        return
    source = configuration.evaluate(dynamic["for_each"])
    if is_unknown(source):
        return
    for key, value in source.items() if isinstance(source, Mapping) else enumerate(source):
        symbols = {dynamic.get("iterator", name): {"key": key, "value": value}}
        yield configuration.evaluate(dynamic["content"], symbols)


class _Symbols:
    """A configuration as a scope, with the iterator of a dynamic block."""

    def __init__(self, configuration: Configuration, symbols: Mapping[str, Any]) -> None:
        self._symbols = symbols
        self.variable, self.local, self.attribute = (
            configuration.variable,
            configuration.local,
            configuration.attribute,
        )

    def symbol(self, name: str) -> Any:
        return self._symbols[name]
