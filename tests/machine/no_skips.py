"""A pytest plugin for `python -m tests`: a test that was skipped, or allowed to fail, fails the run.

A promise that nothing checked must never look kept.
"""

import pytest


class _Watch:
    """Collects, from every worker's reports, the tests that proved nothing."""

    def __init__(self) -> None:
        self.unchecked: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A skip anywhere in a test; a test marked as failing, whether it failed or passed."""
        marked = getattr(report, "wasxfail", None)
        if marked is not None:
            self.unchecked[report.nodeid] = f"expected to fail: {marked}"
        elif report.skipped:
            self.unchecked[report.nodeid] = f"skipped: {_reason(report)}"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A whole module that skipped itself, as `importorskip` does."""
        if report.skipped:
            self.unchecked[report.nodeid] = f"skipped: {_reason(report)}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn an otherwise green run red."""
        if self.unchecked and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name each of them above the closing line."""
        if not self.unchecked:
            return
        terminalreporter.section("not checked, which counts as failed", red=True)
        for name, why in sorted(self.unchecked.items()):
            terminalreporter.write_line(f"{name}: {why}")


def pytest_configure(config: pytest.Config) -> None:
    """Watch in the controller only: it hears every worker, and its exit status is the one that counts."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Watch(), "homeward-no-skips")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    where_and_why = report.longrepr
    return where_and_why[2] if isinstance(where_and_why, tuple) else str(where_and_why)
