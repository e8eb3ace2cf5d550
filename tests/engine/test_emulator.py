"""All types (all_types.tf) in AWS in memory, read back as an operator would."""

import json
import shutil
from pathlib import Path
from typing import Any

from product_import.engine import Engine, EngineError, resources
from tests.engine.aws_requests import REQUESTS
from tests.engine.deployment import actions
from tests.engine.emulator import LIVES, Emulator
from tests.engine.lacks import LACKS

import pytest

ALL_TYPES = Path(__file__).with_name("all_types.tf")
WORKER = "production-product-import-worker"


@pytest.fixture
def deployed(engine: Engine, emulator: Emulator) -> Engine:
    """All types, applied."""
    shutil.copy(ALL_TYPES, engine.folder)
    engine.variables |= {"TF_VAR_vpc_id": emulator.vpc_id, "TF_VAR_subnet_ids": json.dumps(emulator.subnet_ids)}
    engine.init()
    engine.deploy()
    return engine


def service(emulator: Emulator) -> dict[str, Any]:
    (found,) = emulator.client("ecs").describe_services(cluster="main", services=[WORKER])["services"]
    return dict(found)


def test_each_type_is_emulated_or_named() -> None:
    """What the emulator does not create is in the list that the report prints."""
    assert set(LIVES) | set(LACKS) == set(REQUESTS)


def test_what_the_emulator_lacks(emulator: Emulator) -> None:
    """The list is true of the moto in use: when it learns one of these, the list has to shrink."""
    elasticache = emulator.client("elasticache")
    with pytest.raises(NotImplementedError):
        elasticache.create_cache_parameter_group(
            CacheParameterGroupName="params", CacheParameterGroupFamily="redis7", Description="Parameters"
        )
    with pytest.raises(NotImplementedError):
        elasticache.delete_cache_subnet_group(CacheSubnetGroupName="subnets")
    group = elasticache.create_replication_group(
        ReplicationGroupId="queue", ReplicationGroupDescription="Queue", NumCacheClusters=3
    )
    assert group["ReplicationGroup"]["MemberClusters"] == ["queue-001"]
    elasticache.delete_replication_group(ReplicationGroupId="queue")
    for _ in range(2):
        (group,) = elasticache.describe_replication_groups()["ReplicationGroups"]
        assert group["Status"] == "deleting"
    ecs = emulator.client("ecs")
    ecs.register_task_definition(
        family="worker", containerDefinitions=[{"name": "worker", "image": "worker:1", "memory": 64}]
    )
    workers = ecs.create_service(
        cluster="main",
        serviceName="workers",
        taskDefinition="worker",
        deploymentConfiguration={"maximumPercent": 150},
    )
    assert "deploymentConfiguration" not in workers["service"]
    iam = emulator.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument="{}")
    nonsense = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Nonsense", "Resource": "*"}}
    iam.put_role_policy(RoleName="worker", PolicyName="nonsense", PolicyDocument=json.dumps(nonsense))
    with pytest.raises(NotImplementedError):
        emulator.client("application-autoscaling").describe_scaling_activities(ServiceNamespace="ecs")


