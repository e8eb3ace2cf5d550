"""Roots that consume the module in the ways that Terraform has for it."""

import re
from pathlib import Path
from typing import Any

from product_import.engine import Engine, changes, resources
from product_import.inputs import INPUTS
from tests.engine import deployment
from tests.engine.conftest import Attached, both_majors

import pytest

VALUES = """
    private_subnet_ids        = ["subnet-0123456789abcdef0"]
    ecs_cluster_id            = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
    ecs_cluster_name          = "main"
    worker_image              = "api:latest"
    database_secret_arn       = "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf"
    encryption_key_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf"
    s3_bucket_arn             = "arn:aws:s3:::product-images"
    sns_alarm_topic_arn       = "arn:aws:sns:us-east-1:123456789012:alarms"
    sns_critical_topic_arn    = "arn:aws:sns:us-east-1:123456789012:critical"
"""
MODULE = """
    source           = "./modules/product-import"
    redis_auth_token = "only-an-example-token"
    vpc_id           = "vpc-0123456789abcdef0"
"""


def prepared(engine: Engine, artefacts: Path, configuration: str) -> Engine:
    deployment.add_module(engine, artefacts)
    engine.write("main.tf", configuration)
    engine.init()
    return engine


SEVERAL = f"""
    provider "aws" {{ region = "us-east-1" }}
    provider "aws" {{
        alias  = "frankfurt"
        region = "eu-central-1"
    }}
    module "production" {{
        environment = "production"
        {MODULE} {VALUES}
    }}
    module "staging" {{
        providers          = {{ aws = aws.frankfurt }}
        aws_region         = "eu-central-1"
        environment        = "staging"
        redis_num_replicas = 1
        {MODULE} {VALUES.replace("us-east-1", "eu-central-1")}
    }}
    resource "aws_security_group" "publisher" {{
        name   = "publisher"
        vpc_id = "vpc-0123456789abcdef0"
        egress = [{{
            description      = "Redis at ${{module.production.redis_endpoint}}"
            from_port        = module.production.redis_port
            to_port          = module.production.redis_port
            protocol         = "tcp"
            security_groups  = [module.production.redis_security_group_id]
            cidr_blocks      = []
            ipv6_cidr_blocks = []
            prefix_list_ids  = []
            self             = false
        }}]
    }}
    output "alarms" {{ value = module.production.alarms }}
    output "configuration" {{ value = module.production.redis_configuration_endpoint == null }}
    output "service" {{ value = module.production.worker_service_name }}
    output "target" {{ value = module.production.autoscaling_target_id }}
"""


@pytest.fixture(scope="module")
def of_several(attached: Attached, tmp_path_factory: pytest.TempPathFactory, synthesized: Path, major: int) -> Engine:
    """An engine in the root with two environments, each in a region of its own, and a client of one."""
    return prepared(attached(tmp_path_factory.mktemp("several"), major), synthesized, SEVERAL)


@pytest.fixture(scope="module")
def planned(of_several: Engine) -> dict[str, Any]:
    """The plan of that root."""
    return of_several.plan()


