"""The stage for tests of reminders: a push service that answers as told, and a worker moved on by hand."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person, Property, Tenant
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.database import Database
from tenant_app.reminders.addresses import Address, Carrier, put_address
from tenant_app.reminders.answers import Outcome
from tenant_app.reminders.delivery import BATCH, InHand
from tenant_app.reminders.messages import Message
from tenant_app.reminders.models import Notice
from tenant_app.reminders.push import Postman
from tenant_app.reminders.rules import announce
from tenant_app.reminders.subscriptions import subscribe
from tenant_app.reminders.wording import Words, worded
from tenant_app.settings import Settings
from tenant_app.worker import Worker
from tests.cast import Cast
from tests.reminders.receiver import Phone, Receiver

DOSE, STUMBLE = "test.dose", "test.stumble"
spoken: list[str] = []
"""Locales in force while doses were worded."""


@worded(DOSE, urgent=True)
def dose(notice: Notice) -> Words:
    spoken.append(str(get_locale()))
    return Words(f"Take {notice.facts['medicine']}", f"{notice.facts['strength']}", "/medication/today")


@worded(STUMBLE)
def stumble(notice: Notice) -> Words:
    raise RuntimeError(f"nobody foresaw {notice.facts}")


@pytest.fixture(scope="session")
def push_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with Receiver(tmp_path_factory.mktemp("push-service")) as running:
        yield running


@pytest.fixture
def receiver(push_service: Receiver) -> Iterator[Receiver]:
    """The push service; a test that makes it complain fails, unless it clears the complaints."""
    push_service.problems.clear()
    yield push_service
    assert not push_service.problems


@pytest.fixture
def settings(settings: Settings, push_service: Receiver) -> Settings:
    return dataclasses.replace(
        settings, push_receiver=push_service.address, push_receiver_ca=str(push_service.authority)
    )


class Office:
    """A worker's post office: everything on one database, each step by hand."""

    def __init__(self, settings: Settings, database: Database, cast: Cast, receiver: Receiver) -> None:
        self.worker = Worker(settings, "first")
        self.house, self.database, self.cast, self.receiver = self.worker.house, database, cast, receiver

    def phone(self, person: Person, device: str = "Chrome, Android") -> Phone:
        """A browser on which this person has turned reminders on."""
        phone = self.receiver.phone(self.house.keys.vapid_public)
        with self.database.step() as session:
            subscribe(
                session, session.get_one(Person, person.id), phone.endpoint, phone.p256dh, phone.auth, device,
                self.house.settings,
            )  # fmt: skip
        return phone

    def newcomer(self, name: str, language: str = "en") -> Tenant:
        """One more tenant at Alma Road."""
        with self.database.step() as session:
            home = session.get_one(Property, self.cast.alma_road.id)
            return welcome_tenant(
                session, name, building=home, moved_in_on=clock.today(self.house.settings.zone), language=language
            )

    def dose(
        self, person: Person, source: str = "dose", *, minutes: int = 60, kind: str = DOSE, medicine: str = "Sertraline"
    ) -> UUID:
        """A notice for this tenant, due now, worth sending for so many minutes."""
        with self.database.step() as session:
            facts = {"medicine": medicine, "strength": "50 mg"}
            tenant = self.cast.now(session, person)
            announce(session, tenant, kind, source=source, lasts=timedelta(minutes=minutes), facts=facts)  # type: ignore[arg-type]
            return session.scalars(select(Notice.id).where(Notice.source == source)).one()

    def deliver(self, name: str = "first", ids: list[UUID] | None = None, *, most: int = BATCH, **limits: Any) -> bool:
        """One round of delivery by the worker called so: of what is due, or of what it has claimed already."""

        async def go() -> bool:
            async with Postman(self.house.settings, self.house.keys, **limits) as postman:
                with self.worker.app.app_context():
                    in_hand = InHand(self.house, name, postman)
                    more = await in_hand.take(most) if ids is None else await in_hand.begin(ids)
                    await in_hand.finish()
                    return bool(more)

        return asyncio.run(go())

    def notice(self, notice_id: UUID) -> Notice:
        """The notice as the database has it now."""
        with self.database.session() as session:
            return session.get_one(Notice, notice_id)


@pytest.fixture
def office(settings: Settings, database: Database, cast: Cast, receiver: Receiver) -> Iterator[Office]:
    spoken.clear()
    made = Office(settings, database, cast, receiver)
    yield made
    made.house.database.close()


def message(**changes: Any) -> Message:
    """Something to send."""
    usual: dict[str, Any] = {
        "title": "Homeward", "body": "Something is planned for 9:00 am.", "address": "/", "language": "en",
        "direction": "ltr", "source": "dose", "expires_at": clock.now() + timedelta(hours=1), "urgent": False,
    }  # fmt: skip
    return Message(**{**usual, **changes})


def send(settings: Settings, keys: Any, to: Phone, what: Message | None = None, **limits: Any) -> Outcome:
    """One push, by a postman who does nothing else."""

    async def go() -> Outcome:
        async with Postman(settings, keys, **limits) as postman:
            return await postman.send(to.endpoint, to.p256dh, to.auth, what or message())

    return asyncio.run(go())


VALUE = "amina@example.org"


def given_address(session: Session, person: Tenant, value: str = VALUE, carrier: Carrier = Carrier.EMAIL) -> Address:
    """One that is agreed to and confirmed."""
    address = put_address(session, person, carrier, value)
    address.confirmed_at = clock.now()
    session.flush()
    return address
