"""A secret that only drift tells of."""

from tests.plan_diff.documents import diff, resource, rows, update

SECRET = "a-token-that-somebody-else-set"


def test_a_secret_of_drift_is_hidden_wherever_it_is_written() -> None:
    """The provider marks it in what changed outside of Terraform, and an alarm's description repeats it."""
    found = diff(
        update({"alarm_description": "old"}, {"alarm_description": f"login with {SECRET}"}),
        resource_drift=[
            resource(
                "aws_elasticache_replication_group.redis",
                ["update"],
                {"auth_token": None},
                {"auth_token": SECRET},
                after_sensitive={"auth_token": True},
            )
        ],
    )
    (change,) = found.resources
    [(path, _, new)] = rows(change)
    assert path == "alarm_description"
    assert new.startswith("(sensitive value")
    assert SECRET not in new
