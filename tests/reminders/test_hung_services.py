"""A push service that hangs as a whole is left alone for a while, and costs the others nothing."""

from __future__ import annotations

import asyncio

import pytest

from tenant_app.reminders import push
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.models import State
from tenant_app.reminders.push import REST, SILENCES, Postman, _Station
from tests.reminders.conftest import Office, message


def station() -> _Station:
    return _Station("push.test", 443, "https://push.test", None, asyncio.Semaphore(1))  # type: ignore[arg-type]


def test_time_outs_in_a_row_end_in_a_rest_and_then_one_looks_how_it_is() -> None:
    one = station()
    for _ in range(SILENCES):
        assert one.rest(100.0) == 0
        one.silent(100.0)
    assert one.rest(100.0) == REST
    assert one.rest(100.0 + REST - 1) == 1
    assert one.rest(100.0 + REST) == 0  # whoever asks first
    assert one.rest(100.0 + REST) == REST  # everybody else
    one.heard()
    assert one.rest(100.0 + REST) == 0


def test_a_time_out_now_and_then_is_no_reason_to_rest() -> None:
    one = station()
    for _ in range(10 * SILENCES):
        one.silent(100.0)
        one.heard()
    assert one.rest(100.0) == 0


def test_a_host_that_hangs_is_tried_no_more_until_it_has_rested(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "SILENCES", 3)
    hung = office.phone(office.cast.amina)
    hung.hangs = True

    async def go() -> list[Outcome]:
        async with Postman(office.house.settings, office.house.keys, total=0.2) as postman:
            return [await postman.send(hung.endpoint, hung.p256dh, hung.auth, message()) for _ in range(6)]

    outcomes = asyncio.run(go())
    assert {one.kind for one in outcomes} == {Kind.LATER}
    assert hung.knocks == 3
    waits = [one.wait for one in outcomes]
    assert waits[:3] == [None] * 3
    assert all(wait is not None and 0 < wait.total_seconds() <= REST for wait in waits[3:])


def test_its_reminders_wait_until_it_has_rested_and_are_not_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "SILENCES", 1)
    hung = office.phone(office.cast.amina)
    hung.hangs = True
    notices = [office.dose(office.cast.amina, f"dose {number}") for number in range(4)]
    office.deliver(total=0.2, in_flight=1)
    assert hung.knocks == 1
    kept = [office.notice(one) for one in notices]
    assert {one.state for one in kept} == {State.WAITING}
    assert all(one.try_at > one.due_at for one in kept)
