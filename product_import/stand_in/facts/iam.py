"""Facts of IAM."""

from collections.abc import Mapping

from product_import.stand_in.documents import normal_json, version_first
from product_import.stand_in.facts.kinds import Facts, equal_policies, left_out, prefixed_name

FACTS: Mapping[str, Facts] = {
    # iam/role.go
    "aws_iam_role": Facts(
        replace=frozenset({"name", "name_prefix", "path"}),
        # Computed, for policies that are attached to the role from elsewhere.
        same={"assume_role_policy": equal_policies, "inline_policy": left_out},
        normal={"assume_role_policy": normal_json},
        defaults={"force_detach_policies": False, "max_session_duration": 3600, "path": "/"},
        made={
            "name": prefixed_name,
            "name_prefix": "",
            "arn": lambda role: "arn:aws:iam::{account}:role{0}{name}".format(role["path"] or "/", **role),
            "id": "{name}",
            "unique_id": "AROA{unique}",
            "create_date": "2025-01-01T00:00:00Z",
        },
    ),
    # iam/role_policy.go
    "aws_iam_role_policy": Facts(
        replace=frozenset({"name", "name_prefix", "role"}),
        same={"policy": equal_policies},
        normal={"policy": version_first},
        made={"name": prefixed_name, "name_prefix": "", "id": "{role}:{name}"},
    ),
    # iam/role_policy_attachment.go
    "aws_iam_role_policy_attachment": Facts(
        replace=frozenset({"policy_arn", "role"}),
        made={"id": "{role}-{unique}"},
    ),
}
