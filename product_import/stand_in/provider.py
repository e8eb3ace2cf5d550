"""A stand-in for hashicorp/aws: it knows the provider's schema and no cloud.

One gRPC servicer of Terraform's plugin protocol 6. An engine finds it by TF_REATTACH_PROVIDERS, which Terraform and
OpenTofu have for the tests of providers: no install, no lock file, no TLS. Version constraints are not checked then
(engine.py does that apart).

Plans and states are what the provider's SDK makes of them: computed values that are not set are unknown in a plan and
made up by an apply, null and empty are the same, `tags_all` is known wherever `tags` is, and a change of certain
arguments replaces the resource (facts/).
"""

import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from product_import.isolation import attach
from product_import.stand_in.account import Account
from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.fixtures import NO_FIXTURES
from product_import.stand_in.data.known import Known
from product_import.stand_in.data.reading import read
from product_import.stand_in.ephemeral import add_schemas, handlers, opened
from product_import.stand_in.functions import functions_of
from product_import.stand_in.imports import imported, told
from product_import.stand_in.made_up import ACCOUNT, UNKNOWN
from product_import.stand_in.messages import block, decode, encode, error, path
from product_import.stand_in.partitions import localized
from product_import.stand_in.planning import (
    Values,
    as_applied,
    forget_write_only,
    keep_blocks,
    keep_equivalent,
    keep_same,
    make_up,
    named,
    refresh,
    refusals,
    replacements,
    set_blanks,
    set_defaults,
    set_normal_forms,
    set_unknown_blocks,
    set_unknowns,
    upgraded,
)
from product_import.stand_in.schema import Block, ProviderSchema, ResourceType
from product_import.stand_in.validation import objections

import grpc  # type: ignore[import-untyped]
from msgpack import ExtType  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2 as pb  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2_grpc as rpc

_IMPORTED = "imported"
"""In what is kept beside a resource until its first apply: the attributes that its id told. Of others it is not known
what they were."""
Judge = Callable[[str, Values], list[tuple[str, str]]]
Named = Callable[[], Iterable[str]]
"""Returns the types that a root uses, `aws_vpc` or `data.aws_vpc`, perhaps with names of other things. An engine gets
these and the familiar types, because it would need a second to read all of the provider's."""


class Cloud(Protocol):
    """Where resources exist besides in Terraform's state (emulator.py). A ValueError is what the cloud refuses."""

    def create(self, resource_type: str, region: str, config: Values) -> Values:
        """Returns the computed values that the cloud gave."""

    def update(self, resource_type: str, region: str, config: Values, state: Values) -> None: ...

    def delete(self, resource_type: str, region: str, state: Values) -> None: ...


