"""Terraform's expressions, compiled to Python.

Written by hand although python-hcl2 parses them too: that one takes 0.2 s in each process and 2 s in the first, and
`make synth` evaluates the module for the README's costs. Syntax that is not known here is refused with its text.
"""

import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NoReturn

from product_import.configuration.functions import call
from product_import.configuration.values import Expression, ExpressionError, Scope, is_unknown, text_of

_BLANK = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t\r]*(?:(?:#|//)[^\n]*)?(?:\n|\Z)")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
# The weakest first.
_OPERATORS: tuple[Mapping[str, Callable[[Any, Any], Any]], ...] = (
    {"||": lambda left, right: left or right},
    {"&&": lambda left, right: left and right},
    {"==": operator.eq, "!=": operator.ne},
    {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv, "%": operator.mod},
)
_LEVELS = {mark: level for level, marks in enumerate(_OPERATORS) for mark in marks}
# The longer ones first, of which a shorter one may be the beginning.
_MARK = re.compile("|".join(map(re.escape, sorted(_LEVELS, key=len, reverse=True))))


@cache
def template(text: str) -> Expression:
    """A string of Terraform's JSON: text, or one expression that keeps its type, or both mixed.

    Raises:
        ExpressionError: a syntax that is not known.
    """
    parser = _Parser(text)
    return parser.template("")


def arguments(text: str) -> dict[str, Expression]:
    """The arguments of a .tfvars file.

    Raises:
        ExpressionError: a syntax that is not known.
    """
    parser = _Parser(text)
    found = {}
    while not parser.at_end():
        name = parser.name()
        parser.expect("=")
        if parser.at_end_of_line():
            raise ExpressionError(f"{name} has no value: write null where it is to have none")
        if name in found:
            raise ExpressionError(f"{name} has two values: leave one out")
        found[name] = parser.expression()
    return found


class _Bound:
    """A scope with the names of a loop in front."""

    def __init__(self, outer: Scope, names: Mapping[str, Any]) -> None:
        self._outer, self._names = outer, names
        self.variable, self.local, self.attribute = outer.variable, outer.local, outer.attribute

    def symbol(self, name: str) -> Any:
        return self._names[name] if name in self._names else self._outer.symbol(name)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    # The text

    def at_end(self) -> bool:
        self._skip()
        return self._at == len(self._text)

    def at_end_of_line(self) -> bool:
        return _REST_OF_LINE.match(self._text, self._at) is not None

    def name(self) -> str:
        self._skip()
        match = _NAME.match(self._text, self._at)
        if match is None:
            self._refuse()
        self._at = match.end()
        return match[0]

    def expect(self, mark: str) -> None:
        if not self._take(mark):
            self._refuse(f"{mark} is missing")

    def _skip(self) -> None:
        match = _BLANK.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def _ahead(self, mark: str) -> bool:
        self._skip()
        return self._text.startswith(mark, self._at)

    def _take(self, mark: str) -> bool:
        if not self._ahead(mark):
            return False
        self._at += len(mark)
        return True

    def _refuse(self, why: str = "not known here") -> NoReturn:
        line = self._text.count("\n", 0, self._at) + 1
        place = f"line {line}: " if "\n" in self._text else ""
        rest = self._text[self._at : self._at + 40].partition("\n")[0]
        raise ExpressionError(f"{place}{why}: {repr(rest) if rest else 'the end of the text'}")

    # Expressions

    def expression(self) -> Expression:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        then = self.expression()
        self.expect(":")
        otherwise = self.expression()

        def choose(scope: Scope) -> Any:
            value = condition(scope)
            return value if is_unknown(value) else then(scope) if _boolean(value) else otherwise(scope)

        return choose

    def _binary(self, lowest: int) -> Expression:
        """Operands and operators of a level, or of one that binds closer."""
        left = self._unary()
        while (found := self._operator()) and found[1] >= lowest:
            mark, level = found
            self._at += len(mark)
            left = _applied(_OPERATORS[level][mark], left, self._binary(level + 1))
        return left

    def _operator(self) -> tuple[str, int] | None:
        """The operator that is next, and its level."""
        self._skip()
        match = _MARK.match(self._text, self._at)
        return (match[0], _LEVELS[match[0]]) if match else None

    def _unary(self) -> Expression:
        if self._take("!"):
            negated = self._unary()
            return lambda scope: value if is_unknown(value := negated(scope)) else not _boolean(value)
        if self._take("-"):
            number = self._unary()
            return lambda scope: value if is_unknown(value := number(scope)) else -value
        return self._postfix(self._primary())

    def _postfix(self, value: Expression) -> Expression:
        while True:
            if self._ahead(".") and not self._ahead("..."):
                self._at += 1
                value = _indexed(value, self._key())
            elif self._take("["):
                if self._ahead("*"):
                    self._refuse()
                index = self.expression()
                self.expect("]")
                value = _indexed(value, index)
            else:
                return value

    def _key(self) -> Expression:
        if self._ahead("*"):
            self._refuse()
        match = _NUMBER.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
            index = int(match[0])
            return lambda _: index
        name = self.name()
        return lambda _: name

    def _primary(self) -> Expression:
        if self._take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self._take('"'):
            return self.template('"')
        if self._take("["):
            return self._loop("]") if self._loop_ahead() else self._list()
        if self._take("{"):
            return self._loop("}") if self._loop_ahead() else self._object()
        match = _NUMBER.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
            number = float(match[0]) if set(match[0]) & set(".eE") else int(match[0])
            return lambda _: number
        return self._named()

    def _named(self) -> Expression:
        name = self.name()
        if name in _LITERALS:
            return lambda _: _LITERALS[name]
        if self._take("("):
            return _call(name, self._items(")"))
        if name in ("var", "local"):
            self.expect(".")
            key = self.name()
            return (lambda scope: scope.variable(key)) if name == "var" else (lambda scope: scope.local(key))
        if "_" in name and self._ahead("."):
            return self._attribute(name)

        def symbol(scope: Scope) -> Any:
            try:
                return scope.symbol(name)
            except KeyError:
                raise ExpressionError(f"{name} is not known here.") from None

        return symbol

    def _attribute(self, resource_type: str) -> Expression:
        """An attribute of a resource, or of a dynamic block's iterator: `metric_query.value.name` looks the same."""
        self.expect(".")
        name = self.name()
        if not self._ahead(".") and not self._ahead("["):
            return _indexed(lambda scope: scope.symbol(resource_type), lambda _: name)
        if self._take("["):  # the instance of a resource that there may be once
            self.expect("0")
            self.expect("]")
        self.expect(".")
        attribute = self.name()

        def value(scope: Scope) -> Any:
            try:
                bound = scope.symbol(resource_type)
            except KeyError:
                return scope.attribute(resource_type, name, attribute)
            return bound[name][attribute]

        return value

    def _items(self, end: str) -> list[Expression]:
        items = []
        while not self._take(end):
            items.append(self.expression())
            if not self._take(","):
                self.expect(end)
                break
        return items

    def _list(self) -> Expression:
        items = self._items("]")
        return lambda scope: [item(scope) for item in items]

    def _object(self) -> Expression:
        pairs = []
        while not self._take("}"):
            key = self._object_key()
            if not self._take("="):
                self.expect(":")
            pairs.append((key, self.expression()))
            self._take(",")
        return lambda scope: {text_of(key(scope)): value(scope) for key, value in pairs}

    def _object_key(self) -> Expression:
        self._skip()
        if self._take("("):
            key = self.expression()
            self.expect(")")
            return key
        match = re.compile(r"([A-Za-z_][\w-]*)\s*[=:](?!=)").match(self._text, self._at)
        if match is None:
            return self.expression()
        self._at += len(match[1])
        name = match[1]
        return lambda _: name

    def _loop_ahead(self) -> bool:
        self._skip()
        return re.compile(r"for\s").match(self._text, self._at) is not None

    def _loop(self, end: str) -> Expression:
        self.name()
        names = [self.name()]
        if self._take(","):
            names.append(self.name())
        if self.name() != "in":
            self._refuse("`in` is missing before")
        source = self.expression()
        self.expect(":")
        key = self.expression()
        value = key
        if end == "}":
            self.expect("=>")
            value = self.expression()
        condition: Expression | None = None
        if self._ahead("if"):
            self.name()
            condition = self.expression()
        self.expect(end)

        def loop(scope: Scope) -> Any:
            given = source(scope)
            if is_unknown(given):
                return given
            pairs = list(given.items()) if isinstance(given, Mapping) else list(enumerate(given))
            scopes = [
                _Bound(scope, dict(zip(names, pair if len(names) > 1 else pair[1:], strict=True))) for pair in pairs
            ]
            kept = [each for each in scopes if condition is None or _boolean(condition(each))]
            if end == "}":
                return {text_of(key(each)): value(each) for each in kept}
            return [value(each) for each in kept]

        return loop

    def template(self, end: str) -> Expression:
        """Text with expressions in it, up to the quote or to the end of all."""
        parts: list[str | Expression] = []
        plain = ""
        while not (self._text.startswith(end, self._at) if end else self._at == len(self._text)):
            two = self._text[self._at : self._at + 2]
            if self._at == len(self._text):
                self._refuse("a quote is missing")
            if self._text[self._at : self._at + 3] in ("$${", "%%{"):
                plain, self._at = plain + self._text[self._at + 1 : self._at + 3], self._at + 3
            elif two == "%{":
                self._refuse()
            elif two == "${":
                self._at += 2
                parts += [plain, self.expression()]
                plain = ""
                self.expect("}")
            elif end and two[0] == "\\":
                if two[1:] not in _ESCAPES:
                    self._refuse()
                plain, self._at = plain + _ESCAPES[two[1]], self._at + 2
            else:
                plain, self._at = plain + two[0], self._at + 1
        self._at += len(end)
        return _joined([part for part in [*parts, plain] if part != ""])


def _joined(parts: list[str | Expression]) -> Expression:
    if len(parts) == 1 and callable(parts[0]):
        return parts[0]

    def join(scope: Scope) -> Any:
        values = [part(scope) if callable(part) else part for part in parts]
        unknown = next(filter(is_unknown, values), None)
        return unknown if unknown is not None else "".join(map(text_of, values))

    return join


def _applied(function: Callable[[Any, Any], Any], left: Expression, right: Expression) -> Expression:
    def apply(scope: Scope) -> Any:
        values = left(scope), right(scope)
        unknown = next(filter(is_unknown, values), None)
        if unknown is not None:
            return unknown
        try:
            return _whole(function(*values))
        except (TypeError, ZeroDivisionError) as error:
            raise ExpressionError(f"{values[0]!r:.60} and {values[1]!r:.60}: {error}") from None

    return apply


def _call(name: str, items: list[Expression]) -> Expression:
    # These two look at what fails.
    if name == "can":
        return lambda scope: _attempt(items[0], scope)[0]
    if name == "try":
        return lambda scope: _first(items, scope)
    return lambda scope: _whole(call(name, [item(scope) for item in items]))


def _attempt(item: Expression, scope: Scope) -> tuple[bool, Any]:
    try:
        return True, item(scope)
    except ExpressionError as error:
        if "not known here" in str(error):  # a limit of ours, which Terraform does not have
            raise
        return False, error


def _first(items: list[Expression], scope: Scope) -> Any:
    for item in items:
        worked, value = _attempt(item, scope)
        if worked:
            return value
    raise value


def _indexed(value: Expression, index: Expression) -> Expression:
    def get(scope: Scope) -> Any:
        container, key = value(scope), index(scope)
        if is_unknown(container) or is_unknown(key):
            return container if is_unknown(container) else key
        try:
            return container[text_of(key) if isinstance(container, Mapping) else key]
        except (KeyError, IndexError, TypeError):
            raise ExpressionError(f"{container!r:.60} has no {key!r}.") from None

    return get


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ExpressionError(f"{value!r:.60} is neither true nor false.")
    return value


def _whole(value: Any) -> Any:
    """Terraform has one type of number: 10 / 2 is 5, not 5.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
