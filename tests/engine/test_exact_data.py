"""Data sources with values that modules compute with, of what no resource of the root is."""

import json
import re
from typing import Any

from tests.engine.conftest import both_majors
from tests.engine.test_data_sources import asked

import pytest

HERE = "eu-central-1:123456789012"


@pytest.mark.parametrize(
    ("source", "arguments", "values"),
    [
        ("aws_vpc", {"default": True}, {"cidr_block": "172.31.0.0/16", "default": True, "enable_dns_support": True}),
        ("aws_subnet", {"availability_zone": "eu-central-1c"}, {"availability_zone": "eu-central-1c"}),
        ("aws_subnet", {"cidr_block": "10.1.2.0/28"}, {"available_ip_address_count": 11}),
        (
            "aws_ami",
            {"owners": ["amazon"], "filter": [{"name": "architecture", "values": ["arm64"]}]},
            {"architecture": "arm64", "image_owner_alias": "amazon", "root_device_name": "/dev/xvda"},
        ),
        (
            "aws_ec2_managed_prefix_list",
            {"name": "com.amazonaws.global.cloudfront.origin-facing"},
            {"owner_id": "AWS", "address_family": "IPv4"},
        ),
        ("aws_prefix_list", {}, {"name": "com.amazonaws.eu-central-1.s3"}),
        (
            "aws_vpc_endpoint_service",
            {"service": "ecr.api"},
            {"service_name": "com.amazonaws.eu-central-1.ecr.api", "service_type": "Interface"},
        ),
        (
            "aws_ecr_repository",
            {"name": "team/worker"},
            {
                "arn": f"arn:aws:ecr:{HERE}:repository/team/worker",
                "repository_url": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/worker",
                "registry_id": "123456789012",
            },
        ),
        (
            "aws_ecr_image",
            {"repository_name": "worker", "image_digest": "sha256:00", "registry_id": "210987654321"},
            {"image_uri": "210987654321.dkr.ecr.eu-central-1.amazonaws.com/worker@sha256:00", "id": "sha256:00"},
        ),
        ("aws_ecr_image", {"repository_name": "worker", "image_tag": "1.2"}, {"image_tags": ["1.2"]}),
        (
            "aws_ecs_cluster",
            {"cluster_name": "main"},
            {"arn": f"arn:aws:ecs:{HERE}:cluster/main", "id": f"arn:aws:ecs:{HERE}:cluster/main", "status": "ACTIVE"},
        ),
        (
            "aws_ecs_service",
            {"service_name": "web", "cluster_arn": f"arn:aws:ecs:{HERE}:cluster/main"},
            {"arn": f"arn:aws:ecs:{HERE}:service/main/web"},
        ),
        (
            "aws_ecs_task_definition",
            {"task_definition": "web:7"},
            {"arn": f"arn:aws:ecs:{HERE}:task-definition/web:7", "family": "web", "revision": 7},
        ),
        (
            "aws_secretsmanager_secret",
            {"arn": f"arn:aws:secretsmanager:{HERE}:secret:token-abcdef"},
            {"name": "token", "id": f"arn:aws:secretsmanager:{HERE}:secret:token-abcdef"},
        ),
        (
            "aws_secretsmanager_secret_version",
            {"secret_id": "token"},
            {"id": "token|AWSCURRENT", "version_stages": ["AWSCURRENT"]},
        ),
        (
            "aws_ssm_parameter",
            {"name": "/team/url"},
            {"arn": f"arn:aws:ssm:{HERE}:parameter/team/url", "type": "String", "version": 1},
        ),
        ("aws_ssm_parameter", {"name": "url"}, {"arn": f"arn:aws:ssm:{HERE}:parameter/url"}),
        (
            "aws_sns_topic",
            {"name": "alarms"},
            {"arn": f"arn:aws:sns:{HERE}:alarms", "id": f"arn:aws:sns:{HERE}:alarms"},
        ),
        ("aws_sqs_queue", {"name": "jobs"}, {"url": "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs"}),
        (
            "aws_s3_bucket",
            {"bucket": "logs"},
            {
                "arn": "arn:aws:s3:::logs",
                "bucket_domain_name": "logs.s3.amazonaws.com",
                "bucket_regional_domain_name": "logs.s3.eu-central-1.amazonaws.com",
                "region": "eu-central-1",
            },
        ),
        ("aws_kms_key", {"key_id": "alias/one"}, {"key_state": "Enabled", "key_manager": "CUSTOMER"}),
        ("aws_kms_alias", {"name": "alias/one"}, {"arn": f"arn:aws:kms:{HERE}:alias/one"}),
        ("aws_iam_role", {"name": "task"}, {"arn": "arn:aws:iam::123456789012:role/task", "id": "task"}),
        ("aws_iam_policy", {"name": "ReadOnlyAccess"}, {"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        ("aws_iam_policy", {"name": "team-read"}, {"arn": "arn:aws:iam::123456789012:policy/team-read"}),
        (
            "aws_iam_policy",
            {"arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"},
            {"name": "AWSLambdaRole", "path": "/service-role/"},
        ),
        (
            "aws_iam_session_context",
            {"arn": "arn:aws:sts::123456789012:assumed-role/admin/me"},
            {"issuer_arn": "arn:aws:iam::123456789012:role/admin", "issuer_name": "admin", "session_name": "me"},
        ),
        (
            "aws_iam_session_context",
            {"arn": "arn:aws:iam::123456789012:user/me"},
            {"issuer_arn": "arn:aws:iam::123456789012:user/me", "issuer_name": ""},
        ),
        (
            "aws_route53_zone",
            {"name": "example.com.", "private_zone": True},
            {"name": "example.com", "private_zone": True},
        ),
        ("aws_route53_zone", {"zone_id": "Z1"}, {"arn": "arn:aws:route53:::hostedzone/Z1", "zone_id": "Z1"}),
        (
            "aws_lb",
            {"arn": f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/net/front/0123456789abcdef"},
            {"name": "front", "arn_suffix": "net/front/0123456789abcdef", "load_balancer_type": "network"},
        ),
        ("aws_rds_engine_version", {"engine": "postgres", "version": "14.9"}, {"parameter_group_family": "postgres14"}),
        ("aws_rds_engine_version", {"engine": "mysql"}, {"parameter_group_family": "mysql8.0", "version": "8.0.42"}),
        (
            "aws_rds_orderable_db_instance",
            {"engine": "mysql", "preferred_instance_classes": ["db.r6g.large", "db.t3.micro"]},
            {"instance_class": "db.r6g.large", "engine_version": "8.0.42"},
        ),
        ("aws_rds_cluster", {"cluster_identifier": "main"}, {"arn": f"arn:aws:rds:{HERE}:cluster:main", "port": 5432}),
        ("aws_db_instance", {"db_instance_identifier": "main"}, {"db_instance_arn": f"arn:aws:rds:{HERE}:db:main"}),
        ("aws_elasticache_replication_group", {"replication_group_id": "main"}, {"port": 6379, "num_node_groups": 1}),
        (
            "aws_cloudfront_cache_policy",
            {"name": "Managed-CachingOptimized"},
            {"id": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
        ),
        (
            "aws_cloudfront_response_headers_policy",
            {"id": "60669652-455b-4ae9-85a4-c4c02393f86c"},
            {"name": "Managed-SimpleCORS"},
        ),
    ],
)
@both_majors
def test_values(major: int, source: str, arguments: dict[str, Any], values: dict[str, Any]) -> None:
    found = asked(major).data(source, **arguments)
    assert {name: found[name] for name in values} == values


def test_values_that_agree() -> None:
    """Of one data source, and of two that read the same."""
    instance = asked(5).data("aws_db_instance", db_instance_identifier="main")
    assert instance["endpoint"] == f"{instance['address']}:{instance['port']}"
    key, alias = asked(5).data("aws_kms_key", key_id="alias/one"), asked(5).data("aws_kms_alias", name="alias/one")
    assert (alias["target_key_id"], alias["target_key_arn"]) == (key["id"], key["arn"])
    image = asked(5).data("aws_ecr_image", repository_name="worker", image_tag="1")
    assert image["image_uri"].endswith(f"/worker@{image['image_digest']}")
    assert image["image_digest"] != asked(5).data("aws_ecr_image", repository_name="worker")["image_digest"]
    ami = asked(5).data("aws_ami", most_recent=True)
    assert (ami["image_id"], ami["arn"]) == (ami["id"], f"arn:aws:ec2:eu-central-1::image/{ami['id']}")


@pytest.mark.parametrize(
    ("name", "is_object"),
    [
        ("/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended", True),
        ("/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id", False),
        ("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", False),
        ("/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id", False),
    ],
)
def test_parameters_of_aws(name: str, is_object: bool) -> None:
    """Those that name an image, alone or in an object."""
    found = asked(5).data("aws_ssm_parameter", name=name)
    image = json.loads(found["value"])["image_id"] if is_object else found["value"]
    assert re.fullmatch("ami-[0-9a-f]{17}", image)
    assert found["arn"] == f"arn:aws:ssm:eu-central-1::parameter{name}"


def test_a_secret_can_be_read_as_that_of_a_database() -> None:
    secret = json.loads(asked(5).data("aws_secretsmanager_secret_version", secret_id="one")["secret_string"])
    assert {"username", "password", "host", "port"} <= set(secret)


def test_in_china() -> None:
    """Hosts and ARNs are of the region's partition."""
    china = asked(5, "cn-north-1")
    repository = china.data("aws_ecr_repository", name="worker")
    assert repository["repository_url"] == "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/worker"
    assert repository["arn"].startswith("arn:aws-cn:ecr:")
    assert china.data("aws_s3_bucket", bucket="one")["bucket_domain_name"] == "one.s3.amazonaws.com.cn"
    assert china.data("aws_iam_policy", name="ReadOnlyAccess")["arn"] == "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"
