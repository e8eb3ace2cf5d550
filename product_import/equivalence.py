"""What the provider takes for the same document, so that a plan shows no change.

The rules hold for these versions of hashicorp/aws, by its CHANGELOG.md from 5.0.0 to 5.46.0:

- the order of `secrets` does not count from 5.37.0 on (#35792), that of containers from 5.39.0 on (#36029);
- all other rules were read in 5.46.0. No entry of the changelog introduces them, so from when they hold is not known.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

# Statements and values are tried with each other up to so many pairs. AWS takes no policy with more changed statements.
MOST_PAIRS = 2_500
# The members of a container that are lists, and of those the lists of objects.
_LISTS = frozenset(
    {
        *("command", "credentialspecs", "dependson", "dnssearchdomains", "dnsservers", "dockersecurityoptions"),
        *("entrypoint", "environment", "environmentfiles", "extrahosts", "links", "mountpoints", "portmappings"),
        *("resourcerequirements", "secrets", "systemcontrols", "ulimits", "volumesfrom"),
    }
)
# The members that are maps of a user's own keys.
_MAPS = frozenset({"dockerlabels", "options"})
# What a member is that is not there.
_CONTAINER = {"cpu": 0, "essential": True}
_HEALTH_CHECK = {"interval": 30, "retries": 3, "timeout": 5}
_ACCOUNT = re.compile(r"[0-9]{12}")
_ROOT = re.compile(r"arn:[^:]+:iam:[^:]*:([0-9]{12}):root")
canonical = json.JSONEncoder(sort_keys=True).encode
"""Write a value as JSON that does not depend on the order of members."""
Pair = tuple[Any, Any]


def same_json(before: str, after: str) -> bool:
    """As `SuppressEquivalentJSONDiffs` of internal/verify/json.go."""
    try:
        return bool(json.loads(before) == json.loads(after))
    except ValueError:
        return False


def same_containers(before: str, after: str, *, awsvpc: bool) -> bool:
    """As `containerDefinitionsAreEquivalent` of internal/service/ecs/task_definition_equivalency.go.

    Of containers, environment and secrets the order does not count; defaults and empty lists are as good as nothing.
    The provider drops a member that ECS does not have; here it is a difference.
    """
    try:
        return _containers(json.loads(before), awsvpc) == _containers(json.loads(after), awsvpc)
    except (AttributeError, TypeError, ValueError):
        return False


def differing_containers(before: Any, after: Any, *, awsvpc: bool) -> Pair:
    """Both lists of containers, alike in all that the provider takes for the same; other values come back unchanged.

    A default that only one side leaves out is filled in.
    """
    try:
        pair = _containers(before, awsvpc), _containers(after, awsvpc)
    except (AttributeError, TypeError):
        return before, after
    others = {_name(container): container for container in pair[1]}
    for container in pair[0]:
        other = others.get(_name(container), container)
        _fill_in(container, other, _CONTAINER)
        if "healthcheck" in container and "healthcheck" in other:
            _fill_in(container["healthcheck"], other["healthcheck"], _HEALTH_CHECK)
    spelling = {**_spelling(before), **_spelling(after)}
    return _spelled(pair[0], spelling), _spelled(pair[1], spelling)


def _containers(containers: Any, awsvpc: bool) -> list[dict[str, Any]]:
    return sorted((_container(_members(container), awsvpc) for container in containers), key=_name)


def _container(container: dict[str, Any], awsvpc: bool) -> dict[str, Any]:
    """Without what is as good as nothing."""
    for member in _LISTS & container.keys():
        container[member] = [item for item in container[member] if item != {}]
    for member in ("environment", "secrets"):
        container[member] = sorted(container.get(member, []), key=_name)
    if "healthcheck" in container:
        container["healthcheck"] = _without(container["healthcheck"], _HEALTH_CHECK)
    for mapping in container.get("portmappings", []):
        if mapping.get("protocol") == "tcp":
            del mapping["protocol"]
        if not mapping.get("hostport") or (awsvpc and mapping["hostport"] == mapping.get("containerport")):
            mapping.pop("hostport", None)
    return {name: value for name, value in _without(container, _CONTAINER).items() if name not in _LISTS or value}


def _without(members: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in defaults or value != defaults[name]}


def _fill_in(ours: dict[str, Any], theirs: dict[str, Any], defaults: Mapping[str, Any]) -> None:
    for name, value in defaults.items():
        if (name in ours) != (name in theirs):
            (theirs if name in ours else ours)[name] = value


def _members(value: Any) -> Any:
    """As Go decodes it: names of members in any case, null as good as nothing."""
    if isinstance(value, list):
        return [_members(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {name.lower(): inner for name, inner in value.items() if inner is not None}
    return {name: inner if name in _MAPS else _members(inner) for name, inner in members.items()}


def _spelling(value: Any) -> dict[str, str]:
    """The names of members at any depth, by what `_members` makes of them."""
    if isinstance(value, list):
        return {name: spelled for item in value for name, spelled in _spelling(item).items()}
    if not isinstance(value, dict):
        return {}
    inner = {n: s for name, item in value.items() if name.lower() not in _MAPS for n, s in _spelling(item).items()}
    return {**inner, **{name.lower(): name for name in value}}


def _spelled(value: Any, spelling: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_spelled(item, spelling) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        spelling.get(name, name): item if name in _MAPS else _spelled(item, spelling) for name, item in value.items()
    }


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("name", ""))


def same_policies(before: str, after: str) -> bool:
    """As `SuppressEquivalentPolicyDiffs` of internal/verify/json.go.

    That is `PoliciesAreEquivalent` of hashicorp/awspolicyequivalence, read as of 1.7. The order of statements and
    values does not count, one value is as good as a list of it.
    """
    try:
        ours, theirs = _policy(before), _policy(after)
        if ours == theirs:
            return True
        if any(ours.get(member, "") != theirs.get(member, "") for member in ("version", "id")):
            return False
        our_statements, their_statements = _statements(ours), _statements(theirs)
    except (AttributeError, TypeError, ValueError):
        return False
    return (
        len(our_statements) == len(their_statements)
        and all(any(_same_statement(our, their) for their in their_statements) for our in our_statements)
        and all(any(_same_statement(our, their) for our in our_statements) for their in their_statements)
    )


def differing_policies(before: Any, after: Any) -> Pair:
    """Both policies, alike in all that the provider takes for the same; other values come back unchanged.

    Of `before`, statements and values take the order and the form of `after`. Two principals that are texts count as
    different here: the provider overlooks such a change alone, and sends it with another one.
    """
    try:
        (ours, our_name), (theirs, their_name) = _statement_member(before), _statement_member(after)
        statements = _alike_statements(_listed(ours[our_name]), _listed(theirs[their_name]))
    except (AttributeError, KeyError, TypeError):
        return before, after
    return {**_without_member(ours, our_name), their_name: statements[0]}, {**theirs, their_name: statements[1]}


def _statement_member(policy: Any) -> tuple[Mapping[str, Any], str]:
    return policy, next((name for name in policy if name.lower() == "statement"), "")


def _without_member(members: Mapping[str, Any], without: str) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name != without}


def _alike_statements(ours: list[Any], theirs: list[Any]) -> Pair:
    pairs = _pairs(ours, theirs, (_same_plain_statement, _same_named))
    alike = [pair if None in pair or pair[0] == pair[1] else _alike_statement(*pair) for pair in pairs]
    return [our for our, _ in alike if our is not None], [their for _, their in alike if their is not None]


def _pairs(ours: list[Any], theirs: list[Any], tests: tuple[Callable[[Any, Any], bool], ...]) -> list[Pair]:
    """Each of `theirs` with one of `ours`: an equal one, else that for which the first test holds, else the next.

    What is left over is paired in its order; None stands where none is left.
    """
    # Most are equal and in the same place. To Python, 1 equals true, but they are not written in the same way.
    both = enumerate(zip(ours, theirs, strict=False))
    found: dict[int, Any] = {place: our for place, (our, their) in both if our == their and repr(our) == repr(their)}
    taken = set(found)
    equal: dict[str, list[int]] = {}
    for index, our in reversed(list(enumerate(ours))):
        if index not in taken:
            equal.setdefault(canonical(our), []).append(index)
    for place, their in enumerate(theirs):
        if place not in found and (indexes := equal.get(canonical(their))):
            taken.add(indexes[-1])
            found[place] = ours[indexes.pop()]
    left = [our for index, our in enumerate(ours) if index not in taken]
    # The last two are a pair whatever the tests say.
    tested = 1 < len(left) * (len(theirs) - len(found)) <= MOST_PAIRS
    for test in (*(tests if tested else ()), lambda *_: True):
        for place, their in enumerate(theirs):
            index = None if place in found else next((i for i, our in enumerate(left) if test(our, their)), None)
            if index is not None:
                found[place] = left.pop(index)
    return [*((found.get(place), their) for place, their in enumerate(theirs)), *((our, None) for our in left)]


def _same_named(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    sids = [{name.lower(): value for name, value in statement.items()}.get("sid") for statement in (ours, theirs)]
    return bool(sids[0]) and sids[0] == sids[1]


def _same_plain_statement(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    our, their = _alike_statement(ours, theirs)
    return bool(our == their)


def _alike_statement(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Pair:
    names = {name.lower(): name for name in (*ours, *theirs)}
    first, second = ({name.lower(): value for name, value in side.items()} for side in (ours, theirs))
    for member, same in _STATEMENT.items():
        pair = first.get(member), second.get(member)
        if _holds(same, *pair) and not all(isinstance(value, str) and "principal" in member for value in pair):
            for side in (first, second):
                side.pop(member, None)
            if pair[1] is not None:
                first[member] = second[member] = pair[1]
        elif member in first and member in second:
            first[member], second[member] = _alike_values(*pair)
    return (
        {names[name]: value for name, value in first.items()},
        {names[name]: value for name, value in second.items()},
    )


def _holds(same: Callable[[Any, Any], bool], ours: Any, theirs: Any) -> bool:
    """Whether they are the same by a test that is made for values of JSON alone."""
    try:
        return same(ours, theirs)
    except (AttributeError, TypeError):
        return False


def _alike_values(ours: Any, theirs: Any) -> Pair:
    """One value as a list of it, and a list in the order of the other one."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        both = {name: _alike_values(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()}
        return (
            {name: both[name][0] if name in both else value for name, value in ours.items()},
            {name: both[name][1] if name in both else value for name, value in theirs.items()},
        )
    if not isinstance(ours, list) and not isinstance(theirs, list):
        return ours, theirs
    ours, theirs = _listed(ours), _listed(theirs)
    pairs = _pairs(ours, theirs, (lambda our, their: bool(our == their),))
    return [our for our, _ in pairs if our is not None], theirs


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _policy(text: str) -> dict[str, Any]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()
    return {name.lower(): value for name, value in json.loads(text or "{}").items()}


