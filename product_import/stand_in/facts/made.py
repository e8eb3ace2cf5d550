"""What AWS makes of types without other facts, where the rules of made_up.py would say something else.

Sources: the API reference and the user guide of each service, and the provider's documentation of each type ("Attribute
Reference").
"""

import json
from collections.abc import Mapping
from typing import Any

from product_import.stand_in.facts.kinds import HERE, Resource


def _validation_options(certificate: Resource) -> list[dict[str, str]]:
    """One for each domain; a wildcard has that of its parent: ACM User Guide, "DNS validation"."""
    if certificate["validation_method"] != "DNS":
        return []
    return [
        {
            "domain_name": domain,
            "resource_record_name": f"_{certificate['unique']}.{domain.removeprefix('*.')}.",
            "resource_record_type": "CNAME",
            "resource_record_value": f"_{certificate['unique'][::-1]}.acm-validations.aws.",
        }
        for domain in sorted({certificate["domain_name"] or "", *(certificate["subject_alternative_names"] or ())})
    ]


def _alternative_names(certificate: Resource) -> list[str]:
    """The domain is one of them: `CustomizeDiff` of acm/certificate.go."""
    return [certificate["domain_name"]] if certificate["domain_name"] else []


def _master_secret(database: Resource) -> list[dict[str, str]]:
    if not database["manage_master_user_password"]:
        return []
    here, unique = f"{database['region']}:{database['account']}", database["unique"]
    return [
        {
            "kms_key_id": database["master_user_secret_kms_key_id"] or f"arn:aws:kms:{here}:key/{unique}",
            "secret_arn": f"arn:aws:secretsmanager:{here}:secret:rds!{unique}-{unique[:6]}",
            "secret_status": "active",
        }
    ]


def _balancer(balancer: Resource) -> str:
    kind = {"network": "net", "gateway": "gwy"}.get(balancer["load_balancer_type"], "app")
    return f"{kind}/{balancer['name']}/{balancer['unique'][:16]}"


def _balancer_name(balancer: Resource) -> str:
    return f"{balancer['name_prefix'] or 'tf-lb-'}{balancer['unique']}"[:32]


def _group_name(group: Resource) -> str:
    return f"{group['name_prefix'] or 'tf-'}{group['unique']}"[:32]


def _queue_name(queue: Resource) -> str:
    return f"{queue['name_prefix'] or 'terraform-'}{queue['unique']}{'.fifo' if queue['fifo_queue'] else ''}"


def _key_policy(key: Resource) -> str:
    """AWS Key Management Service Developer Guide, "Default key policy"."""
    root = {"AWS": f"arn:aws:iam::{key['account']}:root"}
    allow = {"Action": "kms:*", "Effect": "Allow", "Principal": root, "Resource": "*"}
    statement = allow | {"Sid": "Enable IAM User Permissions"}
    return json.dumps(
        {"Id": "key-default-1", "Statement": [statement], "Version": "2012-10-17"},
        separators=(",", ":"),
        sort_keys=True,
    )


def _target_key(alias: Resource) -> str:
    key = str(alias["target_key_id"])
    return key if key.startswith("arn:") else f"arn:aws:kms:{alias['region']}:{alias['account']}:key/{key}"


def _stream(table: Resource) -> str:
    return f"{table['arn']}/stream/2026-01-01T00:00:00.000" if table["stream_enabled"] else ""


def _function_version(function: Resource) -> str:
    return "1" if function["publish"] else "$LATEST"


def _parameter(parameter: Resource) -> str:
    here = f"{parameter['region']}:{parameter['account']}"
    return f"arn:aws:ssm:{here}:parameter/{parameter['name'].removeprefix('/')}"


def _minimum(group: Resource) -> Any:
    return group["min_size"]


def _identity(cluster: Resource) -> list[dict[str, Any]]:
    issuer = f"https://oidc.eks.{cluster['region']}.amazonaws.com/id/{cluster['unique'].upper()}"
    return [{"oidc": [{"issuer": issuer}]}]


def _account_number(account: Resource) -> str:
    return f"{int(account['unique'], 16) % 10**12:012}"


_INVOKE = "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
_API = "https://{id}.execute-api.{region}.amazonaws.com"
_EXECUTE = f"arn:aws:execute-api:{HERE}:"
_LB = {
    "name": _balancer_name,
    "arn": lambda balancer: (
        f"arn:aws:elasticloadbalancing:{balancer['region']}:{balancer['account']}:loadbalancer/{_balancer(balancer)}"
    ),
    "arn_suffix": _balancer,
    "dns_name": "{name}-{unique:.10}.{region}.elb.amazonaws.com",
}
_TARGET_GROUP = {
    "name": _group_name,
    "arn": f"arn:aws:elasticloadbalancing:{HERE}:targetgroup/{{name}}/{{unique:.16}}",
    "arn_suffix": "targetgroup/{name}/{unique:.16}",
}


