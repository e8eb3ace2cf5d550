"""What a data source shows of a resource that it finds."""

from typing import Any

from product_import.stand_in.data.identifiers import Subject
from product_import.stand_in.data.known import Values
from product_import.stand_in.schema import Block

_PYTHON: dict[str, Any] = {"string": str, "number": (int, float), "bool": bool}
_BLANKS: dict[str, Any] = {"string": "", "number": 0, "bool": False, "map": {}}


def shown(source: Subject, block: Block, resource: Values) -> Values:
    """Return the computed attributes that the resource has under the same name, or one that means the same.

    `cluster_name` of a cluster is its `name`. What is null there is empty here, as the SDK has it.
    """
    values = {}
    for name, attribute in block.attributes.items():
        key = next((each for each in _names(source, name) if each in resource), None)
        if attribute.computed and key is not None:
            value = resource[key]
            values[name] = _blank(attribute.type) if value is None else _fitted(value, attribute.type)
    return {name: value for name, value in values.items() if value is not None}


def _names(source: Subject, name: str) -> tuple[str, ...]:
    if name == "tags":
        return ("tags_all", "tags")
    own = name.removeprefix(f"{source.type.removeprefix('aws_')}_").removeprefix(f"{source.noun}_")
    return (name,) if own == name else (name, own)


def _blank(kind: Any) -> Any:
    return _BLANKS.get(kind if isinstance(kind, str) else kind[0], [] if kind[0] != "object" else None)


def _fitted(value: Any, kind: Any) -> Any:
    """The value in another type, None where it does not fit."""
    if isinstance(kind, str):
        return value if isinstance(value, _PYTHON[kind]) else None
    collection, inner = kind
    if collection in ("list", "set"):
        items = [_fitted(item, inner) for item in value] if isinstance(value, list) else [None]
        return None if None in items else items
    if not isinstance(value, dict):
        return None
    if collection == "map":
        return value
    return {
        key: _fitted(value[key], item) if value.get(key) is not None else _blank(item) for key, item in inner.items()
    }
