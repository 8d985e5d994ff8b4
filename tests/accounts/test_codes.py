"""The one-time code: in once, then settling in. Each refusal says what to do next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import CODE_LASTS, Passkey, Visit
from tenant_app.accounts.rules import MOST_TRIES, check_pin, give_code, use_code
from tests.cast import PIN, Cast
from tests.conftest import THURSDAY


@pytest.fixture
def code(session: Session, cast: Cast) -> str:
    """Amina's, made by Grace."""
    made = give_code(session, cast.now(session, cast.amina), cast.now(session, cast.grace))
    session.commit()
    return made


def bring(phone: FlaskClient, code: str):
    return phone.post("/welcome", data={"code": code})


def test_a_code_leads_to_settling_in_and_nowhere_else(tenant_door: Flask, cast: Cast, code: str) -> None:
    phone = tenant_door.test_client()

    assert bring(phone, code).location == "/settle-in/language"
    for address in ("/", "/goals", "/settings", "/more"):
        assert phone.get(address).location == "/settle-in/language"
    assert phone.post("/goals/new", data={"words": "A goal"}).location == "/settle-in/language"
    for address in ("/help", "/language", "/settle-in/language", "/settle-in/lock"):
        assert phone.get(address).status_code == 200


def test_settling_in_is_a_language_and_six_numbers(tenant_door: Flask, session: Session, cast: Cast, code: str) -> None:
    phone = tenant_door.test_client()
    bring(phone, code)

    chosen = phone.post("/language", data={"language": "tr", "next": "/settle-in/lock"})
    asked = phone.get(chosen.location)
    kept = phone.post("/settle-in/lock", data={"pin": "482913"})

    assert cast.amina.sign_in_name in asked.text
    assert '<html lang="tr"' in asked.text
    assert kept.location == "/"
    amina = cast.now(session, cast.amina)
    assert amina.language == "tr"
    assert check_pin(amina, "482913")
    assert phone.get("/settings").status_code == 200


def test_a_language_chosen_on_the_phone_comes_in_with_its_owner(
    tenant_door: Flask, session: Session, cast: Cast, code: str
) -> None:
    phone = tenant_door.test_client()
    phone.post("/language", data={"language": "ar", "next": "/welcome"})

    bring(phone, code)

    assert '<html lang="ar" dir="rtl">' in phone.get("/settle-in/language").text
    assert cast.now(session, cast.amina).language == "ar"


def test_leaving_is_possible_before_settling_in(tenant_door: Flask, code: str) -> None:
    phone = tenant_door.test_client()
    bring(phone, code)

    assert phone.post("/sign-out").location == "/sign-in"
    assert phone.get("/settle-in/lock").location.startswith("/sign-in")


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}-", "{3}"])
def test_a_code_is_read_however_it_is_typed(tenant_door: Flask, code: str, typed: str) -> None:
    plain = code.replace("-", "")
    forms = (code, plain.lower(), f"{plain[:5]} {plain[5:]}", plain.translate({ord("2"): "٢", ord("5"): "５"}))

    assert bring(tenant_door.test_client(), typed.format(*forms)).status_code == 303


def test_a_wrong_code_is_kept_in_the_box(tenant_door: Flask) -> None:
    page = bring(tenant_door.test_client(), "KQ7MX-2XWD8")

    assert page.status_code == 422
    assert 'value="KQ7MX-2XWD8"' in page.text
    assert "ask your keyworker for a new one" in page.text


def test_an_empty_box_is_asked_again(tenant_door: Flask) -> None:
    assert bring(tenant_door.test_client(), " ").status_code == 422


def test_a_used_code_says_so(tenant_door: Flask, code: str) -> None:
    bring(tenant_door.test_client(), code)

    page = bring(tenant_door.test_client(), code)

    assert page.status_code == 410
    assert f'value="{code}"' in page.text
    assert "A code works once" in page.text


def test_an_old_code_says_so(tenant_door: Flask, code: str) -> None:
    with clock.stopped_at(THURSDAY + CODE_LASTS):
        page = bring(tenant_door.test_client(), code)

    assert page.status_code == 410
    assert "no longer works" in page.text


def test_a_newer_code_takes_the_place_of_an_older_one(
    tenant_door: Flask, session: Session, cast: Cast, code: str
) -> None:
    newer = give_code(session, cast.now(session, cast.amina), None)
    session.commit()

    assert bring(tenant_door.test_client(), code).status_code == 410
    assert bring(tenant_door.test_client(), newer).status_code == 303


def test_guessing_codes_ends_after_ten_and_the_count_outlives_the_refusals(tenant_door: Flask, code: str) -> None:
    statuses = [bring(tenant_door.test_client(), f"KQ7MX2XW{guess:02}").status_code for guess in range(MOST_TRIES)]
    late = bring(tenant_door.test_client(), code)

    assert statuses == [422] * MOST_TRIES
    assert late.status_code == 429
    assert f'value="{code}"' in late.text
    assert "9:30" in late.text
    with clock.stopped_at(THURSDAY + timedelta(minutes=30)):
        assert bring(tenant_door.test_client(), code).status_code == 303


def test_a_workers_code_opens_nothing_at_the_tenants_door(tenant_door: Flask, session: Session, cast: Cast) -> None:
    made = give_code(session, cast.now(session, cast.grace), None)
    session.commit()

    assert bring(tenant_door.test_client(), made).status_code == 422


def test_someone_who_left_cannot_come_back_by_code(tenant_door: Flask, session: Session, cast: Cast, code: str) -> None:
    cast.now(session, cast.amina).leave()
    session.commit()

    assert bring(tenant_door.test_client(), code).status_code == 422


def test_a_code_starts_afresh_because_a_phone_or_pin_was_lost(
    tenant_door: Flask, session: Session, cast: Cast, code: str
) -> None:
    lost = cast.at(tenant_door, cast.amina)
    session.add(Passkey(person_id=cast.amina.id, credential=b"lost", public_key=b"key"))
    session.commit()

    bring(tenant_door.test_client(), code)

    assert lost.get("/settings").location.startswith("/sign-in")
    assert (
        tenant_door.test_client().post("/sign-in", data={"name": cast.amina.sign_in_name, "pin": PIN}).status_code
        == 422
    )
    assert session.scalars(select(Passkey)).all() == []
    assert len([visit for visit in session.scalars(select(Visit)) if visit.live]) == 1


def test_two_phones_with_one_code_are_not_both_let_in(session: Session, cast: Cast, code: str) -> None:
    from tenant_app.accounts.models import Tenant
    from tenant_app.accounts.rules import Used

    use_code(session, code, Tenant)
    with pytest.raises(Used):
        use_code(session, code, Tenant)


def test_the_code_of_a_qr_picture_never_reaches_the_server(tenant_door: Flask) -> None:
    page = tenant_door.test_client().get("/welcome?code=KQ7MX2XWD9")

    assert "KQ7MX2XWD9" not in page.text  # only a fragment is read, by the browser itself
    assert "signin.js" in page.text
