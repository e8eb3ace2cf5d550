"""Where a report says that it comes from."""

from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.origin import origin
from tests.plan_diff.documents import diff

import pytest

SHA = "0123456789abcdef0123456789abcdef01234567"
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "example/shop",
    "GITHUB_SHA": SHA,
    "GITHUB_RUN_ID": "77",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_PROJECT_URL": "https://gitlab.example/shop",
    "CI_JOB_URL": "https://gitlab.example/shop/-/jobs/5",
    "CI_COMMIT_SHA": SHA,
}


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            GITHUB,
            f"Of commit [01234567](https://github.com/example/shop/commit/{SHA}), "
            "by [this run](https://github.com/example/shop/actions/runs/77).",
        ),
        (
            GITLAB,
            f"Of commit [01234567](https://gitlab.example/shop/-/commit/{SHA}), "
            "by [this run](https://gitlab.example/shop/-/jobs/5).",
        ),
        ({}, ""),
        ({**GITHUB, "GITHUB_ACTIONS": ""}, ""),
        ({**GITHUB, "GITHUB_SHA": "x](evil)"}, ""),
        ({**GITLAB, "CI_JOB_URL": "javascript:x"}, ""),
        ({"GITLAB_CI": "true"}, ""),
    ],
)
def test_links_to_the_commit_and_the_run(environment: dict[str, str], line: str) -> None:
    """In GitHub's and GitLab's CI; elsewhere, and where a value is none of theirs, nothing is said."""
    assert origin(environment) == line


def test_the_report_starts_with_it() -> None:
    """Below its title."""
    assert markdown({"a": diff()}, "Of commit x.").startswith(
        "<!-- product-import plan diff -->\n<h2>Plan diff</h2>\n\nOf commit x.\n\n"
    )
