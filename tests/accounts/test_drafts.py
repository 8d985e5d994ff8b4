"""Signed out in the middle of a form: the words are kept, shown again after signing in, and are nobody else's."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.entry import Visit
from tenant_app.goals.models import Goal
from tests.cast import PIN, Cast

FORM = {"words": "Cook <for> myself & “Mum”", "why": "Soup\nand bread", "first_step": "Buy a pot"}


def fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def signed_out(tenant_door: Flask, database, cast: Cast) -> FlaskClient:
    """Amina's phone, with a form open, after its visit ended."""
    phone = cast.at(tenant_door, cast.amina)
    with database.step() as session:
        for visit in session.scalars(select(Visit)):
            visit.end()
    return phone


def send(phone: FlaskClient, **headers: str):
    return phone.post("/goals/new", data=FORM, headers=headers)


def sign_in(phone: FlaskClient, page: str, tenant, pin: str = PIN):
    return phone.post("/sign-in", data={"name": tenant.sign_in_name, "pin": pin, "draft": fields(page)["draft"]})


def test_what_was_written_is_kept_through_signing_in(session: Session, signed_out: FlaskClient, cast: Cast) -> None:
    refused = send(signed_out)
    assert refused.status_code == 401
    assert "What you wrote is kept" in refused.text

    wrong = sign_in(signed_out, refused.text, cast.amina, "864204")
    assert wrong.status_code == 422

    shown = sign_in(signed_out, wrong.text, cast.amina)
    assert (shown.status_code, 'action="/goals/new"' in shown.text) == (200, True)
    assert "Buy a pot" in shown.text
    assert session.scalars(select(Goal)).all() == []  # not before they say so
    session.rollback()

    assert signed_out.post("/goals/new", data=fields(shown.text)).status_code == 303
    (goal,) = session.scalars(select(Goal))
    assert (goal.words, goal.why) == (FORM["words"], FORM["why"])


def test_by_the_phones_lock_as_well(signed_out: FlaskClient, tenant_door: Flask, cast: Cast) -> None:
    draft = fields(send(signed_out).text)["draft"]

    shown = cast.at(tenant_door, cast.amina).post("/kept", data={"draft": draft})

    assert "Buy a pot" in shown.text


def test_somebody_else_on_the_phone_does_not_get_it(signed_out: FlaskClient, tenant_door: Flask, cast: Cast) -> None:
    page = send(signed_out).text

    answer = sign_in(signed_out, page, cast.tomasz)

    assert (answer.status_code, answer.location) == (303, "/")
    assert cast.at(tenant_door, cast.tomasz).post("/kept", data={"draft": fields(page)["draft"]}).status_code == 303


def test_no_sign_in_page_is_put_into_a_corner_of_another(signed_out: FlaskClient) -> None:
    answer = send(signed_out, **{"HX-Request": "true", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 422  # which htmx swaps, into the whole body
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("body", "innerHTML")
    assert "draft" in fields(answer.text)


def test_a_script_is_only_told(signed_out: FlaskClient) -> None:
    answer = send(signed_out, **{"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.data) == (401, b"")


def test_what_we_did_not_seal_is_no_draft(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)

    for rubbish in ("", "x", "gAAAAA==", "é" * 50, "\ud800"):
        assert amina.post("/kept", data={"draft": rubbish.encode("utf-8", "replace")}).status_code == 303


def test_no_pin_is_ever_sealed_into_a_page(signed_out: FlaskClient, tenant_door: Flask) -> None:
    from cryptography.fernet import Fernet

    page = signed_out.post("/settings/pin", data={"current": PIN, "pin": "482913", "elsewhere": "y"}).text
    opened = Fernet(tenant_door.extensions["homeward"].keys.seal).decrypt(fields(page)["draft"]).decode()

    assert PIN not in opened
    assert "482913" not in opened
