"""What an input is: a field of a dataclass whose metadata says what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass
from typing import Any

from product_import.inputs.effects import IN_PLACE, Effect
from product_import.inputs.rules import Rule

TERRAFORM_TYPES = {
    str: "string",
    str | None: "string",
    int: "number",
    float: "number",
    bool: "bool",
    bool | None: "bool",
    Sequence[str]: "list(string)",
    Mapping[str, str]: "map(string)",
}


@dataclass(frozen=True)
class About:
    """What is said of an input."""

    description: str
    rules: tuple[Rule, ...]
    use: str
    effect: Effect
    provider: str
    sensitive: bool


@dataclass(frozen=True)
class Input:
    """A row of the table.

    Attributes:
        group: what it is about, as a heading.
        default: None where the input is required, or where it is null.
        use: what to set an optional one for, and what to mind then.
        effect: what a new value does to a deployed module.
        provider: the release of the provider that it needs, where that is not the first one that the module takes.
    """

    name: str
    group: str
    type: str
    description: str
    use: str
    required: bool
    default: Any
    effect: Effect
    provider: str
    sensitive: bool
    rules: tuple[Rule, ...]


def about(
    description: str,
    *rules: Rule,
    use: str = "",
    effect: Effect = IN_PLACE,
    provider: str = "",
    sensitive: bool = False,
) -> Mapping[str, About]:
    """The metadata of a field that is an input."""
    return {"about": About(description, rules, use, effect, provider, sensitive)}


def row(field: Field[Any], group: str) -> Input:
    """The row of a field."""
    said: About = field.metadata["about"]
    default = field.default if field.default_factory is MISSING else field.default_factory()
    if isinstance(default, tuple):
        default = list(default)
    required = said.sensitive or default is MISSING
    return Input(
        name=field.name,
        group=group,
        type=TERRAFORM_TYPES[field.type],  # type: ignore[index]
        description=said.description,
        use=said.use,
        required=required,
        default=None if required else default,
        effect=said.effect,
        provider=said.provider,
        sensitive=said.sensitive,
        rules=said.rules,
    )
