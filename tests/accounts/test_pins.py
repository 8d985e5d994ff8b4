"""Which six numbers will do, and how to change them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import MOST_TRIES, TooEasy, check_pin, choose_pin
from tests.cast import PIN, Cast


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "1234567", "abcdef", "12345a", "111111", "123456", "654321", "234567", "121212", "123123", "112233",
     "998877", "1234５६x"],
)  # fmt: skip
def test_others_would_guess_it(pin: str) -> None:
    with pytest.raises(TooEasy):
        choose_pin(Tenant(), pin)


@pytest.mark.parametrize("pin", ["246813", "482 913", "٤٨٢٩١٣", "909091", "112234"])
def test_a_pin_of_ones_own(pin: str) -> None:
    tenant = Tenant()

    choose_pin(tenant, pin)

    assert check_pin(tenant, pin)
    assert "246813" not in tenant.pin_hash


def settle(tenant_door: Flask, session: Session, cast: Cast):
    cast.now(session, cast.amina).pin_hash = ""
    session.commit()
    return cast.at(tenant_door, cast.amina)


def test_an_easy_pin_is_explained(tenant_door: Flask, session: Session, cast: Cast) -> None:
    page = settle(tenant_door, session, cast).post("/settle-in/lock", data={"pin": "123456"})

    assert page.status_code == 422
    assert "not in a row" in page.text
    assert "There is one thing to change" in page.text


def test_without_script_it_is_typed_twice(tenant_door: Flask, session: Session, cast: Cast) -> None:
    phone = settle(tenant_door, session, cast)

    assert "<noscript>" in phone.get("/settle-in/lock").text
    assert phone.post("/settle-in/lock", data={"pin": "482913", "again": "482914"}).status_code == 422
    assert phone.post("/settle-in/lock", data={"pin": "482913", "again": "482913"}).status_code == 303


def test_settling_in_cannot_replace_a_pin_there_is(tenant_door: Flask, session: Session, cast: Cast) -> None:
    phone = cast.at(tenant_door, cast.amina)

    assert phone.post("/settle-in/lock", data={"pin": "482913"}).location == "/"
    assert check_pin(cast.now(session, cast.amina), PIN)


def test_changing_it_takes_the_one_there_is(tenant_door: Flask, session: Session, cast: Cast) -> None:
    phone = cast.at(tenant_door, cast.amina)

    assert phone.post("/settings/pin", data={"current": "864204", "pin": "482913"}).status_code == 422
    assert phone.post("/settings/pin", data={"current": PIN, "pin": "111111"}).status_code == 422
    assert phone.post("/settings/pin", data={"current": PIN, "pin": "482913"}).status_code == 303
    assert check_pin(cast.now(session, cast.amina), "482913")


def test_changing_it_is_no_way_to_guess_it(tenant_door: Flask, cast: Cast) -> None:
    phone = cast.at(tenant_door, cast.amina)
    for _ in range(MOST_TRIES):
        phone.post("/settings/pin", data={"current": "864204", "pin": "482913"})

    assert phone.post("/settings/pin", data={"current": PIN, "pin": "482913"}).status_code == 429


def test_a_new_pin_signs_the_other_phones_out_if_asked(tenant_door: Flask, cast: Cast) -> None:
    here, other = cast.at(tenant_door, cast.amina), cast.at(tenant_door, cast.amina)

    here.post("/settings/pin", data={"current": PIN, "pin": "482913"})
    assert other.get("/settings").status_code == 200
    here.post("/settings/pin", data={"current": "482913", "pin": "592913", "elsewhere": "y"})

    assert other.get("/settings").status_code == 303
    assert here.get("/settings").status_code == 200
