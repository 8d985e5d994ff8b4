"""The pages about stock: what they tell, what they keep, and what they refuse."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import add_medicine
from tenant_app.medication.stock.models import MedicineOrder, StockEntry
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.medication.conftest import LONDON, NINE
from tests.questions import counted


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def write_down(cast: Cast, person: Tenant, name: str = "Metformin <500>", each: Decimal | None = Decimal(1)) -> UUID:
    with cast.database.step() as session:
        tenant = session.get_one(Tenant, person.id)
        today = clock.today(LONDON)
        return add_medicine(session, tenant, name, "1 tablet", [NINE], LONDON, today, quantity=each).id


@pytest.fixture
def medicine(cast: Cast) -> str:
    return f"/medicines/{write_down(cast, cast.amina)}"


def entries(cast: Cast) -> list[str]:
    with cast.database.session() as session:
        return [f"{entry.kind} {entry.quantity.normalize():f}" for entry in session.scalars(select(StockEntry).order_by(StockEntry.id))]


def send(client: FlaskClient, address: str, **data: str) -> str:
    """What the page says that one is led to."""
    sent = client.post(address, data=data)
    assert sent.status_code == 303, sent.text
    return client.get(sent.location).text


def test_counting_leads_to_how_long_it_lasts(amina: FlaskClient, medicine: str) -> None:
    page = send(amina, f"{medicine}/stock/counted", quantity="8")

    assert "<bdi>8</bdi> left, by what you wrote down." in page
    assert "That is enough for today and 7 more days, to Thursday 3 December." in page
    assert "Order more by Monday 30 November." in page
    assert "<bdi>Metformin &lt;500&gt;</bdi>" in page


@pytest.mark.parametrize(("typed", "kept"), [
    ("28", "28"), ("10.5", "10.5"), ("10,5", "10.5"), (" 7 ", "7"), ("0", "0"), ("٢٨", "28"), ("٢٫٥", "2.5"),
    ("9999.99", "9999.99"),
])  # fmt: skip
def test_numbers_are_read_as_people_write_them(
    amina: FlaskClient, cast: Cast, medicine: str, typed: str, kept: str
) -> None:
    send(amina, f"{medicine}/stock/counted", quantity=typed)

    assert entries(cast) == [f"counted {kept}"]


@pytest.mark.parametrize("typed", ["", "-1", "abc", "1e3", "NaN", "Infinity", "1.234", "1,234", "10000", "9" * 400, "1 2", "½", "²", "0x1", "+5"])
@pytest.mark.parametrize("kind", ["counted", "collected", "returned"])
def test_what_is_no_number_is_asked_again_and_kept_on_the_page(
    amina: FlaskClient, cast: Cast, medicine: str, typed: str, kind: str
) -> None:
    answer = amina.post(f"{medicine}/stock/{kind}", data={"quantity": typed})

    assert answer.status_code == 422
    assert 'class="errors"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert entries(cast) == []


@pytest.mark.parametrize("kind", ["collected", "returned"])
def test_none_is_not_a_number_that_came_or_went(amina: FlaskClient, medicine: str, kind: str) -> None:
    assert amina.post(f"{medicine}/stock/{kind}", data={"quantity": "0"}).status_code == 422


def test_more_does_not_go_back_than_is_there(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="5")
    answer = amina.post(f"{medicine}/stock/returned", data={"quantity": "6"})

    assert answer.status_code == 422
    assert "By what you wrote down there are 5. Count them first." in answer.text
    assert entries(cast) == ["counted 5"]


def test_a_double_tap_is_one_box(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="5")
    found = re.search(r'name="key" type="hidden" value="([^"]+)"', amina.get(f"{medicine}/stock/collected").text)
    assert found
    for _ in range(3):
        send(amina, f"{medicine}/stock/collected", quantity="28", key=found[1])

    assert entries(cast) == ["counted 5", "collected 28"]
    assert "<bdi>33</bdi> left" in amina.get(f"{medicine}/stock").text


def test_a_key_that_is_none_is_no_error(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="5", key="x' OR 1=1")

    assert entries(cast) == ["counted 5"]


def test_ordered_and_collected_state_the_result(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="3")
    for _ in range(2):
        page = send(amina, f"{medicine}/ordered", ordered="1")
        assert "We will remind you on Tuesday 1 December to collect it." in page
        assert "It should be ready on Tuesday 1 December." in page
    assert "It is not ordered." in send(amina, f"{medicine}/ordered", ordered="0")
    send(amina, f"{medicine}/ordered", ordered="1")
    page = send(amina, f"{medicine}/stock/collected", quantity="28")

    assert "<bdi>31</bdi> left" in page
    with cast.database.session() as session:
        assert [order.settled_at for order in session.scalars(select(MedicineOrder))] == [clock.now()]
    assert amina.post(f"{medicine}/ordered", data={"ordered": "yes"}).status_code == 400


def test_the_one_to_order_first_is_lit_and_stands_first(amina: FlaskClient, cast: Cast) -> None:
    for name, units in (("Plenty", "60"), ("Low", "3"), ("Lower", "2")):
        send(amina, f"/medicines/{write_down(cast, cast.amina, name)}/stock/counted", quantity=units)
    page = amina.get("/medicines/stock").text

    assert page.count("card lit") == 1
    assert page.index("<bdi>Lower</bdi>") < page.index("<bdi>Low</bdi>") < page.index("<bdi>Plenty</bdi>")
    assert page.index("card lit") < page.index("<bdi>Lower</bdi>")


def test_running_low_is_said_on_today_and_at_the_head_of_medicines_until_it_is_done(
    amina: FlaskClient, medicine: str
) -> None:
    order, collect = "Time to order more", "Something may be ready to collect"
    assert order not in amina.get("/").text
    send(amina, f"{medicine}/stock/counted", quantity="2")

    for address in ("/", "/medicines"):
        page = amina.get(address).text
        assert 'href="/medicines/stock"' in page
        assert order in page
    assert "Metformin" not in amina.get("/").text

    send(amina, f"{medicine}/ordered", ordered="1")
    assert order not in amina.get("/").text
    with clock.stopped_at(clock.now() + timedelta(days=6)):
        assert collect in amina.get("/").text
        assert collect in amina.get("/medicines").text
        send(amina, f"{medicine}/stock/collected", quantity="28")
        assert collect not in amina.get("/").text


def test_a_medicine_that_was_never_counted_is_one_tap_from_being_counted(amina: FlaskClient, medicine: str) -> None:
    assert f'href="{medicine}/stock/counted"' in amina.get(medicine).text


def test_nothing_advises_and_nothing_blames(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="0")
    page = (amina.get("/medicines/stock").text + amina.get(f"{medicine}/stock").text).lower()

    for word in ("missed", "you must", "you should", "late,", "overdue", "warning", "danger"):
        assert word not in page, word
    assert "by what you wrote down" in page


def test_without_quantities_it_says_what_would_help(amina: FlaskClient, cast: Cast) -> None:
    address = f"/medicines/{write_down(cast, cast.amina, each=None)}"
    page = send(amina, f"{address}/stock/counted", quantity="8")

    assert "Write down how many you take at a time" in page
    assert f'href="{address}/times"' in page


def test_the_card_stands_on_the_page_of_a_medicine(amina: FlaskClient, medicine: str) -> None:
    assert "Not counted yet." in amina.get(medicine).text
    send(amina, f"{medicine}/stock/counted", quantity="8")
    assert "<bdi>8</bdi> left, by what you wrote down." in amina.get(medicine).text


def test_the_pharmacy_is_kept_and_reminders_follow(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="8")
    page = send(amina, "/medicines/pharmacy", closed="6", lead_days="1", open_on_bank_holidays="y")

    assert "Order more by Wednesday 2 December." in page
    with cast.database.session() as session:
        due = session.scalars(select(Notice.due_at).where(Notice.kind == "medication.order", Notice.state == State.WAITING))
        assert [moment.date() for moment in due] == [date(2026, 12, 2)]
    assert 'value="1"' in amina.get("/medicines/pharmacy").text


@pytest.mark.parametrize(("data", "field"), [
    ({"closed": [str(day) for day in range(7)], "lead_days": "3"}, "closed"),
    ({"lead_days": "-1"}, "lead_days"), ({"lead_days": "21"}, "lead_days"), ({"lead_days": "x"}, "lead_days"),
    ({"lead_days": ""}, "lead_days"), ({"lead_days": "9" * 300}, "lead_days"),
])  # fmt: skip
def test_a_pharmacy_that_cannot_be_is_asked_again(amina: FlaskClient, data: dict[str, object], field: str) -> None:
    answer = amina.post("/medicines/pharmacy", data=data)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text


def test_days_that_are_none_are_let_be(amina: FlaskClient) -> None:
    page = send(amina, "/medicines/pharmacy", closed="9", lead_days="2")

    assert "Kept." in page
    assert 'id="closed-6" checked' not in amina.get("/medicines/pharmacy").text


@pytest.mark.parametrize("rest", ["stock", "stock/counted", "stock/stolen", "ordered"])
def test_someone_elses_medicine_is_not_there(amina: FlaskClient, cast: Cast, rest: str) -> None:
    address = f"/medicines/{write_down(cast, cast.tomasz)}/{rest}"
    if rest != "ordered":
        assert amina.get(address).status_code == 404
    if rest != "stock":
        assert amina.post(address, data={"quantity": "5", "ordered": "1"}).status_code == 404
    assert entries(cast) == []


def test_the_page_of_a_medicine_no_longer_taken_tells_its_stock(amina: FlaskClient, cast: Cast, medicine: str) -> None:
    send(amina, f"{medicine}/stock/counted", quantity="8")
    send(amina, f"{medicine}/stop")

    assert "<bdi>8</bdi> left" in amina.get(f"{medicine}/stock").text
    with cast.database.session() as session:
        assert session.scalars(select(Medicine)).one().stopped_at


def test_more_medicines_ask_no_more_of_the_database(tenant_door: Flask, amina: FlaskClient, cast: Cast) -> None:
    asked = []
    for number in range(2):
        for name in "abc":
            send(amina, f"/medicines/{write_down(cast, cast.amina, f'{name}{number}')}/stock/counted", quantity="5")
        amina.get("/medicines/stock")
        with counted(tenant_door) as statements:
            amina.get("/medicines/stock")
        asked.append(len(statements))

    assert asked[0] == asked[1]