def _cluster(host: str) -> dict[str, Any]:
    """Of the family of RDS."""
    rest = f"{{unique:.12}}.{{region}}.{host}.amazonaws.com"
    return {
        "id": "{cluster_identifier}",
        "cluster_resource_id": "cluster-{unique}",
        "endpoint": f"{{cluster_identifier}}.cluster-{rest}",
        "reader_endpoint": f"{{cluster_identifier}}.cluster-ro-{rest}",
        "arn": f"arn:aws:rds:{HERE}:cluster:{{cluster_identifier}}",
    }


def _cluster_instance(host: str) -> dict[str, Any]:
    return {
        "id": "{identifier}",
        "dbi_resource_id": "db-{unique}",
        "endpoint": f"{{identifier}}.{{unique:.12}}.{{region}}.{host}.amazonaws.com",
    }


MADE: Mapping[str, Mapping[str, Any]] = {
    "aws_acm_certificate": {
        "domain_name": "",
        "subject_alternative_names": _alternative_names,
        "domain_validation_options": _validation_options,
        "status": "PENDING_VALIDATION",
    },
    "aws_alb": _LB,
    "aws_alb_target_group": _TARGET_GROUP,
    "aws_api_gateway_deployment": {"id": "{unique:.6}"},
    "aws_api_gateway_rest_api": {
        "id": "{unique:.10}",
        "root_resource_id": "{unique:.9}",
        "execution_arn": f"{_EXECUTE}{{id}}",
        "policy": "",
    },
    "aws_api_gateway_stage": {
        "id": "ags-{rest_api_id}-{stage_name}",
        "execution_arn": f"{_EXECUTE}{{rest_api_id}}/{{stage_name}}",
        "invoke_url": "https://{rest_api_id}.execute-api.{region}.amazonaws.com/{stage_name}",
    },
    "aws_apigatewayv2_api": {"id": "{unique:.10}", "api_endpoint": _API, "execution_arn": f"{_EXECUTE}{{id}}"},
    "aws_apigatewayv2_stage": {
        "id": "{name}",
        "execution_arn": f"{_EXECUTE}{{api_id}}/{{name}}",
        "invoke_url": "https://{api_id}.execute-api.{region}.amazonaws.com/{name}",
    },
    "aws_autoscaling_group": {"desired_capacity": _minimum, "default_cooldown": lambda _: 300},
    "aws_cloudfront_distribution": {
        "id": "E{unique:.13}",
        "domain_name": "d{unique:.13}.cloudfront.net",
        "hosted_zone_id": "Z2FDTNDATAQYW2",
        "status": "Deployed",
    },
    "aws_cloudfront_origin_access_identity": {
        "id": "E{unique:.13}",
        "cloudfront_access_identity_path": "origin-access-identity/cloudfront/{id}",
        "iam_arn": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {id}",
    },
    "aws_cognito_user_pool": {
        "id": "{region}_{unique:.9}",
        "endpoint": "cognito-idp.{region}.amazonaws.com/{id}",
    },
    "aws_default_security_group": {"name": "default", "description": "default VPC security group"},
    "aws_db_instance": {
        "resource_id": "db-{unique}",
        "id": "{resource_id}",
        "address": "{identifier}.{unique:.12}.{region}.rds.amazonaws.com",
        "endpoint": "{address}:{port}",
        "master_user_secret": _master_secret,
        "listener_endpoint": lambda _: [],
        "replicas": lambda _: [],
        "status": "available",
    },
    "aws_docdb_cluster": _cluster("docdb") | {"master_user_secret": _master_secret},
    "aws_docdb_cluster_instance": _cluster_instance("docdb"),
    "aws_dynamodb_table": {"stream_arn": _stream, "stream_label": lambda table: _stream(table)[-23:]},
    "aws_ec2_transit_gateway": {
        "association_default_route_table_id": "tgw-rtb-{unique}",
        "propagation_default_route_table_id": "tgw-rtb-{unique}",
    },
    "aws_ecr_repository": {"repository_url": "{account}.dkr.ecr.{region}.amazonaws.com/{name}"},
    "aws_ecrpublic_repository": {"repository_uri": "public.ecr.aws/{unique:.8}/{repository_name}"},
    "aws_efs_file_system": {"dns_name": "{id}.efs.{region}.amazonaws.com"},
    "aws_efs_mount_target": {
        "dns_name": "{file_system_id}.efs.{region}.amazonaws.com",
        "mount_target_dns_name": "{availability_zone_name}.{dns_name}",
    },
    "aws_eks_cluster": {
        "cluster_id": "",
        "endpoint": "https://{unique}.gr7.{region}.eks.amazonaws.com",
        "identity": _identity,
        "platform_version": "eks.1",
        "version": "1.33",
    },
    "aws_globalaccelerator_accelerator": {
        "dns_name": "a{unique}.awsglobalaccelerator.com",
        "hosted_zone_id": "Z2BJ6XQ5FK7U4H",
    },
    "aws_iam_access_key": {"id": "AKIA{unique:.16}"},
    "aws_iam_policy": {"policy_id": "ANPA{unique}", "attachment_count": lambda _: 0},
    "aws_instance": {
        "instance_state": "running",
        "password_data": "",
        "private_dns": "ip-10-0-0-10.{region}.compute.internal",
        "public_dns": "",
        "public_ip": lambda instance: "203.0.113.10" if instance["associate_public_ip_address"] else "",
    },
    "aws_kms_alias": {"id": "{name}", "name": "alias/{unique}", "target_key_arn": _target_key},
    "aws_kms_key": {"key_id": "{uuid}", "id": "{key_id}", "policy": _key_policy},
    "aws_lambda_alias": {"invoke_arn": _INVOKE},
    "aws_lambda_function": {
        "version": _function_version,
        "invoke_arn": _INVOKE,
        "qualified_arn": "{arn}:{version}",
        "qualified_invoke_arn": _INVOKE.replace("{arn}", "{arn}:{version}"),
    },
    "aws_lambda_layer_version": {
        "layer_arn": f"arn:aws:lambda:{HERE}:layer:{{layer_name}}",
        "version": "1",
        "arn": "{layer_arn}:1",
    },
    "aws_lb": _LB,
    "aws_lb_target_group": _TARGET_GROUP,
    "aws_launch_template": {"default_version": lambda _: 1, "latest_version": lambda _: 1},
    "aws_neptune_cluster": _cluster("neptune"),
    "aws_neptune_cluster_instance": _cluster_instance("neptune"),
    "aws_opensearch_domain": {
        "domain_id": "{account}/{domain_name}",
        "endpoint": "search-{domain_name}-{unique}.{region}.es.amazonaws.com",
    },
    "aws_organizations_account": {"id": _account_number},
    "aws_rds_cluster": _cluster("rds") | {"master_user_secret": _master_secret, "cluster_members": lambda _: []},
    "aws_rds_cluster_instance": _cluster_instance("rds"),
    "aws_redshift_cluster": {
        "dns_name": "{cluster_identifier}.{unique:.12}.{region}.redshift.amazonaws.com",
        "endpoint": "{dns_name}:{port}",
    },
    "aws_route53_record": {"id": "{zone_id}_{name}_{type}", "fqdn": "{name}"},
    "aws_route53_zone": {"id": "{zone_id}", "primary_name_server": "ns-1.awsdns-01.com"},
    "aws_s3_bucket_website_configuration": {"website_endpoint": "{bucket}.s3-website-{region}.amazonaws.com"},
    "aws_s3_object": {
        "id": "{key}",
        "content_type": "application/octet-stream",
        "server_side_encryption": "AES256",
        "storage_class": "STANDARD",
    },
    "aws_security_group_rule": {"id": "sgrule-{unique}", "security_group_rule_id": "sgr-{unique}"},
    "aws_service_discovery_http_namespace": {"id": "ns-{unique}"},
    "aws_service_discovery_private_dns_namespace": {"id": "ns-{unique}"},
    "aws_service_discovery_public_dns_namespace": {"id": "ns-{unique}"},
    "aws_service_discovery_service": {"id": "srv-{unique}"},
    "aws_sqs_queue": {
        "name": _queue_name,
        "url": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    },
    "aws_ssm_parameter": {
        "arn": _parameter,
        "data_type": "text",
        "tier": "Standard",
        "value": lambda parameter: parameter["insecure_value"] or "",
    },
    "aws_transfer_server": {"id": "s-{unique}", "endpoint": "{id}.server.transfer.{region}.amazonaws.com"},
    "aws_vpc_endpoint": {"state": "available"},
    "aws_wafv2_ip_set": {"id": "{uuid}", "lock_token": "{uuid}"},
    "aws_wafv2_regex_pattern_set": {"id": "{uuid}", "lock_token": "{uuid}"},
    "aws_wafv2_rule_group": {"id": "{uuid}", "lock_token": "{uuid}"},
    "aws_wafv2_web_acl": {"id": "{uuid}", "lock_token": "{uuid}"},
}
