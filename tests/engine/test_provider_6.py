"""From provider 5 to 6: what was made with the one goes on with the other."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from product_import.engine import Engine, changes, resources
from tests.engine.conftest import Attached, both_majors
from tests.engine.deployment import Deployment, actions

NEIGHBOURS = """
    provider "aws" { region = "eu-central-1" }
    resource "aws_sns_topic" "alarms" { name = "alarms" }
    resource "aws_ecs_cluster" "main" { name = "main" }
    resource "aws_cloudwatch_dashboard" "jobs" {
        dashboard_name = "jobs"
        dashboard_body = jsonencode({ widgets = [] })
    }
    resource "aws_appautoscaling_scheduled_action" "night" {
        name               = "night"
        service_namespace  = "ecs"
        resource_id        = "service/main/workers"
        scalable_dimension = "ecs:service:DesiredCount"
        schedule           = "cron(0 22 * * ? *)"
        scalable_target_action { max_capacity = 2 }
    }
    resource "aws_vpc_security_group_ingress_rule" "admin" {
        security_group_id = "sg-0123456789abcdef0"
        ip_protocol       = "tcp"
        from_port         = 6379
        to_port           = 6379
        cidr_ipv4         = "10.0.0.0/8"
    }
    resource "aws_vpc_security_group_egress_rule" "all" {
        security_group_id = "sg-0123456789abcdef0"
        ip_protocol       = "-1"
        cidr_ipv4         = "0.0.0.0/0"
    }
"""


def test_a_deployment_of_provider_5_plans_empty_with_6(
    deployments: Callable[[int], Deployment], tmp_path: Path, attached: Attached
) -> None:
    """Nothing is left to do, with a refresh, and the next state has the region of each resource that has one."""
    applied = deployments(5)
    shutil.copytree(applied.engine.folder, tmp_path, dirs_exist_ok=True)
    moved = replace(applied, engine=attached(tmp_path, 6))
    moved.init()
    plan = moved.plan()
    assert moved.changes(plan) == {}
    regions = {address: values.get("region") for address, values in moved.resources(plan).items()}
    without = {address for address, region in regions.items() if region is None}
    assert {address.partition(".")[0] for address in without} == {
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
    }
    assert set(regions.values()) == {"us-east-1", None}


@both_majors
def test_what_stands_beside_the_module_has_a_life_too(engine: Engine) -> None:
    """Each neighbour is planned and applied, has AWS's form of ARN, and nothing is left to do."""
    engine.write("main.tf", NEIGHBOURS)
    engine.init()
    assert len(changes(engine.plan())) == 6
    engine.apply()
    state = resources(engine.state())
    here = "eu-central-1:123456789012"
    assert state["aws_sns_topic.alarms"]["id"] == f"arn:aws:sns:{here}:alarms"
    assert state["aws_ecs_cluster.main"]["id"] == f"arn:aws:ecs:{here}:cluster/main"
    dashboard = state["aws_cloudwatch_dashboard.jobs"]["dashboard_arn"]
    assert dashboard == "arn:aws:cloudwatch::123456789012:dashboard/jobs"
    rule = state["aws_vpc_security_group_ingress_rule.admin"]
    assert rule["arn"] == f"arn:aws:ec2:{here}:security-group-rule/{rule['security_group_rule_id']}"
    assert actions(engine) == {}
