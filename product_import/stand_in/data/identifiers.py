"""Ids and ARNs of AWS's resources, made up by their type.

The forms of ARNs are those of AWS's Service Authorization Reference.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from product_import.stand_in.partitions import partition_of


@dataclass(frozen=True)
class Subject:
    """A resource, or what a data source reads."""

    type: str
    """In full: `aws_vpc`."""
    region: str
    account: str
    seed: str
    """What tells it from others of its type."""
    called: str = ""
    """Its name or id, where one is given."""

    @property
    def unique(self) -> str:
        """17 hexadecimal digits, as in the ids of EC2."""
        return hashlib.sha256(f"{self.type} {self.seed}".encode()).hexdigest()[:17]

    @property
    def noun(self) -> str:
        """The type without its service: `subnet` of aws_subnet, `cluster` of aws_ecs_cluster."""
        name = self.type.removeprefix("aws_")
        for prefix in ("default_", "ec2_"):
            name = name.removeprefix(prefix)
        word, _, rest = name.partition("_")
        return name if _SERVICES.get(word) == "ec2" or not rest else rest

    @property
    def service(self) -> str:
        """The service as ARNs name it."""
        word = self.type.removeprefix("aws_").split("_")[0]
        return _SERVICES.get(word, word)

    @property
    def id(self) -> str:
        """As the provider has it: an ARN for some types, else what the ARN ends with."""
        return self.arn if self.type in _KNOWN_BY_ARN else self._end

    @property
    def arn(self) -> str:
        form = _ARNS.get(self.type, f"{self.service}:{_where(self.service)}:{self.noun.replace('_', '-')}/{{end}}")
        resource = form.format(region=self.region, account=self.account, end=self._end, unique=self.unique)
        return f"arn:{partition_of(self.region).name}:{resource}"

    @property
    def _end(self) -> str:
        """`vpc-0a1b...` where ids of the type begin so; else its name, or digits."""
        prefix = EC2_PREFIXES.get(self.noun) if self.service == "ec2" else None
        if prefix and not self.called.startswith(f"{prefix}-"):
            return f"{prefix}-{self.unique}"
        if self.called:
            return self.called
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.seed)) if self.type == "aws_kms_key" else self.unique


def _where(service: str) -> str:
    """The region and account of an ARN."""
    if service in ("route53", "s3"):
        return ":"
    return ":{account}" if service in _WITHOUT_REGION else "{region}:{account}"


_WITHOUT_REGION = ("budgets", "cloudfront", "globalaccelerator", "iam", "organizations", "shield", "waf")
# The words after `aws_` that are not the service's name in ARNs. An ARN's service is its prefix in IAM's actions.
_SERVICES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "ami", "availability", "customer", "default", "ebs", "egress", "eip", "eips", "flow", "instance",
            "instances", "internet", "key", "launch", "main", "nat", "network", "placement", "prefix", "route",
            "security", "snapshot", "spot", "subnet", "subnets", "verifiedaccess", "volume", "vpc", "vpcs", "vpn",
        ),
        "ec2",
    ),
    **dict.fromkeys(("alb", "elb", "lb", "lbs"), "elasticloadbalancing"),
    **dict.fromkeys(("db", "docdb", "neptune"), "rds"),
    **dict.fromkeys(("efs",), "elasticfilesystem"),
    "acmpca": "acm-pca",
    "api": "apigateway",
    "apigatewayv2": "apigateway",
    "appautoscaling": "application-autoscaling",
    "cognito": "cognito-idp",
    "dx": "directconnect",
    "elastic": "elasticbeanstalk",
    "elasticsearch": "es",
    "emr": "elasticmapreduce",
    "msk": "kafka",
    "mskconnect": "kafkaconnect",
    "mwaa": "airflow",
    "mq": "mq",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "prometheus": "aps",
    "serverlessapplicationrepository": "serverlessrepo",
    "sesv2": "ses",
    "sfn": "states",
    "ssoadmin": "sso",
    "vpclattice": "vpc-lattice",
    "wafregional": "waf-regional",
}  # fmt: skip
# What the ids of EC2's resources begin with: examples of the EC2 API Reference.
EC2_PREFIXES: Mapping[str, str] = {
    "ami": "ami", "ami_copy": "ami", "ami_from_instance": "ami", "capacity_reservation": "cr",
    "carrier_gateway": "cagw", "client_vpn_endpoint": "cvpn-endpoint", "customer_gateway": "cgw",
    "ebs_snapshot": "snap",
    "ebs_snapshot_copy": "snap", "ebs_volume": "vol", "egress_only_internet_gateway": "eigw", "eip": "eipalloc",
    "flow_log": "fl", "host": "h", "instance": "i", "internet_gateway": "igw", "key_pair": "key",
    "launch_template": "lt", "local_gateway": "lgw", "managed_prefix_list": "pl", "nat_gateway": "nat",
    "network_acl": "acl", "network_interface": "eni", "placement_group": "pg", "prefix_list": "pl",
    "route_table": "rtb", "main_route_table": "rtb", "security_group": "sg", "security_group_rule": "sgr",
    "vpc_security_group_egress_rule": "sgr", "vpc_security_group_ingress_rule": "sgr", "snapshot": "snap",
    "spot_instance_request": "sir", "subnet": "subnet", "transit_gateway": "tgw",
    "transit_gateway_attachment": "tgw-attach", "transit_gateway_peering_attachment": "tgw-attach",
    "transit_gateway_route_table": "tgw-rtb", "transit_gateway_vpc_attachment": "tgw-attach", "volume": "vol",
    "vpc": "vpc", "vpc_dhcp_options": "dopt", "dhcp_options": "dopt", "vpc_endpoint": "vpce",
    "vpc_endpoint_service": "vpce-svc", "vpc_ipam": "ipam", "vpc_ipam_pool": "ipam-pool",
    "vpc_peering_connection": "pcx", "vpn_connection": "vpn", "vpn_gateway": "vgw",
}  # fmt: skip
_ARNS: Mapping[str, str] = {
    "aws_acm_certificate": "acm:{region}:{account}:certificate/{unique}",
    "aws_api_gateway_rest_api": "apigateway:{region}::/restapis/{end}",
    "aws_apigatewayv2_api": "apigateway:{region}::/apis/{end}",
    "aws_autoscaling_group": "autoscaling:{region}:{account}:autoScalingGroup:{unique}:autoScalingGroupName/{end}",
    "aws_cloudwatch_event_bus": "events:{region}:{account}:event-bus/{end}",
    "aws_cloudwatch_event_rule": "events:{region}:{account}:rule/{end}",
    "aws_cloudwatch_log_group": "logs:{region}:{account}:log-group:{end}",
    "aws_cloudwatch_metric_alarm": "cloudwatch:{region}:{account}:alarm:{end}",
    "aws_cognito_user_pool": "cognito-idp:{region}:{account}:userpool/{end}",
    "aws_db_cluster_snapshot": "rds:{region}:{account}:cluster-snapshot:{end}",
    "aws_db_instance": "rds:{region}:{account}:db:{end}",
    "aws_db_option_group": "rds:{region}:{account}:og:{end}",
    "aws_db_parameter_group": "rds:{region}:{account}:pg:{end}",
    "aws_db_subnet_group": "rds:{region}:{account}:subgrp:{end}",
    "aws_elasticache_cluster": "elasticache:{region}:{account}:cluster:{end}",
    "aws_elasticache_replication_group": "elasticache:{region}:{account}:replicationgroup:{end}",
    "aws_elasticache_serverless_cache": "elasticache:{region}:{account}:serverlesscache:{end}",
    "aws_elasticache_subnet_group": "elasticache:{region}:{account}:subnetgroup:{end}",
    "aws_elb": "elasticloadbalancing:{region}:{account}:loadbalancer/{end}",
    "aws_iam_openid_connect_provider": "iam::{account}:oidc-provider/{end}",
    "aws_kinesis_firehose_delivery_stream": "firehose:{region}:{account}:deliverystream/{end}",
    "aws_kinesis_stream": "kinesis:{region}:{account}:stream/{end}",
    "aws_lambda_function": "lambda:{region}:{account}:function:{end}",
    "aws_lambda_layer_version": "lambda:{region}:{account}:layer:{end}:1",
    **dict.fromkeys(
        ("aws_lb", "aws_alb"), "elasticloadbalancing:{region}:{account}:loadbalancer/app/{end}/{unique:.16}"
    ),
    **dict.fromkeys(
        ("aws_lb_listener", "aws_alb_listener"),
        "elasticloadbalancing:{region}:{account}:listener/app/{end}/{unique:.16}",
    ),
    **dict.fromkeys(
        ("aws_lb_target_group", "aws_alb_target_group"),
        "elasticloadbalancing:{region}:{account}:targetgroup/{end}/{unique:.16}",
    ),
    "aws_rds_cluster": "rds:{region}:{account}:cluster:{end}",
    "aws_rds_cluster_parameter_group": "rds:{region}:{account}:cluster-pg:{end}",
    "aws_s3_bucket": "s3:::{end}",
    "aws_secretsmanager_secret": "secretsmanager:{region}:{account}:secret:{end}-{unique:.6}",
    "aws_sfn_state_machine": "states:{region}:{account}:stateMachine:{end}",
    "aws_sns_topic": "sns:{region}:{account}:{end}",
    "aws_sqs_queue": "sqs:{region}:{account}:{end}",
    "aws_ssm_parameter": "ssm:{region}:{account}:parameter/{end}",
}
# `d.SetId` of the provider's source, as for elbv2/load_balancer.go.
_KNOWN_BY_ARN = frozenset(
    {
        "aws_acm_certificate", "aws_alb", "aws_alb_listener", "aws_alb_target_group", "aws_ecs_capacity_provider",
        "aws_ecs_cluster", "aws_iam_openid_connect_provider", "aws_iam_policy", "aws_lb", "aws_lb_listener",
        "aws_lb_listener_rule", "aws_lb_target_group", "aws_secretsmanager_secret", "aws_sfn_state_machine",
        "aws_sns_topic",
    }
)  # fmt: skip
