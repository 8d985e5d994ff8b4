"""The rent desk's list: the one most behind first, in as many questions for thousands as for three."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.rent.charging import charge_all_due, end_account
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.rules import open_account, record_payment
from tests.cast import Cast
from tests.rent.conftest import LONDON, TODAY, Agreed

BEGAN = date(2026, 11, 6)
"""Three charges by Thursday the 26th."""


def account_of(session: Session, tenant: Tenant, reference: str, paid: int = 0, weekly: int = 1420) -> RentAccount:
    account = open_account(
        session, tenant, frequency=Frequency.WEEKLY, first_due_on=BEGAN, service_charge_pence=weekly,
        eligible_rent_pence=0, zone=LONDON, reference=reference,
    )  # fmt: skip
    if paid:
        record_payment(session, account, paid, TODAY, "FP1")
    return account


def three(session: Session, amina: Tenant, tomasz: Tenant, salma: Tenant) -> None:
    account_of(session, amina, "WH 0042", 4260 - 1420)
    account_of(session, tomasz, "WH 0043")
    account_of(session, salma, "XY 7", 5260)
    charge_all_due(session, TODAY)
    session.commit()


def names(page: str) -> list[str]:
    return re.findall(r"<b><bdi>([^<]+)</bdi></b><span", page)


def test_the_one_most_behind_comes_first(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    three(session, amina, tomasz, salma)
    page = cast.at(staff_door, cast.devon).get("/rent").text

    assert names(page) == ["Tomasz Wójcik", "Amina Warsame", "Salma Haddad"]
    assert "<bdi>£42.60</bdi> behind" in page
    assert "3 weeks" in page
    assert "1 week<" in page
    assert "<bdi>£10.00</bdi> ahead" in page
    assert "<bdi>£56.80</bdi> behind in all" in page


def test_it_is_searched_by_name_home_and_reference(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    three(session, amina, tomasz, salma)
    devon = cast.at(staff_door, cast.devon)

    for search, found in (("WAR", ["Amina Warsame"]), ("xy 7", ["Salma Haddad"]), ("mare", ["Salma Haddad"]),
                          ("wh tomasz", ["Tomasz Wójcik"]), ("%", []), ("nobody", [])):  # fmt: skip
        assert names(devon.get("/rent", query_string={"q": search}).text) == found, search
    assert "No account like that" in devon.get("/rent?q=nobody").text


def test_it_is_filtered_by_where_accounts_stand(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    three(session, amina, tomasz, salma)
    devon = cast.at(staff_door, cast.devon)

    assert names(devon.get("/rent?show=behind").text) == ["Tomasz Wójcik", "Amina Warsame"]
    assert names(devon.get("/rent?show=up-to-date").text) == ["Salma Haddad"]
    assert len(names(devon.get("/rent?show=nonsense&page=99").text)) == 3


def test_an_account_that_ended_stays_until_it_is_settled(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant
) -> None:
    for tenant, reference, paid in ((amina, "WH 0042", 4260), (tomasz, "WH 0043", 0)):
        end_account(session, account_of(session, tenant, reference, paid), TODAY - timedelta(days=1))
    charge_all_due(session, TODAY)
    session.commit()
    page = cast.at(staff_door, cast.devon).get("/rent").text

    assert names(page) == ["Tomasz Wójcik"]
    assert "Ended" in page


def test_many_accounts_are_paged_in_as_many_questions_as_few(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    three(session, amina, tomasz, salma)
    devon = cast.at(staff_door, cast.devon)
    asked: list[str] = []
    event.listen(staff_door.extensions["homeward"].database.engine, "before_cursor_execute",
                 lambda *args: asked.append(args[2]))  # fmt: skip

    def questions() -> int:
        asked.clear()
        assert devon.get("/rent").status_code == 200
        return len(asked)

    questions()
    few = questions()
    home = session.get_one(Property, cast.alma_road.id)
    for number in range(60):
        tenant = welcome_tenant(session, f"Person {number:02d}", building=home, moved_in_on=BEGAN)
        account_of(session, tenant, f"P{number}", weekly=100 + number)
    charge_all_due(session, TODAY)
    session.commit()

    assert questions() == few
    page = devon.get("/rent").text
    assert len(names(page)) == 50
    assert "Page 1 of 2" in page
    assert len(names(devon.get("/rent?page=2").text)) == 13


def test_it_says_so_when_the_worker_has_not_charged(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    account_of(session, amina, "WH 0042")
    session.commit()
    devon = cast.at(staff_door, cast.devon)

    assert "Not all charges since Friday 6 November are written yet." in devon.get("/rent").text
    charge_all_due(session, TODAY - timedelta(days=1))
    session.commit()
    assert "are written yet" not in devon.get("/rent").text


def test_rent_is_the_housing_officers(staff_door: Flask, session: Session, cast: Cast, amina: Tenant) -> None:
    account = account_of(session, amina, "WH 0042")
    session.commit()

    for worker in (cast.grace, cast.nasrin, cast.joana, cast.priya):
        client = cast.at(staff_door, worker)
        for address in ("/rent", f"/rent/{account.id}", f"/rent/{account.id}/statement.csv", "/rent/import", "/rent/open"):
            assert client.get(address).status_code == 403, (worker.role, address)


def test_an_empty_desk_says_how_to_begin(staff_door: Flask, cast: Cast) -> None:
    page = cast.at(staff_door, cast.devon).get("/rent").text

    assert "No accounts yet" in page
    assert "/rent/import" in page


def test_it_is_filtered_by_agreement(
    staff_door: Flask, session: Session, cast: Cast, agreed: Agreed, tomasz: Tenant
) -> None:
    account_of(session, tomasz, "WH 0043")
    agreed(500)
    session.commit()
    devon = cast.at(staff_door, cast.devon)

    assert names(devon.get("/rent?show=agreement").text) == ["Amina Warsame"]
