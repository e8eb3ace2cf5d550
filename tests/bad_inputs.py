"""One table of inputs that are refused, by the Python class and by Terraform, and one of the last that are accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MISSING = object()
"""The value of an input that is left out."""

ENVIRONMENT = (
    "The environment must be 1 to 25 lower-case letters, digits and single hyphens, start with a letter and end with a "
    "letter or digit."
)
REGION = 'The aws_region must be the name of an AWS region, such as "us-east-1".'
VPC = "The vpc_id must be the ID of a VPC (vpc- and 8 or 17 hexadecimal digits)."
SUBNETS = (
    "The private_subnet_ids must be a list of at least one ID of a subnet (subnet- and 8 or 17 hexadecimal digits)."
)
NODE_TYPE = (
    'The redis_node_type must be an ElastiCache node type, such as "cache.r7g.large", and neither of the t1 nor of the '
    "r6gd family."
)
NODES = "The redis_num_replicas must be a whole number from 1 to 6."
ENGINE = 'The redis_engine must be one of "redis", "valkey".'
ENGINE_VERSION = (
    "The redis_engine_version must go with the redis_engine: redis: 7.0, 7.1; valkey: 7.2, 8.0, 8.1, 8.2, 9.0, 9.1."
)
TOKEN = "The redis_auth_token must be 16 to 128 letters, digits and characters of ! & # $ ^ < > -."
CLUSTER_ID = (
    "The ecs_cluster_id must be the ARN of an ECS cluster (arn:aws:ecs:<region>:<account>:cluster/<name>) or its name."
)
OTHER_CLUSTER = "The ecs_cluster_id must be of the cluster that the ecs_cluster_name names."
CLUSTER_REGION = "The ecs_cluster_id must be of the region that the aws_region names."
ALARM_TOPIC_REGION = "The sns_alarm_topic_arn must be of the region that the aws_region names."
CRITICAL_TOPIC_REGION = "The sns_critical_topic_arn must be of the region that the aws_region names."
CLUSTER_NAME = "The ecs_cluster_name must be 1 to 255 letters, digits, hyphens and underscores."
IMAGE = "The worker_image must be the name of an image, not empty and without blanks."
CPU = "The worker_cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384."
MEMORY = (
    "The worker_memory must go with the worker_cpu on Fargate: 256: 512, 1024, 2048; 512: 1024 to 4096 in steps of "
    "1024; 1024: 2048 to 8192 in steps of 1024; 2048: 4096 to 16384 in steps of 1024; 4096: 8192 to 30720 in steps of "
    "1024; 8192: 16384 to 61440 in steps of 4096; 16384: 32768 to 122880 in steps of 8192."
)
CONCURRENCY = "The worker_concurrency must be a whole number of at least 1."
MINIMUM = "The worker_min_count must be a whole number of at least 1."
MAXIMUM = "The worker_max_count must be a whole number of at least 1."
MAXIMUM_BELOW = "The worker_max_count must not be below the worker_min_count."
TARGET = "The target_jobs_per_worker must be a number above 0."
SECRET = (
    "must be the full ARN of a secret with the hyphen and the six random characters that AWS appended to its name "
    "(arn:aws:secretsmanager:<region>:<account>:secret:<name>-AbCdEf), with :<json key>:<stage>:<version> after it "
    "where a part of the secret is meant."
)
DATABASE = f"The database_secret_arn {SECRET}"
KEY = f"The encryption_key_secret_arn {SECRET}"
BUCKET = "The s3_bucket_arn must be the ARN of an S3 bucket (arn:aws:s3:::<name>)."
ALARM_TOPIC = "The sns_alarm_topic_arn must be the ARN of an SNS topic (arn:aws:sns:<region>:<account>:<name>)."
CRITICAL_TOPIC = "The sns_critical_topic_arn must be the ARN of an SNS topic (arn:aws:sns:<region>:<account>:<name>)."
PUBLISHER = "The queue_depth_image must be the name of an image without blanks, or empty."
TAGS = (
    "The tags must be a map of strings, the keys of 1 to 127 and the values of up to 256 letters, digits, spaces and "
    "characters of _ . : / = + @ -, neither beginning with aws:."
)
TAGS_TWICE = (
    "The tags must have no two keys that differ only by upper and lower case, which IAM takes for one; Name, Service, "
    "Criticality are keys too."
)
TAGS_MANY = "The tags must have no more than 47 keys beside Name, Service, Criticality, for AWS takes 50 tags."
_NAMES = (
    "names of letters, digits and underscores, none of WORKER_TYPE, BULL_CONCURRENCY, ENABLE_API, NODE_ENV, "
    "AWS_REGION, QUEUE_NAME, QUEUE_PREFIX, DATABASE_URL, REDIS_URL, INTEGRATION_ENCRYPTION_KEY."
)
VARIABLES = f"The worker_environment must be a map of strings with {_NAMES}"
SECRETS = (
    "The worker_secrets must be a map of full ARNs of secrets with the hyphen and the six random characters that AWS "
    "appended to their names, :<json key>:<stage>:<version> after them where a part is meant, with "
    f"{_NAMES}"
)
SECRETS_TWICE = "The worker_secrets must share no name with the worker_environment."
ARCHITECTURE = 'The worker_cpu_architecture must be one of "X86_64", "ARM64".'
COMMAND = "The worker_command must be a list of at least one string, none of them empty."
HEALTH = (
    "The worker_health_check_command must be a list of CMD or CMD-SHELL and at least one string, none of them empty."
)
EXECUTE = "The worker_enable_execute_command must be true or false."
WAIT = "The worker_wait_for_steady_state must be true or false."
PROPAGATE = 'The propagate_tags must be one of "NONE", "SERVICE", "TASK_DEFINITION".'
SPOT = "The worker_fargate_spot_percent must be a whole number from 0 to 99."
COUNTED = 'The worker_count_source must be one of "cpu_samples", "container_insights".'
FAST = "The fast_scale_out must be true or false."
QUEUE = (
    "The queue_name must be 1 to 100 letters, digits, dots, hyphens, underscores and colons, the first one no colon."
)
PREFIX = "The queue_prefix must be 1 to 100 letters, digits, braces, dots, hyphens, underscores and colons."
IMMEDIATELY = "The redis_apply_immediately must be true or false, or null."
_SNAPSHOT_NAME = (
    "must be up to 255 letters, digits and single hyphens, start with a letter and end with a letter or digit, or null."
)
RESTORED = f"The redis_snapshot_name {_SNAPSHOT_NAME}"
LAST = f"The redis_final_snapshot_identifier {_SNAPSHOT_NAME}"
CLIENTS = (
    "The redis_client_security_group_ids must be a list of IDs of security groups (sg- and 8 or 17 hexadecimal digits)."
)
NETWORKS = 'The worker_egress_cidr_blocks must be a list of at least one IPv4 network, such as "10.0.0.0/16".'
_KMS = "must be the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>), or null."
REDIS_KMS, KMS = f"The redis_kms_key_arn {_KMS}", f"The kms_key_arn {_KMS}"
BOUNDARY = (
    "The iam_permissions_boundary_arn must be the ARN of an IAM policy (arn:aws:iam::<account>:policy/<name>), or null."
)
DASHBOARD = "The create_dashboard must be true or false."
PROTECTION = "The worker_scale_in_protection must be true or false."
CPU_THRESHOLD = "The redis_cpu_threshold must be a whole number from 1 to 100."
MEMORY_THRESHOLD = "The redis_memory_threshold must be a whole number from 1 to 100."
OVERLOAD = "The queue_overload_threshold must be a whole number of at least 1."
_DAYS = (
    "must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, "
    "3653."
)
WORKER_DAYS = f"The worker_log_retention_in_days {_DAYS}"
REDIS_DAYS = f"The redis_log_retention_in_days {_DAYS}"

# Terraform checks types before any rule, after it has converted what can be converted.
STRING, NUMBER, LIST, MAP, BOOL = (
    "string required",
    "a number is required",
    "list of string required",
    "map of string required",
    "a bool is required",
)


@dataclass(frozen=True, eq=False)
class BadInput:
    """A row: an input, its value, what the Python class says, and Terraform where that says something else."""

    name: str
    value: Any
    text: str
    terraform: str = ""
    others: Mapping[str, Any] = field(default_factory=dict)
    """Further inputs that decide."""

    def __str__(self) -> str:
        value = "missing" if self.value is MISSING else ascii(self.value)
        return f"{self.name}={value[:40]}"


def _missing(name: str) -> BadInput:
    return BadInput(name, MISSING, f"'{name}'", f'The argument "{name}" is required')


def _memory(cpu: float, memory: float | None) -> BadInput:
    return BadInput("worker_memory", memory, MEMORY, others={"worker_cpu": cpu})


def _version(version: object, engine: str = "redis") -> BadInput:
    return BadInput("redis_engine_version", version, ENGINE_VERSION, others={"redis_engine": engine})


def _in_region(region: str) -> Mapping[str, Any]:
    """What is of a region, but the cluster."""
    topics = {f"sns_{kind}_topic_arn": f"arn:aws:sns:{region}:123456789012:{kind}" for kind in ("alarm", "critical")}
    return {"aws_region": region, **topics}


_HERE = {"aws_region": "us-east-1", "ecs_cluster_name": "main"}
_CLUSTER_ARN = "arn:aws:ecs:us-east-1:123456789012:cluster"
_SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
_SUBNET = "subnet-0123456789abcdef0"

BAD_INPUTS = [
    _missing("environment"),
    BadInput("environment", None, ENVIRONMENT),
    BadInput("environment", "", ENVIRONMENT),
    BadInput("environment", "a" * 26, ENVIRONMENT),
    BadInput("environment", "Production", ENVIRONMENT),
    BadInput("environment", "1production", ENVIRONMENT),
    BadInput("environment", "-production", ENVIRONMENT),
    BadInput("environment", "production-", ENVIRONMENT),
    BadInput("environment", "eu--production", ENVIRONMENT),
    BadInput("environment", "eu_production", ENVIRONMENT),
    BadInput("environment", "production\n", ENVIRONMENT),
    BadInput("environment", "prödüction", ENVIRONMENT),
    BadInput("environment", 'a", "b', ENVIRONMENT),
    BadInput("environment", "a${var.vpc_id}", ENVIRONMENT),
    BadInput("environment", ["production"], ENVIRONMENT, STRING),
    BadInput("aws_region", None, REGION),
    BadInput("aws_region", "", REGION),
    BadInput("aws_region", "us-east", REGION),
    BadInput("aws_region", "us-east-1a", REGION),
    BadInput("aws_region", "US-EAST-1", REGION),
    BadInput("aws_region", "us-east-1\n", REGION),
    _missing("vpc_id"),
    BadInput("vpc_id", None, VPC),
    BadInput("vpc_id", "", VPC),
    BadInput("vpc_id", "vpc-1234567", VPC),
    BadInput("vpc_id", "vpc-0123456789abcdef", VPC),
    BadInput("vpc_id", "vpc-0123456789abcdef00", VPC),
    BadInput("vpc_id", "vpc-0123456789ABCDEF0", VPC),
    BadInput("vpc_id", _SUBNET, VPC),
    BadInput("vpc_id", 'vpc-12345678"', VPC),
    _missing("private_subnet_ids"),
    BadInput("private_subnet_ids", None, SUBNETS),
    BadInput("private_subnet_ids", [], SUBNETS),
    BadInput("private_subnet_ids", [""], SUBNETS),
    BadInput("private_subnet_ids", [_SUBNET, None], SUBNETS),
    BadInput("private_subnet_ids", [_SUBNET, "vpc-0123456789abcdef0"], SUBNETS),
    BadInput("private_subnet_ids", [f"{_SUBNET},{_SUBNET}"], SUBNETS),
    BadInput("private_subnet_ids", _SUBNET, SUBNETS, LIST),
    BadInput("tags", "Team=import", TAGS, MAP),
    BadInput("tags", ["Team"], TAGS, MAP),
    BadInput("tags", {"Team": ["import"]}, TAGS, STRING),
    BadInput("tags", {"": "a"}, TAGS),
    BadInput("tags", {"Team!": "a"}, TAGS),
    BadInput("tags", {"Team": "a,b"}, TAGS),
    BadInput("tags", {"Team": "a\n"}, TAGS),
    BadInput("tags", {"Team": "\u2713"}, TAGS),
    BadInput("tags", {"Team": "a", "Te\u0301\u0301am": "b"}, TAGS),
    BadInput("tags", {"aws:team": "a"}, TAGS),
    BadInput("tags", {"AwS:team": "a"}, TAGS),
    BadInput("tags", {"Team": "AWS:a"}, TAGS),
    BadInput("tags", {"k" * 128: "a"}, TAGS),
    BadInput("tags", {"\u0e01\u0e33" * 64: "a"}, TAGS),
    BadInput("tags", {"Team": "v" * 257}, TAGS),
    BadInput("tags", {"name": "a"}, TAGS_TWICE),
    BadInput("tags", {"SERVICE": "a"}, TAGS_TWICE),
    BadInput("tags", {"criticality": "a"}, TAGS_TWICE),
    BadInput("tags", {"Team": "a", "team": "b"}, TAGS_TWICE),
    BadInput("tags", {"\u00c4": "a", "\u00e4": "b"}, TAGS_TWICE),
    BadInput("tags", {f"key-{number}": "a" for number in range(48)}, TAGS_MANY),
    BadInput("redis_node_type", None, NODE_TYPE),
    BadInput("redis_node_type", "", NODE_TYPE),
    BadInput("redis_node_type", "r7g.large", NODE_TYPE),
    BadInput("redis_node_type", "cache.r7g", NODE_TYPE),
    BadInput("redis_node_type", "cache.t1.micro", NODE_TYPE),
    BadInput("redis_node_type", "cache.r6gd.xlarge", NODE_TYPE),
    BadInput("redis_node_type", "cache.R7g.large", NODE_TYPE),
    BadInput("redis_num_replicas", None, NODES),
    BadInput("redis_num_replicas", 0, NODES),
    BadInput("redis_num_replicas", 7, NODES),
    BadInput("redis_num_replicas", -1, NODES),
    BadInput("redis_num_replicas", 2.5, NODES),
    BadInput("redis_num_replicas", True, NODES, "number required"),
    BadInput("redis_num_replicas", "three", NODES, NUMBER),
    BadInput("redis_engine", None, ENGINE),
    BadInput("redis_engine", "", ENGINE),
    BadInput("redis_engine", "Valkey", ENGINE),
    BadInput("redis_engine", "memcached", ENGINE),
    _version(None),
    _version(""),
    _version("6.2"),
    _version("7"),
    _version("7.x"),
    _version("7.0.7"),
    _version("7.2"),
    _version("7.1\n"),
    _version(7.0),
    _version("7.0", engine="valkey"),
    _version("7.1", engine="valkey"),
    _version("8.3", engine="valkey"),
    _version("9.2", engine="valkey"),
    BadInput("redis_engine_version", ["7.1"], ENGINE_VERSION, STRING),
    BadInput("redis_auth_token", "", TOKEN),
    BadInput("redis_auth_token", "a-short-token15", TOKEN),
    BadInput("redis_auth_token", "long-token-" * 11 + "12345678", TOKEN),
    BadInput("redis_auth_token", "a token with blanks", TOKEN),
    BadInput("redis_auth_token", "a-token-with-an-@", TOKEN),
    BadInput("redis_auth_token", "a-tökén-of-ünïcödé", TOKEN),
    BadInput("redis_auth_token", 'a-token-with-"-"-quotes', TOKEN),
    BadInput("redis_auth_token", "a-token-with-${var.vpc_id}", TOKEN),
    BadInput("redis_auth_token", "a-token-with-a-newline\n", TOKEN),
    _missing("ecs_cluster_id"),
    BadInput("ecs_cluster_id", None, CLUSTER_ID),
    BadInput("ecs_cluster_id", "", CLUSTER_ID),
    BadInput("ecs_cluster_id", "arn:aws:ecs:us-east-1:123456789012:service/main", CLUSTER_ID),
    BadInput("ecs_cluster_id", "arn:aws:eks:us-east-1:123456789012:cluster/main", CLUSTER_ID),
    BadInput("ecs_cluster_id", "main cluster", CLUSTER_ID),
    BadInput("ecs_cluster_id", "Main", OTHER_CLUSTER, others=_HERE),
    BadInput("ecs_cluster_id", f"{_CLUSTER_ARN}/other", OTHER_CLUSTER, others=_HERE),
    BadInput("ecs_cluster_id", f"{_CLUSTER_ARN}/main", OTHER_CLUSTER, others={**_HERE, "ecs_cluster_name": "a_main"}),
    BadInput("ecs_cluster_id", "arn:aws:ecs:us-east-2:123456789012:cluster/main", CLUSTER_REGION, others=_HERE),
    BadInput("ecs_cluster_id", f"{_CLUSTER_ARN}/main", CLUSTER_REGION, others={**_HERE, **_in_region("us-west-2")}),
    _missing("ecs_cluster_name"),
    BadInput("ecs_cluster_name", None, CLUSTER_NAME),
    BadInput("ecs_cluster_name", "", CLUSTER_NAME),
    BadInput("ecs_cluster_name", "a" * 256, CLUSTER_NAME),
    BadInput("ecs_cluster_name", "mäin", CLUSTER_NAME),
    BadInput("ecs_cluster_name", "arn:aws:ecs:us-east-1:123456789012:cluster/main", CLUSTER_NAME),
    _missing("worker_image"),
    BadInput("worker_image", None, IMAGE),
    BadInput("worker_image", "", IMAGE),
    BadInput("worker_image", " ", IMAGE),
    BadInput("worker_image", "api latest", IMAGE),
    BadInput("worker_image", "api:latest\n", IMAGE),
    BadInput("worker_image", {"name": "api"}, IMAGE, STRING),
    BadInput("queue_depth_image", None, PUBLISHER),
    BadInput("queue_depth_image", " ", PUBLISHER),
    BadInput("queue_depth_image", "publisher latest", PUBLISHER),
    BadInput("worker_cpu", None, CPU),
    BadInput("worker_cpu", 0, CPU),
    BadInput("worker_cpu", 2, CPU),
    BadInput("worker_cpu", 32768, CPU),
    BadInput("worker_cpu", "much", CPU, NUMBER),
    _memory(2048, None),
    _memory(2048.0, 512),
    _memory(256, 511),
    _memory(256, 3072),
    _memory(512, 5120),
    _memory(1024, 1024),
    _memory(1024, 9216),
    _memory(2048, 3072),
    _memory(2048, 4096.5),
    _memory(4096, 31744),
    _memory(8192, 12288),
    _memory(8192, 17408),
    _memory(16384, 131072),
    BadInput("queue_name", None, QUEUE),
    BadInput("queue_name", "", QUEUE),
    BadInput("queue_name", ":a", QUEUE),
    BadInput("queue_name", "a,b", QUEUE),
    BadInput("queue_name", "a" * 101, QUEUE),
    BadInput("queue_prefix", None, PREFIX),
    BadInput("queue_prefix", "bull/", PREFIX),
    BadInput("queue_prefix", "a" * 101, PREFIX),
    BadInput("queue_prefix", "${jobs}", PREFIX),
    BadInput("redis_apply_immediately", "now", IMMEDIATELY, BOOL),
    BadInput("redis_snapshot_name", "", RESTORED),
    BadInput("redis_snapshot_name", "a--b", RESTORED),
    BadInput("redis_snapshot_name", "automatic.production-product-import-002-2026-01-31-03-00", RESTORED),
    BadInput("redis_snapshot_name", "a" * 256, RESTORED),
    BadInput("redis_final_snapshot_identifier", "1st", LAST),
    BadInput("redis_final_snapshot_identifier", "last-", LAST),
    BadInput("redis_client_security_group_ids", None, CLIENTS),
    BadInput("redis_client_security_group_ids", ["sg-1"], CLIENTS),
    BadInput("redis_client_security_group_ids", ["0.0.0.0/0"], CLIENTS),
    BadInput("worker_egress_cidr_blocks", None, NETWORKS),
    BadInput("worker_egress_cidr_blocks", [], NETWORKS),
    BadInput("worker_egress_cidr_blocks", ["10.0.0.1/16"], NETWORKS),
    BadInput("worker_egress_cidr_blocks", ["10.0.0.0/33"], NETWORKS),
    BadInput("worker_egress_cidr_blocks", ["10.0.0.256/32"], NETWORKS),
    BadInput("worker_egress_cidr_blocks", ["10.0.0.0"], NETWORKS),
    BadInput("worker_egress_cidr_blocks", ["::/0"], NETWORKS),
    BadInput("redis_kms_key_arn", "", REDIS_KMS),
    BadInput("redis_kms_key_arn", "arn:aws:kms:us-east-1:123456789012:alias/redis", REDIS_KMS),
    BadInput("kms_key_arn", "01234567-89ab-cdef-0123-456789abcdef", KMS),
    BadInput("iam_permissions_boundary_arn", "", BOUNDARY),
    BadInput("iam_permissions_boundary_arn", "arn:aws:iam::123456789012:role/bounds", BOUNDARY),
    BadInput("worker_scale_in_protection", None, PROTECTION),
    BadInput("redis_cpu_threshold", None, CPU_THRESHOLD),
    BadInput("redis_cpu_threshold", 0, CPU_THRESHOLD),
    BadInput("redis_cpu_threshold", 101, CPU_THRESHOLD),
    BadInput("redis_memory_threshold", 0, MEMORY_THRESHOLD),
    BadInput("redis_memory_threshold", 101, MEMORY_THRESHOLD),
    BadInput("queue_overload_threshold", 0, OVERLOAD),
    BadInput("queue_overload_threshold", 1.5, OVERLOAD),
    BadInput("create_dashboard", None, DASHBOARD),
    BadInput("worker_cpu_architecture", None, ARCHITECTURE),
    BadInput("worker_cpu_architecture", "arm64", ARCHITECTURE),
    BadInput("worker_command", None, COMMAND),
    BadInput("worker_command", [], COMMAND),
    BadInput("worker_command", ["node", ""], COMMAND),
    BadInput("worker_command", ["node", None], COMMAND),
    BadInput("worker_command", "node worker.js", COMMAND, LIST),
    BadInput("worker_health_check_command", None, HEALTH),
    BadInput("worker_health_check_command", ["CMD"], HEALTH),
    BadInput("worker_health_check_command", ["node", "healthcheck.js"], HEALTH),
    BadInput("worker_health_check_command", ["CMD", ""], HEALTH),
    BadInput("worker_environment", None, VARIABLES),
    BadInput("worker_environment", {"REDIS_URL": "redis://elsewhere"}, VARIABLES),
    BadInput("worker_environment", {"QUEUE_NAME": "another"}, VARIABLES),
    BadInput("worker_environment", {"LOG-LEVEL": "debug"}, VARIABLES),
    BadInput("worker_environment", {"1ST": "1"}, VARIABLES),
    BadInput("worker_environment", {"LOG_LEVEL": None}, VARIABLES),
    BadInput("worker_secrets", None, SECRETS),
    BadInput("worker_secrets", {"API_KEY": "s3cret"}, SECRETS),
    BadInput("worker_secrets", {"API_KEY": f"{_SECRET_ARN}:api-AbCdEf", "KEY": f"{_SECRET_ARN}:key"}, SECRETS),
    BadInput("worker_secrets", {"API_KEY": f"{_SECRET_ARN}:api-AbCdEf:key"}, SECRETS),
    BadInput("worker_secrets", {"DATABASE_URL": f"{_SECRET_ARN}:database-AbCdEf"}, SECRETS),
    BadInput("worker_secrets", {"API KEY": f"{_SECRET_ARN}:api-AbCdEf"}, SECRETS),
    BadInput(
        "worker_secrets",
        {"API_KEY": f"{_SECRET_ARN}:api-AbCdEf"},
        SECRETS_TWICE,
        others={"worker_environment": {"API_KEY": "plain"}},
    ),
    BadInput("worker_enable_execute_command", None, EXECUTE),
    BadInput("worker_enable_execute_command", "on", EXECUTE, BOOL),
    BadInput("worker_wait_for_steady_state", None, WAIT),
    BadInput("worker_wait_for_steady_state", "on", WAIT, BOOL),
    BadInput("propagate_tags", None, PROPAGATE),
    BadInput("propagate_tags", "service", PROPAGATE),
    BadInput("worker_fargate_spot_percent", None, SPOT),
    BadInput("worker_fargate_spot_percent", -1, SPOT),
    BadInput("worker_fargate_spot_percent", 100, SPOT),
    BadInput("worker_fargate_spot_percent", 0.5, SPOT),
    BadInput("worker_count_source", None, COUNTED),
    BadInput("worker_count_source", "", COUNTED),
    BadInput("worker_count_source", "Container_Insights", COUNTED),
    BadInput("fast_scale_out", None, FAST),
    BadInput("fast_scale_out", "fast", FAST, BOOL),
    BadInput("worker_log_retention_in_days", None, WORKER_DAYS),
    BadInput("worker_log_retention_in_days", 0, WORKER_DAYS),
    BadInput("worker_log_retention_in_days", 31, WORKER_DAYS),
    BadInput("redis_log_retention_in_days", None, REDIS_DAYS),
    BadInput("redis_log_retention_in_days", 3654, REDIS_DAYS),
    BadInput("worker_concurrency", None, CONCURRENCY),
    BadInput("worker_concurrency", 0, CONCURRENCY),
    BadInput("worker_concurrency", 1.5, CONCURRENCY),
    BadInput("worker_min_count", None, MINIMUM),
    BadInput("worker_min_count", 0, MINIMUM),
    BadInput("worker_min_count", 2.5, MINIMUM),
    BadInput("worker_max_count", None, MAXIMUM),
    BadInput("worker_max_count", 0, MAXIMUM),
    BadInput("worker_max_count", 50.5, MAXIMUM),
    BadInput("worker_max_count", 1, MAXIMUM_BELOW, others={"worker_min_count": 2}),
    BadInput("worker_max_count", 50, MAXIMUM_BELOW, others={"worker_min_count": 51}),
    BadInput("target_jobs_per_worker", None, TARGET),
    BadInput("target_jobs_per_worker", 0, TARGET),
    BadInput("target_jobs_per_worker", -0.5, TARGET),
    BadInput("target_jobs_per_worker", "ten", TARGET, NUMBER),
    _missing("database_secret_arn"),
    BadInput("database_secret_arn", None, DATABASE),
    BadInput("database_secret_arn", "database", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:production/database", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:production/database:url::", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:-AbCdEf", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCdE", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCdEfG", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCd_f", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-??????", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCdEf:key", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCdEf:key:", DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCdEf:key:::", DATABASE),
    BadInput("database_secret_arn", f'{_SECRET_ARN}:database-AbCdEf"', DATABASE),
    BadInput("database_secret_arn", f'{_SECRET_ARN}:database-AbCdEf:a"b::', DATABASE),
    BadInput("database_secret_arn", f"{_SECRET_ARN}:database-AbCdEf:a${{b}}::", DATABASE),
    _missing("encryption_key_secret_arn"),
    BadInput("encryption_key_secret_arn", None, KEY),
    BadInput("encryption_key_secret_arn", "arn:aws:sns:us-east-1:123456789012:alarms", KEY),
    BadInput("encryption_key_secret_arn", "arn:aws:secretsmanager:us-east-1:12345678901:secret:key-AbCdEf", KEY),
    BadInput("encryption_key_secret_arn", f"{_SECRET_ARN}:${{var.vpc_id}}-AbCdEf", KEY),
    BadInput("encryption_key_secret_arn", f"{_SECRET_ARN}:key", KEY),
    _missing("s3_bucket_arn"),
    BadInput("s3_bucket_arn", None, BUCKET),
    BadInput("s3_bucket_arn", "product-images", BUCKET),
    BadInput("s3_bucket_arn", "arn:aws:s3:::ab", BUCKET),
    BadInput("s3_bucket_arn", "arn:aws:s3:::product-images/*", BUCKET),
    _missing("sns_alarm_topic_arn"),
    BadInput("sns_alarm_topic_arn", None, ALARM_TOPIC),
    BadInput("sns_alarm_topic_arn", "arn:aws:sqs:us-east-1:123456789012:alarms", ALARM_TOPIC),
    BadInput("sns_alarm_topic_arn", "arn:aws:sns:us-east-1:123456789012:", ALARM_TOPIC),
    BadInput("sns_alarm_topic_arn", "arn:aws:sns:us-east-1:123456789012:" + "a" * 257, ALARM_TOPIC),
    BadInput("sns_alarm_topic_arn", "arn:aws:sns:us-east-10:123456789012:alarms", ALARM_TOPIC_REGION, others=_HERE),
    _missing("sns_critical_topic_arn"),
    BadInput("sns_critical_topic_arn", None, CRITICAL_TOPIC),
    BadInput("sns_critical_topic_arn", "", CRITICAL_TOPIC),
    BadInput("sns_critical_topic_arn", "arn:aws:sns:us-east-1::critical", CRITICAL_TOPIC),
    BadInput(
        "sns_critical_topic_arn", "arn:aws:sns:eu-west-1:123456789012:urgent", CRITICAL_TOPIC_REGION, others=_HERE
    ),
]

# Terraform converts the first to a string and each of the others to a number, and takes a null for no tags at all. The
# Python class does not guess, and what is not finite does not get to Terraform.
BAD_IN_PYTHON_ONLY = [
    BadInput("ecs_cluster_name", 5, CLUSTER_NAME),
    BadInput("redis_num_replicas", "3", NODES),
    BadInput("redis_engine_version", 7.1, ENGINE_VERSION),
    BadInput("worker_cpu", "2048", CPU),
    BadInput("worker_memory", "4096", MEMORY),
    BadInput("worker_max_count", "50", MAXIMUM),
    BadInput("worker_max_count", float("inf"), MAXIMUM),
    BadInput("target_jobs_per_worker", float("nan"), TARGET),
    BadInput("target_jobs_per_worker", True, TARGET),
    BadInput("worker_enable_execute_command", "true", EXECUTE),
    BadInput("worker_wait_for_steady_state", 1, WAIT),
    BadInput("worker_environment", {"PORT": 80}, VARIABLES),
    BadInput("tags", None, TAGS),
    BadInput("tags", {"Team": 1}, TAGS),
    BadInput("tags", {1: "import"}, TAGS),
    BadInput("tags", {"Team": None}, TAGS),
]

# In Python a token that is left out becomes a variable of the stack.
BAD_IN_TERRAFORM_ONLY = [
    _missing("redis_auth_token"),
    BadInput("redis_auth_token", None, TOKEN),
]

ACCEPTED: Mapping[str, list[Any]] = {
    "environment": ["a", "a" * 25, "eu-production-2"],
    "vpc_id": ["vpc-12345678"],
    "private_subnet_ids": [["subnet-12345678"], [_SUBNET, "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]],
    "tags": [
        {},
        {"Team": "", "Name": "a", "Service": "b"},
        {"k" * 127: "v" * 256, "a _.:/=+@-": "a _.:/=+@-", "taws:": "xaws:"},
        {"\u00dcn\u0131t \u0e01\u0e33\u00b2": "\u5de5"},
        {"Te\u0301am": "e\u0301" * 256},
        {f"key-{number}": "a" for number in range(47)} | {"Name": "a"},
    ],
    "redis_node_type": ["cache.t4g.micro", "cache.r6g.large", "cache.m7g.16xlarge"],
    "redis_num_replicas": [1, 6],
    "redis_auth_token": ["a" * 16, "Aa0!&#$^<>-" + "z" * 117],
    # The last has no blank of ASCII, and what else is one in Unicode is none to Terraform either.
    "worker_image": ["api", "registry.example/team/api@sha256:" + "0" * 64, "api\u2003:1"],
    "queue_depth_image": ["", "registry.example/publisher:1"],
    "queue_name": ["a", "Imports_2.x-" + "y" * 88, "imports:daily:"],
    "queue_prefix": ["b", "{bull}", ":shop:{bull}:" + "a" * 87],
    "redis_apply_immediately": [None, False, True],
    "redis_snapshot_name": [None, "a", "A-1" * 85],
    "redis_final_snapshot_identifier": [None, "a"],
    "redis_client_security_group_ids": [[], ["sg-12345678"]],
    "worker_egress_cidr_blocks": [["0.0.0.0/0"], ["10.0.0.1/32", "10.0.0.2/31"]],
    "redis_kms_key_arn": [None, "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-" + "0" * 32],
    "kms_key_arn": [None, "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"],
    "iam_permissions_boundary_arn": [None, "arn:aws:iam::aws:policy/job-function/Billing"],
    "worker_scale_in_protection": [False, True],
    "redis_cpu_threshold": [1, 100],
    "redis_memory_threshold": [1, 100],
    "queue_overload_threshold": [1, 1000000],
    "create_dashboard": [False, True],
    "worker_cpu_architecture": ["X86_64", "ARM64"],
    "worker_command": [["a"], ["sh", "-c", "a\nb"]],
    "worker_health_check_command": [["CMD", "a"], ["CMD-SHELL", "a || b"]],
    "worker_environment": [{}, {"_a9": "", "Z": "x"}],
    "worker_secrets": [{}, {"KEY": f"{_SECRET_ARN}:api-AbCdEf:key::"}],
    "worker_enable_execute_command": [False, True],
    "worker_wait_for_steady_state": [False, True],
    "propagate_tags": ["NONE", "SERVICE", "TASK_DEFINITION"],
    "worker_fargate_spot_percent": [0, 1, 99],
    "worker_count_source": ["cpu_samples", "container_insights"],
    "fast_scale_out": [False, True],
    "worker_log_retention_in_days": [1, 3653],
    "redis_log_retention_in_days": [1, 3653],
    "worker_concurrency": [1, 1000],
    "worker_min_count": [1, 50],
    "target_jobs_per_worker": [0.5, 1000],
    "database_secret_arn": [
        f"{_SECRET_ARN}:a/b_+=.@--AbCdEf",
        # Its own name ends like what AWS appends.
        f"{_SECRET_ARN}:my-secret-AbCdEf",
        f"{_SECRET_ARN}:database-AbCdEf:url:AWSCURRENT:",
        f"{_SECRET_ARN}:rds!db-1-AbCdEf:DB URL$::",
    ],
    "encryption_key_secret_arn": ["arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:key-AbCdEf:::"],
    "s3_bucket_arn": ["arn:aws:s3:::abc", "arn:aws-cn:s3:::my.bucket-1"],
}
"""Values on the right side of the edges, by input; the others are in ENGINES, PLACES and FARGATE."""

ENGINES = [
    {"redis_engine": engine, "redis_engine_version": version}
    for engine, version in (("redis", "7.0"), ("redis", "7.1"), ("valkey", "7.2"), ("valkey", "8.2"), ("valkey", "9.1"))
]
"""An engine and a version of it."""

PLACES: list[Mapping[str, Any]] = [
    {
        "aws_region": "us-gov-west-1",
        "ecs_cluster_id": "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/a",
        "ecs_cluster_name": "a",
        "sns_alarm_topic_arn": "arn:aws-us-gov:sns:us-gov-west-1:123456789012:A_-1",
        "sns_critical_topic_arn": "arn:aws-us-gov:sns:us-gov-west-1:210987654321:critical",
    },
    {**_in_region("ap-southeast-2"), "ecs_cluster_id": "A-_9", "ecs_cluster_name": "A-_9"},
    {
        **_in_region("cn-north-1"),
        "ecs_cluster_id": "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/Main_1",
        "ecs_cluster_name": "Main_1",
    },
]
"""A region, a cluster and topics that go together; a secret may be of another region."""

FARGATE = [
    (256, 512),
    (256, 2048),
    (512, 1024),
    (512, 4096),
    (1024, 2048),
    (1024, 8192),
    (2048, 16384),
    (4096, 8192),
    (4096, 30720),
    (8192, 16384),
    (8192, 61440),
    (16384, 32768),
    (16384, 122880),
]
"""CPU and memory that go together, at the edges."""
