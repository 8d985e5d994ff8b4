"""A statement adds up, whichever days are asked for, and what is taken home as a table runs nothing."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.rent.breathing_space import RespiteKind
from tenant_app.rent.charging import charge_due, end_account
from tenant_app.rent.models import EntryKind, Frequency, Part, RentAccount, RentEntry
from tenant_app.rent.respite import note_breathing_space
from tenant_app.rent.rules import balance, correct, open_account, record_payment
from tenant_app.rent.statement import PAGE, statement_of, usual_period
from tenant_app.rent.words import standing, weeks_behind
from tenant_app.web.spreadsheets import csv_text, neutral
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, LONDON, TODAY, Agreed, Opened

BEGAN = date(2026, 9, 4)
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "＝1+1", "-2+3+cmd|' /C calc'!A0"]


@pytest.fixture
def in_amina_s(session: Session, opened: Opened) -> tuple[Session, RentAccount]:
    account = opened(first_due_on=BEGAN)
    session.commit()
    return session, account


def test_it_opens_with_what_was_owed_and_ends_with_what_is(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=BEGAN)
    charge_due(session, account, TODAY)
    record_payment(session, account, 2840, date(2026, 10, 9), "bank:1")
    record_payment(session, account, 1000, date(2026, 11, 20), "bank:2")

    found = statement_of(session, account, date(2026, 10, 5), date(2026, 11, 10), TODAY)

    assert found.opening == balance(session, account, date(2026, 10, 4)) == 5 * 1420
    assert found.closing == balance(session, account, date(2026, 11, 10)) == 10 * 1420 - 2840
    assert [line.balance for line in found.lines][:3] == [8520, 5680, 7100]
    assert found.lines[-1].balance == found.closing
    assert [month for month, _ in found.months()] == [date(2026, 10, 1), date(2026, 11, 1)]


@pytest.mark.parametrize("through", [None, BEGAN, date(2026, 11, 19), TODAY])
def test_it_agrees_with_the_balance_whether_charges_were_written_or_not(
    session: Session, opened: Opened, through: date | None
) -> None:
    account = opened(first_due_on=BEGAN)
    record_payment(session, account, 5000, date(2026, 11, 20), "bank:1")
    if through:
        charge_due(session, account, through)

    for first in (BEGAN, date(2026, 11, 1), TODAY):
        found = statement_of(session, account, first, TODAY, TODAY)
        assert found.closing == balance(session, account, TODAY) == 12 * 1420 - 5000
        assert found.opening == balance(session, account, first - timedelta(days=1))
        assert [line.day for line in found.lines] == sorted(line.day for line in found.lines)


def test_no_charge_is_shown_before_it_is_due(session: Session, opened: Opened) -> None:
    account = opened()

    assert statement_of(session, account, BEGAN, FRIDAY + timedelta(days=90), TODAY).lines == []


def test_the_usual_period_is_this_month_and_two_before() -> None:
    assert usual_period(TODAY) == (date(2026, 9, 1), TODAY)
    assert usual_period(date(2027, 1, 31)) == (date(2026, 11, 1), date(2027, 1, 31))


def test_a_correction_is_an_entry_of_its_own_with_its_reason(
    session: Session, opened: Opened, cast: Cast
) -> None:
    account, devon = opened(), session.get_one(Worker, cast.devon.id)

    assert correct(session, account, devon, -500, TODAY, "Counted twice in October", "correction:1")
    assert not correct(session, account, devon, -500, TODAY, "Counted twice in October", "correction:1")
    assert correct(session, account, devon, 200, TODAY, "A new key", "correction:2")
    assert balance(session, account, TODAY) == -300
    first, second = statement_of(session, account, TODAY, TODAY, TODAY).lines
    assert (first.kind, first.note, second.kind) == (EntryKind.CREDIT, "Counted twice in October", EntryKind.DEBIT)
    for pence, reason in ((0, "Why"), (100, " ")):
        with pytest.raises(ValueError):
            correct(session, account, devon, pence, TODAY, reason, "correction:3")


def test_where_one_stands_is_said_without_blame(tenant_door: Flask) -> None:
    with tenant_door.test_request_context():
        assert standing(3420) == "You are <bdi>£34.20</bdi> behind."
        assert standing(0) == "You are up to date."
        assert standing(-1000) == "You are <bdi>£10.00</bdi> ahead."
        assert standing(3420, "", "Your agreement covers it.") == (
            "You are <bdi>£34.20</bdi> behind. Your agreement covers it."
        )
        assert "&lt;b&gt;" in standing(0, "<b>")


@pytest.mark.parametrize(
    ("owed", "each", "frequency", "weeks"),
    [
        (1419, 1420, Frequency.WEEKLY, 0), (1420, 1420, Frequency.WEEKLY, 1), (-9000, 1420, Frequency.WEEKLY, 0),
        (5680, 2840, Frequency.FORTNIGHTLY, 4), (5680, 5680, Frequency.FOUR_WEEKLY, 4),
        (6153, 6153, Frequency.MONTHLY, 4), (1000, 0, Frequency.WEEKLY, 0),
    ],
)  # fmt: skip
def test_arrears_are_counted_in_whole_weeks(owed: int, each: int, frequency: Frequency, weeks: int) -> None:
    assert weeks_behind(owed, [(Part.SERVICE, each)], frequency) == weeks


def test_the_page_has_every_entry_by_month_with_head_and_caption(
    tenant_door: Flask, cast: Cast, in_amina_s: tuple[Session, RentAccount]
) -> None:
    session, account = in_amina_s
    charge_due(session, account, TODAY)
    record_payment(session, account, 12 * 1420 - 3420, TODAY, "bank:1", note="Thank you <3")
    session.commit()

    page = cast.at(tenant_door, cast.amina).get("/rent/statement").text

    assert "You are <bdi>£34.20</bdi> behind." in page
    assert page.count('class="month"') == 3
    assert "Statement from 1 September 2026 to 26 November 2026" in page
    assert page.count('scope="col"') == 4
    assert page.count("Service charge") == 12
    assert "<bdi>Thank you &lt;3</bdi>" in page
    assert "<bdi>-£136.20</bdi>" in page
    assert "WH 0042" in page
    assert 'class="care' not in page


def test_a_period_without_entries_still_says_where_one_stood(
    tenant_door: Flask, cast: Cast, in_amina_s: tuple[Session, RentAccount]
) -> None:
    amina = cast.at(tenant_door, cast.amina)

    for asked in ("from=2020-01-01&to=2020-02-01", "from=2020-02-01&to=2020-01-01"):
        page = amina.get(f"/rent/statement?{asked}").text
        assert "1 January 2020 – 1 February 2020" in page
        assert "You are" not in page
    for asked in ("from=yesterday&to=", "from=9999-99-99&to=0001-01-01", "page=0", "page=99", "page=x"):
        assert amina.get(f"/rent/statement?{asked}").status_code == 200


def test_a_tenant_sees_their_own_accounts_and_nobody_elses(
    tenant_door: Flask, cast: Cast, in_amina_s: tuple[Session, RentAccount]
) -> None:
    session, account = in_amina_s
    end_account(session, account, TODAY)
    after = open_account(
        session, account.tenant, frequency=Frequency.WEEKLY, first_due_on=TODAY + timedelta(days=1),
        service_charge_pence=1700, eligible_rent_pence=0, zone=LONDON, reference="WH 0043",
    )  # fmt: skip
    session.commit()
    amina, tomasz = cast.at(tenant_door, cast.amina), cast.at(tenant_door, cast.tomasz)

    page = amina.get("/rent/statement").text
    assert "WH 0042" in page
    assert f"account={after.id}" in page
    assert "WH 0043" in amina.get(f"/rent/statement?account={after.id}").text
    for address in ("/rent/statement", "/rent/statement.csv"):
        assert tomasz.get(address).status_code == 404
        assert tomasz.get(f"{address}?account={account.id}").status_code == 404
        assert amina.get(f"{address}?account={account.id}").status_code == 200


def test_a_thousand_entries_are_paged_and_asked_for_in_as_many_questions_as_three(
    tenant_door: Flask, cast: Cast, in_amina_s: tuple[Session, RentAccount]
) -> None:
    session, account = in_amina_s
    amina = cast.at(tenant_door, cast.amina)
    asked: list[str] = []
    engine = tenant_door.extensions["homeward"].database.engine

    def count(*args: object) -> None:
        asked.append(str(args[2]))

    def questions() -> int:
        asked.clear()
        event.listen(engine, "before_cursor_execute", count)
        assert amina.get("/rent/statement?from=2020-01-01&to=2026-11-26&page=2").status_code == 200
        event.remove(engine, "before_cursor_execute", count)
        return len(asked)

    charge_due(session, account, TODAY)
    session.commit()
    amina.get("/rent/statement")
    few = questions()
    session.add_all(
        RentEntry(account_id=account.id, day=date(2024, 1, 1) + timedelta(days=n), kind=EntryKind.PAYMENT, pence=100 + n,
                  reference=f"T{n}")
        for n in range(1000)
    )  # fmt: skip
    session.commit()

    assert questions() == few
    pages = [amina.get(f"/rent/statement?from=2020-01-01&to=2026-11-26&page={n}").text for n in range(1, 7)]
    assert [page.count('<th scope="row">') for page in pages] == [PAGE] * 5 + [12]
    assert "Page 6 of 6" in pages[-1]
    ends = re.findall(r"At the end of|From the page before|Before 1 Jan", " ".join(pages))
    assert ends == ["Before 1 Jan", *["From the page before"] * 5, "At the end of"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_text_in_a_table(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert next(csv.reader(io.StringIO(csv_text([[text, "fine"]]), newline="")))[0][0] == "'"


def test_what_is_harmless_stays_as_it_is() -> None:
    for text in ("Rent", "14.20", "", " a", "a=b", "أهلا"):
        assert neutral(text) == text


def test_the_table_adds_up_and_holds_no_formula(
    tenant_door: Flask, cast: Cast, in_amina_s: tuple[Session, RentAccount]
) -> None:
    session, account = in_amina_s
    charge_due(session, account, TODAY)
    for number, note in enumerate(DANGEROUS):
        record_payment(session, account, 5000, TODAY, f"bank:{number}", note=note)
    session.commit()

    answer = cast.at(tenant_door, cast.amina).get("/rent/statement.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename=rent-2026-09-01-2026-11-26.csv"
    assert len(rows) == 1 + 1 + 12 + len(DANGEROUS) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r\n")]
    charged, paid = (sum(round(float(row[n] or 0) * 100) for row in rows[2:-1]) for n in (3, 4))
    behind, ahead = (round(float(rows[-1][n]) * 100) for n in (5, 6))
    assert charged - paid == behind - ahead == 12 * 1420 - 5000 * len(DANGEROUS)


def test_it_says_what_an_agreement_covers(tenant_door: Flask, session: Session, cast: Cast, agreed: Agreed) -> None:
    agreed(500)
    session.commit()
    page = cast.at(tenant_door, cast.amina).get("/rent/statement").text

    assert "You are <bdi>£42.60</bdi> behind. Your agreement covers it." in page


def test_in_a_breathing_space_it_shows_entries_and_says_nothing_of_arrears(
    tenant_door: Flask, session: Session, cast: Cast, behind: RentAccount, officer: Worker
) -> None:
    note_breathing_space(session, officer, behind, RespiteKind.STANDARD, TODAY)
    session.commit()
    page = cast.at(tenant_door, cast.amina).get("/rent/statement").text

    assert "behind" not in page
    assert page.count("Service charge") == 3
