"""A tenant signs in with a name and a PIN, and out again. None of it needs JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import SHARED_STAYS, TENANT_STAYS, Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.rules import MOST_TRIES, TRIES_WINDOW
from tests.cast import PIN, Cast
from tests.conftest import THURSDAY

COOKIE = COOKIES["tenant"]


def sign_in(client, tenant, pin=PIN, **more):
    return client.post("/sign-in", data={"name": tenant.sign_in_name, "pin": pin, **more})


def test_the_right_name_and_pin_open_the_door(tenant_door: Flask, cast: Cast) -> None:
    phone = tenant_door.test_client()

    answer = sign_in(phone, cast.amina)

    assert (answer.status_code, answer.location) == (303, "/")
    assert phone.get("/settings").status_code == 200


def test_a_name_may_be_capitalised_and_a_pin_typed_on_an_arabic_keyboard(tenant_door: Flask, cast: Cast) -> None:
    phone = tenant_door.test_client()
    arabic = PIN.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    answer = phone.post(
        "/sign-in", data={"name": f" {cast.amina.sign_in_name.title()} ", "pin": f"{arabic[:3]} {arabic[3:]}"}
    )

    assert answer.status_code == 303


def test_a_wrong_pin_keeps_the_name_and_not_the_pin(tenant_door: Flask, cast: Cast) -> None:
    page = sign_in(tenant_door.test_client(), cast.amina, "864204")

    assert page.status_code == 422
    assert cast.amina.sign_in_name in page.text
    assert "864204" not in page.text


def test_a_name_that_nobody_has_is_answered_like_a_wrong_pin(tenant_door: Flask, cast: Cast) -> None:
    phone = tenant_door.test_client()

    unknown = phone.post("/sign-in", data={"name": cast.amina.sign_in_name + "0", "pin": "864204"})
    wrong = sign_in(phone, cast.amina, "864204")

    assert unknown.status_code == wrong.status_code == 422
    assert unknown.text.replace(cast.amina.sign_in_name + "0", "x") == wrong.text.replace(cast.amina.sign_in_name, "x")


def test_someone_who_has_left_is_not_let_in(tenant_door: Flask, session: Session, cast: Cast) -> None:
    cast.now(session, cast.amina).leave()
    session.commit()

    assert sign_in(tenant_door.test_client(), cast.amina).status_code == 422


def test_of_a_thousand_guesses_ten_are_looked_at(
    tenant_door: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    monkeypatch.setattr("tenant_app.accounts.rules._verify", lambda known, given: looked_at.append(given))
    statuses = [sign_in(tenant_door.test_client(), cast.amina, f"{guess:06}").status_code for guess in range(1000)]

    assert len(looked_at) == MOST_TRIES == statuses.count(422)
    assert statuses.count(429) == 1000 - MOST_TRIES


def test_guesses_at_one_account_are_no_matter_to_another(tenant_door: Flask, cast: Cast) -> None:
    for guess in range(MOST_TRIES + 1):
        refused = sign_in(tenant_door.test_client(), cast.amina, f"9{guess:05}")

    assert refused.status_code == 429
    assert sign_in(tenant_door.test_client(), cast.tomasz).status_code == 303


def test_a_locked_account_says_until_when_and_opens_then(tenant_door: Flask, cast: Cast) -> None:
    for _ in range(MOST_TRIES):
        sign_in(tenant_door.test_client(), cast.amina, "864204")

    right_but_late = sign_in(tenant_door.test_client(), cast.amina)

    assert right_but_late.status_code == 429
    assert "9:30" in right_but_late.text
    with clock.stopped_at(THURSDAY + TRIES_WINDOW):
        assert sign_in(tenant_door.test_client(), cast.amina).status_code == 303


def test_the_right_pin_makes_the_count_begin_again(tenant_door: Flask, cast: Cast) -> None:
    for _ in range(3):
        for _ in range(MOST_TRIES - 1):
            assert sign_in(tenant_door.test_client(), cast.amina, "864204").status_code == 422
        assert sign_in(tenant_door.test_client(), cast.amina).status_code == 303


def test_an_older_cookie_is_worthless_after_signing_in(tenant_door: Flask, cast: Cast) -> None:
    phone = cast.at(tenant_door, cast.amina)
    planted = phone.get_cookie(COOKIE).value

    sign_in(phone, cast.tomasz)

    assert phone.get_cookie(COOKIE).value != planted
    other = tenant_door.test_client()
    other.set_cookie(COOKIE, planted)
    assert other.get("/settings").status_code == 303
    assert cast.tomasz.sign_in_name in phone.get("/settings").text


def test_a_made_up_cookie_is_never_taken_over(tenant_door: Flask, cast: Cast) -> None:
    phone = tenant_door.test_client()
    phone.set_cookie(COOKIE, "chosen-by-somebody-else")

    sign_in(phone, cast.amina)

    assert phone.get_cookie(COOKIE).value != "chosen-by-somebody-else"


def test_a_cookie_kept_from_before_signing_out_opens_nothing(tenant_door: Flask, cast: Cast) -> None:
    phone = cast.at(tenant_door, cast.amina)
    kept = phone.get_cookie(COOKIE).value
    left = phone.post("/sign-out")

    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    opened = 0
    for _ in range(100):
        thief = tenant_door.test_client()
        thief.set_cookie(COOKIE, kept)
        opened += thief.get("/settings").status_code != 303
    assert opened == 0


def test_signing_out_tells_the_rooms_that_asked_to_know(tenant_door: Flask, cast: Cast, monkeypatch) -> None:
    told = []

    def note(_session: Session, visit: Visit, endpoint: str) -> None:
        told.append((visit.person_id, endpoint))

    monkeypatch.setattr("tenant_app.accounts.leaving.on_leaving", [note])

    cast.at(tenant_door, cast.amina).post("/sign-out", data={"endpoint": "https://push.example/1"})

    assert told == [(cast.amina.id, "https://push.example/1")]


def test_a_shared_phone_forgets_its_cookie_and_its_visit_soon(tenant_door: Flask, session: Session, cast: Cast) -> None:
    answer = sign_in(tenant_door.test_client(), cast.amina, shared="y")

    visit = session.scalars(select(Visit)).one()
    assert visit.shared
    assert visit.ends_at == THURSDAY + SHARED_STAYS
    assert "Max-Age" not in answer.headers["Set-Cookie"]


def test_a_phone_of_ones_own_stays_signed_in_as_long_as_it_is_used(
    tenant_door: Flask, session: Session, cast: Cast
) -> None:
    phone = tenant_door.test_client()
    sign_in(phone, cast.amina)

    for months in (5, 10):
        with clock.stopped_at(THURSDAY + timedelta(days=30 * months)):
            assert phone.get("/settings").status_code == 200

    with clock.stopped_at(THURSDAY + timedelta(days=300) + TENANT_STAYS):
        assert phone.get("/settings").status_code == 303


def test_the_device_is_called_by_what_its_owner_knows(tenant_door: Flask, session: Session, cast: Cast) -> None:
    android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
    phone = tenant_door.test_client()

    phone.post("/sign-in", data={"name": cast.amina.sign_in_name, "pin": PIN}, headers={"User-Agent": android})

    assert session.scalars(select(Visit)).one().device == "Chrome, Android"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(tenant_door: Flask, cast: Cast) -> None:
    phone = tenant_door.test_client()
    asked = phone.get("/goals?filter=kept")

    assert asked.location == "/sign-in?next=/goals?filter%3Dkept"
    answer = phone.post(asked.location, data={"name": cast.amina.sign_in_name, "pin": PIN})
    assert answer.location == "/goals?filter=kept"


def test_someone_who_is_in_is_not_asked_again(tenant_door: Flask, cast: Cast) -> None:
    assert cast.at(tenant_door, cast.amina).get("/sign-in?next=/goals").location == "/goals"


def test_a_script_that_is_signed_out_is_told_so_and_gets_no_page(tenant_door: Flask) -> None:
    nobody = tenant_door.test_client()

    for method in ("GET", "POST"):
        answer = nobody.open(
            "/settings/phones", method=method, headers={"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code in (401, 405)
        assert answer.status_code == 405 or answer.data == b""


def test_the_demo_says_how_to_sign_in_and_the_product_does_not(tenant_door: Flask) -> None:
    people = [{"name": "Amina", "role": "tenant", "sign_in": "amina4821", "secret": "246813", "totp_secret": ""}]
    tenant_door.config["DEMO_PEOPLE"] = people
    assert "246813" not in tenant_door.test_client().get("/sign-in").text

    object.__setattr__(tenant_door.extensions["homeward"].settings, "demo", True)
    assert "246813" in tenant_door.test_client().get("/sign-in").text
