"""Describe what Terraform does to a resource where its arguments do not show it."""

from collections.abc import Collection, Iterator

from product_import.plan_diff.compare.comparison import Paths
from product_import.plan_diff.compare.diff import FORGOTTEN, Action, Argument
from product_import.plan_diff.compare.display import without_secret
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import notation
from product_import.plan_diff.read.plan import Change, Resource

# Terraform's action_reason, where the arguments do not tell it.
REASONS = {
    "replace_because_tainted": "it is tainted",
    "replace_by_request": "-replace names it",
    "replace_by_triggers": "replace_triggered_by asks for it",
    "delete_because_no_resource_config": "not in the configuration any more",
    "delete_because_enabled_false": "its `enabled` is false",  # OpenTofu
    "delete_because_no_module": "its module is not in the configuration any more",
    "delete_because_wrong_repetition": "count or for_each came or went",
    "delete_because_count_index": "beyond count",
    "delete_because_each_key": "its key is not in for_each any more",
    "delete_because_no_move_target": "moved to an address that is not in the configuration",
}
NOTHING = "nothing differs but the formatting of a document, the order of its elements, or null and an empty value"


def notes(
    resource: Resource, action: Action, arguments: Collection[Argument], forcing: tuple[str, ...], hidden: Secrets
) -> Iterator[tuple[str, str]]:
    """Yield sentences, each with the address, path or text at its end, or ""; `forcing` has the forcing paths."""
    change = resource.change
    if action is Action.UNKNOWN:
        yield in_words(change)
    if resource.previous_address:
        yield "its address was", resource.previous_address
    if change.importing:
        named = change.importing.id or (change.importing.identity and notation(change.importing.identity)) or ""
        yield ("it exists and is imported as" if named else "it exists and is imported"), without_secret(named, hidden)
    if change.generated_config:
        yield "Terraform wrote a configuration for it:", without_secret(change.generated_config, hidden)
    if resource.deposed:
        yield "an earlier replacement left it behind", ""
    if change.actions == ["create", "delete"]:
        yield "the new one is created before the old one is destroyed", ""
    if action is Action.REPLACE and "forget" in change.actions:
        yield FORGOTTEN
    if reason := REASONS.get(resource.action_reason):
        yield reason, ""
    if action is Action.UPDATE and not arguments:
        yield NOTHING, ""
    told = Paths(argument.path for argument in arguments if argument.forces_replacement) if forcing else Paths()
    for path in forcing:
        if not told.touch(path):
            yield "the replacement is forced by", path


def in_words(change: Change) -> tuple[str, str]:
    """Return the note on an action that plan-diff does not know."""
    return "in Terraform's words:", " and ".join(change.actions)
