"""Put a report on a pull request.

The report's first line, a comment that GitHub does not show, marks the comment that a later run brings up to date. It
goes through GitHub's command line `gh`, which takes the repository and the token from the environment.
"""

import json
import subprocess
from pathlib import Path

from product_import.errors import UserError


def comment(pull_request: int, report: Path) -> None:
    """Write the Markdown file `report` as a comment, over the one of an earlier run if there is one.

    Raises:
        UserError: the file is no report, or GitHub refused.
    """
    try:
        marker = report.read_text(encoding="utf-8").partition("\n")[0]
    except FileNotFoundError:
        raise UserError(f"{report}: no such report. `make plan-diff REPORT={report}` writes one.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{report}: is not a report in Markdown ({error})") from None
    if not marker.startswith("<!--"):
        raise UserError(f"{report}: is not a report in Markdown (its first line is no marker)")
    comments = f"repos/{{owner}}/{{repo}}/issues/{pull_request}/comments"
    # Anyone may write the marker, but only a workflow's comment is a bot's.
    ours = f'.[] | select(.user.type == "Bot" and (.body | startswith({json.dumps(marker)}))) | .id'
    known = _gh(comments, "--paginate", "--jq", ours).split()
    if known:
        _gh(f"repos/{{owner}}/{{repo}}/issues/comments/{known[0]}", "--method", "PATCH", "--field", f"body=@{report}")
    else:
        _gh(comments, "--method", "POST", "--field", f"body=@{report}")


def _gh(*arguments: str) -> str:
    try:
        run = subprocess.run(["gh", "api", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise UserError("GitHub's command line `gh` is not on the PATH.") from None
    if run.returncode:
        raise UserError(f"gh api {arguments[0]}: {run.stderr.strip()}")
    return run.stdout
