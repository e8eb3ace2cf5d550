"""AWS in memory: what Terraform applies is created in moto too, by the calls of aws.py, to be read back with boto3.

moto knows more than models do: which documents IAM takes, that a scalable service has to exist, which names are taken.
"""

import itertools
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch

from product_import.stand_in.made_up import ACCOUNT
from product_import.stand_in.planning import Values
from tests.engine.aws import OWN_GROUP, requests
from tests.engine.aws_models import service_model, session
from tests.engine.aws_requests import REQUESTS

import jmespath  # type: ignore[import-untyped]
from botocore import xform_name  # type: ignore[import-untyped]
from botocore.exceptions import ClientError, ParamValidationError  # type: ignore[import-untyped]
from moto import mock_aws
from moto.core.utils import method_names_from_class
from moto.elasticache.models import elasticache_backends
from moto.iam.aws_managed_policies import aws_managed_policies_data


@dataclass(frozen=True)
class Life:
    """The calls of a resource beside the one that creates it."""

    keys: Mapping[str, str]
    """What other calls want beside the arguments of their own: a member, and the attribute that it comes from."""
    delete: str | None
    """None: AWS has no such call."""
    after: tuple[str, ...] = ()
    """Calls that follow the creation."""
    update: tuple[str, ...] = ()
    made: Mapping[str, str] = field(default_factory=dict)
    """Attributes that AWS makes, each with its place in the answer of the creating call (JMESPath)."""


_SCALABLE = {
    "ResourceId": "resource_id",
    "ScalableDimension": "scalable_dimension",
    "ServiceNamespace": "service_namespace",
}
_RULES = ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")

LIVES: Mapping[str, Life] = {
    "aws_appautoscaling_policy": Life(
        _SCALABLE | {"PolicyName": "name"},
        delete="DeleteScalingPolicy",
        update=("PutScalingPolicy",),
        made={"arn": "PolicyARN"},
    ),
    "aws_appautoscaling_target": Life(
        _SCALABLE,
        delete="DeregisterScalableTarget",
        update=("RegisterScalableTarget",),
        made={"arn": "ScalableTargetARN"},
    ),
    "aws_cloudwatch_dashboard": Life(
        {"DashboardNames": "dashboard_name"}, delete="DeleteDashboards", update=("PutDashboard",)
    ),
    "aws_cloudwatch_log_group": Life(
        {"logGroupName": "name"},
        delete="DeleteLogGroup",
        after=("PutRetentionPolicy",),
        update=("PutRetentionPolicy",),
    ),
    "aws_cloudwatch_metric_alarm": Life(
        {"AlarmNames": "alarm_name"}, delete="DeleteAlarms", update=("PutMetricAlarm",)
    ),
    "aws_ecs_service": Life(
        {"cluster": "cluster", "service": "name"}, delete="DeleteService", update=("UpdateService",)
    ),
    "aws_ecs_task_definition": Life(
        {"taskDefinition": "arn"},
        delete="DeregisterTaskDefinition",
        made={"arn": "taskDefinition.taskDefinitionArn", "revision": "taskDefinition.revision"},
    ),
    "aws_elasticache_replication_group": Life(
        {"ReplicationGroupId": "replication_group_id"},
        delete="DeleteReplicationGroup",
        update=("ModifyReplicationGroup",),
        made={"primary_endpoint_address": "ReplicationGroup.NodeGroups[0].PrimaryEndpoint.Address"},
    ),
    "aws_iam_role": Life(
        {"RoleName": "name", "PolicyDocument": "assume_role_policy"},
        delete="DeleteRole",
        update=("UpdateRole", "UpdateAssumeRolePolicy"),
        made={"arn": "Role.Arn", "unique_id": "Role.RoleId"},
    ),
    "aws_iam_role_policy": Life(
        {"RoleName": "role", "PolicyName": "name"}, delete="DeleteRolePolicy", update=("PutRolePolicy",)
    ),
    "aws_iam_role_policy_attachment": Life({"RoleName": "role", "PolicyArn": "policy_arn"}, delete="DetachRolePolicy"),
    "aws_secretsmanager_secret": Life(
        {"SecretId": "id"}, delete="DeleteSecret", update=("UpdateSecret",), made={"arn": "ARN", "id": "ARN"}
    ),
    "aws_secretsmanager_secret_version": Life({"SecretId": "secret_id"}, delete=None, made={"version_id": "VersionId"}),
    "aws_security_group": Life(
        {"GroupId": "id", "Resources": "id"},
        delete="DeleteSecurityGroup",
        after=("CreateTags", *_RULES),
        update=("CreateTags", *_RULES),
        made={"id": "GroupId"},
    ),
}