def _statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = policy.get("statement") or []
    return [
        {name.lower(): value for name, value in statement.items()}
        for statement in (found if isinstance(found, list) else [found])
    ]


def _same_statement(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return all(same(ours.get(member), theirs.get(member)) for member, same in _STATEMENT.items())


def _same_sids(ours: Any, theirs: Any) -> bool:
    return bool((ours or "") == (theirs or ""))


def _same_effects(ours: Any, theirs: Any) -> bool:
    return bool((ours or "").lower() == (theirs or "").lower())


def _same_values(ours: Any, theirs: Any) -> bool:
    return sorted(_strings(ours)) == sorted(_strings(theirs))


def _same_conditions(ours: Any, theirs: Any) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    first, second = (
        {
            (operator, key): (len(strings := _strings(value)), set(strings))
            for operator, inner in conditions.items()
            for key, value in inner.items()
        }
        for conditions in (ours, theirs)
    )
    return first == second


def _same_principals(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) and isinstance(theirs, str):
        # The provider goes on to compare two strings as two maps without a key, which are always the same.
        return True
    first, second = (
        {kind: strings for kind, value in principals.items() if (strings := _strings(value))}
        if isinstance(principals, dict)
        else {}
        for principals in (ours, theirs)
    )
    return first.keys() == second.keys() and all(
        len(first[kind]) == len(second[kind])
        and all(any(_same_principal(our, their) for their in second[kind]) for our in first[kind])
        and all(any(_same_principal(our, their) for our in first[kind]) for their in second[kind])
        for kind in first
    )


def _same_principal(ours: str, theirs: str) -> bool:
    """AWS writes the ARN of an account's root for the account's number."""
    numbers = [match[1] if (match := _ROOT.fullmatch(principal)) else principal for principal in (ours, theirs)]
    return ours == theirs or (numbers[0] == numbers[1] and any(_ACCOUNT.fullmatch(name) for name in (ours, theirs)))


def _strings(value: Any) -> list[str]:
    """One value or a list of them, each as text; JSON's own words for numbers and booleans."""
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else json.dumps(item) for item in values]


_STATEMENT: Mapping[str, Callable[[Any, Any], bool]] = {
    "sid": _same_sids,
    "effect": _same_effects,
    **dict.fromkeys(("action", "notaction", "resource", "notresource"), _same_values),
    "condition": _same_conditions,
    "principal": _same_principals,
    "notprincipal": _same_principals,
}
