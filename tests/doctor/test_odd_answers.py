"""Answers of AWS that lack a member, or hold another value: no traceback leaves, and no check passes in silence."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from product_import.doctor.account import Account
from product_import.doctor.deployment import Deployment
from product_import.doctor.examination import Examination, examine
from product_import.doctor.report import json_text, text
from tests.doctor.answers import Answers
from tests.doctor.live import REGION, Live

import pytest
from botocore import xform_name  # type: ignore[import-untyped]

# Of about a thousand; the seed makes them the same in each run.
MUTATIONS, SEED = 150, 23
Place = tuple[str | int, ...]
# What stands for a value, by its type: another one, and an empty one.
OTHERS: dict[type, tuple[Any, ...]] = {
    str: ("odd", ""),
    int: (-1, 0),
    float: (-1.5, 0.0),
    bool: (True, False),
    datetime: (datetime(2026, 1, 1), datetime(2000, 1, 1, tzinfo=UTC)),
    list: ([],),
    dict: ({},),
}
DELETED = object()


class Recorded(Account):
    """An account that answers each call as it did the first time."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.session, account.region)
        self._account, self.answers = account, dict[str, Any]()

    def read(self, action: str, *, absent: Any = None, **parameters: Any) -> Any:
        """A copy of the answer that is recorded; a call that is new is recorded."""
        call = f"{action} {sorted(parameters.items())}"
        if call not in self.answers:
            self.answers[call] = self._account.read(action, absent=absent, **parameters)
        return deepcopy(self.answers[call])


def _places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every member and item of an answer, each with what may stand there instead."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        if key == "ResponseMetadata":
            continue
        yield from (((*place, key), other) for other in (DELETED, *OTHERS.get(type(item), ())))
        yield from _places(item, (*place, key))


def _mutated(answer: Any, place: Place, other: Any) -> Any:
    copy = deepcopy(answer)
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    if other is DELETED:
        del inner[place[-1]]
    else:
        inner[place[-1]] = other
    return copy


def _recorded(live: Live, answers: Answers, kind: type[Recorded]) -> tuple[Recorded, Callable[[], Examination]]:
    """An account that knows a healthy deployment's answers, and how to examine it again with them."""
    deployment = live.deployment(answers)
    account = kind(deployment.account)
    return account, lambda: examine(Deployment(account, deployment.configuration, live.now))


def test_an_odd_answer_is_no_crash_and_no_assurance(live: Live, answers: Answers) -> None:
    """Whatever lacks: a check that could not look is a gap with a reason, and the verdict says so."""
    account, examined = _recorded(live, answers, Recorded)
    examined()
    # One of several items of a list is enough.
    mutations = {
        (call.partition(" ")[0], *(key for key in place if isinstance(key, str)), repr(other)): (call, place, other)
        for call, answer in account.answers.items()
        for place, other in _places(answer)
    }
    drawn = random.Random(SEED).sample(sorted(mutations), MUTATIONS)
    for name in drawn:
        call, place, other = mutations[name]
        healthy = account.answers[call]
        account.answers[call] = _mutated(healthy, place, other)
        examination = examined()
        account.answers[call] = healthy
        assert json_text(examination)
        verdict = text(examination).splitlines()[2]
        assert not (examination.gaps and verdict.startswith("Nothing found")), name
        assert examination.status or not (examination.gaps or examination.findings), name
        # Only what nothing can be known without: a name, an ARN, a result.
        reasons = [gap.why for gap in examination.gaps if re.match("could not look: (?!KeyError|ParamVal)", gap.why)]
        assert reasons == [], name


class Paged(Recorded):
    """An account whose answers come one item a page, wherever AWS may split them."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self.pages_read = Counter[str]()

    def read(self, action: str, *, absent: Any = None, **parameters: Any) -> Any:
        """A page of the recorded answer; the call's token is its number."""
        service, _, operation = action.partition(":")
        client = self._account._client(service)
        if not client.can_paginate(xform_name(operation)):
            return super().read(action, absent=absent, **parameters)
        form = client.get_paginator(xform_name(operation))._pagination_cfg
        token, key = form["input_token"], form["result_key"]
        key = key[0] if isinstance(key, list) else key
        page = int(parameters.pop(token, 0))
        answer = super().read(action, absent=absent, **parameters)
        items = (answer or {}).get(key, [])
        if len(items) < 2:
            return answer
        self.pages_read[action] += 1
        more = {form["output_token"]: str(page + 1)} if page + 1 < len(items) else {}
        return {**answer, key: items[page : page + 1], **more}


def test_answers_of_many_pages(live: Live, answers: Answers) -> None:
    """Each is read to its end: what stands on the last page is there, and nothing is found."""
    account, examined = _recorded(live, answers, Paged)
    examination = examined()
    assert (examination.findings, examination.gaps) == ([], [])
    assert isinstance(account, Paged)
    assert {
        "iam:SimulatePrincipalPolicy",
        "cloudwatch:GetMetricData",
        "ec2:DescribeSubnets",
    } <= account.pages_read.keys()


@pytest.mark.parametrize(("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")])
def test_another_partition(live: Live, answers: Answers, partition: str, region: str) -> None:
    """The same deployment in China or in GovCloud is as healthy: nothing takes arn:aws: for granted."""

    def there(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: there(item) for key, item in value.items()}
        if isinstance(value, list):
            return [there(item) for item in value]
        return (
            value.replace("arn:aws:", f"arn:{partition}:").replace(REGION, region) if isinstance(value, str) else value
        )

    account, examined = _recorded(live, answers, Recorded)
    examined()
    account.answers = {there(call): there(answer) for call, answer in account.answers.items()}
    account.region, asked = region, set(account.answers)
    configuration = live.deployment(answers, **there(live.inputs)).configuration
    examination = examine(Deployment(account, configuration, live.now))
    assert (examination.findings, examination.gaps) == ([], [])
    # No call was made that the deployment here did not get.
    assert set(account.answers) == asked
