"""A phone's own lock as a way in, with a phone made of software."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import Challenge, Passkey, Visit
from tenant_app.accounts.rules import sweep
from tenant_app.settings import Settings
from tests.accounts.authenticator import HAS_KEY, PRESENT, Phone
from tests.cast import Cast
from tests.conftest import THURSDAY

HOMES = "https://homes.example.org"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, tenant_url=HOMES, staff_url="https://desk.example.org")


@pytest.fixture
def phone() -> Phone:
    return Phone(HOMES)


def keep(client: FlaskClient, phone: Phone) -> Any:
    options = client.post("/passkeys/options", json={}).json
    return client.post("/passkeys", json={"answer": phone.create(options)})


def enter(client: FlaskClient, phone: Phone, **more: Any) -> Any:
    options = client.post("/sign-in/passkey/options", json={}).json
    return client.post("/sign-in/passkey", json={"answer": phone.get(options), **more})


def test_a_phones_lock_is_kept_and_lets_its_owner_in(
    tenant_door: Flask, session: Session, cast: Cast, phone: Phone
) -> None:
    kept = keep(cast.at(tenant_door, cast.amina), phone)
    newcomer = tenant_door.test_client()
    entered = enter(newcomer, phone, next="/goals")

    assert (kept.status_code, kept.json) == (200, {"next": "/settings/locks"})
    assert (entered.status_code, entered.json) == (200, {"next": "/goals"})
    assert cast.amina.sign_in_name in newcomer.get("/settings").text


def test_the_phone_is_asked_to_know_its_owner(tenant_door: Flask, cast: Cast) -> None:
    made = cast.at(tenant_door, cast.amina).post("/passkeys/options", json={}).json
    asked = tenant_door.test_client().post("/sign-in/passkey/options", json={}).json

    assert made["rp"] == {"id": "homes.example.org", "name": "Wrenfield Homes"}
    assert made["authenticatorSelection"]["userVerification"] == asked["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert asked.get("allowCredentials", []) == []


def test_settling_in_with_the_phones_lock_needs_no_pin(
    tenant_door: Flask, session: Session, cast: Cast, phone: Phone
) -> None:
    cast.now(session, cast.amina).pin_hash = ""
    session.commit()
    amina = cast.at(tenant_door, cast.amina)

    assert amina.get("/settings").location == "/settle-in/language"
    assert keep(amina, phone).json == {"next": "/"}
    assert amina.get("/settings").status_code == 200


def test_a_shared_phone_is_shared_however_one_signs_in(
    tenant_door: Flask, session: Session, cast: Cast, phone: Phone
) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)
    answer = enter(tenant_door.test_client(), phone, shared=True)

    assert "Max-Age" not in answer.headers["Set-Cookie"]
    assert session.scalars(select(Visit).where(Visit.shared)).one()


def test_another_site_is_never_led_to(tenant_door: Flask, cast: Cast, phone: Phone) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)

    assert enter(tenant_door.test_client(), phone, next="//evil.example").json == {"next": "/"}
    assert enter(tenant_door.test_client(), phone, next=["/goals"]).json == {"next": "/"}


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://desk.example.org"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"owner": bytes(16)},
        {"count": -1},
        {"credential": b"another"},
    ],
    ids=str,
)
def test_a_phone_that_lies_stays_outside(tenant_door: Flask, cast: Cast, phone: Phone, lie: dict[str, Any]) -> None:
    phone.count = 5
    keep(cast.at(tenant_door, cast.amina), phone)
    for name, value in lie.items():
        setattr(phone, name, value)

    answer = enter(tenant_door.test_client(), phone)

    assert answer.status_code == 422
    assert "problem" in answer.json
    assert "Set-Cookie" not in answer.headers


def test_another_key_signs_for_nobody(tenant_door: Flask, cast: Cast, phone: Phone) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)
    thief = Phone(HOMES, credential=phone.credential, owner=phone.owner, count=9)

    assert enter(tenant_door.test_client(), thief).status_code == 422


def test_an_answer_is_taken_once(tenant_door: Flask, cast: Cast, phone: Phone) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)
    options = tenant_door.test_client().post("/sign-in/passkey/options", json={}).json
    answer = phone.get(options)
    statuses = [
        tenant_door.test_client().post("/sign-in/passkey", json={"answer": answer}).status_code for _ in range(3)
    ]

    assert statuses == [200, 422, 422]


def test_a_challenge_is_spent_even_by_a_wrong_answer(
    tenant_door: Flask, session: Session, cast: Cast, phone: Phone
) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)
    options = tenant_door.test_client().post("/sign-in/passkey/options", json={}).json
    wrong = Phone(HOMES).get(options)

    assert tenant_door.test_client().post("/sign-in/passkey", json={"answer": wrong}).status_code == 422
    assert tenant_door.test_client().post("/sign-in/passkey", json={"answer": phone.get(options)}).status_code == 422
    assert session.scalars(select(Challenge)).all() == []


def test_a_challenge_is_old_after_five_minutes(tenant_door: Flask, session: Session, cast: Cast, phone: Phone) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)
    options = tenant_door.test_client().post("/sign-in/passkey/options", json={}).json

    with clock.stopped_at(THURSDAY + timedelta(minutes=5)):
        assert (
            tenant_door.test_client().post("/sign-in/passkey", json={"answer": phone.get(options)}).status_code == 422
        )
        sweep(session)
    assert session.scalars(select(Challenge)).all() == []


def test_a_challenge_for_keeping_is_none_for_entering_and_none_for_somebody_else(
    tenant_door: Flask, cast: Cast, phone: Phone
) -> None:
    amina, tomasz = cast.at(tenant_door, cast.amina), cast.at(tenant_door, cast.tomasz)
    keep(amina, phone)
    made = amina.post("/passkeys/options", json={}).json
    for_entering = {"challenge": made["challenge"], "rpId": made["rp"]["id"]}

    assert (
        tenant_door.test_client().post("/sign-in/passkey", json={"answer": phone.get(for_entering)}).status_code == 422
    )
    assert tomasz.post("/passkeys", json={"answer": Phone(HOMES).create(made)}).status_code == 422


def test_one_passkey_belongs_to_one_person(tenant_door: Flask, cast: Cast, phone: Phone) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)

    assert keep(cast.at(tenant_door, cast.tomasz), phone).status_code == 422


def test_keeping_needs_a_phone_that_knows_its_owner(tenant_door: Flask, cast: Cast) -> None:
    assert keep(cast.at(tenant_door, cast.amina), Phone(HOMES, flags=PRESENT | HAS_KEY)).status_code == 422


def test_a_removed_lock_and_a_leaver_are_not_let_in(
    tenant_door: Flask, session: Session, cast: Cast, phone: Phone
) -> None:
    keep(cast.at(tenant_door, cast.amina), phone)
    cast.now(session, cast.amina).leave()
    session.commit()
    assert enter(tenant_door.test_client(), phone).status_code == 422

    cast.now(session, cast.amina).left_at = None
    session.delete(session.scalars(select(Passkey)).one())
    session.commit()
    assert enter(tenant_door.test_client(), phone).status_code == 422


@pytest.mark.parametrize(
    "answer",
    [
        None, 7, "x", [], {}, {"response": None}, {"response": {}}, {"response": {"clientDataJSON": 5}},
        {"response": {"clientDataJSON": "%%%"}}, {"response": {"clientDataJSON": "e30"}},
        {"rawId": "", "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiAiIn0"}},
    ],
    ids=repr,
)  # fmt: skip
def test_rubbish_is_refused_and_never_breaks(tenant_door: Flask, cast: Cast, answer: Any) -> None:
    nobody, amina = tenant_door.test_client(), cast.at(tenant_door, cast.amina)

    assert nobody.post("/sign-in/passkey", json={"answer": answer}).status_code == 422
    assert amina.post("/passkeys", json={"answer": answer}).status_code == 422


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'"x"', b"\xff", b"{}" * 50_000])
def test_what_is_no_object_is_refused(tenant_door: Flask, body: bytes) -> None:
    answer = tenant_door.test_client().post("/sign-in/passkey", data=body, content_type="application/json")

    assert answer.status_code in (400, 413)


def test_in_the_demo_this_machine_is_a_host_of_its_own(settings: Settings, cast: Cast) -> None:
    from tenant_app import create_app

    demo = create_app(replace(settings, demo=True))
    options = demo.test_client().post("/sign-in/passkey/options", json={}).json
    elsewhere = demo.test_client().post("/sign-in/passkey/options", json={}, base_url="https://evil.example").json
    demo.extensions["homeward"].database.close()

    assert options["rpId"] == "localhost"
    assert elsewhere["rpId"] == "homes.example.org"
