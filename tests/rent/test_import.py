"""Transactions land row by row, once however often they are sent, and every refusal names its line and its reason."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.charging import charge_due
from tenant_app.rent.importing import running
from tenant_app.rent.importing.models import RentImport
from tenant_app.rent.importing.problems import Problem, Why, say_problem
from tenant_app.rent.importing.running import Totals
from tenant_app.rent.models import EntryKind, RentAccount, RentEntry
from tenant_app.rent.rules import balance, record_payment
from tests.rent.conftest import FRIDAY, TODAY, Opened, Send
from tests.rent.sending import HEAD, Cells, paid, table, told


def test_a_file_sent_twice_lands_once(session: Session, account: RentAccount, send: Send) -> None:
    content = table(paid(reference="FP1"), paid("£1,234.50", "2026-11-25", "FP2"), paid("5", "25 Nov 2026"))

    assert send(content) == Totals(3, 0, 0)
    assert send(content) == Totals(0, 3, 0)
    assert balance(session, account, TODAY) == -(1420 + 123450 + 500)


def test_two_payments_that_are_alike_both_count_and_only_those_two(
    session: Session, account: RentAccount, send: Send
) -> None:
    content = table(paid(), paid(), paid(note="Cash"))

    assert send(content) == Totals(3, 0, 0)
    assert send(content) == Totals(0, 3, 0)
    assert send(table(paid(note="Cash"), paid(day="2026-11-26"), paid("£14.2", "26 Nov 2026"))) == Totals(0, 3, 0)
    assert send(table(paid(), paid(), paid())) == Totals(1, 2, 0)
    assert balance(session, account, TODAY) == -4 * 1420


def test_alike_rows_in_different_batches_are_told_apart(
    session: Session, account: RentAccount, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    content = table(*[paid() for _ in range(5)], paid(reference="A"), paid(reference="A"))

    assert send(content, check=True) == Totals(6, 1, 0)
    assert send(content) == Totals(6, 1, 0)
    assert send(content) == Totals(0, 7, 0)


def test_a_reference_is_known_with_its_sum_and_day_alone(
    session: Session, account: RentAccount, send: Send, problems: list[Problem]
) -> None:
    record_payment(session, account, 1420, TODAY, "FP1")
    session.commit()

    assert send(table(paid(reference="FP1"), paid(reference="FP1", day="25/11/2026"), paid("14.21", reference="FP1"),
                      paid(reference="FP1", kind="housing benefit"))) == Totals(0, 1, 3)  # fmt: skip
    assert told(problems) == [(3, Why.OTHERWISE), (4, Why.OTHERWISE), (5, Why.OTHERWISE)]
    assert send(table(paid(reference="N"), paid("1", reference="N"), paid(reference="N"))) == Totals(1, 1, 1)
    assert balance(session, account, TODAY) == -2840


def test_a_bad_row_is_named_and_keeps_no_good_one_out(
    session: Session, account: RentAccount, send: Send, problems: list[Problem]
) -> None:
    content = table(
        paid(reference="1"), ["WH 9", *paid()[1:]], paid("-14.20"), paid("=14.2"), paid(day="28/11/2027"),
        paid(kind="gift"), paid(reference="=1"), paid("1.234,50"), paid("12.505"), paid(day="26/11/26"), paid(""),
        ["=HYPERLINK()", *paid()[1:]], paid(note="=cmd|' /C calc'!A0", reference="2"),
    )  # fmt: skip

    assert send(content) == Totals(2, 0, 11)
    assert told(problems) == [
        (3, Why.ACCOUNT), (4, Why.NEGATIVE), (5, Why.FORMULA), (6, Why.FAR_OFF), (7, Why.KIND), (8, Why.FORMULA),
        (9, Why.COMMA), (10, Why.FINE), (11, Why.SHORT_YEAR), (12, Why.EMPTY), (13, Why.FORMULA),
    ]  # fmt: skip
    assert say_problem(problems[0]) == "Line 3: no account has the reference “WH 9”."
    assert session.scalars(select(RentEntry.note).where(RentEntry.reference == "2")).one() == "=cmd|' /C calc'!A0"
    assert balance(session, account, TODAY) == -2840


def test_a_check_writes_nothing(database: Database, account: RentAccount, send: Send, problems: list[Problem]) -> None:
    content = table(paid(reference="1"), paid(reference="1"), paid(""))

    assert send(content, check=True) == Totals(1, 1, 1)
    assert told(problems) == [(4, Why.EMPTY)]
    with database.session() as session:
        assert session.scalars(select(RentEntry)).all() == []
        assert session.scalars(select(RentImport)).all() == []


def test_benefit_and_adjustments_go_their_own_way(session: Session, account: RentAccount, send: Send) -> None:
    assert send(table(paid("221.50", kind="Housing Benefit"), paid("(10.00)", kind="adjustment", note="Good will"),
                      paid("3", kind="Adjustment", note="A new key"))) == Totals(3, 0, 0)  # fmt: skip

    kinds = {entry.kind: entry.owed for entry in session.scalars(RentEntry.of(account))}
    assert kinds == {EntryKind.BENEFIT: -22150, EntryKind.CREDIT: -1000, EntryKind.DEBIT: 300}


def test_a_week_that_homeward_charges_is_not_charged_again(
    session: Session, account: RentAccount, send: Send, problems: list[Problem]
) -> None:
    content = table(paid(day="27/11/2026", kind="service charge", reference="C1"))

    assert send(content) == Totals(1, 0, 0)
    charge_due(session, account, FRIDAY)
    session.commit()
    assert balance(session, account, FRIDAY) == 1420
    assert send(content) == Totals(0, 1, 0)
    assert send(table(paid(kind="service charge"), paid("15", "27/11/2026", kind="service charge"))) == Totals(0, 0, 2)
    assert told(problems) == [(2, Why.NOT_DUE), (3, Why.OTHERWISE)]


def test_where_charges_come_by_file_they_are_what_the_file_says(
    session: Session, opened: Opened, send: Send
) -> None:
    account = opened(charges_imported=True, first_due_on=date(2026, 9, 4))
    session.commit()
    content = table(paid("221.50", "23/11/2026", "C1", kind="rent charge"), paid("14.20", "23/11/2026", "C2", kind="service charge"),
                    paid("221.50", "23/11/2026", "B1", kind="housing benefit"))  # fmt: skip

    assert send(content) == Totals(3, 0, 0)
    assert send(content) == Totals(0, 3, 0)
    assert balance(session, account, TODAY) == 1420


def test_each_import_is_written_down(database: Database, account: RentAccount, send: Send) -> None:
    content = table(paid(), paid("x"))
    send(content)
    send(content)

    with database.session() as session:
        first, second = session.scalars(select(RentImport).order_by(RentImport.id))
        assert (first.file_name, first.new, first.known, first.refused) == ("rent.csv", 1, 0, 1)
        assert (second.new, second.known, second.refused) == (0, 1, 1)
        assert first.sha256 == second.sha256
        assert first.sent_at == first.finished_at == clock.now()
        assert session.scalars(select(RentEntry)).one().import_id == first.id


def test_reminders_are_put_right_once_an_account(
    database: Database, session: Session, account: RentAccount, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    from tenant_app.rent import rules

    keep = rules.keep_reminding
    monkeypatch.setattr(rules, "keep_reminding", lambda session, one: (asked.append(one.reference), keep(session, one)))

    send(table(*[paid("0.10", reference=str(number)) for number in range(142)]))

    assert asked == ["WH 0042"]
    waiting = session.scalars(select(Notice.occurrence).where(Notice.state == State.WAITING)).all()
    assert "2026-11-27" not in waiting
    asked.clear()
    send(table(paid("0.10", reference="1")))
    assert asked == []


def test_what_was_stopped_halfway_goes_on_when_sent_again(
    session: Session, account: RentAccount, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    content = table(*[paid() for _ in range(7)])
    land, landed = running.land_transactions, []

    def breaking(*args: object) -> object:
        landed.append(1)
        if len(landed) == 3:
            raise KeyboardInterrupt
        return land(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "land_transactions", breaking)
    with pytest.raises(KeyboardInterrupt):
        send(content)
    assert session.scalars(select(RentImport)).one().finished_at is None
    assert send(content) == Totals(3, 4, 0)
    assert balance(session, account, TODAY) == -7 * 1420


SENT = st.lists(
    st.tuples(
        st.integers(1, 99_999), st.integers(0, 60), st.sampled_from(["", "a", "b", "c\nd", '"', "=1", "é"]),
        st.sampled_from(["", "", "T1", "T2", "T3"]), st.sampled_from(["payment", "housing benefit", "adjustment"]),
    ), max_size=25,
)  # fmt: skip


# An example sends two files: a quarter of the profile's number.
@trying(
    max_examples=trying.default.max_examples // 4, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(SENT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), st.sampled_from(",;\t"), st.randoms())
def test_whatever_is_sent_again_changes_nothing(
    database: Database, session: Session, account: RentAccount, send: Send,
    sent: list[tuple[int, int, str, str, str]], encoding: str, delimiter: str, dice: object,
) -> None:  # fmt: skip
    session.execute(delete(RentEntry))

    def written(rows: list[Cells]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([HEAD, *rows])
        return out.getvalue().encode(encoding)

    rows = [
        ["WH 0042", (TODAY - timedelta(days=ago)).isoformat(), kind, f"£{pence // 100:,}.{pence % 100:02d}", reference, note]
        for pence, ago, note, reference, kind in sent
    ]
    first = send(written(rows))
    owed = balance(session, account, TODAY)
    assert first.new + first.known + first.refused == len(sent)
    dice.shuffle(rows)  # type: ignore[attr-defined]
    again = send(written(rows))

    assert again.new == 0
    assert balance(session, account, TODAY) == owed
    landed = session.scalars(RentEntry.of(account)).all()
    assert len(landed) == first.new
    without = [(pence, kind) for pence, _, _, reference, kind in sent if not reference]
    assert sum(entry.pence for entry in landed if entry.reference.startswith("row:")) == sum(p for p, _ in without)
    session.commit()


def test_a_payment_of_tomorrow_counts_tomorrow(session: Session, account: RentAccount, send: Send) -> None:
    send(table(paid(day="27/11/2026")))

    assert balance(session, account, TODAY) == 0
    with clock.stopped_at(datetime(2026, 11, 27, 9, tzinfo=UTC)):
        assert balance(session, account, FRIDAY) == 0


def test_somebody_who_has_no_account_gets_none_by_a_payment(
    session: Session, account: RentAccount, send: Send, tomasz: Tenant
) -> None:
    send(table(["WH 0043", *paid()[1:]]))

    assert session.scalars(RentAccount.all_of(tomasz)).all() == []
