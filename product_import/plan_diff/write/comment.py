"""Put a report on a pull request of GitHub or a merge request of GitLab.

The report's first line, a comment that neither shows, marks the comment that a later run brings up to date. It goes
through the host's own command line, `gh` or `glab`, which takes the repository and the token from the environment.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from product_import.errors import UserError
from product_import.files import read_text


class Host(Protocol):
    """Where comments are kept."""

    def ours(self, request: int, marker: str) -> list[tuple[int, str]]:
        """The number and the text of each comment that an earlier run wrote."""

    def write(self, request: int, report: Path, known: int | None) -> None:
        """A new comment, or over the known one."""


class GitHub:
    """Comments on a pull request, which GitHub keeps as those of an issue."""

    def ours(self, request: int, marker: str) -> list[tuple[int, str]]:
        # Anyone may write the marker, but only a workflow's comment is a bot's.
        ours = f'.[] | select(.user.type == "Bot" and (.body | startswith({json.dumps(marker)}))) | {{id, body}}'
        lines = _run("gh", _issue(request), "--paginate", "--jq", ours).splitlines()
        return [(entry["id"], entry["body"]) for entry in map(json.loads, lines)]

    def write(self, request: int, report: Path, known: int | None) -> None:
        place = f"repos/{{owner}}/{{repo}}/issues/comments/{known}" if known else _issue(request)
        _run("gh", place, "--method", "PATCH" if known else "POST", "--field", f"body=@{report}")


class GitLab:
    """Notes on a merge request."""

    def ours(self, request: int, marker: str) -> list[tuple[int, str]]:
        # Anyone may write the marker: ours are those of the token's own user.
        author = json.loads(_run("glab", "user"))["id"]
        return [
            (note["id"], note["body"])
            for note in _pages(_run("glab", f"{_notes(request)}?per_page=100", "--paginate"))
            if note["author"]["id"] == author and note["body"].startswith(marker)
        ]

    def write(self, request: int, report: Path, known: int | None) -> None:
        place = f"{_notes(request)}/{known}" if known else _notes(request)
        _run("glab", place, "--method", "PUT" if known else "POST", "--field", f"body=@{report}")


HOSTS: Mapping[str, Host] = {"github": GitHub(), "gitlab": GitLab()}


def comment(host: Host, request: int, report: Path) -> None:
    """Write the Markdown file `report` as a comment, over the latest one of an earlier run if there is one.

    A comment that says the same already is left alone.

    Raises:
        UserError: the file is no report, or the host refused.
    """
    if not report.exists():
        raise UserError(f"{report}: no such report. `make plan-diff REPORT={report}` writes one.")
    text = read_text(report)
    marker = text.partition("\n")[0]
    if not marker.startswith("<!--"):
        raise UserError(f"{report}: is not a report in Markdown (its first line is no marker)")
    known, said = max(host.ours(request, marker), default=(None, ""))
    if known is None or said.replace("\r\n", "\n").strip() != text.strip():
        host.write(request, report, known)


def _issue(request: int) -> str:
    return f"repos/{{owner}}/{{repo}}/issues/{request}/comments"


def _notes(request: int) -> str:
    return f"projects/:id/merge_requests/{request}/notes"


def _run(program: str, *arguments: str) -> str:
    try:
        run = subprocess.run([program, "api", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        name = {"gh": "GitHub", "glab": "GitLab"}[program]
        raise UserError(f"{name}'s command line `{program}` is not on the PATH.") from None
    if run.returncode:
        raise UserError(f"{program} api {arguments[0]}: {run.stderr.strip()}")
    return run.stdout


def _pages(text: str) -> list[Any]:
    """What `glab api --paginate` prints: a JSON list for each page, one right after the other."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    rest = text.lstrip()
    while rest:
        page, end = decoder.raw_decode(rest)
        found += page
        rest = rest[end:].lstrip()
    return found
