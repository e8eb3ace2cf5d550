"""Random expressions of Terraform's, each valid in its syntax; many fail when they are evaluated."""

from collections.abc import Callable
from random import Random

# With exact results in few digits: Terraform calculates with more of them.
_NUMBERS = ("0", "1", "2", "3", "7", "10", "0.5", "1.25", "3.0", "1e3", "2.5e-1", "100000000000000000000")
_DIVISORS = ("2", "4", "5", "8", "10")
_TEXTS = (
    "",
    "a",
    "b",
    "ab",
    "a,b",
    "5",
    "-3",
    "1.5",
    "3.0",
    ".5",
    "1_0",
    " 5 ",
    "0x10",
    "1e2",
    "true",
    "false",
    "1",
    "ü<&>",
)
_PATTERNS = ("^a", "b$", "^[a-z]+$", "(a)(b)?", "(?P<x>[0-9]+)", "^(?:a|5)$", "[^,]+")
_NAMES = ("a", "b", "c", "true")


class Expressions:
    """Makes expressions; `any` of them may be of another type than its place wants."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._names: list[str] = []

    def any(self, depth: int) -> str:
        return self._one_of(self.number, self.text, self.boolean, self.list, self.map, self.null)(depth)

    def null(self, _: int) -> str:
        return "null"

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self._word(*_NUMBERS)
        return self._one_of(
            lambda depth: f"{self._number(depth)} {self._word('+', '-', '*', '%')} {self._number(depth)}",
            lambda depth: f"{self._number(depth)} / {self._word(*_DIVISORS)}",
            lambda _: f"-{self._word('1', '2.5', '(3)', 'null', 'true', '[1]', self.text(0))}",
            lambda depth: f"({self.number(depth)})",
            lambda depth: f"{self._word('abs', 'ceil', 'floor', 'tonumber')}({self._number(depth)})",
            lambda depth: f"{self._word('max', 'min')}({self._many(self._number, depth, 1)})",
            lambda depth: f"length({self._word(self.list(depth), self.map(depth), self.text(depth))})",
            lambda depth: f"{self.list(depth)}[{self._number(0)}]",
            lambda _: f"({self._list(0)}).0",
            lambda depth: f"lookup({{a = 1, b = 2}}, {self._text(depth)}, {self._number(0)})",
            *self._scalar(self._number),
        )(depth - 1)

    def text(self, depth: int) -> str:
        if depth <= 0:
            return f'"{self._word(*_TEXTS)}"'
        return self._one_of(
            lambda depth: f'"{self._word("", "x", "$${", "%%{")}${{{self.any(depth)}}}{self._word("", "y")}"',
            lambda depth: f"{self._word('upper', 'lower', 'trimspace', 'tostring', 'urlencode')}({self._text(depth)})",
            lambda depth: f"{self._word('trimprefix', 'trimsuffix')}({self._text(depth)}, {self._text(0)})",
            lambda depth: f"replace({self._text(depth)}, {self._text(0)}, {self._text(0)})",
            lambda depth: f"join({self._text(0)}, {self._list(depth)})",
            lambda depth: f"jsonencode({self.any(depth)})",
            lambda depth: f'regex("{self._word(*_PATTERNS)}", {self._text(depth)})',
            *self._scalar(self._text),
        )(depth - 1)

    def boolean(self, depth: int) -> str:
        if depth <= 0:
            return self._word("true", "false")
        return self._one_of(
            lambda depth: f"{self._number(depth)} {self._word('<', '<=', '>', '>=')} {self._number(depth)}",
            lambda depth: f"{self.any(depth)} {self._word('==', '!=')} {self.any(depth)}",
            # Newer engines do not look at the second one where the first one decides: neither may fail.
            lambda _: f"{self._word('true', 'false')} {self._word('&&', '||')} {self._word('true', 'false')}",
            lambda _: f"!{self._boolean(0)}",
            lambda depth: f"can({self.any(depth)})",
            lambda depth: f"contains({self._list(depth)}, {self.any(0)})",
            lambda depth: f"{self._word('alltrue', 'anytrue')}([{self._many(self._boolean, depth)}])",
            lambda depth: f"tobool({self._boolean(depth)})",
            *self._scalar(self._boolean),
        )(depth - 1)

    def list(self, depth: int) -> str:
        if depth <= 0:
            return self._word('["a", "b"]', "[1, 2, 3]", "[]", '["a", 1, true]', "[null, 2]", "[2, 1, 2]")
        return self._one_of(
            lambda depth: f"[{self._many(self.any, depth)}]",
            lambda depth: f"concat({self._many(self._list, depth, 1)})",
            lambda depth: f"flatten([{self._many(self.list, depth, 1)}, {self.any(0)}])",
            lambda depth: f"{self._word('distinct', 'toset', 'tolist', 'sort', 'compact')}({self._list(depth)})",
            lambda depth: f"slice({self.list(depth)}, {self._number(0)}, {self._number(0)})",
            lambda _: f"range({self._many(self._number, 0, 1)})",
            lambda depth: f"split({self._text(0)}, {self._text(depth)})",
            lambda depth: f"{self._word('keys', 'values')}({self._map(depth)})",
            self._loop,
            *self._common(self._list),
        )(depth - 1)

    def map(self, depth: int) -> str:
        if depth <= 0:
            return self._word("{}", "{a = 1}", '{b = "x", a = 1}', '{"c" = [1], d = "x"}', "{true = 1, 5 = 2}")
        return self._one_of(
            lambda depth: f"{{{', '.join(f'{self._word(*_NAMES)} = {self.any(depth)}' for _ in range(2))}}}",
            lambda depth: f"{{({self._text(depth)}) = {self.any(depth)}}}",
            lambda depth: f"merge({self._many(self._map, depth)})",
            lambda depth: f"tomap({self._map(depth)})",
            lambda depth: f"{{for k, v in {self._map(depth)} : k => v}}",
            lambda depth: f"{{for v in {self._list(depth)} : v => {self.any(0)} if {self._boolean(0)}}}",
            *self._common(self._map),
        )(depth - 1)

    def _loop(self, depth: int) -> str:
        names = self._word("v", "k, v")
        source = self._word(self._list(depth), self._map(depth))
        result = self._word("v", names.removesuffix(", v"), "[v]", '"<${v}>"', "v == 1", "v + 1")
        return f"[for {names} in {source} : {result} if {self._word('true', 'v != null', self._boolean(0))}]"

    def _scalar(self, of_type: Callable[[int], str]) -> tuple[Callable[[int], str], ...]:
        """What makes one type of several; of lists and maps this depends on types that their values do not tell."""
        return (
            lambda depth: f"({self._boolean(depth)} ? {self._word(of_type(depth), self.text(0))} : {of_type(depth)})",
            lambda depth: f"coalesce({self._many(of_type, depth, 1)})",
            *self._common(of_type),
        )

    def _common(self, of_type: Callable[[int], str]) -> tuple[Callable[[int], str], ...]:
        """What may have a value of any type."""
        return (
            lambda depth: f"try({self.any(depth)}, {of_type(0)})",
            lambda depth: f"one([{of_type(depth)}])",
            lambda depth: f"element([{self._many(of_type, depth, 1)}], {self._word('0', '1', '5')})",
            lambda depth: f"{self.map(depth)}.{self._word(*_NAMES)}",
            lambda depth: f"{self.map(depth)}[{self._text(0)}]",
            lambda depth: f"jsondecode(jsonencode({of_type(depth)}))",
        )

    # Of a type, and seldom of another one.

    def _number(self, depth: int) -> str:
        return self._mostly(self.number, depth)

    def _text(self, depth: int) -> str:
        return self._mostly(self.text, depth)

    def _boolean(self, depth: int) -> str:
        return self._mostly(self.boolean, depth)

    def _list(self, depth: int) -> str:
        return self._mostly(self.list, depth)

    def _map(self, depth: int) -> str:
        return self._mostly(self.map, depth)

    def _mostly(self, of_type: Callable[[int], str], depth: int) -> str:
        return self.any(0) if self._random.random() < 0.1 else of_type(depth)

    def _many(self, of_type: Callable[[int], str], depth: int, least: int = 0) -> str:
        return ", ".join(of_type(depth) for _ in range(self._random.randint(least, 3)))

    def _one_of(self, *makers: Callable[[int], str]) -> Callable[[int], str]:
        return self._random.choice(makers)

    def _word(self, *words: str) -> str:
        return self._random.choice(words)
