"""A dose falls due: the worker encrypts and sends it, a push service takes it, the phone shows it, the tenant taps."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Dose
from tenant_app.medication.rules import add_medicine
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.subscriptions import subscribe
from tenant_app.worker import Worker
from tests.live import Live
from tests.pwa.conftest import Open, amina_opens
from tests.pwa.test_pushes import Phone as Handset
from tests.reminders.receiver import Phone, Receiver

pytestmark = pytest.mark.browser

__all__ = ["amina_opens"]

BODIES = {"en": "Something is planned for", "tr": "planınız var", "ar": "هناك شيء مخطط له"}


@pytest.fixture
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with Receiver(tmp_path_factory.mktemp("push")) as running:
        yield running
        assert not running.problems


@pytest.fixture
def live_settings(receiver: Receiver) -> dict[str, Any]:
    return {"push_receiver": receiver.address, "push_receiver_ca": str(receiver.authority)}


def dose_now(live: Live, receiver: Receiver, language: str) -> Phone:
    """Amina takes Metformin at this minute, and her phone is subscribed."""
    worker = Worker(live.settings)
    phone = receiver.phone(worker.house.keys.vapid_public)
    worker.house.database.close()
    now = clock.now()
    with live.database.step() as session:
        amina = session.get_one(Tenant, live.cast.amina.id)
        amina.language = language
        subscribe(session, amina, phone.endpoint, phone.p256dh, phone.auth, "Chrome, Android", live.settings)
        local = now.astimezone(live.settings.zone)
        with clock.stopped_at(now - timedelta(minutes=1)):
            add_medicine(
                session, amina, "Metformin 500 mg", "1 tablet", [local.time().replace(second=0, microsecond=0)],
                live.settings.zone, local.date(),
            )  # fmt: skip
    return phone


def work(live: Live) -> None:
    """Let a worker do what is due; in a thread of its own, because Playwright has a loop in this one."""
    worker = Worker(live.settings)
    thread = threading.Thread(target=worker.run, args=(True,))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_a_due_dose_reaches_the_lock_screen_and_is_answered(
    live: Live, receiver: Receiver, context: BrowserContext, amina_opens: Open, language: str
) -> None:
    phone = dose_now(live, receiver, language)

    work(live)

    [push] = phone.pushes
    assert BODIES[language] in push.shown["body"]
    assert "Metformin" not in json.dumps(push.shown, ensure_ascii=False)
    assert push.shown["lang"] == language
    assert [button["name"] for button in push.shown["actions"]] == ["taken", "later"]  # type: ignore[index]
    assert 0 < int(push.headers["TTL"]) <= 4 * 60 * 60

    context.grant_permissions(["notifications"], origin=live.base_url)
    page = amina_opens("/medicines")
    handset = Handset(live, context, page)
    handset.push(json.dumps(push.shown))
    [shown] = handset.shown()
    assert shown["body"] == push.shown["body"]
    assert shown["dir"] == ("rtl" if language == "ar" else "ltr")

    page.goto(live.base_url)
    page.locator('.lit button[value="taken"]').click()
    expect(page.locator(".lit button[value=taken]")).to_have_count(0)

    with live.database.session() as session:
        [dose] = session.scalars(select(Dose))
        assert dose.taken_at is not None
        states = [notice.state for notice in session.scalars(select(Notice).order_by(Notice.due_at))]
    assert states[0] is State.SENT


def test_a_dose_that_was_answered_is_not_sent(live: Live, receiver: Receiver, context: BrowserContext) -> None:
    phone = dose_now(live, receiver, "en")
    live.sign_in(context, live.cast.amina)
    page = context.new_page()
    page.goto(live.base_url)
    page.get_by_role("button", name=re.compile("Taken")).click()
    expect(page.locator(".lit button[value=taken]")).to_have_count(0)

    work(live)

    assert phone.pushes == []
