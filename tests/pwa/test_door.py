"""What the tenants' door tells browsers: manifest, service worker, and what may be kept."""

from __future__ import annotations

import dataclasses
import json
import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tenant_app import create_app
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.settings import Settings
from tenant_app.web.assets import STATIC
from tests.cast import Cast

KEEP = "X-Homeward-Keep"
NAVIGATION = {"Sec-Fetch-Mode": "navigate"}


def on_a_shared_phone(cast: Cast, door: Flask) -> FlaskClient:
    client = door.test_client()
    with cast.database.step() as session:
        visit, secret = Visit.begin(cast.now(session, cast.amina), "tenant", shared=True)
        session.add(visit)
    client.set_cookie(COOKIES["tenant"], secret)
    return client


def test_the_name_and_icon_give_nothing_away(tenant_door: Flask) -> None:
    manifest = json.loads(tenant_door.test_client().get("/manifest.webmanifest").text)
    assert manifest["name"] == manifest["short_name"] == "Homeward"
    assert manifest["display"] == "standalone"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}


def test_each_icon_is_as_large_as_its_name_says() -> None:
    for path in (STATIC / "icons").glob("*.png"):
        side = int(path.stem.rsplit("-", 1)[1])
        with Image.open(path) as picture:
            assert picture.size == (side, side), path.name


def test_the_badge_is_white_on_nothing_as_android_wants_it() -> None:
    with Image.open(STATIC / "icons" / "badge-96.png") as badge:
        pixels = badge.convert("RGBA")
    seen = {pixels.getpixel((x, y))[:3] for x in range(96) for y in range(96) if pixels.getpixel((x, y))[3] > 127}  # type: ignore[index]
    assert seen == {(255, 255, 255)}
    assert pixels.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_the_maskable_icon_fills_its_square() -> None:
    with Image.open(STATIC / "icons" / "maskable-512.png") as icon:
        pixels = icon.convert("RGBA")
    assert {pixels.getpixel(corner) for corner in ((0, 0), (511, 0), (0, 511), (511, 511))} == {(0x1C, 0x5D, 0x56, 255)}


def test_the_worker_is_asked_for_anew_each_time(tenant_door: Flask) -> None:
    client = tenant_door.test_client()
    answer = client.get("/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    again = client.get("/service-worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_every_file_that_the_worker_wants_is_there(tenant_door: Flask) -> None:
    client = tenant_door.test_client()
    files = json.loads(re.search(r"FILES = (\[.*\])", client.get("/service-worker.js").text)[1])  # type: ignore[index]
    assert "/offline" in files
    assert "/help" in files
    assert {address: client.get(address).status_code for address in files} == dict.fromkeys(files, 200)


def test_another_language_is_another_worker_with_its_own_words(tenant_door: Flask) -> None:
    client = tenant_door.test_client()
    english = client.get("/service-worker.js", headers={"Accept-Language": "en"}).text
    arabic = client.get("/service-worker.js", headers={"Accept-Language": "ar"}).text
    assert '"rtl"' in arabic.split("lang: known")[1]
    assert re.search(r"homeward-shell-\w+", english)[0] != re.search(r"homeward-shell-\w+", arabic)[0]  # type: ignore[index]


def test_the_worker_leaves_the_staff_door_alone(settings: Settings) -> None:
    beside = dataclasses.replace(settings, tenant_url="https://a.org.uk", staff_url="https://a.org.uk/staff")
    apart = dataclasses.replace(settings, tenant_url="https://a.org.uk", staff_url="https://staff.a.org.uk")
    assert 'ELSEWHERE = "/staff/"' in create_app(beside).test_client().get("/service-worker.js").text
    assert 'ELSEWHERE = ""' in create_app(apart).test_client().get("/service-worker.js").text


def test_a_worker_that_is_switched_off_removes_itself(settings: Settings) -> None:
    off = Settings.from_environment({"HOMEWARD_SERVICE_WORKER": "off"})
    assert not off.service_worker
    client = create_app(dataclasses.replace(settings, service_worker=False)).test_client()
    script = client.get("/service-worker.js").text
    assert "unregister()" in script
    assert '"fetch"' not in script
    assert '<meta name="homeward-worker" content="">' in client.get("/help").text


def test_a_switch_that_is_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(ValueError, match="HOMEWARD_SERVICE_WORKER"):
        Settings.from_environment({"HOMEWARD_SERVICE_WORKER": "maybe"})


def test_pages_are_kept_for_one_visit_and_no_other(tenant_door: Flask, cast: Cast) -> None:
    amina, again, tomasz = (cast.at(tenant_door, who) for who in (cast.amina, cast.amina, cast.tomasz))
    keepers = [client.get("/reminders").headers[KEEP] for client in (amina, again, tomasz)]
    assert len(set(keepers)) == 3
    assert amina.get("/help").headers[KEEP] == keepers[0]


def test_a_phone_that_others_use_keeps_nothing(tenant_door: Flask, cast: Cast) -> None:
    assert on_a_shared_phone(cast, tenant_door).get("/reminders").headers[KEEP] == "nobody"


def test_a_phone_that_is_signed_out_forgets_what_it_kept(tenant_door: Flask, cast: Cast) -> None:
    client = tenant_door.test_client()
    assert client.get("/sign-in").headers[KEEP] == "nobody"
    client.set_cookie(COOKIES["tenant"], "the cookie of a visit that is over")
    assert client.get("/help").headers[KEEP] == "nobody"


def test_errors_redirects_and_posts_are_never_kept(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    answers = [
        amina.get("/nowhere", headers=NAVIGATION),
        tenant_door.test_client().get("/reminders", headers=NAVIGATION),
        amina.post("/settings/reminders/lock-screen", data={"named": "1"}),
        amina.post("/goals/new", data={"words": ""}),
    ]
    assert [answer.status_code for answer in answers] == [404, 303, 303, 422]
    assert not any(KEEP in answer.headers for answer in answers)


def test_after_leaving_in_a_hurry_going_back_finds_nothing(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    left = amina.get("/leave")
    assert urlsplit(left.location).netloc == "www.bbc.co.uk"
    for address in ("/", "/reminders", "/settings/reminders"):
        back = amina.get(address)
        assert "Welcome back" in back.text
        assert "Amina" not in back.text
        assert back.headers[KEEP] == "nobody"
    assert "999" in amina.get("/help").text


def test_someone_who_is_alone_again_goes_on_where_the_day_begins(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    amina.get("/leave")
    back = amina.post("/welcome-back")
    assert (back.status_code, back.location) == (303, "/")
    assert "Welcome back" not in amina.get("/reminders").text


def test_a_shared_phone_has_to_sign_in_again_after_leaving_in_a_hurry(tenant_door: Flask, cast: Cast) -> None:
    amina = on_a_shared_phone(cast, tenant_door)
    amina.get("/leave")
    back = amina.post("/welcome-back")
    assert (back.status_code, back.location) == (307, "/sign-out")
