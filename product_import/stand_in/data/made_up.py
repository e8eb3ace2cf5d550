"""Values that are made up by the name of an attribute and its type: an `arn` of aws_lb looks like one of ELB.

The same subject gives the same values: an `id` and the `arn` that ends with it agree.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from product_import.stand_in.data.identifiers import EC2_PREFIXES, Subject
from product_import.stand_in.partitions import partition_of


def made_up(name: str, kind: Any, subject: Subject, many: int = 1) -> Any:
    """Return a value for an attribute.

    Args:
        name: of the attribute, as `vpc_id`.
        kind: its type, as a schema has it in JSON: `"string"`, `["set", "string"]`, `["object", {...}]`.
        subject: the resource or data source that has it.
        many: how many items a list or set has.
    """
    if isinstance(kind, str):
        return _text(name, subject) if kind == "string" else _SCALARS[kind](name)
    collection, inner = kind
    if collection == "object":
        return {key: made_up(key, item, subject) for key, item in inner.items()}
    if collection == "map":
        return {}
    items = (replace(subject, seed=f"{subject.seed}{number or ''}") for number in range(many))
    made = [made_up(_singular(name), inner, item) for item in items]
    # A set has no value twice.
    return [item for number, item in enumerate(made) if item not in made[:number]]


def _text(name: str, subject: Subject) -> str:
    if name in ("arn", "id"):
        return subject.arn if name == "arn" else subject.id
    if name in EC2_PREFIXES and name != "host":
        return _referred(name, subject).id
    form = next((form for pattern, form in _TEXTS if re.search(pattern, name)), None)
    if form is None and (reference := _REFERENCE.fullmatch(name)):
        other = _referred(reference[1], subject)
        # RDS, ElastiCache and others give the ARN of the key.
        return other.arn if reference[2] == "arn" or name == "kms_key_id" else other.id
    return ("{name}-{unique:.8}" if form is None else form).format(
        account=subject.account,
        called=subject.called or f"{subject.noun.replace('_', '-')}-{subject.unique[:8]}",
        dns_suffix=partition_of(subject.region).dns_suffix,
        name=name.replace("_", "-"),
        region=subject.region,
        service=subject.service,
        unique=subject.unique,
    )


def _referred(noun: str, subject: Subject) -> Subject:
    """What an attribute names: `role` for `execution_role_arn`."""
    if noun == subject.noun or subject.type == f"aws_{noun}":
        return subject
    end = next((end for end in (*EC2_PREFIXES, *_REFERENCES) if noun == end or noun.endswith(f"_{end}")), noun)
    same_service = f"{'_'.join(subject.type.split('_')[:2])}_{noun}"
    other = f"aws_{end}" if end in EC2_PREFIXES else _REFERENCES.get(end, same_service)
    return Subject(other, subject.region, subject.account, f"{noun} {subject.seed}")


def _singular(name: str) -> str:
    for plural, singular in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if name.endswith(plural) and not name.endswith(("ss", "dns")):
            return name.removesuffix(plural) + singular
    return name


_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "bool": lambda _: False,
    "number": lambda name: 443 if re.search(r"(^|_)port$", name) else 1,
}
_REFERENCE = re.compile(r"(.+)_(arn|id|identifier)")
# By the end of what an attribute names: the type of that.
_REFERENCES: Mapping[str, str] = {
    "bucket": "aws_s3_bucket",
    "certificate": "aws_acm_certificate",
    "function": "aws_lambda_function",
    "instance_profile": "aws_iam_instance_profile",
    "key": "aws_kms_key",
    "lambda": "aws_lambda_function",
    "load_balancer": "aws_lb",
    "log_group": "aws_cloudwatch_log_group",
    "policy": "aws_iam_policy",
    "queue": "aws_sqs_queue",
    "role": "aws_iam_role",
    "secret": "aws_secretsmanager_secret",
    "target_group": "aws_lb_target_group",
    "topic": "aws_sns_topic",
    "user": "aws_iam_user",
    "web_acl": "aws_wafv2_web_acl",
}
_NO_POLICY = '{{"Version":"2012-10-17","Statement":[]}}'
# The first pattern that is found in an attribute's name says its form.
_TEXTS: tuple[tuple[str, str], ...] = (
    ("^(current_)?region$", "{region}"),
    (r"(^|_)(account|account_id|owner|owner_id|registry_id|catalog_id)$", "{account}"),
    (r"^hosted_zone_id$|^zone$|^zone_id$|(^|_)canonical_hosted_zone(_id)?$", "Z{unique}"),
    (r"availability_zone$", "{region}a"),
    (r"^((policy_)?json|((assume_role|bucket|key|resource)_)?policy|policy_document|access_policies)$", _NO_POLICY),
    (r"ipv6_cidr(_block)?$", "2001:db8:1234:1a00::/56"),
    (r"ipv6(_address)?$", "2001:db8:1234:1a00::1"),
    (r"cidr(_block|_ipv4)?$", "10.0.0.0/16"),
    (r"(^|_)public_ip(_address)?$", "203.0.113.10"),
    (r"(^|_)ip(v4)?(_address)?$", "10.0.0.10"),
    (r"(^|_)(ur[il]|issuer)$", "https://{unique}.{service}.{region}.{dns_suffix}"),
    (
        r"(^|_)(endpoint|address|dns|dns_name|domain|domain_name|fqdn|host|hostname)$",
        "{called}.{unique}.{region}.{service}.{dns_suffix}",
    ),
    (r"(_at|_date|_date_time|_time|^expiration|^last_modified|(^|_)timestamp)$", "2024-01-01T00:00:00Z"),
    (r"(^|_)(state|status)$", "available"),
    (r"(^|_)email", "made-up@example.com"),
    (r"(_base64|(^|_)(data|authorization_token|base64|md5|sha256))$", "bWFkZS11cA=="),
    (r"^(etag|checksum|hash)$", "{unique}"),
    (r"(^|_)version$", "1"),
    (r"^name$", "{called}"),
    (r"^path$", "/"),
    (r"^description$|(^|_)prefix$", ""),
    (r"^ip_address_type$", "ipv4"),
    (r"^load_balancer_type$", "application"),
    (r"^architecture$", "x86_64"),
    (r"^instance_tenancy$", "default"),
)  # fmt: skip