# One for all tests, with its clients.
_SESSION = session()
# What takes moto most of its time: the images of EC2, to look for a key's account in each partition of AWS, and at each
# call to look through the methods of its class.
_WITHOUT_DETOURS = {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false", "MOTO_ACCOUNT_ID": ACCOUNT}
_METHOD_NAMES = cache(method_names_from_class)


class Emulator:
    """Provider.cloud, for as long as `emulated` lasts."""

    def __init__(self, region: str, major: int) -> None:
        self.region, self._major = region, major
        self._one_at_a_time = threading.Lock()
        self._suffixes = (f"{number:026}" for number in itertools.count(1))
        ec2 = self.client("ec2")
        self.vpc_id: str = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet_ids: list[str] = [
            ec2.create_subnet(VpcId=self.vpc_id, CidrBlock=block, AvailabilityZone=f"{region}{zone}")["Subnet"][
                "SubnetId"
            ]
            for block, zone in (("10.0.0.0/24", "a"), ("10.0.1.0/24", "b"))
        ]
        self.cluster_arn: str = self.client("ecs").create_cluster(clusterName="main")["cluster"]["clusterArn"]

    def client(self, service: str, region: str | None = None) -> Any:
        """boto3's client, to read back as an operator would."""
        return _SESSION.client(service, region_name=region or self.region)

    def create(self, resource_type: str, region: str, config: Values) -> Values:
        if resource_type not in LIVES:
            return {}
        life, operation, suffix = LIVES[resource_type], REQUESTS[resource_type].operation, next(self._suffixes)
        calls = requests(resource_type, config, suffix, self._major).calls
        answer = self._call(resource_type, region, operation, calls[operation])
        made: Values = {attribute: jmespath.search(place, answer) for attribute, place in life.made.items()}
        if "name_prefix" in config and config["name"] is None:
            made["name"] = f"{config['name_prefix']}{suffix}"
        if resource_type == "aws_security_group":
            self._revoke(region, made["id"])
        self._follow(resource_type, region, calls, config | made, life.after)
        return made

    def update(self, resource_type: str, region: str, config: Values, state: Values) -> None:
        if resource_type not in LIVES:
            return
        if resource_type == "aws_security_group":
            self._revoke(region, state["id"])
        # What has a name by now is not named anew.
        named = config | ({"name": state["name"]} if "name_prefix" in config else {})
        calls = requests(resource_type, named, major=self._major).calls
        self._follow(resource_type, region, calls, state, LIVES[resource_type].update)

    def delete(self, resource_type: str, region: str, state: Values) -> None:
        life = LIVES.get(resource_type)
        if resource_type == "aws_ecs_service" and not state["force_delete"]:
            drain = {"cluster": state["cluster"], "service": state["name"], "desiredCount": 0}
            self._call(resource_type, region, "UpdateService", drain)
        if life and life.delete and not state.get("skip_destroy"):
            # Of the arguments only those that the deleting call has for itself.
            calls = requests(resource_type, state, major=self._major).calls | {REQUESTS[resource_type].operation: {}}
            self._follow(resource_type, region, calls, state, (life.delete,))
        if resource_type == "aws_elasticache_replication_group":
            # moto would keep it as "deleting" for ever, and its name with it.
            del elasticache_backends[ACCOUNT][region].replication_groups[state["replication_group_id"]]

    def _follow(
        self, resource_type: str, region: str, calls: dict[str, Values], state: Values, operations: tuple[str, ...]
    ) -> None:
        request, life = REQUESTS[resource_type], LIVES[resource_type]
        for operation in operations:
            own = calls.get(operation, {})
            if not own and operation in life.after:
                continue
            members = service_model(request.service).operation_model(operation).input_shape.members
            parameters = {name: value for name, value in calls[request.operation].items() if name in members} | own
            for name, attribute in life.keys.items():
                if name in members:
                    key = state[attribute]
                    parameters[name] = [key] if members[name].type_name == "list" else key
            self._call(resource_type, region, operation, _as_the_provider_does(operation, parameters))

    def _revoke(self, region: str, group_id: str) -> None:
        """All rules of a group: AWS gives a new one a rule that allows everything out, and the provider takes it."""
        client = self.client("ec2", region)
        (group,) = client.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
        if group["IpPermissions"]:
            client.revoke_security_group_ingress(GroupId=group_id, IpPermissions=group["IpPermissions"])
        if group["IpPermissionsEgress"]:
            client.revoke_security_group_egress(GroupId=group_id, IpPermissions=group["IpPermissionsEgress"])

    def _call(self, resource_type: str, region: str, operation: str, parameters: Values) -> Any:
        client = self.client(REQUESTS[resource_type].service, region)
        try:
            # An engine applies in parallel, and moto is not made for that.
            with self._one_at_a_time:
                return getattr(client, xform_name(operation))(**parameters)
        except (ClientError, ParamValidationError) as error:
            raise ValueError(f"{resource_type}: {error}") from error


@contextmanager
def emulated(region: str, major: int) -> Iterator[Emulator]:
    """An account with a VPC, two subnets in two zones and an ECS cluster in one region, and nothing else in any.

    `major` is the version of the provider that makes resources in it.
    """
    environment = patch.dict(os.environ, _WITHOUT_DETOURS)
    methods = patch("moto.core.responses.method_names_from_class", _METHOD_NAMES)
    policies = patch("moto.iam.models.aws_managed_policies_data", _managed_policies())
    with environment, methods, policies, mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        yield Emulator(region, major)


@cache
def _managed_policies() -> str:
    """Of the policies that AWS manages, those of ECS: for each account moto reads all that it is given."""
    policies = json.loads(aws_managed_policies_data)
    return json.dumps({name: policy for name, policy in policies.items() if "ECS" in name})


def _as_the_provider_does(operation: str, parameters: Values) -> Values:
    if operation == "DeleteSecret" and parameters.get("RecoveryWindowInDays") == 0:
        return {"SecretId": parameters["SecretId"], "ForceDeleteWithoutRecovery": True}
    for rule in parameters.get("IpPermissions", []):
        for pair in rule.get("UserIdGroupPairs", []):
            if pair["GroupId"] == OWN_GROUP:
                pair["GroupId"] = parameters["GroupId"]
    return parameters
