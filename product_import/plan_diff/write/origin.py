"""Where a report comes from: the commit that was planned and the run that did it, as the CI's environment tells."""

import re
from collections.abc import Mapping

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_URL = re.compile(r"https?://[\w.:-]+(?:/[\w.~/-]*)?")


def origin(environment: Mapping[str, str]) -> str:
    """A line of Markdown with links to the commit and the run; empty outside of GitHub's and GitLab's CI.

    The names are GitHub's default variables and GitLab's predefined ones.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        project = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}"
        commit, run, sha = f"{project}/commit/{{GITHUB_SHA}}", f"{project}/actions/runs/{{GITHUB_RUN_ID}}", "GITHUB_SHA"
    elif environment.get("GITLAB_CI") == "true":
        commit, run, sha = "{CI_PROJECT_URL}/-/commit/{CI_COMMIT_SHA}", "{CI_JOB_URL}", "CI_COMMIT_SHA"
    else:
        return ""
    try:
        links = commit.format_map(environment), run.format_map(environment)
    except KeyError:
        return ""
    if not _COMMIT.fullmatch(environment[sha]) or not all(map(_URL.fullmatch, links)):
        return ""
    return f"Of commit [{environment[sha][:8]}]({links[0]}), by [this run]({links[1]})."
