"""All checks of one deployment."""

from dataclasses import dataclass, replace

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.checks import CHECKS
from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import FAULTS
from product_import.doctor.findings import Fact, Finding


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
    """

    deployment: Deployment
    account: str | None
    findings: list[Finding]
    gaps: list[Gap]
    facts: list[Fact]

    @property
    def status(self) -> int:
        """The exit status: 2 with findings, 1 with gaps alone, else 0."""
        return 2 if self.findings else 1 if self.gaps else 0


def examine(deployment: Deployment) -> Examination:
    """Look at everything; what one look lacks does not keep the others from looking.

    Raises:
        UserError: there are no credentials, or AWS does not know them.
    """
    findings: list[Finding] = []
    gaps: list[Gap] = []
    facts: list[Fact] = []
    for name, check in CHECKS.items():
        try:
            for result in check(deployment):
                if isinstance(result, Finding):
                    findings.append(result)
                else:
                    facts.append(result)
        except NotLookedAtError as error:
            gaps.append(Gap(name, str(error), error.permission))
    # At the end, for only then is it known what has to be hidden.
    hidden = deployment.hidden
    return Examination(
        deployment,
        _account(deployment),
        sorted(
            (replace(finding, details=tuple(map(hidden, finding.details))) for finding in findings),
            key=lambda finding: FAULTS.index(finding.fault),
        ),
        gaps,
        [replace(fact, text=hidden(fact.text)) for fact in facts],
    )


def _account(deployment: Deployment) -> str | None:
    try:
        return str(deployment.account.read("sts:GetCallerIdentity")["Account"])
    except NotLookedAtError:
        return None
