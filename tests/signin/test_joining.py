"""A colleague comes by a code, puts a secret into an app, chooses a password, and only then is in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import CODE_LASTS
from tenant_app.accounts.first import first_administrator
from tenant_app.accounts.models import Worker
from tenant_app.accounts.rules import MOST_TRIES, TooEasy, check_password, choose_password, give_code, worker_at
from tenant_app.accounts.second_step import open_totp, totp_now
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.signin.conftest import PASSWORD, Equipped


@pytest.fixture
def code(session: Session, cast: Cast) -> str:
    """Marek's, made by Priya."""
    made = give_code(session, cast.now(session, cast.marek), cast.now(session, cast.priya))
    session.commit()
    return made


@pytest.fixture
def newcomer(staff_door: Flask) -> FlaskClient:
    return staff_door.test_client()


def join(newcomer: FlaskClient, code: str):
    return newcomer.post("/join", data={"code": code})


def app_code(newcomer: FlaskClient) -> str:
    page = newcomer.get("/join/app").text
    secret = re.search(r'class="letters">([A-Z2-7 ]+)<', page)
    assert secret
    assert 'src="data:image/svg+xml' in page
    return totp_now(secret[1].replace(" ", ""))


def test_a_code_an_app_and_a_password_let_a_colleague_in(newcomer: FlaskClient, code: str, staff_door: Flask) -> None:
    assert join(newcomer, code).location == "/join/app"
    assert newcomer.get("/caseload").location.startswith("/sign-in?")
    assert newcomer.get("/join/password").location == "/join/app"
    assert newcomer.post("/join/app", data={"code": app_code(newcomer)}).location == "/join/password"
    assert newcomer.get("/caseload").location.startswith("/sign-in?")
    assert newcomer.post("/join/password", data={"password": PASSWORD}).location == "/"
    assert newcomer.get("/caseload").status_code == 200


def test_what_was_chosen_is_what_signs_them_in(newcomer: FlaskClient, code: str, session: Session, cast: Cast) -> None:
    join(newcomer, code)
    newcomer.post("/join/app", data={"code": app_code(newcomer)})
    newcomer.post("/join/password", data={"password": PASSWORD})

    marek = cast.now(session, cast.marek)
    assert check_password(marek, PASSWORD)
    assert open_totp(marek, newcomer.application.extensions["homeward"].keys.seal)
    assert marek.totp_step > 0


def test_a_step_is_not_passed_by_going_round_it(newcomer: FlaskClient, code: str, session: Session, cast: Cast) -> None:
    join(newcomer, code)

    assert newcomer.post("/join/password", data={"password": PASSWORD}).location == "/join/app"
    assert newcomer.post("/join/app", data={"code": "000000"}).status_code == 422
    assert newcomer.post("/sign-in/second", data={"code": "000000"}).location == "/join/app"
    options = newcomer.post("/sign-in/second/passkey/options", json={}).json
    assert newcomer.post("/sign-in/second/passkey", json={"answer": {"x": options}}).status_code == 422
    assert not cast.now(session, cast.marek).password_hash


def test_an_easy_password_is_explained(newcomer: FlaskClient, code: str, cast: Cast) -> None:
    join(newcomer, code)
    newcomer.post("/join/app", data={"code": app_code(newcomer)})

    for easy in ("short", cast.marek.email, ""):
        assert newcomer.post("/join/password", data={"password": easy}).status_code == 422
    unlike = {"password": PASSWORD, "again": PASSWORD + "."}
    assert newcomer.post("/join/password", data=unlike).status_code == 422


def test_refusals_say_what_to_do_next(staff_door: Flask, code: str, session: Session, cast: Cast) -> None:
    def bring(typed: str):
        return join(staff_door.test_client(), typed)

    wrong = bring("KQ7MX-2XWD8")
    assert (wrong.status_code, 'value="KQ7MX-2XWD8"' in wrong.text) == (422, True)
    with clock.stopped_at(THURSDAY + CODE_LASTS):
        assert bring(code).status_code == 410
    assert bring(code).status_code == 303
    assert bring(code).status_code == 410
    tenants = give_code(session, cast.now(session, cast.amina), None)
    session.commit()
    assert bring(tenants).status_code == 422
    for _ in range(MOST_TRIES):
        last = bring("KQ7MX-2XWD8")
    assert last.status_code == 429


def test_a_new_code_ends_what_there_was(grace: Equipped, session: Session, cast: Cast) -> None:
    desk = grace.inside()
    made = give_code(session, cast.now(session, cast.grace), None)
    session.commit()
    assert desk.get("/caseload").status_code == 200  # not before it is used

    join(grace.door.test_client(), made)

    assert desk.get("/caseload").status_code == 303
    assert grace.knock()[1].status_code == 422


def test_the_first_administrator_has_both_factors(database, staff_door: Flask) -> None:
    keys = staff_door.extensions["homeward"].keys
    with pytest.raises(TooEasy):
        first_administrator(database, keys, "Ama Mensah", "ama@wrenfield.org.uk", "short")

    told = first_administrator(database, keys, "Ama Mensah", "Ama@Wrenfield.org.uk", PASSWORD)

    secret = told.rpartition(": ")[2].replace(" ", "")
    ama = Equipped(staff_door, "ama@wrenfield.org.uk", secret)
    assert ama.inside().get("/staff").status_code == 200


@pytest.mark.parametrize("easy", ["", "elevenchars", "grace@wrenfield.org.uk", "GRACE OKAFOR"])
def test_passwords_that_others_would_guess(session: Session, cast: Cast, easy: str) -> None:
    with pytest.raises(TooEasy):
        choose_password(worker_at(session, "grace@wrenfield.org.uk") or Worker(), easy)