@pytest.fixture(scope="module")
def several(of_several: Engine, planned: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001, it is applied
    """The state of that root once what was planned is applied."""
    of_several.apply()
    return of_several.state()


@both_majors
def test_two_environments_in_one_root(planned: dict[str, Any]) -> None:
    """They share nothing but the root: each creates its own 25 resources, with names of their own."""
    found = resources(planned)
    assert len(found) == 25 + 25 + 1
    group = "aws_elasticache_replication_group.redis"
    assert found[f"module.production.{group}"]["replication_group_id"] == "production-product-import"
    assert found[f"module.staging.{group}"]["replication_group_id"] == "staging-product-import"


def test_for_each_over_environments_and_count(engine: Engine, synthesized: Path) -> None:
    """A module without a provider of its own can be repeated and switched off."""
    plan = prepared(
        engine,
        synthesized,
        f"""
        provider "aws" {{ region = "us-east-1" }}
        module "each" {{
            for_each         = {{ production = 50, staging = 4 }}
            environment      = each.key
            worker_max_count = each.value
            {MODULE} {VALUES}
        }}
        module "off" {{
            count       = 0
            environment = "none"
            {MODULE} {VALUES}
        }}
        module "on" {{
            count       = 1
            environment = "qa"
            {MODULE} {VALUES}
        }}
        """,
    ).plan()
    planned = resources(plan)
    target = "aws_appautoscaling_target.import_worker"
    assert {address: planned[address]["max_capacity"] for address in planned if address.endswith(target)} == {
        f'module.each["production"].{target}': 50,
        f'module.each["staging"].{target}': 4,
        f"module.on[0].{target}": 50,
    }
    assert len(changes(plan)) == 75


@both_majors
def test_an_aliased_provider_in_another_region(several: dict[str, Any]) -> None:
    """The resources are made in the region of the provider that the module is given."""
    state = resources(several)
    alarm = state["module.staging.aws_cloudwatch_metric_alarm.queue_overload"]["arn"]
    assert alarm == "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:staging-product-import-queue-overload"
    endpoint = state["module.staging.aws_elasticache_replication_group.redis"]["primary_endpoint_address"]
    assert endpoint.endswith(".eu-central-1.cache.amazonaws.com")


@both_majors
def test_outputs_go_into_other_resources(several: dict[str, Any]) -> None:
    """Each output has the value of its resource, before others are made of it."""
    state = resources(several)
    (rule,) = state["aws_security_group.publisher"]["egress"]
    assert rule["security_groups"] == [state["module.production.aws_security_group.redis"]["id"]]
    assert (rule["from_port"], rule["to_port"]) == (6379, 6379)
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:production-product-import"
    assert {name: output["value"] for name, output in several["values"]["outputs"].items()} == {
        "alarms": {
            "redis_cpu_high": f"{arn}-redis-cpu-high",
            "redis_memory_high": f"{arn}-redis-memory-high",
            "queue_overload": f"{arn}-queue-overload",
            "worker_count_low": f"{arn}-worker-count-low",
        },
        "configuration": True,
        "service": "production-product-import-worker",
        "target": "service/main/production-product-import-worker",
    }


# Nobody knows the ID of a security group before an apply; all values but the environment are made of it, for engines
# without terraform_data too.
UNKNOWN = """
    resource "aws_security_group" "elsewhere" {
        name   = "elsewhere"
        vpc_id = "vpc-0123456789abcdef0"
    }
    locals {
        digits = substr(sha256(aws_security_group.elsewhere.id), 0, 17)
        number = length(aws_security_group.elsewhere.id) > 0 ? 1 : 0
        key    = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-"
        secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
        suffix = substr(local.digits, 0, 6)
    }
    module "product_import" {
        source                    = "./modules/product-import"
        environment               = "production"
        aws_region                = "us-east-${local.number}"
        vpc_id                    = "vpc-${local.digits}"
        private_subnet_ids        = ["subnet-${local.digits}"]
        tags                      = { Group = local.digits }
        redis_node_type           = "cache.r7g.${local.number == 1 ? "large" : "none"}"
        redis_num_replicas        = local.number + 1
        redis_engine              = local.number == 1 ? "valkey" : "none"
        redis_engine_version      = "8.${local.number}"
        queue_depth_image         = "queue-depth:${local.number}"
        redis_auth_token          = "${local.digits}-token"
        ecs_cluster_id            = "arn:aws:ecs:us-east-1:123456789012:cluster/c${local.digits}"
        ecs_cluster_name          = "c${local.digits}"
        worker_image              = "api:${local.digits}"
        worker_cpu                = local.number * 1024
        worker_memory             = local.number * 2048
        worker_concurrency        = local.number
        queue_name                      = "q${local.digits}"
        queue_prefix                    = "p${local.digits}"
        redis_apply_immediately         = local.number == 1
        redis_snapshot_name             = "s${local.digits}"
        redis_final_snapshot_identifier = "f${local.digits}"
        redis_client_security_group_ids = ["sg-${local.digits}"]
        worker_egress_cidr_blocks       = ["10.${local.number}.0.0/16"]
        redis_kms_key_arn               = "${local.key}${substr(local.digits, 0, 12)}"
        kms_key_arn                     = "${local.key}${substr(local.digits, 0, 12)}"
        iam_permissions_boundary_arn    = "arn:aws:iam::123456789012:policy/${local.digits}"
        worker_scale_in_protection      = local.number == 1
        redis_cpu_threshold             = local.number
        redis_memory_threshold          = local.number
        queue_overload_threshold        = local.number
        worker_cpu_architecture       = local.number == 1 ? "ARM64" : "none"
        worker_command                = ["node", local.digits]
        worker_health_check_command   = ["CMD", local.digits]
        worker_environment            = { DIGITS = local.digits }
        worker_secrets                = { KEY = "${local.secret}:api-${local.suffix}" }
        worker_enable_execute_command = local.number == 1
        worker_wait_for_steady_state  = local.number == 1
        propagate_tags                = local.number == 1 ? "SERVICE" : "none"
        worker_log_retention_in_days  = local.number
        worker_fargate_spot_percent   = local.number
        worker_count_source           = local.number == 1 ? "container_insights" : "none"
        redis_log_retention_in_days   = local.number
        worker_min_count          = local.number
        worker_max_count          = local.number + 1
        target_jobs_per_worker    = local.number
        database_secret_arn       = "${local.secret}:database-${local.suffix}"
        encryption_key_secret_arn = "${local.secret}:key-${local.suffix}:key::"
        s3_bucket_arn             = "arn:aws:s3:::b${local.digits}"
        sns_alarm_topic_arn       = "arn:aws:sns:us-east-1:123456789012:a${local.digits}"
        sns_critical_topic_arn    = "arn:aws:sns:us-east-1:123456789012:c${local.digits}"
    }
    provider "aws" { region = "us-east-1" }
"""


def test_all_values_are_unknown() -> None:
    """But those that decide what there is, for the next test."""
    _, _, module = UNKNOWN.partition('module "product_import"')
    named = set(re.findall(r"^        (\w+) +=", module, flags=re.MULTILINE))
    assert {row.name for row in INPUTS} - named == {"fast_scale_out", "create_dashboard"}


@both_majors
def test_all_values_may_be_unknown_at_plan(engine: Engine, synthesized: Path) -> None:
    """One plan and one apply build the module and all that it is made of; the environment alone is known.

    So is fast_scale_out, at its default: it decides what there is.
    """
    prepared(engine, synthesized, UNKNOWN)
    assert len(deployment.actions(engine)) == 26
    engine.apply()
    state = resources(engine.state())
    assert state["module.product_import.aws_elasticache_parameter_group.redis"]["family"] == "valkey8"
    alarm = state["module.product_import.aws_cloudwatch_metric_alarm.redis_cpu_high"]
    assert sorted(query["id"] for query in alarm["metric_query"]) == [
        "highest",
        "production_product_import_001",
        "production_product_import_002",
    ]
    assert deployment.actions(engine) == {}


def test_values_of_terraform_data(engine: Engine, synthesized: Path) -> None:
    """The VPC and the secrets come from resources of the same root that do not exist yet."""
    if engine.executable.name == "Terraform" and engine.executable.version < (1, 4, 0):
        pytest.skip(f"{engine.executable} has no terraform_data: it came with Terraform 1.4")
    configuration = """
    provider "aws" { region = "us-east-1" }
    resource "terraform_data" "vpc" {
        input = { id = "vpc-0123456789abcdef0", subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] }
    }
    resource "terraform_data" "secrets" {
        input = {
            database = "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf"
            key      = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf"
        }
    }
    module "product_import" {
        source                    = "./modules/product-import"
        environment               = "production"
        redis_auth_token          = "only-an-example-token"
        vpc_id                    = terraform_data.vpc.output.id
        private_subnet_ids        = terraform_data.vpc.output.subnets
        database_secret_arn       = terraform_data.secrets.output.database
        encryption_key_secret_arn = terraform_data.secrets.output.key
        ecs_cluster_id            = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
        ecs_cluster_name          = "main"
        worker_image              = "api:latest"
        s3_bucket_arn             = "arn:aws:s3:::product-images"
        sns_alarm_topic_arn       = "arn:aws:sns:us-east-1:123456789012:alarms"
        sns_critical_topic_arn    = "arn:aws:sns:us-east-1:123456789012:critical"
    }
    """
    prepared(engine, synthesized, configuration)
    assert len(deployment.actions(engine)) == 27
    engine.apply()
    state = resources(engine.state())
    assert state["module.product_import.aws_elasticache_subnet_group.redis"]["subnet_ids"] == [
        "subnet-0123456789abcdef0",
        "subnet-0123456789abcdef1",
    ]
