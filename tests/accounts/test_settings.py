"""What tenants set for themselves: language, colours, phones; and who looked at their record."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.devices import device_name
from tenant_app.accounts.entry import Passkey, Visit
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.reminders.models import Subscription
from tests.cast import Cast

BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


def test_a_language_chosen_before_signing_in_is_remembered_on_the_phone(tenant_door: Flask) -> None:
    phone = tenant_door.test_client()

    answer = phone.post("/language", data={"language": "ar", "next": "/welcome"})

    assert (answer.status_code, answer.location) == (303, "/welcome")
    assert '<html lang="ar" dir="rtl">' in phone.get("/sign-in").text


def test_a_language_chosen_by_someone_signed_in_is_theirs(tenant_door: Flask, session: Session, cast: Cast) -> None:
    cast.at(tenant_door, cast.amina).post("/language", data={"language": "tr"})

    assert '<html lang="tr"' in cast.at(tenant_door, cast.amina).get("/settings").text
    assert cast.now(session, cast.amina).language == "tr"


@pytest.mark.parametrize("language", ["", "xx", "en\x00", None])
def test_a_language_we_do_not_speak_is_refused(tenant_door: Flask, language: str | None) -> None:
    assert (
        tenant_door.test_client().post("/language", data={"language": language} if language else {}).status_code == 400
    )


def test_every_language_is_named_by_its_own_speakers(tenant_door: Flask) -> None:
    page = tenant_door.test_client().get("/language").text

    for words in ('lang="ar" dir="rtl"', "العربية", "Türkçe", "English"):
        assert words in page


@pytest.mark.parametrize("scheme", ["dark", "light", ""])
def test_light_and_dark_are_a_choice(tenant_door: Flask, session: Session, cast: Cast, scheme: str) -> None:
    phone = cast.at(tenant_door, cast.amina)

    assert phone.post("/scheme", data={"scheme": scheme, "next": "/settings"}).location == "/settings"
    assert phone.post("/scheme", data={"scheme": "pink"}).status_code == 400
    assert cast.now(session, cast.amina).scheme == scheme


def test_phones_are_listed_and_one_can_be_signed_out(tenant_door: Flask, session: Session, cast: Cast) -> None:
    here, lost = cast.at(tenant_door, cast.amina), cast.at(tenant_door, cast.amina)
    page = here.get("/settings/phones").text
    (address,) = re.findall(r'action="(/settings/phones/[^"]+)"', page)

    assert "This phone" in page
    assert here.post(address).location == "/settings/phones"
    assert lost.get("/settings").location.startswith("/sign-in")
    assert here.get("/settings").status_code == 200


def test_a_lost_phone_is_woken_no_more_but_its_twin_is(tenant_door: Flask, database, cast: Cast) -> None:
    here = cast.at(tenant_door, cast.amina)
    with database.step() as session:
        amina = session.get_one(Tenant, cast.amina.id)
        lost = {name: Visit.begin(amina, "tenant", device=device)[0] for name, device in
                (("tablet", "Safari, iPad"), ("first", "Chrome, Android"), ("second", "Chrome, Android"))}  # fmt: skip
        session.add_all(lost.values())
        for device in ("Safari, iPad", "Chrome, Android"):
            session.add(
                Subscription(
                    person_id=amina.id, endpoint=f"https://push.example/{device}", p256dh="", auth="", device=device
                )
            )
        session.flush()
        addresses = {name: f"/settings/phones/{visit.id}" for name, visit in lost.items()}

    def woken() -> set[str]:
        with database.step() as session:
            return set(session.scalars(select(Subscription.device)))

    here.post(addresses["first"])
    assert woken() == {"Safari, iPad", "Chrome, Android"}
    here.post(addresses["tablet"])
    assert woken() == {"Chrome, Android"}
    here.post(addresses["second"])
    assert woken() == set()


def test_nobody_signs_out_somebody_elses_phone(tenant_door: Flask, session: Session, cast: Cast) -> None:
    tomasz = cast.at(tenant_door, cast.tomasz)
    visit_id = session.scalars(select(Visit.id).where(Visit.person_id == cast.tomasz.id)).one()
    session.rollback()
    amina = cast.at(tenant_door, cast.amina)

    assert amina.post(f"/settings/phones/{visit_id}").status_code == 404
    assert amina.post(f"/settings/phones/{uuid4()}").status_code == 404
    assert tomasz.get("/settings").status_code == 200


def test_a_phones_lock_can_be_removed_by_its_owner_alone(tenant_door: Flask, session: Session, cast: Cast) -> None:
    passkey = Passkey(person_id=cast.amina.id, credential=b"x", public_key=b"y", device="Chrome, Android")
    session.add(passkey)
    session.commit()

    assert cast.at(tenant_door, cast.tomasz).post(f"/settings/locks/{passkey.id}").status_code == 404
    amina = cast.at(tenant_door, cast.amina)
    assert "Chrome, Android" in amina.get("/settings/locks").text
    assert amina.post(f"/settings/locks/{passkey.id}").status_code == 303
    assert "Chrome, Android" not in amina.get("/settings/locks").text


def test_who_looked_at_my_record_is_told_in_sentences(tenant_door: Flask, session: Session, cast: Cast) -> None:
    for worker, what in ((cast.grace, "goal"), (cast.nasrin, "something new")):
        look_at(session, cast.now(session, worker), cast.now(session, cast.amina), what)
    look_at(session, cast.now(session, cast.marek), cast.now(session, cast.salma), "goal")
    session.commit()

    page = cast.at(tenant_door, cast.amina).get("/settings/looks").text

    assert "<bdi>Grace Okafor</bdi> opened a goal you share" in page
    assert "<bdi>Nasrin Begum</bdi> opened your record" in page
    assert "Your keyworker" in page
    assert "A coordinator" in page
    assert "Thursday 26 November</h2>" in page
    assert "<bdi>9:00" in page
    assert "Marek" not in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"(Linux; Android 10; K) {BLINK} Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        (f"(Linux; Android 13; SM-A125F) {BLINK} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
         "Samsung Internet, Android"),
        (f"(iPhone; CPU iPhone OS 16_4 like Mac OS X) {WEBKIT} Version/16.4 Mobile/15E148 Safari/604.1",
         "Safari, iPhone"),
        (f"(Windows NT 10.0; Win64; x64) {BLINK} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("(X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox, Linux"),
        (f"(Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.0 Safari/605.1.15", "Safari, Mac"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_is_called_by_a_few_words(agent: str, name: str) -> None:
    assert device_name(f"Mozilla/5.0 {agent}") == name
