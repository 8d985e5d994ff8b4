"""Workers sign in with a password and a second factor. One without the other opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import HALFWAY_STAYS, Passkey, Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import MOST_TRIES, TRIES_WINDOW
from tenant_app.accounts.second_step import STEP, check_totp, open_totp, seal_totp, totp_now
from tenant_app.database import Database
from tenant_app.goals.models import Review
from tenant_app.goals.rules import write_goal
from tests.accounts.authenticator import Phone
from tests.accounts.test_drafts import fields
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.signin.conftest import Equipped

COOKIE = COOKIES["staff"]


def test_a_password_and_a_code_open_the_desk(grace: Equipped) -> None:
    browser, first = grace.knock()
    second = browser.post("/sign-in/second", data={"code": grace.shown()})

    assert first.location == "/sign-in/second"
    assert second.location == "/"
    assert browser.get("/caseload").status_code == 200


def test_the_page_that_was_asked_for_is_led_back_to(grace: Equipped, cast: Cast) -> None:
    browser = grace.door.test_client()
    asked = browser.get(f"/caseload/{cast.amina.id}")
    first = browser.post(asked.location, data={"email": grace.email, "password": "lentil soup on thursdays"})
    second = browser.post(first.location, data={"code": grace.shown()})

    assert second.location == f"/caseload/{cast.amina.id}"


def test_halfway_in_opens_nothing_else(grace: Equipped, cast: Cast) -> None:
    browser, _ = grace.knock()

    for address in ("/", "/caseload", f"/caseload/{cast.amina.id}", "/own", "/tenants", "/staff"):
        assert browser.get(address).location.startswith("/sign-in?")
    for address in ("/own/passkeys/options", "/own/passkeys", "/kept", "/own/scheme"):
        assert browser.post(address).location.startswith("/sign-in")
    for address in ("/join/app", "/join/password"):
        assert browser.get(address).location in ("/sign-in/second", "/join/app")
        assert browser.post(address, data={"code": grace.shown(), "password": "another long one"}).status_code == 303
    assert grace.knock()[1].status_code == 303  # the password is still the one there was


def test_halfway_in_lasts_half_an_hour(grace: Equipped) -> None:
    browser, _ = grace.knock()

    with clock.stopped_at(THURSDAY + HALFWAY_STAYS):
        assert browser.post("/sign-in/second", data={"code": grace.shown()}).location.startswith("/sign-in")


def test_each_step_gives_a_new_cookie_and_ends_the_one_before(grace: Equipped) -> None:
    browser, _ = grace.knock()
    halfway = browser.get_cookie(COOKIE).value
    browser.post("/sign-in/second", data={"code": grace.shown()})
    whole = browser.get_cookie(COOKIE).value
    thief = grace.door.test_client()
    thief.set_cookie(COOKIE, halfway)

    assert halfway != whole
    assert thief.get("/sign-in/second").location.startswith("/sign-in?")
    assert thief.get("/caseload").status_code == 303


def test_a_cookie_kept_from_before_signing_out_opens_nothing(grace: Equipped) -> None:
    browser = grace.inside()
    kept = browser.get_cookie(COOKIE).value
    browser.post("/sign-out")
    opened = 0
    for _ in range(100):
        thief = grace.door.test_client()
        thief.set_cookie(COOKIE, kept)
        opened += thief.get("/caseload").status_code != 303

    assert opened == 0


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(grace: Equipped) -> None:
    wrong = grace.knock(password="not that one at all")[1]
    unknown = grace.door.test_client().post("/sign-in", data={"email": "nobody@wrenfield.org.uk", "password": "x" * 14})

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(grace.email, "") == unknown.text.replace("nobody@wrenfield.org.uk", "")


def test_of_a_thousand_passwords_ten_are_looked_at(grace: Equipped, equip, cast: Cast, monkeypatch) -> None:
    marek, looked_at = equip(cast.marek), []
    with monkeypatch.context() as patch:
        patch.setattr("tenant_app.accounts.rules._verify", lambda known, given: looked_at.append(given))
        statuses = [grace.knock(password=f"guess number {number}")[1].status_code for number in range(1000)]

    assert len(looked_at) == MOST_TRIES == statuses.count(422)
    assert statuses.count(429) == 1000 - MOST_TRIES
    assert grace.knock()[1].status_code == 429
    assert "9:30" in grace.knock()[1].text
    assert marek.knock()[1].status_code == 303
    with clock.stopped_at(THURSDAY + TRIES_WINDOW):
        assert grace.knock()[1].status_code == 303


def test_codes_cannot_be_guessed_either(grace: Equipped) -> None:
    browser, _ = grace.knock()
    statuses = [
        browser.post("/sign-in/second", data={"code": f"{guess:06}"}).status_code for guess in range(MOST_TRIES)
    ]

    assert statuses == [422] * MOST_TRIES
    for again in (browser, grace.knock()[0]):  # another visit is no other account
        late = again.post("/sign-in/second", data={"code": grace.shown()})
        assert late.status_code == 429
        assert "9:30" in late.text


def test_a_code_is_never_taken_twice(grace: Equipped) -> None:
    code = grace.shown()
    assert grace.knock()[0].post("/sign-in/second", data={"code": code}).status_code == 303

    again, _ = grace.knock()
    assert again.post("/sign-in/second", data={"code": code}).status_code == 422
    with clock.stopped_at(THURSDAY + timedelta(seconds=STEP)):
        assert again.post("/sign-in/second", data={"code": code}).status_code == 422
        assert again.post("/sign-in/second", data={"code": grace.shown()}).status_code == 303


def test_two_requests_with_one_code_are_not_both_let_in(
    grace: Equipped, database, cast: Cast, session: Session, backend: str
) -> None:
    seal, code = grace.door.extensions["homeward"].keys.seal, grace.shown()
    early = session.get_one(Worker, cast.grace.id)  # read before the other takes the code
    session.commit()
    with database.step() as other:
        assert check_totp(other, other.get_one(Worker, cast.grace.id), code, seal)

    assert early.totp_step == 0
    assert not check_totp(session, early, code, seal)


@pytest.mark.parametrize(("seconds", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_phones_clock_may_be_half_a_minute_off(
    grace: Equipped, session: Session, cast: Cast, seconds: int, taken: bool
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(seconds=seconds)):
        code = grace.shown()

    seal = grace.door.extensions["homeward"].keys.seal
    assert check_totp(session, session.get_one(Worker, cast.grace.id), code, seal) is taken


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５x", "\u0660" * 6, "0" * 19])
def test_rubbish_is_no_code(grace: Equipped, session: Session, cast: Cast, code: str) -> None:
    seal = grace.door.extensions["homeward"].keys.seal

    assert not check_totp(session, session.get_one(Worker, cast.grace.id), code, seal)


def test_the_secret_is_sealed_in_the_database(grace: Equipped, session: Session, cast: Cast) -> None:
    from cryptography.fernet import Fernet

    worker = session.get_one(Worker, cast.grace.id)

    assert grace.secret not in worker.sealed_totp
    assert open_totp(worker, Fernet.generate_key().decode()) == ""


def test_a_worker_without_a_second_factor_cannot_pass(grace: Equipped, session: Session, cast: Cast) -> None:
    worker = session.get_one(Worker, cast.grace.id)
    worker.sealed_totp = ""
    session.commit()
    browser, _ = grace.knock()

    assert "Ask an administrator for a new code" in browser.get("/sign-in/second").text
    assert browser.post("/sign-in/second", data={"code": grace.shown()}).status_code == 422
    assert browser.get("/join/app").location == "/sign-in/second"
    assert browser.get("/caseload").status_code == 303


def test_a_leaver_is_out_at_the_next_request_of_every_visit(grace: Equipped, session: Session, cast: Cast) -> None:
    browsers = []
    for step in range(5):
        with clock.stopped_at(THURSDAY + timedelta(seconds=STEP * 2 * step)):
            browsers.append(grace.inside())
    assert [browser.get("/caseload").status_code for browser in browsers] == [200] * 5

    session.get_one(Worker, cast.grace.id).leave()
    session.commit()

    assert [browser.get("/caseload").status_code for browser in browsers] == [303] * 5
    assert grace.knock()[1].status_code == 422


def test_a_passkey_does_instead_of_a_code_after_the_password_alone(
    grace: Equipped, session: Session, cast: Cast
) -> None:
    phone = Phone("http://127.0.0.1:8000")
    desk = grace.inside()
    options = desk.post("/own/passkeys/options", json={}).json
    assert desk.post("/own/passkeys", json={"answer": phone.create(options)}).json == {"next": "/own"}

    nobody = grace.door.test_client()
    assert nobody.post("/sign-in/second/passkey/options", json={}).status_code == 303
    browser, _ = grace.knock()
    options = browser.post("/sign-in/second/passkey/options", json={}).json
    entered = browser.post("/sign-in/second/passkey", json={"answer": phone.get(options), "next": "/caseload"})

    assert [key["id"] for key in options["allowCredentials"]] == [phone.create(
        {"user": {"id": ""}, "rp": {"id": "x"}, "challenge": "x"})["id"]]  # fmt: skip
    assert entered.json == {"next": "/caseload"}
    assert browser.get("/caseload").status_code == 200
    assert len(session.scalars(select(Passkey)).all()) == 1


def test_somebody_elses_passkey_is_no_second_factor(grace: Equipped, equip, cast: Cast) -> None:
    phone, marek = Phone("http://127.0.0.1:8000"), equip(cast.marek)
    desk = marek.inside()
    desk.post("/own/passkeys", json={"answer": phone.create(desk.post("/own/passkeys/options", json={}).json)})
    browser, _ = grace.knock()
    options = browser.post("/sign-in/second/passkey/options", json={}).json

    assert browser.post("/sign-in/second/passkey", json={"answer": phone.get(options)}).status_code == 422
    assert browser.get("/caseload").status_code == 303


def test_a_form_half_written_is_kept_through_both_steps(grace: Equipped, database: Database, cast: Cast) -> None:
    browser = grace.inside()
    with database.step() as ending:
        goal = write_goal(ending, ending.get_one(Tenant, cast.amina.id), "Cook twice a week", shared=True)
        for visit in ending.scalars(select(Visit)):
            visit.end()
    refused = browser.post(f"/goals/{goal.id}/reviews", data={"words": "That soup smelled wonderful."})
    assert refused.status_code == 401
    _, first = grace.knock(browser, draft=fields(refused.text)["draft"])
    assert first.status_code == 200
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        shown = browser.post(
            "/sign-in/second", data={"code": totp_now(grace.secret), "draft": fields(first.text)["draft"]}
        )

    assert shown.status_code == 200
    assert "That soup smelled wonderful." in shown.text
    assert browser.post(f"/goals/{goal.id}/reviews", data=fields(shown.text)).status_code == 303
    with database.step() as after:
        assert after.scalars(select(Review)).one().words == "That soup smelled wonderful."


def test_the_demo_shows_the_code_that_an_app_would(grace: Equipped) -> None:
    grace.door.config["DEMO_PEOPLE"] = [
        {
            "name": "Grace Okafor",
            "role": "keyworker",
            "sign_in": grace.email,
            "secret": "x",
            "totp_secret": grace.secret,
        }
    ]
    assert grace.shown() not in grace.knock()[0].get("/sign-in/second").text

    object.__setattr__(grace.door.extensions["homeward"].settings, "demo", True)
    assert "Grace Okafor" in grace.door.test_client().get("/sign-in").text
    assert grace.shown() in grace.knock()[0].get("/sign-in/second").text


def test_a_new_secret_makes_the_old_app_worthless(grace: Equipped, session: Session, cast: Cast) -> None:
    seal, worker = grace.door.extensions["homeward"].keys.seal, session.get_one(Worker, cast.grace.id)
    old = grace.shown()
    seal_totp(worker, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", seal)

    assert not check_totp(session, worker, old, seal)


def test_nobody_signs_out_a_colleagues_browser(grace: Equipped, equip, cast: Cast, database) -> None:
    marek = equip(cast.marek).inside()
    with database.step() as session:
        visit_id = session.scalars(Visit.of(cast.marek).with_only_columns(Visit.id)).one()

    assert grace.inside().post(f"/own/browsers/{visit_id}").status_code == 404
    assert marek.get("/caseload").status_code == 200


def test_every_role_has_somewhere_to_start(staff_door: Flask, cast: Cast) -> None:
    for worker in (cast.grace, cast.nasrin, cast.joana, cast.devon, cast.priya):
        answer = cast.at(staff_door, worker).get("/", follow_redirects=True)
        assert (worker.role, answer.status_code) == (worker.role, 200)
