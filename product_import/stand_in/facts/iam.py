"""Facts of IAM."""

from collections.abc import Mapping

from product_import.stand_in.facts.kinds import Facts, equal_policies, prefixed_name

FACTS: Mapping[str, Facts] = {
    # iam/role.go
    "aws_iam_role": Facts(
        replace=frozenset({"name", "name_prefix", "path"}),
        same={"assume_role_policy": equal_policies},
        defaults={"force_detach_policies": False, "max_session_duration": 3600, "path": "/"},
        made={
            "name": prefixed_name,
            "name_prefix": "",
            "arn": lambda role: "arn:aws:iam::{account}:role{0}{name}".format(role["path"] or "/", **role),
            "id": "{name}",
            "unique_id": "AROA{unique}",
        },
    ),
    # iam/role_policy.go
    "aws_iam_role_policy": Facts(
        replace=frozenset({"name", "name_prefix", "role"}),
        same={"policy": equal_policies},
        made={"name": prefixed_name, "name_prefix": "", "id": "{role}:{name}"},
    ),
    # iam/role_policy_attachment.go
    "aws_iam_role_policy_attachment": Facts(
        replace=frozenset({"policy_arn", "role"}),
        made={"id": "{role}-{unique}"},
    ),
}
