"""Write changed values in the form that reports show, without secrets and cut to what differs."""

from typing import Any

from product_import.plan_diff.compare.comparison import WHOLE_IN_CHARACTERS
from product_import.plan_diff.compare.diff import Argument
from product_import.plan_diff.compare.excerpt import excerpts, shortened
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import SENSITIVE, Missing, Sensitive, notation


def argument(path: str, old: Any, new: Any, hidden: Secrets, *, forces_replacement: bool = False) -> Argument:
    """Return a changed leaf with both values as a report shows them."""
    path = hidden.hide(path)
    if isinstance(old, Sensitive) or isinstance(new, Sensitive):
        return Argument(path, *_sensitive(old, new), forces_replacement)
    if old is Missing.ABSENT:  # as most are where much is created
        return Argument(path, "", shortened(hidden.hide(notation(new))), forces_replacement)
    if new is Missing.UNKNOWN and len(notation(old)) > WHOLE_IN_CHARACTERS:
        old = Missing.ABSENT
    # The part of a secret that an excerpt leaves is not found as one.
    shown = excerpts(hidden.hide(notation(old)), hidden.hide(notation(new)))
    return Argument(path, *shown, forces_replacement)


def _sensitive(old: Any, new: Any) -> tuple[str, str]:
    """Return what may be said about a sensitive value; both sides are hidden, even if only one is marked."""
    old_value, new_value = (side.value if isinstance(side, Sensitive) else side for side in (old, new))
    if new_value is Missing.ABSENT:
        return SENSITIVE, ""
    if old_value is Missing.ABSENT:
        return "", SENSITIVE
    if new_value is Missing.UNKNOWN:
        return SENSITIVE, "(sensitive value, known after apply)"
    if old_value != new_value:
        return SENSITIVE, "(sensitive value, changed)"
    return SENSITIVE, "(sensitive value, only its mark changed)"


def without_secret(text: str, hidden: Secrets) -> str:
    """Return the text, or a placeholder if a secret is in it."""
    return SENSITIVE if hidden.occur_in(text) else text
