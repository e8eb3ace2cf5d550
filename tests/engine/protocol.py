"""The stand-in asked over the plugin protocol's own messages, as an engine does, but without one."""

import itertools
import json
from typing import Any

from product_import.stand_in.messages import decode, encode
from product_import.stand_in.planning import Values, conform
from product_import.stand_in.provider import Provider
from product_import.stand_in.schema import Block, provider_schema

from tf.gen import tfplugin_pb2 as pb  # type: ignore[import-untyped]


class _Peer:
    """Where a request comes from: one `provider` block."""

    def __init__(self, name: str) -> None:
        self._name = name

    def peer(self) -> str:
        return self._name


class Asked:
    """A provider of a major version, configured for a region."""

    def __init__(self, major: int, region: str = "eu-central-1", **configuration: Any) -> None:
        self._schema = provider_schema(major)
        self._types, self._peer = self._schema.resource_types, _Peer(f"{major} in {region}")
        self.provider = Provider(self._schema)
        config = conform({"region": region, **configuration}, self._schema.provider)
        self.provider.ConfigureProvider(pb.ConfigureProvider.Request(config=encode(config)), self._peer)

    def upgraded(self, resource_type: str, state: Values, version: int) -> Values:
        """A state that the schema of a version wrote."""
        request = pb.UpgradeResourceState.Request(
            type_name=resource_type, version=version, raw_state=pb.RawState(json=json.dumps(state).encode())
        )
        return dict(decode(self.provider.UpgradeResourceState(request, self._peer).upgraded_state))

    def read(self, resource_type: str, state: Values, /) -> Values:
        """A refreshed state."""
        request = pb.ReadResource.Request(type_name=resource_type, current_state=encode(state))
        return dict(decode(self.provider.ReadResource(request, self._peer).new_state))

    def data(self, source: str, **arguments: Any) -> Values:
        """The values of a data source.

        Raises:
            ValueError: the provider refuses the arguments.
        """
        config = encode(conform(arguments, self._schema.data_sources[source].block))
        request = pb.ValidateDataResourceConfig.Request(type_name=source, config=config)
        diagnostics = self.provider.ValidateDataResourceConfig(request, self._peer).diagnostics
        if not diagnostics:
            request = pb.ReadDataSource.Request(type_name=source, config=config)
            response = self.provider.ReadDataSource(request, self._peer)
            diagnostics = response.diagnostics
        if diagnostics:
            raise ValueError(diagnostics[0].summary)
        return dict(decode(response.state))

    def planned(self, resource_type: str, prior: Values | None, /, **arguments: Any) -> tuple[Values, list[str]]:
        """The planned values, and the arguments that replace the resource.

        Raises:
            ValueError: the provider refuses the plan.
        """
        response = self._plan(resource_type, prior, arguments)
        if response.diagnostics:
            raise ValueError(response.diagnostics[0].summary)
        replaced = [path.steps[0].attribute_name for path in response.requires_replace]
        return decode(response.planned_state), replaced

    def changed(self, resource_type: str, prior: Values, /, **arguments: Any) -> set[str]:
        """What a plan changes."""
        planned, _ = self.planned(resource_type, prior, **arguments)
        return {name for name in planned if planned[name] != prior[name]}

    def applied(self, resource_type: str, prior: Values | None = None, /, **arguments: Any) -> Values:
        """The state after a plan and an apply.

        Raises:
            ValueError: AWS refuses the change.
        """
        request = pb.ApplyResourceChange.Request(
            type_name=resource_type,
            prior_state=encode(prior),
            config=encode(self._config(resource_type, arguments)),
            planned_state=self._plan(resource_type, prior, arguments).planned_state,
        )
        response = self.provider.ApplyResourceChange(request, self._peer)
        if response.diagnostics:
            raise ValueError(response.diagnostics[0].summary)
        return dict(decode(response.new_state))

    def deleted(self, resource_type: str, prior: Values) -> None:
        """Apply the removal of a resource."""
        nothing = encode(None)
        request = pb.ApplyResourceChange.Request(
            type_name=resource_type, prior_state=encode(prior), config=nothing, planned_state=nothing
        )
        self.provider.ApplyResourceChange(request, self._peer)

    def _plan(self, resource_type: str, prior: Values | None, arguments: Values) -> Any:
        config = self._config(resource_type, arguments)
        request = pb.PlanResourceChange.Request(
            type_name=resource_type,
            prior_state=encode(prior),
            config=encode(config),
            proposed_new_state=encode(_proposed(self._types[resource_type].block, config, prior)),
        )
        return self.provider.PlanResourceChange(request, self._peer)

    def _config(self, resource_type: str, arguments: Values) -> Values:
        return conform(arguments, self._types[resource_type].block)


def _proposed(block: Block, config: Values, prior: Values | None) -> Values:
    """Terraform's ProposedNew: what the configuration leaves to the provider stays as it is."""
    if prior is None:
        return config
    proposed = {
        name: prior[name] if attribute.computed and config[name] is None else config[name]
        for name, attribute in block.attributes.items()
    }
    for name, nested in block.blocks.items():
        items = config[name]
        if isinstance(items, list):
            proposed[name] = [
                _proposed(nested.block, item, before)
                for item, before in itertools.zip_longest(items, (prior[name] or [])[: len(items)])
            ]
        else:
            proposed[name] = items
    return proposed
