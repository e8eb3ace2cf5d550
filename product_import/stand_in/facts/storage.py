"""Facts of buckets."""

from collections.abc import Mapping

from product_import.stand_in.facts.kinds import Facts

FACTS: Mapping[str, Facts] = {
    # s3/bucket.go
    "aws_s3_bucket": Facts(
        replace=frozenset({"bucket", "bucket_prefix", "object_lock_enabled"}),
        defaults={"force_destroy": False},
        made={"id": "{bucket}", "arn": "arn:aws:s3:::{bucket}"},
    ),
}
