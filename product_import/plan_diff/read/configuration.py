"""The configuration in a plan: the members of Terraform's internal/command/jsonconfig that a review needs."""

from typing import Any

import msgspec


class ConfiguredVariable(msgspec.Struct):
    sensitive: bool = False
    default: Any = None


class ConfiguredOutput(msgspec.Struct):
    sensitive: bool = False
    expression: Any = None


class ConfiguredResource(msgspec.Struct):
    """A block of a resource; `expressions` are the arguments that it sets."""

    mode: str
    type: str
    name: str
    expressions: Any = None


class Module(msgspec.Struct):
    """A module's configuration."""

    variables: dict[str, ConfiguredVariable] | None = None
    outputs: dict[str, ConfiguredOutput] | None = None
    resources: list[ConfiguredResource] | None = None
    module_calls: dict[str, "ModuleCall"] | None = None


class ModuleCall(msgspec.Struct):
    """A `module` block; `expressions` are the variables that it sets."""

    module: Module | None = None
    expressions: dict[str, Any] | None = None


class ProviderConfig(msgspec.Struct):
    """A `provider` block, or the requirement of a provider without one; `full_name` is new in Terraform 1.2."""

    name: str = ""
    full_name: str = ""
    alias: str = ""
    module_address: str = ""
    expressions: Any = None


class Configuration(msgspec.Struct):
    root_module: Module | None = None
    provider_config: dict[str, ProviderConfig] | None = None
