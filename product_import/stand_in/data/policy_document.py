"""aws_iam_policy_document: its JSON, merged and ordered as the provider does.

Source: iam/policy_document_data_source.go and iam/policy_model.go below internal/service/ of the provider, which no
release since 5.46 changed in what is done here. The order of a set is that of helper/schema/serialize.go of the SDK.
"""

import json
import re
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values

_KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")
_OLD = "2008-10-17"
_VERSIONS = (_OLD, "2012-10-17")
_WRITING = "writing IAM Policy Document"


def _read(asked: Asked) -> Values:
    config = asked.config
    version = config["version"] or "2012-10-17"
    if version not in _VERSIONS:
        raise ValueError(f'expected version to be one of ["{_OLD}" "2012-10-17"], got {version}')
    merged: Values = {"Version": "", "Id": "", "Statement": []}
    sids: set[str] = set()
    for index, document in _documents(config["source_policy_documents"], "source"):
        for position, statement in enumerate(document["Statement"]):
            sid = statement.get("Sid", "")
            if sid and sid in sids:
                raise ValueError(
                    f"{_WRITING}: merging source document {index}: duplicate Sid ({sid}) in source_policy_documents "
                    f"(statement {position}). Remove the Sid or ensure Sids are unique."
                )
            sids.add(sid)
        _merge(merged, document)
    own = [_statement(item, version) for item in config["statement"] or []]
    _refuse_same_sids(own)
    _merge(merged, {"Version": version, "Id": config["policy_id"] or "", "Statement": own})
    for _, document in _documents(config["override_policy_documents"], "override"):
        _merge(merged, document)
    document = {key: value for key, value in merged.items() if value}
    text = _escaped(json.dumps(document, indent=2, ensure_ascii=False))
    return {
        "id": str(crc32(text.encode())),
        "json": text,
        "minified_json": _escaped(json.dumps(document, separators=(",", ":"), ensure_ascii=False)),
        "version": version,
    }


def _merge(merged: Values, document: Values) -> None:
    """As `Merge`: a statement takes the place of one with its Sid."""
    merged["Id"] = document["Id"] or merged["Id"]
    merged["Version"] = max(merged["Version"], document["Version"])
    for statement in document["Statement"]:
        sid = statement.get("Sid")
        there = [number for number, before in enumerate(merged["Statement"]) if sid and before.get("Sid") == sid]
        if there:
            merged["Statement"][there[0]] = statement
        else:
            merged["Statement"].append(statement)


def _statement(item: Values, version: str) -> Values:
    """A `statement` block, without what is empty, in the order of the keys."""
    values = {
        "Sid": item["sid"],
        "Effect": item["effect"] or "Allow",
        "Action": _strings(item["actions"]),
        "NotAction": _strings(item["not_actions"]),
        "Resource": _replaced(_strings(item["resources"]), version, "resources"),
        "NotResource": _replaced(_strings(item["not_resources"]), version, "not_resources"),
        "Principal": _principals(_given_principals(item["principals"], version, "principals")),
        "NotPrincipal": _principals(_given_principals(item["not_principals"], version, "not_principals")),
        "Condition": _conditions(
            (each["test"], each["variable"], _replaced([value or "" for value in each["values"]], version, "condition"))
            for each in _in_order(item["condition"], ("test", "values", "variable"))
        ),
    }
    return {key: value for key, value in values.items() if value}


def _refuse_same_sids(statements: list[Values]) -> None:
    sids = [statement["Sid"] for statement in statements if "Sid" in statement]
    for number, sid in enumerate(sids):
        if sid in sids[:number]:
            raise ValueError(f"{_WRITING}: duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique.")


def _strings(values: list[str] | None) -> str | list[str]:
    """As `policyDecodeConfigStringList`: one is no list, and several are in descending order."""
    values = values or []
    return values[0] if len(values) == 1 else sorted(values, reverse=True, key=str.encode)


def _replaced(values: Any, version: str, argument: str) -> Any:
    """As `dataSourcePolicyDocumentReplaceVarsInList`: `&{` stands for what Terraform would take for its own."""
    if isinstance(values, list):
        return [_replaced(value, version, argument) for value in values]
    if version == _OLD and "&{" in values:
        raise ValueError(
            f"{_WRITING}: reading {argument}: found &{{ sequence in ({values}), which is not supported in document "
            f"version {_OLD}"
        )
    return values.replace("&{", "${")


