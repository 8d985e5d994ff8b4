"""What the machine gives to pytest. The conftest says `pytest_plugins = ["tests.machine.plugin"]`.

`postgres_address` is the session's server; pytest-playwright's browser is launched as this machine needs it.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.machine import chromium, postgres

# Five seconds, the default, are few for a page that draws pictures on a machine which does other things as well.
expect.set_options(timeout=20_000)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server before pytest-xdist starts its workers, which inherit its address."""
    has_workers = bool(getattr(config.option, "tx", None))
    if has_workers and not config.option.collectonly:
        postgres.for_session(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Say in a test's name which group it belongs to, before pytest-xdist tells its controller the names.

    pytest-xdist 3.8 writes it where pytest looked for names before 9.2; the groups would silently be no groups.
    """
    if not getattr(session.config.option, "loadgroup", False):
        return
    for item in session.items:
        mark = item.get_closest_marker("xdist_group")
        if mark and hasattr(item, "_id") and not item.nodeid.endswith(ending := f"@{mark.args[0]}"):
            item._id = type(item._id).parse(item.nodeid + ending)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def postgres_address(pytestconfig: pytest.Config) -> str:
    """The superuser's SQLAlchemy address of the session's PostgreSQL, for `fresh_database` and its kin."""
    return postgres.for_session(pytestconfig)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's launch options, with this machine's Chromium and the switches it needs."""
    return {**browser_type_launch_args, **chromium.launch_options()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's context options, without movement, so that pictures are the same each time.

    Chromium has a switch for this, but Playwright overrules it in every context.
    """
    return {**browser_context_args, "reduced_motion": "reduce"}
