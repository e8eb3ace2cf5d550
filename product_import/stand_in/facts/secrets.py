"""Facts of Secrets Manager."""

from collections.abc import Mapping

from product_import.stand_in.documents import normal_json
from product_import.stand_in.facts.kinds import HERE, Facts, equal_policies, prefixed_name

FACTS: Mapping[str, Facts] = {
    # secretsmanager/secret.go
    "aws_secretsmanager_secret": Facts(
        replace=frozenset({"name", "name_prefix"}),
        same={"policy": equal_policies},
        normal={"policy": normal_json},
        # `resourceSecretUpdate`.
        stays=frozenset({"kms_key_id"}),
        defaults={"force_overwrite_replica_secret": False, "recovery_window_in_days": 30},
        made={
            "name": prefixed_name,
            "name_prefix": "",
            "arn": f"arn:aws:secretsmanager:{HERE}:secret:{{name}}-{{unique:.6}}",
            "id": "{arn}",
            "policy": "",
        },
    ),
    # secretsmanager/secret_version.go
    "aws_secretsmanager_secret_version": Facts(
        replace=frozenset({"secret_binary", "secret_id", "secret_string", "secret_string_wo_version"}),
        made={
            "arn": "{secret_id}",
            "version_id": "terraform-{unique}",
            "id": "{secret_id}|{version_id}",
            "version_stages": lambda _: ["AWSCURRENT"],
        },
        unread=frozenset({"secret_string_wo", "secret_string_wo_version"}),
        sensitive=frozenset({"secret_binary", "secret_string", "secret_string_wo"}),
    ),
}
