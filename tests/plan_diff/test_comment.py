"""The comment on a pull request, with a program in the place of GitHub's command line that records its calls."""

import json
from pathlib import Path

from product_import.command_line import main
from tests.project import write_program

import pytest

REPORT = "<!-- product-import plan diff -->\n<h2>Plan diff</h2>\n"


def command_line(folder: Path, name: str, answers: str, answer: str) -> None:
    """Put a host's command line into a folder: it answers as told and writes its arguments to `calls`, one list a line.

    Args:
        folder: where it lies, with a report and with what it reads.
        name: of the program.
        answers: lines of Python that answer.
        answer: the content of the file `answer`.
    """
    write_program(
        folder / name,
        "import json, pathlib, sys\n"
        "folder = pathlib.Path(__file__).parent\n"
        "with (folder / 'calls').open('a') as calls: print(json.dumps(sys.argv[1:]), file=calls)\n" + answers,
    )
    (folder / "answer").write_text(answer)
    (folder / "report.md").write_text(REPORT)


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a `gh` that answers with the file `answer`, or refuses with the file `refusal`."""
    answers = (
        "if (folder / 'refusal').exists(): sys.exit((folder / 'refusal').read_text())\n"
        "if '--jq' in sys.argv: print((folder / 'answer').read_text(), end='')\n"
    )
    command_line(tmp_path, "gh", answers, answer="")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GITLAB_CI", raising=False)
    return tmp_path


def calls(folder: Path) -> list[list[str]]:
    return [json.loads(line) for line in (folder / "calls").read_text().splitlines()]


def test_writes_a_first_comment(gh: Path) -> None:
    """Without a comment of an earlier run a new one is written."""
    report = gh / "report.md"
    assert main(["comment", "12", str(report)]) == 0
    search, write = calls(gh)
    assert search == [
        "api",
        "repos/{owner}/{repo}/issues/12/comments",
        "--paginate",
        "--jq",
        '.[] | select(.user.type == "Bot" and (.body | startswith("<!-- product-import plan diff -->"))) | {id, body}',
    ]
    assert write == [
        "api", "repos/{owner}/{repo}/issues/12/comments", "--method", "POST", "--field", f"body=@{report}",
    ]  # fmt: skip


def test_updates_its_comment_in_place(gh: Path) -> None:
    """The latest comment of an earlier run gets the new report, and no other one is written."""
    old = "<!-- product-import plan diff -->\n<h2>Old</h2>"
    (gh / "answer").write_text("".join(json.dumps({"id": number, "body": old}) + "\n" for number in (4711, 4712)))
    report = gh / "report.md"
    assert main(["comment", "12", str(report)]) == 0
    assert calls(gh)[1:] == [
        ["api", "repos/{owner}/{repo}/issues/comments/4712", "--method", "PATCH", "--field", f"body=@{report}"]
    ]


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x"])
def test_what_is_no_number_of_a_pull_request_is_wrong_usage(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody asks GitHub for it."""
    with pytest.raises(SystemExit) as end:
        main(["comment", number, "report.md"])
    assert end.value.code == 2
    assert f"PULL_REQUEST: must be a whole number of at least 1. Given: '{number}'" in capsys.readouterr().err


def test_says_what_github_refused(gh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What GitHub's command line says on a failure is passed on."""
    (gh / "refusal").write_text("Resource not accessible by integration (HTTP 403)")
    assert main(["comment", "12", str(gh / "report.md")]) == 1
    assert capsys.readouterr().err == (
        "error: gh api repos/{owner}/{repo}/issues/12/comments: Resource not accessible by integration (HTTP 403)\n"
    )


def test_refuses_a_file_that_is_no_report(gh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file without the marker is not sent, since no later run would find its comment."""
    (gh / "report.md").write_text("Plan diff\n")
    assert main(["comment", "12", str(gh / "report.md")]) == 1
    assert "report.md: is not a report in Markdown" in capsys.readouterr().err
    assert not (gh / "calls").exists()


def test_a_report_that_is_not_there_is_named_with_the_remedy(gh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has made no report learns how to make one."""
    (gh / "report.md").unlink()
    assert main(["comment", "12", "report.md"]) == 1
    assert capsys.readouterr().err == (
        "error: report.md: no such report. `make plan-diff REPORT=report.md` writes one.\n"
    )


def test_without_githubs_command_line_it_is_named(gh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not as an unexpected error."""
    (gh / "gh").unlink()
    assert main(["comment", "12", str(gh / "report.md")]) == 1
    assert capsys.readouterr().err == "error: GitHub's command line `gh` is not on the PATH.\n"


def test_leaves_a_comment_alone_that_says_the_same(gh: Path) -> None:
    """GitHub may have stored it with its own line breaks, and without the last one."""
    same = REPORT.strip().replace("\n", "\r\n")
    (gh / "answer").write_text(json.dumps({"id": 4711, "body": same}) + "\n")
    assert main(["comment", "12", str(gh / "report.md")]) == 0
    assert len(calls(gh)) == 1


@pytest.fixture
def glab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a `glab` that answers with the pages of notes in the file `answer`."""
    answers = (
        "if sys.argv[2] == 'user': print('{\"id\": 7}')\n"
        "elif '--paginate' in sys.argv: print((folder / 'answer').read_text(), end='')\n"
    )
    command_line(tmp_path, "glab", answers, answer="[]")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GITLAB_CI", "true")
    return tmp_path


def note(number: int, author: int, body: str) -> dict[str, object]:
    return {"id": number, "author": {"id": author}, "body": body}


def test_writes_a_first_note_on_gitlab(glab: Path) -> None:
    """In GitLab's CI the report goes to the merge request."""
    report = glab / "report.md"
    assert main(["comment", "12", str(report)]) == 0
    assert calls(glab) == [
        ["api", "user"],
        ["api", "projects/:id/merge_requests/12/notes?per_page=100", "--paginate"],
        ["api", "projects/:id/merge_requests/12/notes", "--method", "POST", "--field", f"body=@{report}"],
    ]


def test_updates_the_latest_of_its_own_notes_on_gitlab(glab: Path) -> None:
    """Somebody else's note with the marker is not ours, and pages follow each other without a break."""
    old = "<!-- product-import plan diff -->\nold"
    pages = [[note(5, 7, old), note(9, 8, old)], [note(6, 7, old), note(8, 7, "a remark")]]
    (glab / "answer").write_text("".join(map(json.dumps, pages)))
    report = glab / "report.md"
    assert main(["comment", "--host", "gitlab", "12", str(report)]) == 0
    assert calls(glab)[2:] == [
        ["api", "projects/:id/merge_requests/12/notes/6", "--method", "PUT", "--field", f"body=@{report}"]
    ]
