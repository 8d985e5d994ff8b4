"""Refused rows are kept without names, settle when they land however they were mended, and are forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker as Colleague
from tenant_app.database import Database
from tenant_app.rent.importing import running
from tenant_app.rent.importing.columns import REFUSED_ROW
from tenant_app.rent.importing.models import RentImport, RentRefusal, Settled
from tenant_app.rent.importing.problems import Why, say_reason
from tenant_app.rent.importing.refusals import forget_refusals
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.rules import balance
from tenant_app.settings import Settings
from tenant_app.worker import Worker
from tests.cast import Cast
from tests.rent.conftest import TODAY, Opened, Send
from tests.rent.sending import ACCOUNTS, HEAD, paid, table


def refusals(session: Session) -> list[RentRefusal]:
    session.commit()
    session.expire_all()
    return list(session.scalars(select(RentRefusal).order_by(RentRefusal.id)))


def settled(session: Session) -> list[Settled | None]:
    return [row.settled for row in refusals(session)]


def test_a_refused_row_is_kept_with_its_reason_and_what_finds_it(
    session: Session, account: RentAccount, send: Send
) -> None:
    send(table(paid(), paid("14.205", "25/11/2026", "FP1", "For Amina Warsame"), ["WH 9", *paid()[1:]]))

    fine, unknown = refusals(session)
    assert (fine.line, fine.why, fine.account, fine.day, fine.amount) == (3, Why.FINE, "WH 0042", "25/11/2026", "14.205")
    assert (unknown.line, unknown.why, unknown.account, unknown.amount) == (4, Why.ACCOUNT, "WH 9", "14.20")
    assert say_reason(unknown.why, unknown.cell, unknown.heading) == "no account has the reference “WH 9”."
    assert fine.settled is None


def test_no_name_is_kept_whatever_column_it_stands_in(session: Session, cast: Cast, account: RentAccount, send: Send) -> None:
    canary = "Amina Warsame"
    bad = [[canary if at == place else cell for at, cell in enumerate(paid(reference="FP1", note="A"))] for place in range(4)]
    send(table(*bad, paid("x", note=canary), paid("x", reference=canary), paid(canary + "\n4821"), [canary] * 6))
    send(f"{ACCOUNTS}\nWH 2,{canary},,14/09/2026,,{canary},18/09/2026,1,1,,,".encode())

    kept = refusals(session)
    assert len(kept) >= 8
    for row in kept:
        told = f"{row.cell} {row.heading} {row.account} {row.day}"
        assert canary not in told
        assert canary not in say_reason(row.why, row.cell, row.heading)
    tenant = next(row for row in kept if row.why is Why.TENANT)
    assert say_reason(tenant.why, tenant.cell, tenant.heading) == "no tenant has the sign-in name “…”."


@pytest.mark.parametrize(
    ("refused", "mended"),
    [
        (paid("14,20", reference="FP1"), paid("14.20", reference="FP1")),
        (paid(day="26/11/26", reference="FP1"), paid(reference="FP1")),
        (paid(kind="gift", reference="FP1"), paid(kind="payment", reference=" FP1 ")),
    ],
)
def test_a_mended_row_settles_the_old_refusal_by_its_reference(
    session: Session, account: RentAccount, send: Send, refused: list[str], mended: list[str]
) -> None:
    send(table(refused, paid("1.00", reference="FP2")))
    assert settled(session) == [None]
    send(table(mended))

    (row,) = refusals(session)
    assert (row.settled, row.settled_at) == (Settled.LANDED, clock.now())
    assert row.settled_import_id != row.import_id


def test_a_row_without_a_reference_settles_when_the_same_lands(session: Session, opened: Opened, send: Send) -> None:
    send(table(paid(), paid(), paid("15.00")))
    assert settled(session) == [None] * 3
    opened()
    send(table(paid("£14.20", "26 Nov 2026")))

    # Two payments of one sum on one day are two rows, and one of them came.
    assert settled(session) == [Settled.LANDED, None, None]
    send(table(paid(), paid()))
    assert settled(session) == [Settled.LANDED, Settled.LANDED, None]


def test_a_row_is_known_by_the_column_of_the_desks_table_however_it_was_mended(
    session: Session, account: RentAccount, send: Send
) -> None:
    send(table(["WH 9", *paid()[1:]], paid("x")))
    first, second = refusals(session)
    rows = [[*paid("3.00"), str(first.id)], [*paid("4.00"), f" {second.id} "], [*paid("5.00"), "nonsense"], [*paid("6.00"), ""]]
    content = "\n".join(",".join(row) for row in [[*HEAD, REFUSED_ROW], *rows]).encode()

    assert send(content).new == 4
    assert settled(session) == [Settled.LANDED, Settled.LANDED]


def test_a_row_refused_again_waits_in_the_newer_file_alone(session: Session, account: RentAccount, send: Send) -> None:
    content = table(paid(), paid("x"), paid("y", reference="FP1"), ["WH 0042", *['"'] * 7])
    send(content)
    send(content)

    assert settled(session) == [Settled.AGAIN] * 3 + [None] * 3
    with_newer = {row.settled_import_id for row in refusals(session)[:3]}
    assert with_newer == {refusals(session)[-1].import_id}


def test_a_reference_that_is_taken_is_settled_by_that_very_row_alone(
    session: Session, account: RentAccount, send: Send
) -> None:
    send(table(paid(reference="FP1"), paid("15.00", reference="FP1")))
    send(table(paid(reference="FP1")))

    assert [row.why for row in refusals(session)] == [Why.OTHERWISE]
    assert settled(session) == [None]


def test_accounts_and_charges_settle_too(session: Session, cast: Cast, send: Send) -> None:
    row = f"WH 1,{cast.amina.sign_in_name},,14/09/2026,,%s,18/09/2026,221.50,14.20,,,"
    charges = b"Rent Account Reference,Charge Start Date,Eligible Rent,Service Charge\nWH 1,05/04/2027,230.00,15.10\n"
    send(charges)
    send(f"{ACCOUNTS}\n{row % 'yearly'}".encode())
    assert settled(session) == [None, None]
    send(f"{ACCOUNTS}\n{row % 'weekly'}".encode())
    send(charges)

    assert settled(session) == [Settled.LANDED, Settled.LANDED]
    assert [(one.account, one.day, one.amount) for one in refusals(session)] == [
        ("WH 1", "05/04/2027", "15.10"), ("WH 1", "14/09/2026", "")
    ]  # fmt: skip


def test_a_check_keeps_nothing_and_settles_nothing(session: Session, account: RentAccount, send: Send) -> None:
    send(table(paid("x", reference="FP1")), check=True)
    assert refusals(session) == []
    send(table(paid("x", reference="FP1")))
    send(table(paid(reference="FP1")), check=True)

    assert settled(session) == [None]
    assert session.scalars(select(RentEntry)).all() == []


def test_of_a_file_that_is_wrong_throughout_the_first_rows_are_kept(
    session: Session, account: RentAccount, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 3)
    monkeypatch.setattr(running, "MOST_KEPT", 4)
    assert send(table(*[paid("x", reference=str(number)) for number in range(9)])).refused == 9

    assert [row.line for row in refusals(session)] == [2, 3, 4, 5]
    assert session.scalars(select(RentImport)).one().refused == 9


def test_somebody_deals_with_it_and_may_take_that_back(
    session: Session, account: RentAccount, send: Send, officer: Colleague
) -> None:
    send(table(paid("x", reference="FP1"), paid("y", reference="FP2")))
    send(table(paid(reference="FP2")))
    waits, landed = refusals(session)
    for done, how in ((True, Settled.BY_HAND), (True, Settled.BY_HAND), (False, None), (False, None), (True, Settled.BY_HAND)):
        waits.deal_with(officer, done=done)
        assert waits.settled is how
        assert (waits.settled_by_id is None) == (how is None)
    landed.deal_with(officer, done=False)
    assert landed.settled is Settled.LANDED
    send(table(paid(reference="FP1")))

    assert settled(session) == [Settled.BY_HAND, Settled.LANDED]


def test_after_six_months_they_are_forgotten_and_the_import_stays(
    session: Session, account: RentAccount, send: Send
) -> None:
    send(table(paid(), paid("x")))
    later = clock.now() + relativedelta(months=6)
    with clock.stopped_at(later - timedelta(minutes=1)):
        forget_refusals(session)
    assert len(refusals(session)) == 1
    with clock.stopped_at(later):
        forget_refusals(session)

    assert refusals(session) == []
    assert session.scalars(select(RentImport)).one().refused == 1
    assert balance(session, account, TODAY) == -1420


def test_the_worker_sweeps_them_away(settings: Settings, session: Session, account: RentAccount, send: Send) -> None:
    send(table(paid("x")))
    with clock.stopped_at(clock.now() + relativedelta(months=6)):
        worker = Worker(settings)
        assert not worker.sweep()
        worker.house.database.close()

    assert refusals(session) == []


def test_a_file_that_nobody_imported_is_thrown_away_after_a_week(session: Session, database: Database) -> None:
    for content in (b"names", None):
        session.add(RentImport(file_name="x.csv", sha256="0" * 64, content=content))
    session.commit()
    with clock.stopped_at(clock.now() + timedelta(days=7)):
        forget_refusals(session)

    assert len(session.scalars(select(RentImport)).all()) == 1
