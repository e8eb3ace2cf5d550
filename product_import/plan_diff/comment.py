"""Put a report on a pull request: `python -m product_import.plan_diff.comment PULL_REQUEST REPORT`.

The report's first line, a comment that GitHub does not show, marks the comment that a later run brings up to date. It
goes through GitHub's command line `gh`, which takes the repository and the token from the environment.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path


class CommentError(Exception):
    """The comment could not be written; the text says why."""


def comment(pull_request: int, report: Path) -> None:
    """Write the Markdown file `report` as a comment, over the one of an earlier run if there is one.

    Raises:
        CommentError: the file is no report, or GitHub refused.
    """
    marker = report.read_text(encoding="utf-8").partition("\n")[0]
    if not marker.startswith("<!--"):
        raise CommentError(f"{report}: is not a report in Markdown (its first line is no marker)")
    comments = f"repos/{{owner}}/{{repo}}/issues/{pull_request}/comments"
    # Anyone may write the marker, but only a workflow's comment is a bot's.
    ours = f'.[] | select(.user.type == "Bot" and (.body | startswith({json.dumps(marker)}))) | .id'
    known = _gh(comments, "--paginate", "--jq", ours).split()
    if known:
        _gh(f"repos/{{owner}}/{{repo}}/issues/comments/{known[0]}", "--method", "PATCH", "--field", f"body=@{report}")
    else:
        _gh(comments, "--method", "POST", "--field", f"body=@{report}")


def _gh(*arguments: str) -> str:
    run = subprocess.run(["gh", "api", *arguments], capture_output=True, text=True, check=False)
    if run.returncode:
        raise CommentError(f"gh api {arguments[0]}: {run.stderr.strip()}")
    return run.stdout


def main(arguments: list[str]) -> int:
    """Write the comment that the arguments name, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m product_import.plan_diff.comment", description="Put a report on a pull request."
    )
    parser.add_argument("pull_request", metavar="PULL_REQUEST", type=int, help="its number")
    parser.add_argument("report", metavar="REPORT", type=Path, help="a report in Markdown")
    options = parser.parse_args(arguments)
    try:
        comment(options.pull_request, options.report)
    except (OSError, CommentError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
