"""The security posture: what scanners ask of the module, and what is answered."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).with_name("posture.toml")
TARGETS = ("module", "root", "plan", "options")
"""What is scanned: the committed module, the root of cdktf.out/, a plan of the example, one with the options set."""


@dataclass(frozen=True, order=True)
class Check:
    """One check of one resource of a target."""

    target: str
    id: str
    resource: str
    """Its address in the module, as in `aws_security_group.redis`."""
    passed: bool


@dataclass(frozen=True)
class Answer:
    """A row of posture.toml, which explains its fields."""

    what: str
    ids: Sequence[str]
    why: str
    fails: Sequence[str] = ()
    resources: Sequence[str] = ()
    set: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> Literal["on", "an option", "accepted"]:
        if "plan" not in self.fails:
            return "on"
        return "accepted" if "options" in self.fails else "an option"

    def failures(self) -> Iterator[tuple[str, str, str]]:
        """The target, the id and the resource of each failure that it explains."""
        for target in self.fails:
            for id_ in self.ids:
                yield from ((target, id_, resource) for resource in self.resources)


def read_posture(path: Path = FILE) -> list[Answer]:
    """The rows in their order."""
    return [Answer(**row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["check"]]


def options(answers: Iterable[Answer]) -> dict[str, Any]:
    """The inputs that all rows set together."""
    return {name: value for answer in answers for name, value in answer.set.items()}


def differences(answers: Sequence[Answer], checks: Iterable[Check]) -> list[str]:
    """What the rows and the scans disagree on, a sentence each; empty where all is as the rows say."""
    found = set(checks)
    failed = {(check.target, check.id, check.resource) for check in found if not check.passed}
    explained = {failure for answer in answers for failure in answer.failures()}
    passed = {check.id for check in found if check.passed and check.target == "plan"}
    unproven = {id_ for answer in answers if answer.state == "on" for id_ in answer.ids} - passed
    return [
        *(
            f"{id_} fails for {resource} ({target}), and no row says why"
            for target, id_, resource in failed - explained
        ),
        *(
            f"{id_} fails no more for {resource} ({target}): take that out of its row"
            for target, id_, resource in explained - failed
        ),
        *(f"{id_} is said to be on, and nothing passes it on the plan" for id_ in unproven),
    ]
