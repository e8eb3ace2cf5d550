"""What a run showed, as Markdown for a release."""

from dataclasses import dataclass, field
from decimal import Decimal

NOT_SEEN = (
    "a failover of Redis, its maintenance window, an upgrade of its engine: the run has one node, for two hours",
    "a deployment that fails and is rolled back",
    "alarms that reach somebody: its topic has no subscriber",
    "other partitions than that of its account, other regions than its own, more than ten workers",
)
"""What a run shows nothing of, however well it ends."""


@dataclass(frozen=True)
class Step:
    """A step that came to an end.

    Attributes:
        seconds: how long it took.
        result: what was seen, or why it failed.
    """

    name: str
    seconds: float
    result: str
    passed: bool = True

    @property
    def told(self) -> str:
        """The result as a table has it."""
        return _cell(self.result if self.passed else f"**failed**: {self.result}")


@dataclass
class Report:
    """A run, while it goes on and after it.

    Attributes:
        about: what ran where, by a name each.
        remains: what was not removed, or not seen to be gone.
        completed: whether all steps were taken. A run that took none has no step that failed either.
        usd: what it cost, estimated; None where a price is not known.
    """

    about: dict[str, str]
    steps: list[Step] = field(default_factory=list)
    remains: list[str] = field(default_factory=list)
    usd: Decimal | None = None
    completed: bool = False

    @property
    def passed(self) -> bool:
        return self.completed and not self.remains and all(step.passed for step in self.steps)

    def markdown(self) -> str:
        """Steps with times and results, what it cost, what remains, what was not seen."""
        verdict = "passed" if self.passed else "**failed**"
        cost = "not known: there is no price for its region" if self.usd is None else f"about {self.usd:.2f} US dollars"
        lines = [
            "# Acceptance on an account",
            "",
            f"It {verdict}. It cost {cost}.",
            "",
            *(f"- {name}: {text}" for name, text in self.about.items()),
            "",
            "| Step | Minutes | Result |",
            "|------|--------:|--------|",
            *(f"| {step.name} | {step.seconds / 60:.1f} | {step.told} |" for step in self.steps),
            "",
        ]
        if self.remains:
            lines += [
                "## What remains, and must be removed",
                "",
                *(f"- {_cell(each)}" for each in self.remains),
            ]
            lines.append("")
        lines += ["## What such a run does not show", "", *(f"- {text}" for text in NOT_SEEN), ""]
        return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
