"""One lived-in house for all walks of a run: none of them keeps anything in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenant_app.database import Database
from tenant_app.settings import Settings
from tests.access.world import lived_in_house as settled
from tests.faults.stage import empty_house

LivedInHouse = tuple[Settings, Database]


@pytest.fixture(scope="session")
def lived_in_house() -> Iterator[LivedInHouse]:
    with empty_house("sqlite") as settings, settled(settings) as database:
        yield settings, database