def _given_principals(blocks: list[Values] | None, version: str, argument: str) -> list[tuple[str, Any]]:
    ordered = _in_order(blocks, ("identifiers", "type"))
    return [(each["type"], _replaced(_strings(each["identifiers"]), version, argument)) for each in ordered]


def _principals(principals: Iterable[tuple[str, Any]]) -> Any:
    """As `MarshalJSON` of the principals."""
    principals = list(principals)
    if principals in ([("*", "*")], [("*", ["*"])]):
        return "*"
    found: dict[str, Any] = {}
    for kind, identifiers in principals:
        before = found.get(kind)
        if isinstance(identifiers, str):
            found[kind] = identifiers if before is None else [*_listed(before), identifiers]
        else:
            found[kind] = [*_listed(before), *sorted(identifiers, reverse=True, key=str.encode)]
    return dict(sorted(found.items()))


def _conditions(conditions: Iterable[tuple[str, str, Any]]) -> Any:
    """As `MarshalJSON` of the conditions: their values keep their order, and one is no list."""
    found: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in conditions:
        found.setdefault(test, {}).setdefault(variable, []).extend(_listed(values))
    return {
        test: {name: values[0] if len(values) == 1 else values for name, values in sorted(variables.items())}
        for test, variables in sorted(found.items())
    }


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _documents(texts: list[str | None] | None, kind: str) -> Iterable[tuple[int, Values]]:
    for index, text in enumerate(texts or []):
        if text:
            try:
                yield index, _document(json.loads(text))
            except ValueError as error:
                raise ValueError(f"{_WRITING}: merging {kind} document {index}: {error}") from None


def _document(given: Any) -> Values:
    """A document as the provider understands it: what it does not know is dropped, and a list of one stays a list."""
    if not isinstance(given, dict):
        raise ValueError(f"a policy is an object. Given: {json.dumps(given)}")  # noqa: TRY004, as the others
    given = _known_keys(given, ("Version", "Id", "Statement"))
    statements = given.get("Statement") or []
    if not isinstance(statements, list):
        raise ValueError("json: cannot unmarshal object into Go struct field IAMPolicyDoc.Statement")  # noqa: TRY004
    return {
        "Version": given.get("Version") or "",
        "Id": given.get("Id") or "",
        "Statement": [_read_statement(each) for each in statements],
    }


def _read_statement(given: Values) -> Values:
    given = _known_keys(given, _KEYS)
    for key in ("Principal", "NotPrincipal"):
        principals = given.get(key)
        if isinstance(principals, str):
            given[key] = "*"
        elif principals is not None:
            given[key] = _principals(sorted(principals.items()))
    if given.get("Condition") is not None:
        given["Condition"] = _conditions(
            (test, variable, str(values).lower() if isinstance(values, bool) else values)
            for test, variables in given["Condition"].items()
            for variable, values in variables.items()
            if isinstance(values, (bool, str, list))
        )
    return {key: given[key] for key in _KEYS if given.get(key) not in (None, "", {})}


def _known_keys(given: Values, keys: tuple[str, ...]) -> Values:
    """Go's decoder does not tell upper case from lower case."""
    known = {key.lower(): key for key in keys}
    return {known[key.lower()]: value for key, value in given.items() if key.lower() in known}


def _escaped(text: str) -> str:
    """As Go's encoder, which escapes what HTML knows."""
    return re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _in_order(blocks: list[Values] | None, keys: tuple[str, ...]) -> list[Values]:
    """The blocks of a set in the SDK's order."""
    return sorted(
        blocks or [], key=lambda block: _code("".join(f"{key}:{_serialized(key, block[key])}" for key in keys))
    )


def _serialized(key: str, value: Any) -> str:
    if isinstance(value, str):
        return f"{value};"
    items = [f"{item or ''};" for item in value]
    # `identifiers` is a set, `values` a list.
    return f"{{{''.join(sorted(items, key=_code))}}};" if key == "identifiers" else f"({''.join(items)});"


def _code(serialized: str) -> str:
    """The key of an item in a set, by which it is sorted: a text."""
    return str(crc32(serialized.encode()))


EXACT = {"aws_iam_policy_document": _read}
