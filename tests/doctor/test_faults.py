"""The table of faults: its order, its alarms, and the page that is made of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.doctor.faults import FAULTS

import pytest


@pytest.fixture(scope="module")
def troubleshooting(synthesized: Path) -> str:
    return (synthesized / "modules/product-import/docs/troubleshooting.md").read_text()


def test_the_worst_comes_first() -> None:
    """What is to be looked at now, then what an apply would do, then the rest; each under a name of its own."""
    order = ["now", "before the next apply", "soon"]
    assert [fault.urgency for fault in FAULTS] == sorted((fault.urgency for fault in FAULTS), key=order.index)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_each_fault_has_a_command() -> None:
    """To paste, in one line."""
    assert [fault.name for fault in FAULTS if not fault.command or "\n" in fault.command] == []


def test_each_alarm_has_its_section(troubleshooting: str, module: Mapping[str, Any]) -> None:
    """Under the alarm's key, which links to it end in, and with a fault that may have set it off."""
    sections = re.findall(r"^## (\w+)\n\n(.*?)(?=^## )", troubleshooting, flags=re.MULTILINE | re.DOTALL)
    alarms = {
        name: alarm
        for name, alarm in module["resource"]["aws_cloudwatch_metric_alarm"].items()
        # That of the fast scale-out tells nobody.
        if "sns" in alarm["alarm_actions"][0]
    }
    assert {name for name, _ in sections} == set(alarms)
    for name, text in sections:
        assert alarms[name]["alarm_description"] in text
        assert re.search(r"^\| `", text, flags=re.MULTILINE), name
    assert {alarm for fault in FAULTS for alarm in fault.alarms} <= set(alarms)


def test_the_page_has_the_table(troubleshooting: str) -> None:
    """Each fault once, word for word, in the section of its first alarm."""
    section = ""
    found = {}
    for line in troubleshooting.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif row := re.fullmatch(r"\| `([\w-]+)`<br>(.*) \| (.*)<br>\*What to do:\* (.*?)(?:<br>`(.*)`)? \|", line):
            found[row[1]] = (section, *row.groups(default="")[1:])
    assert found == {
        fault.name: (
            *(fault.alarms[0] if fault.alarms else "Without an alarm", fault.seen),
            *(fault.means, fault.do, fault.command),
        )
        for fault in FAULTS
    }


def test_other_alarms_point_to_it(troubleshooting: str) -> None:
    """A fault that may set off a second alarm is named in that one's section too."""
    (section,) = re.findall(r"^## worker_count_low\n(.*?)^## ", troubleshooting, flags=re.MULTILINE | re.DOTALL)
    assert "[`secret-elsewhere`](#queue_overload)" in section
