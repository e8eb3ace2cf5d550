"""Terraform's expressions, compiled to Python.

Written by hand although python-hcl2 parses them too: that one takes 0.2 s in each process and 2 s in the first, and
`make synth` evaluates the module for the README's costs. Syntax that is not known here is refused with its text.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from typing import Any, NoReturn

from product_import.configuration.functions import call
from product_import.configuration.values import (
    Expression,
    ExpressionError,
    NotKnownHereError,
    Scope,
    boolean_of,
    calculated,
    is_unknown,
    number_of,
    same,
    text_of,
    unified,
)

# Blanks and comments, over several lines or within one.
_BLANK = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_BLANK_IN_LINE = re.compile(r"(?:[ \t\r]|/\*.*?\*/)*", re.DOTALL)
_REST_OF_LINE = re.compile(r"(?:(?:#|//)[^\n]*)?(?:\n|\Z)")
_NAME = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INDEX = re.compile(r"[0-9]+")
_FOR = re.compile(r"for(?![\w-])")
_ESCAPE = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
# The weakest first.
_OPERATORS: tuple[Mapping[str, Callable[[Any, Any], Any]], ...] = (
    {"||": lambda left, right: boolean_of(left) | boolean_of(right)},
    {"&&": lambda left, right: boolean_of(left) & boolean_of(right)},
    {"==": same, "!=": lambda left, right: not same(left, right)},
    {
        "<=": lambda left, right: number_of(left) <= number_of(right),
        ">=": lambda left, right: number_of(left) >= number_of(right),
        "<": lambda left, right: number_of(left) < number_of(right),
        ">": lambda left, right: number_of(left) > number_of(right),
    },
    {"+": partial(calculated, "+"), "-": partial(calculated, "-")},
    {"*": partial(calculated, "*"), "/": partial(calculated, "/"), "%": partial(calculated, "%")},
)
_LEVELS = {mark: level for level, marks in enumerate(_OPERATORS) for mark in marks}
# The longer ones first, of which a shorter one may be the beginning. `//` begins a comment.
_MARK = re.compile("(?!//)(?:" + "|".join(map(re.escape, sorted(_LEVELS, key=len, reverse=True))) + ")")


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
    parser = _Parser(text, literal=True)
    found = {}
    while not parser.at_end():
        name = parser.name()
        with parser.lines_that_end():
            parser.expect("=")
            if parser.at_end_of_line():
                raise ExpressionError(f"{name} has no value: write null where it is to have none")
            if name in found:
                raise ExpressionError(f"{name} has two values: leave one out")
            found[name] = parser.expression()
            parser.expect_end_of_line()
    return found


class _Bound:
    """A scope with the names of a loop in front."""

    def __init__(self, outer: Scope, names: Mapping[str, Any]) -> None:
        self._outer, self._names = outer, names
        self.variable, self.local, self.attribute = outer.variable, outer.local, outer.attribute

    def symbol(self, name: str) -> Any:
        return self._names[name] if name in self._names else self._outer.symbol(name)


class _Parser:
    """Compiles a text.

    Args:
        text: what is parsed.
        literal: refuse calls of functions, as a file of inputs does.
        first_line: where the text is in a longer one, for errors.
    """

    def __init__(self, text: str, *, literal: bool = False, first_line: int = 1) -> None:
        self._text, self._at = text, 0
        self._literal, self._first_line = literal, first_line
        self._blank = _BLANK

    # The text

    @contextmanager
    def _blanks(self, blank: re.Pattern[str]) -> Iterator[None]:
        outer, self._blank = self._blank, blank
        yield
        self._blank = outer

    def lines_that_end(self) -> AbstractContextManager[None]:
        """Outside of parentheses and brackets an expression ends with its line."""
        return self._blanks(_BLANK_IN_LINE)

    def _any_lines(self) -> AbstractContextManager[None]:
        return self._blanks(_BLANK)

    def at_end(self) -> bool:
        self._skip()
        return self._at == len(self._text)

    def at_end_of_line(self) -> bool:
        self._skip()
        return _REST_OF_LINE.match(self._text, self._at) is not None

    def expect_end_of_line(self) -> None:
        if not self.at_end_of_line():
            self._refuse("a new line is missing before")

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
        match = self._blank.match(self._text, self._at)
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
        line = self._text.count("\n", 0, self._at) + self._first_line
        place = f"line {line}: " if "\n" in self._text or line > 1 else ""
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
            if is_unknown(value):
                return value
            first, second = (then, otherwise) if boolean_of(value) else (otherwise, then)
            chosen = first(scope)
            # Both results get one type. The other one may fail.
            valid, other = _attempt(second, scope)
            return unified([chosen, other])[0] if valid else chosen

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
            return lambda scope: value if is_unknown(value := negated(scope)) else not boolean_of(value)
        if self._take("-"):
            number = self._unary()
            return lambda scope: value if is_unknown(value := number(scope)) else -number_of(value)
        return self._postfix(self._primary())

    def _postfix(self, value: Expression) -> Expression:
        while True:
            if self._ahead(".") and not self._ahead("..."):
                self._at += 1
                value = self._member(value)
            elif self._take("["):
                with self._any_lines():
                    if self._ahead("*"):
                        self._refuse()
                    index = self.expression()
                    self.expect("]")
                value = _indexed(value, index)
            else:
                return value

    def _member(self, value: Expression) -> Expression:
        if self._ahead("*"):
            self._refuse()
        match = _INDEX.match(self._text, self._at)
        if match is not None:
            if _INDEX.match(self._text, match.end() + 1) and self._text[match.end()] == ".":
                self._refuse("two indexes in a row must be written as in [0][0]")
            self._at = match.end()
            index = number_of(match[0])
            return _indexed(value, lambda _: index)
        name = self.name()
        return _attribute(value, name)

    def _primary(self) -> Expression:
        if self._take("("):
            with self._any_lines():
                inner = self.expression()
                self.expect(")")
            return inner
        if self._take('"'):
            return self.template('"')
        if self._take("["):
            return self._loop("]") if self._loop_ahead() else self._list()
        if self._take("{"):
            return self._loop("}") if self._loop_ahead() else self._object()
        return self._heredoc() if self._ahead("<<") else self._number_or_name()

    def _number_or_name(self) -> Expression:
        match = _NUMBER.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
            number = number_of(match[0])
            return lambda _: number
        name = self.name()
        if name in _LITERALS:
            return lambda _: _LITERALS[name]
        if self._ahead("("):
            if self._literal:
                self._refuse("a file of inputs cannot call a function")
            self._at += 1
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
                raise NotKnownHereError(f"{name} is not known here.") from None

        return symbol

    def _attribute(self, resource_type: str) -> Expression:
        """An attribute of a resource, or of a dynamic block's iterator: `metric_query.value.name` looks the same."""
        self.expect(".")
        name = self.name()
        if not self._ahead(".") and not self._ahead("["):
            return _attribute(lambda scope: scope.symbol(resource_type), name)
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
        with self._any_lines():
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
        with self._any_lines():
            while not self._take("}"):
                with self.lines_that_end():
                    key = self._object_key()
                    if not self._take("="):
                        self.expect(":")
                    pairs.append((key, self.expression()))
                    if not self._take(",") and not self._ahead("}"):
                        self.expect_end_of_line()
        return lambda scope: {text_of(key(scope)): value(scope) for key, value in pairs}

    def _object_key(self) -> Expression:
        self._skip()
        match = _NAME.match(self._text, self._at)
        if match is None:
            return self.expression()
        self._at = match.end()
        name = match[0]
        return lambda _: name

    def _loop_ahead(self) -> bool:
        with self._any_lines():
            self._skip()
        return _FOR.match(self._text, self._at) is not None

    def _loop(self, end: str) -> Expression:
        with self._any_lines():
            return self._loop_over_lines(end)

    def _loop_over_lines(self, end: str) -> Expression:
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
            if not isinstance(given, Mapping | list):
                raise ExpressionError(f"{given!r:.60} has no items for a loop.")
            pairs = sorted(given.items()) if isinstance(given, Mapping) else list(enumerate(given))
            scopes = [
                _Bound(scope, dict(zip(names, pair if len(names) > 1 else pair[1:], strict=True))) for pair in pairs
            ]
            kept = [each for each in scopes if condition is None or boolean_of(condition(each))]
            if end == "]":
                return [value(each) for each in kept]
            found: dict[str, Any] = {}
            for each in kept:
                name = text_of(key(each))
                if name in found:
                    raise ExpressionError(f"{name!r} is a key of two items.")
                found[name] = value(each)
            return found

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
                with self._any_lines():
                    parts += [plain, self.expression()]
                    plain = ""
                    self.expect("}")
            elif end and two[0] == "\\":
                plain += self._escaped()
            elif end and two[0] == "\n":
                self._refuse("a quote is missing")
            else:
                plain, self._at = plain + two[0], self._at + 1
        self._at += len(end)
        return _joined([part for part in [*parts, plain] if part != ""])

    def _escaped(self) -> str:
        match = _ESCAPE.match(self._text, self._at)
        if match is None:
            self._refuse()
        self._at = match.end()
        if match[1]:
            return _ESCAPES[match[1]]
        code = int(match[2] or match[3], 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"

    def _heredoc(self) -> Expression:
        """Lines of text, up to one that consists of the mark alone; after `<<-` without their common indentation."""
        start = _HEREDOC.match(self._text, self._at)
        if start is None:
            self._refuse()
        end = re.compile(rf"^[ \t]*{re.escape(start[2])}[ \t]*\r?(?=\n)", re.MULTILINE).search(self._text, start.end())
        if end is None:
            self._refuse(f"the line {start[2]} is missing after")
        text = self._text[start.end() : end.start()]
        if start[1]:
            lines = text.split("\n")
            indentation = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
            text = "\n".join(line[indentation:] if line.strip() else line for line in lines)
        line = self._text.count("\n", 0, start.end()) + self._first_line
        self._at = end.end()
        return _Parser(text, literal=self._literal, first_line=line).template("")


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
        return function(*values)

    return apply


def _call(name: str, items: list[Expression]) -> Expression:
    # These two look at what fails.
    if name == "can":
        return lambda scope: _attempt(items[0], scope)[0]
    if name == "try":
        return lambda scope: _first(items, scope)
    return lambda scope: call(name, [item(scope) for item in items])


def _attempt(item: Expression, scope: Scope) -> tuple[bool, Any]:
    try:
        return True, item(scope)
    except NotKnownHereError:
        raise
    except ExpressionError as error:
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
        if isinstance(container, Mapping) and (name := text_of(key)) in container:
            return container[name]
        if isinstance(container, list) and (at := number_of(key)) in range(len(container)):
            return container[int(at)]
        raise ExpressionError(f"{container!r:.60} has no {key!r}.")

    return get


def _attribute(value: Expression, name: str) -> Expression:
    def get(scope: Scope) -> Any:
        container = value(scope)
        if is_unknown(container):
            return container
        if isinstance(container, Mapping) and name in container:
            return container[name]
        raise ExpressionError(f"{container!r:.60} has no {name!r}.")

    return get
