"""One house for all journeys of a module, in one language: opened once, with everybody in it speaking that language."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from sqlalchemy import update

from tenant_app.accounts.models import Person
from tenant_app.database import Database
from tenant_app.worker import Worker as Loop
from tests.journeys.reader import Reader
from tests.live import Live
from tests.reminders.receiver import Receiver
from tests.standing import translated

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class House:
    """A house that is lived in by people of one language."""

    live: Live
    language: str
    receiver: Receiver

    def work(self) -> None:
        """Let a worker do what is due; in a thread of its own, because Playwright has a loop in this one."""
        worker = Loop(self.live.settings)
        thread = threading.Thread(target=worker.run, args=(True,))
        thread.start()
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture(scope="module", params=["en", "ar"])
def house(
    request: pytest.FixtureRequest, sqlite_template: Path, compiled_catalogues: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:  # fmt: skip
    """Each journey of a module plans sessions of its own in it."""
    folder, language = translated(tmp_path_factory.mktemp("house"), compiled_catalogues), request.param
    shutil.copy(sqlite_template, folder / "homeward.sqlite")
    database = Database(f"sqlite:///{folder / 'homeward.sqlite'}")
    with Receiver(folder) as receiver:
        live = Live(
            database, folder, push_receiver=receiver.address, push_receiver_ca=str(receiver.authority)
        )
        with database.step() as session:
            session.execute(update(Person).values(language=language))
        yield House(live, language, receiver)
        live.close()
        assert not receiver.problems
    database.close()


Opens = Callable[..., Reader]


@pytest.fixture
def opens(house: House, browser: Browser) -> Iterator[Opens]:
    """Put a browser in front of somebody: a phone, or what is told."""
    contexts: list[BrowserContext] = []

    def open_browser(
        person: Person | None = None, screen: ViewportSize = PHONE, workers: Literal["allow", "block"] = "allow"
    ) -> Reader:
        context = browser.new_context(
            service_workers=workers, viewport=screen, has_touch=screen is PHONE, reduced_motion="reduce", locale=house.language
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        if person is not None:
            house.live.sign_in(context, person)
        return Reader(house.live, context, house.language)

    yield open_browser
    for context in contexts:
        context.close()
