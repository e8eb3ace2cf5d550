"""Tests of the comment on a pull request, with a fake of the servers of GitHub and GitLab."""

from collections.abc import Iterator
from pathlib import Path

from product_import.command_line import main
from tests.plan_diff.api import TOKEN, Comments, comments

import pytest

MARKER = "<!-- product-import plan diff -->"
REPORT = f"{MARKER}\n<h2>Plan diff</h2>\n"
BOT, PERSON = {"user": {"type": "Bot"}}, {"user": {"type": "User"}}
OF_ISSUE = "/repos/example/shop/issues/12/comments"
NOTES = "/projects/5/merge_requests/12/notes"


@pytest.fixture(autouse=True)
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.md"
    path.write_text(REPORT)
    return path


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[Comments]:
    """GitHub's API, and the environment of a workflow."""
    for name in ("GITLAB_CI", "GH_REPO", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with comments(author=BOT) as kept:
        monkeypatch.setenv("GITHUB_API_URL", kept.address)
        monkeypatch.setenv("GITHUB_REPOSITORY", "example/shop")
        monkeypatch.setenv("GH_TOKEN", TOKEN)
        yield kept


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Comments]:
    """GitLab's API, and the environment of a job."""
    monkeypatch.setenv("GITLAB_CI", "true")
    with comments(author={"author": {"id": 7}}) as kept:
        monkeypatch.setenv("CI_API_V4_URL", kept.address)
        monkeypatch.setenv("CI_PROJECT_ID", "5")
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        yield kept


def test_writes_a_first_comment(github: Comments, report: Path) -> None:
    """Without a comment of an earlier run a new one is written."""
    github.entries = [
        {"id": 1, "body": REPORT, **PERSON},
        {"id": 2, "body": "a remark", **BOT},
        {"id": 3, "body": None, "user": None},
    ]
    assert main(["comment", "12", str(report)]) == 0
    assert github.entries[3:] == [{"id": 4, "body": REPORT, **BOT}]
    assert github.calls[-1] == ("POST", OF_ISSUE)


def test_updates_its_comment_in_place(github: Comments, report: Path) -> None:
    """The latest comment of an earlier run gets the new report, on any page, and no other comment is written."""
    old = f"{MARKER}\n<h2>Old</h2>"
    remarks = [{"id": number, "body": "a remark", **PERSON} for number in range(1, 151)]
    github.entries = [*remarks, {"id": 4711, "body": old, **BOT}, {"id": 4712, "body": old, **BOT}]
    assert main(["comment", "12", str(report)]) == 0
    assert [entry["body"] for entry in github.entries[150:]] == [old, REPORT]
    assert github.calls[-1] == ("PATCH", "/repos/example/shop/issues/comments/4712")


def test_does_not_write_the_same_comment_again(github: Comments, report: Path) -> None:
    """GitHub may have stored it with its own line breaks, and without the last one."""
    github.entries = [{"id": 4711, "body": REPORT.strip().replace("\n", "\r\n"), **BOT}]
    assert main(["comment", "12", str(report)]) == 0
    assert {method for method, _ in github.calls} == {"GET"}


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x"])
def test_what_is_no_number_of_a_pull_request_is_wrong_usage(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody asks GitHub for it."""
    with pytest.raises(SystemExit) as end:
        main(["comment", number, "report.md"])
    assert end.value.code == 2
    assert f"PULL_REQUEST: must be a whole number of at least 1. Given: '{number}'" in capsys.readouterr().err


def test_says_what_github_refused(github: Comments, report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error has the host's message, and not the token."""
    github.refusal = (403, "Resource not accessible by integration")
    assert main(["comment", "12", str(report)]) == 1
    assert capsys.readouterr().err == (
        f"error: GET {github.address}{OF_ISSUE}?per_page=100&page=1: 403 Forbidden "
        "(Resource not accessible by integration)\n"
    )


def test_says_that_no_server_answers(
    github: Comments, report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no traceback."""
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    assert main(["comment", "12", str(report)]) == 1
    assert capsys.readouterr().err.startswith(f"error: GET http://127.0.0.1:1{OF_ISSUE}?per_page=100&page=1: ")
    assert github.calls == []


@pytest.mark.usefixtures("github")
@pytest.mark.parametrize(
    ("unset", "names"),
    [("GITHUB_REPOSITORY", "GH_REPO or GITHUB_REPOSITORY"), ("GH_TOKEN", "GH_TOKEN or GITHUB_TOKEN")],
)
def test_names_a_variable_that_is_not_set(
    unset: str, names: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name is that of GitHub's command line."""
    monkeypatch.delenv(unset)
    assert main(["comment", "12", "report.md"]) == 1
    assert capsys.readouterr().err == f"error: the environment variable {names} must be set.\n"


def test_follows_no_redirection(github: Comments, report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would send the token elsewhere."""
    github.refusal = (301, "Moved Permanently")
    assert main(["comment", "12", str(report)]) == 1
    assert github.calls == [("GET", OF_ISSUE)]
    assert "301 Moved Permanently (Moved Permanently)" in capsys.readouterr().err


def test_refuses_a_file_that_is_no_report(github: Comments, report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file without the marker is not sent, since no later run would find its comment."""
    report.write_text("Plan diff\n")
    assert main(["comment", "12", str(report)]) == 1
    assert "report.md: is not a report in Markdown" in capsys.readouterr().err
    assert github.calls == []


@pytest.mark.usefixtures("github")
def test_names_a_missing_report_and_how_to_write_one(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has made no report learns how to make one."""
    report.unlink()
    assert main(["comment", "12", "report.md"]) == 1
    assert capsys.readouterr().err == (
        "error: report.md: no such report. `make plan-diff REPORT=report.md` writes one.\n"
    )


def test_writes_a_first_note_on_gitlab(gitlab: Comments, report: Path) -> None:
    """In GitLab's CI the report goes to the merge request."""
    assert main(["comment", "12", str(report)]) == 0
    assert gitlab.calls == [("GET", "/user"), ("GET", NOTES), ("POST", NOTES)]
    assert gitlab.entries == [{"id": 1, "body": REPORT, "author": {"id": 7}}]


def test_updates_the_latest_of_its_own_notes_on_gitlab(gitlab: Comments, report: Path) -> None:
    """A note of another user with the marker stays."""
    old = f"{MARKER}\nold"
    notes = [(5, 7, old), (9, 8, old), (6, 7, old), (8, 7, "a remark")]
    gitlab.entries = [{"id": number, "author": {"id": author}, "body": body} for number, author, body in notes]
    assert main(["comment", "--host", "gitlab", "12", str(report)]) == 0
    assert gitlab.calls[-1] == ("PUT", f"{NOTES}/6")
    assert gitlab.entries[-1] == {"id": 6, "author": {"id": 7}, "body": REPORT}
