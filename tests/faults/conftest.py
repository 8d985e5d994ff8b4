"""Small versions of the runs: real workers and real servers, so the clock goes on."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def thursday() -> None:
    """The clock is not stopped here: worker processes have one of their own."""
