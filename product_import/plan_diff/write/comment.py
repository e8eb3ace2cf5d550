"""Put a report on a pull request of GitHub or a merge request of GitLab.

The first line of the report is an HTML comment, which neither host shows. It marks the comment that a later run
updates. The address of the API, the repository and the token come from the environment variables of the host's CI.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from product_import.errors import UserError
from product_import.files import read_text

TIMEOUT_IN_SECONDS = 60
# The largest page of both hosts.
PER_PAGE = 100


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirections: one would send the token elsewhere, and turn a POST into a GET."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


@dataclass(frozen=True)
class Api:
    """A host's REST API at an address, with the header that holds the token."""

    address: str
    header: tuple[str, str]

    def call(self, method: str, path: str, content: Mapping[str, str] | None = None) -> Any:
        """Send a request and return the JSON of the response.

        Raises:
            UserError: the host refuses, or there is no response.
        """
        request = urllib.request.Request(f"{self.address}/{path}", method=method)
        request.add_header(*self.header)
        if content is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(content).encode()
        try:
            with _OPENER.open(request, timeout=TIMEOUT_IN_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise UserError(f"{method} {request.full_url}: {error.code} {error.reason}{_message(error)}") from None
        except (OSError, ValueError) as error:
            raise UserError(f"{method} {request.full_url}: {error}") from None

    def pages(self, path: str) -> Iterator[Any]:
        """Yield every entry of a list."""
        page = 1
        while entries := self.call("GET", f"{path}?per_page={PER_PAGE}&page={page}"):
            yield from entries
            page += 1


def _message(error: urllib.error.HTTPError) -> str:
    """Return the message that both hosts write in the JSON of an error."""
    try:
        return f" ({json.load(error)['message']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


class Host(Protocol):
    """A host of comments."""

    def ours(self, request: int, marker: str) -> list[tuple[int, str]]:
        """Return the number and the text of each comment that an earlier run wrote."""

    def write(self, request: int, text: str, known: int | None) -> None:
        """Write a new comment, or replace the known one."""


class GitHub:
    """Comments on a pull request, which GitHub stores as comments of an issue."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("GITHUB_API_URL", "https://api.github.com")
        token = _value(environment, "GH_TOKEN", "GITHUB_TOKEN")
        self._api = Api(address, ("Authorization", f"Bearer {token}"))
        self._issues = f"repos/{_value(environment, 'GH_REPO', 'GITHUB_REPOSITORY')}/issues"

    def ours(self, request: int, marker: str) -> list[tuple[int, str]]:
        # Anyone may write the marker, but only a workflow's comment is a bot's.
        return [
            (entry["id"], entry["body"])
            for entry in self._api.pages(f"{self._issues}/{request}/comments")
            if (entry["user"] or {}).get("type") == "Bot" and (entry["body"] or "").startswith(marker)
        ]

    def write(self, request: int, text: str, known: int | None) -> None:
        path = f"comments/{known}" if known else f"{request}/comments"
        self._api.call("PATCH" if known else "POST", f"{self._issues}/{path}", {"body": text})


class GitLab:
    """Notes on a merge request."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # The job's own token may not write notes (docs.gitlab.com/ci/jobs/ci_job_token).
        self._api = Api(_value(environment, "CI_API_V4_URL"), ("PRIVATE-TOKEN", _value(environment, "GITLAB_TOKEN")))
        self._requests = f"projects/{_value(environment, 'CI_PROJECT_ID')}/merge_requests"

    def ours(self, request: int, marker: str) -> list[tuple[int, str]]:
        # Anyone may write the marker: ours are those of the token's own user.
        author = self._api.call("GET", "user")["id"]
        return [
            (note["id"], note["body"])
            for note in self._api.pages(f"{self._requests}/{request}/notes")
            if note["author"]["id"] == author and note["body"].startswith(marker)
        ]

    def write(self, request: int, text: str, known: int | None) -> None:
        path = f"{request}/notes/{known}" if known else f"{request}/notes"
        self._api.call("PUT" if known else "POST", f"{self._requests}/{path}", {"body": text})


HOSTS: Mapping[str, Callable[[Mapping[str, str]], Host]] = {"github": GitHub, "gitlab": GitLab}


def comment(host: Host, request: int, report: Path) -> None:
    """Write the Markdown file `report` as a comment, or replace the latest one of an earlier run.

    A comment with the same text is not written again.

    Raises:
        UserError: the file is not a report, or the host refuses.
    """
    if not report.exists():
        raise UserError(f"{report}: no such report. `make plan-diff REPORT={report}` writes one.")
    text = read_text(report)
    marker = text.partition("\n")[0]
    if not marker.startswith("<!--"):
        raise UserError(f"{report}: is not a report in Markdown (its first line is no marker)")
    known, said = max(host.ours(request, marker), default=(None, ""))
    if known is None or said.replace("\r\n", "\n").strip() != text.strip():
        host.write(request, text, known)


def _value(environment: Mapping[str, str], *names: str) -> str:
    for name in names:
        if environment.get(name):
            return environment[name]
    raise UserError(f"the environment variable {' or '.join(names)} must be set.")
