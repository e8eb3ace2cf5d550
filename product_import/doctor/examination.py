"""All checks of one deployment."""

from dataclasses import dataclass, replace

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.checks import CHECKS
from product_import.doctor.checks.configured import TYPES
from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import FAULTS, Fault
from product_import.doctor.findings import Fact, Finding
from product_import.errors import UserError

# Of a detail: a line of a log, or a value of the configuration.
LENGTH_SHOWN = 400


@dataclass(frozen=True)
class Gap:
    """What could not be looked at.

    Attributes:
        permission: the action that IAM denies, where that is why.
    """

    check: str
    why: str
    permission: str | None


@dataclass(frozen=True)
class Examination:
    """What all checks found, the worst first.

    Attributes:
        account: its number, or None where AWS does not say.
        checks: the names of the checks that were made or tried.
    """

    deployment: Deployment
    account: str | None
    findings: list[Finding]
    gaps: list[Gap]
    facts: list[Fact]
    checks: list[str]

    @property
    def status(self) -> int:
        """The exit status: 2 with findings, 1 with gaps alone, else 0."""
        return 2 if self.findings else 1 if self.gaps else 0


def examine(deployment: Deployment) -> Examination:
    """Run all checks. What one check lacks does not keep the others from running. A fault is found once.

    Raises:
        UserError: there are no credentials, or AWS does not know them.
    """
    details: dict[Fault, list[str]] = {}
    gaps: list[Gap] = []
    facts: list[Fact] = []
    # Without a dashboard there is none to compare.
    checks = [name for name in CHECKS if name not in TYPES or deployment.configuration.resources(TYPES[name])]
    for name in checks:
        try:
            for result in CHECKS[name](deployment):
                if isinstance(result, Finding):
                    details.setdefault(result.fault, []).extend(result.details)
                else:
                    facts.append(result)
        except NotLookedAtError as error:
            gaps.append(Gap(name, str(error), error.permission))
        except UserError:
            raise
        except Exception as error:
            gaps.append(Gap(name, f"could not look: {type(error).__name__}: {error}", None))

    def hidden(text: str) -> str:
        # After all checks, because only then all secrets are known; and before the cut, which could leave half of one.
        shown = deployment.hidden(text)
        return shown if len(shown) <= LENGTH_SHOWN else f"{shown[:LENGTH_SHOWN]} ..."

    return Examination(
        deployment,
        _account(deployment),
        [
            Finding(fault, tuple(dict.fromkeys(map(hidden, details[fault]))))
            for fault in sorted(details, key=FAULTS.index)
        ],
        [replace(gap, why=hidden(gap.why)) for gap in gaps],
        [replace(fact, text=hidden(fact.text)) for fact in facts],
        checks,
    )


def _account(deployment: Deployment) -> str | None:
    try:
        return str(deployment.account.read("sts:GetCallerIdentity")["Account"])
    except NotLookedAtError:
        return None