class Provider(rpc.ProviderServicer):  # type: ignore[misc]
    """The servicer, with two ends for tests: what AWS would say to arguments, and what happens behind Terraform's back.

    `judge` gets a resource's type and its configured values and returns complaints: the top-level argument and a text.
    """

    def __init__(self, schema: ProviderSchema, judge: Judge | None = None, named: Named = tuple) -> None:
        self._known, self._types, self._judge, self._named = schema, schema.resource_types, judge, named
        self.cloud: Cloud | None = None
        self.sdk_types = True
        """Whether the engine grants this protocol the SDK's type system, in which a plan may differ from the
        configuration (defaults, empty for null): Terraform does since 1.1.5, OpenTofu always did."""
        self._changed_outside: dict[tuple[str, str | None], Values | None] = {}
        self._configurations: dict[str, Values] = {}
        self._serials: dict[tuple[object, ...], Iterator[int]] = {}
        self._validated: dict[bytes, Any] = {}
        self._account = Account()
        self._resources = Known()
        self.fixtures = NO_FIXTURES
        self.states: Callable[[], Iterable[Path]] = tuple
        """Returns the files of the states of what earlier processes applied."""
        self.generic: set[str] = set()
        """The resource types that were planned without facts."""
        self._messages: dict[str, Any] = {}
        """By the name of a resource type: its schema, which it takes some time to make."""

    def change_outside(self, resource_type: str, resource_id: str, **values: Any) -> None:
        """From now on a refresh finds these values, as after a change that somebody else made."""
        self._changed_outside[resource_type, resource_id] = values

    def delete_outside(self, resource_type: str, resource_id: str) -> None:
        """From now on a refresh finds nothing."""
        self._changed_outside[resource_type, resource_id] = None

    def reset(self) -> None:
        """Forget what tests set."""
        self.cloud = None
        self._changed_outside.clear()
        self._resources.clear()

    def GetProviderSchema(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        known, named = self._known, set(self._named())
        data_sources = sorted(name.removeprefix("data.") for name in named if name.startswith("data."))
        response = pb.GetProviderSchema.Response(
            functions={name: function.message() for name, function in functions_of(known.major).items()},
            server_capabilities=pb.ServerCapabilities(move_resource_state=True),
            provider=pb.Schema(block=block(known.provider)),
            resource_schemas={
                name: self._message(name)
                for name in sorted(known.familiar | named)
                if name in known.familiar or (name.startswith("aws_") and name in self._types)
            },
            data_source_schemas={
                name: pb.Schema(block=block(known.data_sources[name].block))
                for name in data_sources
                if name in known.data_sources
            },
        )
        add_schemas(response, known.major)
        return response

    def _message(self, resource_type: str) -> Any:
        if resource_type not in self._messages:
            known = self._types[resource_type]
            self._messages[resource_type] = pb.Schema(version=known.facts.version, block=block(known.block))
        return self._messages[resource_type]

    def ValidateProviderConfig(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        return pb.ValidateProviderConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        # Each `provider` block has its own connection, hence its own peer.
        self._configurations[context.peer()] = decode(request.config)
        self._resources.load(self.states())
        return pb.ConfigureProvider.Response()

    def ValidateResourceConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802
        # An engine asks twice in each plan.
        asked = request.SerializeToString(deterministic=True)
        if asked not in self._validated:
            self._validated[asked] = self._validate(request)
        return self._validated[asked]

    def _validate(self, request: Any) -> Any:
        config, schema = decode(request.config), self._types[request.type_name].block
        complaints = _not_configurable(schema, config) or objections(request.type_name, config)
        complaints = complaints or (self._judge(request.type_name, config) if self._judge else [])
        return pb.ValidateResourceConfig.Response(diagnostics=[error(text, argument) for argument, text in complaints])

    def UpgradeResourceState(self, request: Any, _context: Any) -> Any:  # noqa: N802
        state = upgraded(self._types[request.type_name], json.loads(request.raw_state.json), request.version)
        return pb.UpgradeResourceState.Response(upgraded_state=encode(state))

    def ImportResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource_type = self._types[request.type_name]
        try:
            values = told(resource_type, request.id, self._region(context))
        except ValueError as refusal:
            return pb.ImportResourceState.Response(diagnostics=[error(str(refusal))])
        found = pb.ImportResourceState.ImportedResource(
            type_name=request.type_name,
            state=encode(imported(resource_type, values, self._region(context))),
            private=json.dumps({_IMPORTED: sorted(values)}).encode(),
        )
        return pb.ImportResourceState.Response(imported_resources=[found])

    def MoveResourceState(self, request: Any, _context: Any) -> Any:  # noqa: N802
        text = (
            f"The stand-in does not move a {request.source_type_name} to a {request.target_type_name}: it knows of no "
            "type that takes over the state of another one."
        )
        return pb.MoveResourceState.Response(diagnostics=[error(text)])

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        state, run, private = decode(request.current_state), context.peer(), _private(request.private)
        changes = self._changed_outside.get((request.type_name, state.get("id")), {})
        if changes is None or self._account.is_gone(run, request.type_name, state, private):
            self._account.deleted(run, request.type_name, state)
            self._resources.forget(request.type_name, state)
            return pb.ReadResource.Response(new_state=encode(None))
        found = state | changes
        of_others = self._account.found(run, request.type_name, found, private)
        if self.sdk_types:
            # Without them a block is what the configuration says.
            found |= of_others
        refresh(self._types[request.type_name], found, computed_only=not self.sdk_types)
        if "region" in self._types[request.type_name].block.attributes:
            found["region"] = found["region"] or self._region(context)
        self._resources.note(run, request.type_name, found.get("region") or self._region(context), found)
        return pb.ReadResource.Response(new_state=encode(found), private=json.dumps(private).encode())

    def PlanResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        prior, planned = decode(request.prior_state), decode(request.proposed_new_state)
        if planned is None:
            return pb.PlanResourceChange.Response(planned_state=encode(None))
        resource_type = self._types[request.type_name]
        schema, facts = resource_type.block, resource_type.facts
        if resource_type.is_generic:
            self.generic.add(resource_type.name)
        # Without the SDK's type system nothing may become known or other in an apply that a plan did not leave open.
        renew = facts.renew if self.sdk_types else {**facts.renew, **{k: {v} for k, v in facts.follow.items()}}
        if prior is None:
            set_unknowns(schema, planned)
            set_unknown_blocks(facts, planned)
        if self.sdk_types:
            set_defaults(schema, facts.defaults, planned)
            set_normal_forms(facts, planned)
            if facts.is_of_sdk:
                set_blanks(schema, planned)
        forget_write_only(schema, planned)
        if "tags_all" in planned:
            planned["tags_all"] = self._all_tags(planned["tags"], context)
            if not self.sdk_types and prior and decode(request.config)["tags_all"] == {}:
                # Such a Terraform makes that of null beside `ignore_changes`, and takes nothing else but what was.
                planned["tags_all"] = prior["tags_all"]
        if "region" in schema.attributes and (planned["region"] is None or decode(request.config)["region"] is None):
            # In a plan already: internal/provider/sdkv2/region.go, `defaultRegion`.
            planned["region"] = (prior or {}).get("region") or self._region(context)
        replaced: list[str] = []
        refused: list[tuple[str, str]] = []
        if prior is not None:
            keep_blocks(facts, planned, prior)
            if self.sdk_types:
                keep_equivalent(schema, planned, prior)
                keep_same(facts, planned, prior)
            refused = refusals(facts, planned, prior)
            replaced = replacements(facts, planned, prior)
            # The same file, `forceNewIfRegionChanges`: a state of provider 5 has none yet.
            before = prior.get("region") or self._region(context)
            if "region" in schema.attributes and planned["region"] != before:
                replaced.append("region")
            if by_id := _private(request.prior_private).get(_IMPORTED):
                refused, replaced = [], [name for name in replaced if name in by_id]
            changed = {name for name in planned if planned[name] != prior[name]}
            planned |= {name: UNKNOWN for name, causes in renew.items() if causes & changed}
        private = self._account.planned(context.peer(), request.type_name, planned, _private(request.prior_private))
        return pb.PlanResourceChange.Response(
            planned_state=encode(planned),
            planned_private=json.dumps(private).encode(),
            requires_replace=[path(name) for name in replaced],
            diagnostics=[error(text, argument) for argument, text in refused],
            legacy_type_system=True,
        )

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource_type, prior = self._types[request.type_name], decode(request.prior_state)
        planned = decode(request.planned_state)
        own = (planned or prior)["region"] if "region" in resource_type.block.attributes else None
        region = own or self._region(context)
        config, made = decode(request.config), {}
        run, private = context.peer(), _private(request.planned_private)
        if planned is not None and "tags_all" in planned:
            # The provider sends its default tags with those of the resource (internal/provider/tags_interceptor.go).
            config["tags"] = planned["tags_all"] or None
        try:
            was_read = not private.pop(_IMPORTED, None)
            if prior and planned and was_read and (failure := resource_type.facts.fails_if(prior, planned)):
                raise ValueError(failure)  # noqa: TRY301, as the cloud's
            if self.cloud and planned is None:
                self.cloud.delete(resource_type.name, region, prior)
            elif self.cloud and prior is None:
                made = self.cloud.create(resource_type.name, region, config)
            elif self.cloud:
                self.cloud.update(resource_type.name, region, config, planned)
        except ValueError as refusal:
            return pb.ApplyResourceChange.Response(
                new_state=request.prior_state, private=request.planned_private, diagnostics=[error(str(refusal))]
            )
        if planned is None:
            self._changed_outside.pop((resource_type.name, prior.get("id")), None)
            self._account.deleted(run, resource_type.name, prior)
            self._resources.forget(resource_type.name, prior)
            return pb.ApplyResourceChange.Response(new_state=encode(None))
        found = self._found(resource_type, planned, prior or {}, made, region)
        self._account.applied(run, resource_type.name, config, found, private, is_new=prior is None)
        self._resources.note(run, resource_type.name, region, found)
        applied = as_applied(resource_type.block, found, planned) if self.sdk_types else found
        return pb.ApplyResourceChange.Response(
            new_state=encode(applied), private=json.dumps(private).encode(), legacy_type_system=True
        )

    def _found(self, resource_type: ResourceType, planned: Values, prior: Values, made: Values, region: str) -> Values:
        """What a read finds after an apply."""
        facts, found = resource_type.facts, dict(planned)
        if prior:
            found |= {name: UNKNOWN for name, cause in facts.follow.items() if planned[cause] != prior[cause]}
        serials = self._serials.setdefault((region, *named(resource_type, planned)), itertools.count(1))
        make_up(resource_type, found, prior, made, region=region, serial=next(serials))
        found = {name: localized(value, planned[name], region) for name, value in found.items()}
        self._changed_outside.pop((resource_type.name, found.get("id")), None)
        stays = {name: prior[name] for name in facts.stays if not planned[name] and prior.get(name)}
        if self.sdk_types:
            found |= stays
            refresh(resource_type, found, computed_only=False)
        else:
            if stays:
                self._changed_outside[resource_type.name, found.get("id")] = stays
            after = dict(found)
            refresh(resource_type, after, computed_only=True)
            # Without the SDK's type system an apply leaves what the plan knew.
            found |= {name: after[name] for name, value in planned.items() if isinstance(value, ExtType)}
        return found

    def ValidateDataResourceConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802
        config, schema = decode(request.config), self._known.data_sources[request.type_name].block
        return pb.ValidateDataResourceConfig.Response(
            diagnostics=[error(text, argument) for argument, text in _not_configurable(schema, config)]
        )

    def ReadDataSource(self, request: Any, context: Any) -> Any:  # noqa: N802
        source = self._known.data_sources[request.type_name]
        tags = self._configurations[context.peer()]["default_tags"]
        asked = Asked(
            source,
            decode(request.config),
            run=context.peer(),
            provider_region=self._region(context),
            account=ACCOUNT,
            default_tags=tags[0]["tags"] or {} if tags else {},
            known=self._resources,
        )
        try:
            return pb.ReadDataSource.Response(state=encode(read(asked, self.fixtures)))
        except ValueError as refusal:
            return pb.ReadDataSource.Response(diagnostics=[error(str(refusal))])

    def CallFunction(self, request: Any, _context: Any) -> Any:  # noqa: N802
        function = functions_of(self._known.major)[request.name]
        try:
            result = function.call(*map(decode, request.arguments))
        except ValueError as refusal:
            return pb.CallFunction.Response(error=pb.FunctionError(text=str(refusal), function_argument=0))
        return pb.CallFunction.Response(result=encode(result))

    def open_ephemeral(self, resource_type: str, config: Values, context: Any) -> Values:
        """Return the values of an ephemeral resource."""
        return opened(resource_type, config, config.get("region") or self._region(context), self._known.major)

    def StopProvider(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        return pb.StopProvider.Response()

    def _region(self, context: Any) -> Any:
        """Of the `provider` block."""
        return self._configurations[context.peer()]["region"] or "us-east-1"

    def _all_tags(self, tags: Any, context: Any) -> Any:
        if isinstance(tags, ExtType) or any(isinstance(value, ExtType) for value in (tags or {}).values()):
            return UNKNOWN
        default_tags = self._configurations[context.peer()]["default_tags"]
        return {**(default_tags[0]["tags"] or {} if default_tags else {}), **(tags or {})}


def _not_configurable(schema: Block, config: Values) -> list[tuple[str, str]]:
    return [
        (name, f'Can\'t configure a value for "{name}": its value will be decided automatically.')
        for name, attribute in schema.attributes.items()
        if config[name] is not None and not (attribute.optional or attribute.required)
    ]


def _private(data: bytes) -> dict[str, Any]:
    """What the stand-in keeps beside a resource's values, which an engine keeps with the state."""
    return json.loads(data) or {} if data else {}


@contextmanager
def served(provider: Provider) -> Iterator[str]:
    """Serve on the loopback, by TCP since peers on a unix socket are all alike; gives TF_REATTACH_PROVIDERS' value."""
    with ThreadPoolExecutor(max_workers=16) as threads:
        server = grpc.server(threads)
        rpc.add_ProviderServicer_to_server(provider, server)
        server.add_generic_rpc_handlers((handlers(provider.open_ephemeral),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            address = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
            # Without "Test" an engine would end the process of this Pid after each run.
            entry = {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True, "Addr": address}
            yield attach(entry)
        finally:
            server.stop(grace=None).wait()
