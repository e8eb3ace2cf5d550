"""The report on the engine tests at the end of a run."""

from collections import Counter
from pathlib import Path

from product_import import engine as engines
from tests.engine.lacks import LACKS
from tests.engine.registry import PROVIDER_OF_REGISTRY, VERSIONS

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which engine and provider ran, and how far."""
    folder = f"{Path(__file__).parent.relative_to(terminalreporter.config.rootpath).as_posix()}/"
    reports = {
        # Some tests of the folder start no engine: `make check` runs only these.
        outcome: [
            report
            for report in terminalreporter.getreports(outcome)
            if report.nodeid.startswith(folder) and "programs" in report.keywords
        ]
        for outcome in ("passed", "failed", "error", "skipped")
    }
    if not any(reports.values()):
        return
    terminalreporter.section("engine tests")
    versions = " and ".join(VERSIONS.values())
    provider = f"the registry's, {versions}" if PROVIDER_OF_REGISTRY else f"stand-in with the schemas of {versions}"
    counts = ", ".join(f"{len(found)} {outcome}" for outcome, found in reports.items())
    terminalreporter.line(f"engine: {engines.executable() or 'none'}")
    terminalreporter.line(f"provider hashicorp/aws: {provider}")
    terminalreporter.line(f"checks: {counts}")
    reasons = Counter(report.longrepr[2] for report in reports["skipped"] if isinstance(report.longrepr, tuple))
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"  {count} {reason}")
    terminalreporter.line("the emulator of AWS lacks:")
    for resource_type, lack in LACKS.items():
        terminalreporter.line(f"  {resource_type}: {lack}")
