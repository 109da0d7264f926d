"""The closing list of a run: what was not run, and why. With CI=true leaving anything out fails the run.

Loaded by `make test` and `make torture` with ``-p tests.not_run``.
"""

import os
from collections import Counter

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    if left_out(session.config) and os.environ.get("CI") == "true" and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted = left_out(terminalreporter.config)
    terminalreporter.section("not run, and why", sep="-")
    for why, tests in counted.items():
        terminalreporter.line(f"- {why.rstrip('.')}: {tests} {'test' if tests == 1 else 'tests'}.")
    if not counted:
        terminalreporter.line("- Nothing was left out.")
    elif os.environ.get("CI") == "true":
        terminalreporter.line("With CI=true everything has to run, so this run has failed.", red=True)


def left_out(config: pytest.Config) -> Counter[str]:
    """How many tests were skipped, by the reason that was given."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return Counter(_reason(report.longrepr) for report in skipped)


def _reason(said: object) -> str:
    why = str(said[-1]) if isinstance(said, tuple) else str(said)
    return why.removeprefix("Skipped: ")
