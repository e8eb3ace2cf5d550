"""The names of resources are checked when they are added."""

from product_import.module.names import check_names

import pytest


@pytest.mark.parametrize("name", ["worker cpu high", "1st", "", "wörker", "a.b", "a\n"])
def test_a_name_that_terraform_refuses(name: str) -> None:
    """Configuration language of Terraform, "Identifiers"."""
    with pytest.raises(ValueError, match=r"^the name of an aws_vpc must start with a letter or an underscore"):
        check_names("aws_vpc", name, {})


@pytest.mark.parametrize(
    ("resource_type", "arguments"),
    [
        ("aws_ecs_service", {"name": "${var.environment}-import worker"}),
        ("aws_ecs_service", {"name": "a" * 256}),
        ("aws_iam_role", {"name": "a/b"}),
        ("aws_cloudwatch_metric_alarm", {"alarm_name": "two\nlines"}),
        ("aws_elasticache_replication_group", {"replication_group_id": '${lower("${var.environment}")}_redis'}),
    ],
)
def test_a_name_that_aws_refuses(resource_type: str, arguments: dict[str, str]) -> None:
    """Outside of its expressions."""
    with pytest.raises(
        ValueError, match=rf"of {resource_type}\.it must have at most \d+ characters of \[.*\]\. Given: "
    ):
        check_names(resource_type, "it", arguments)


@pytest.mark.parametrize(
    ("resource_type", "arguments"),
    [
        ("aws_ecs_service", {"name": "${var.environment}-import-worker"}),
        ("aws_cloudwatch_metric_alarm", {"alarm_name": '${join(" ", ["{}"])} worker CPU high'}),
        ("aws_cloudwatch_log_group", {"name": "/ecs/production/product-import-worker"}),
        ("aws_vpc", {"name": "ü"}),
        ("aws_iam_role", {}),
    ],
)
def test_other_names_pass(resource_type: str, arguments: dict[str, str]) -> None:
    """Expressions have characters that the names do not take."""
    check_names(resource_type, "it", arguments)