def test_read_back(deployed: Engine, emulator: Emulator) -> None:
    """AWS has what the configuration says."""
    state = resources(deployed.state())
    running = service(emulator)
    assert (running["desiredCount"], running["launchType"]) == (2, "FARGATE")
    assert running["taskDefinition"] == state["aws_ecs_task_definition.import_worker"]["arn"]
    network = running["networkConfiguration"]["awsvpcConfiguration"]
    assert network["securityGroups"] == [state["aws_security_group.import_worker"]["id"]]
    assert network["assignPublicIp"] == "DISABLED"

    groups = emulator.client("logs").describe_log_groups()["logGroups"]
    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == {
        "/aws/elasticache/production-product-import/engine-log": 7,
        "/aws/elasticache/production-product-import/slow-log": 7,
        "/ecs/production/product-import-worker": 30,
    }

    redis = state["aws_security_group.redis"]["id"]
    (rules,) = emulator.client("ec2").describe_security_groups(GroupIds=[redis])["SecurityGroups"]
    (rule,) = rules["IpPermissions"]
    assert (rule["FromPort"], rule["ToPort"]) == (6379, 6379)
    assert rule["UserIdGroupPairs"][0]["GroupId"] == state["aws_security_group.import_worker"]["id"]
    # The rule that AWS gives to each new group is gone.
    assert rules["IpPermissionsEgress"] == []

    policies = emulator.client("application-autoscaling").describe_scaling_policies(ServiceNamespace="ecs")
    assert {found["PolicyName"] for found in policies["ScalingPolicies"]} == {
        "production-import-worker-queue-depth",
        "production-import-worker-cpu",
    }

    roles = emulator.client("iam").list_attached_role_policies(RoleName=f"{WORKER}-execution")
    assert [found["PolicyName"] for found in roles["AttachedPolicies"]] == ["AmazonECSTaskExecutionRolePolicy"]

    secret = emulator.client("secretsmanager").get_secret_value(
        SecretId=state["aws_secretsmanager_secret.redis_url"]["id"]
    )
    endpoint = state["aws_elasticache_replication_group.redis"]["primary_endpoint_address"]
    assert json.loads(secret["SecretString"]) == {"url": f"rediss://:the-first-auth-token@{endpoint}:6379"}

    (group,) = emulator.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert group["NodeGroups"][0]["PrimaryEndpoint"]["Address"] == endpoint


def test_update(deployed: Engine, emulator: Emulator) -> None:
    """A change reaches what exists."""
    deployed.variables |= {"TF_VAR_image": "registry.example/worker:2", "TF_VAR_workers": "4"}
    deployed.deploy()
    running = service(emulator)
    assert running["desiredCount"] == 4
    assert running["taskDefinition"].endswith(f":task-definition/{WORKER}:2")
    targets = emulator.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    assert [target["MinCapacity"] for target in targets["ScalableTargets"]] == [4]
    assert actions(deployed) == {}


def test_destroy_leaves_nothing(deployed: Engine, emulator: Emulator) -> None:
    """After a destroy AWS has nothing of it."""
    deployed.destroy()
    assert service(emulator)["status"] == "INACTIVE"
    assert emulator.client("logs").describe_log_groups()["logGroups"] == []
    assert emulator.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert emulator.client("iam").list_roles()["Roles"] == []
    assert emulator.client("secretsmanager").list_secrets()["SecretList"] == []
    targets = emulator.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    assert targets["ScalableTargets"] == []
    groups = emulator.client("ec2").describe_security_groups()["SecurityGroups"]
    assert {group["GroupName"] for group in groups} == {"default"}
    assert emulator.client("elasticache").describe_replication_groups()["ReplicationGroups"] == []


@pytest.mark.usefixtures("emulator")
def test_what_the_emulator_refuses(engine: Engine) -> None:
    """An apply fails with what AWS says, here to a target whose service does not exist."""
    target = {
        "min_capacity": 1,
        "max_capacity": 2,
        "resource_id": "service/main/nothing",
        "scalable_dimension": "ecs:service:DesiredCount",
        "service_namespace": "ecs",
    }
    engine.write(
        "main.tf.json",
        {
            "provider": {"aws": {"region": "eu-central-1"}},
            "resource": {"aws_appautoscaling_target": {"workers": target}},
        },
    )
    engine.init()
    with pytest.raises(EngineError) as failure:
        engine.deploy()
    (diagnostic,) = failure.value.diagnostics
    # An error of the resource, not a crash of the provider.
    assert diagnostic.summary.startswith("aws_appautoscaling_target: ")
    assert "ECS service doesn't exist: service/main/nothing" in diagnostic.summary
    assert resources(engine.state()) == {}


@pytest.mark.usefixtures("emulator")
def test_name_that_is_taken(engine: Engine) -> None:
    """Two resources of one name, which only AWS can tell, fail at an apply."""
    engine.write(
        "main.tf.json",
        {
            "provider": {"aws": {"region": "eu-central-1"}},
            "resource": {"aws_cloudwatch_log_group": {"one": {"name": "logs"}, "other": {"name": "logs"}}},
        },
    )
    engine.init()
    with pytest.raises(EngineError, match="already exists"):
        engine.deploy()
