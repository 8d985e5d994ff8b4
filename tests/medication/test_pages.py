"""The Medicines pages: what they show, what they keep, and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.entry import Visit
from tenant_app.medication.models import Dose
from tenant_app.reminders.models import Notice, State, Subscription
from tests.cast import Cast
from tests.medication.at_nine import HTMX, SLOT, amina, answers, medicines

__all__ = ["amina"]


def test_the_page_lights_what_is_due_and_tells_the_rest(amina: FlaskClient) -> None:
    page = amina.get("/medicines").text

    assert page.count("card lit") == 1
    assert "<bdi>Metformin 500 mg</bdi>" in page
    assert "<bdi>Sertraline &lt;b&gt;50&lt;/b&gt; mg</bdi>" in page
    assert "Morning medicines" in page
    assert "Later today" in page
    assert 'aria-label="Not recorded"' in page
    assert "Fill it in" in page
    assert "missed" not in page.lower()


def test_nothing_written_down_yet_is_an_invitation(tenant_door: Flask, cast: Cast) -> None:
    page = cast.at(tenant_door, cast.tomasz).get("/medicines").text

    assert "Shall we remind you of your medicines?" in page
    assert "/medicines/new" in page


def test_where_no_phone_rings_the_pages_of_medicines_say_so_and_lead_on(
    amina: FlaskClient, tenant_door: Flask, cast: Cast
) -> None:
    off, pages = "Reminders are off on this phone.", ["/medicines", f"/medicines/{medicines(cast)[0].id}"]
    for page in pages:
        assert off in amina.get(page).text
        assert 'href="/settings/reminders"' in amina.get(page).text

    with cast.database.step() as session:
        session.scalars(select(Visit)).one().shared = True
    assert not any(off in amina.get(page).text for page in pages)

    with cast.database.step() as session:
        session.scalars(select(Visit)).one().shared = False
        session.add(
            Subscription(person_id=cast.amina.id, endpoint="https://push.example/1", p256dh="k", auth="a", service="p")
        )
    assert not any(off in amina.get(page).text for page in pages)


def test_taken_is_kept_and_can_be_undone(amina: FlaskClient, cast: Cast) -> None:
    sent = amina.post(SLOT, data={"answer": "taken"})
    page = amina.get(sent.location).text

    assert sent.status_code == 303
    assert answers(cast) == ["26 09 taken", "26 09 taken"]
    assert 'value="undo"' in page
    assert "card lit" not in page
    assert amina.post(SLOT, data={"answer": "undo"}).status_code == 303
    assert answers(cast) == []


def test_a_double_tap_is_one_answer(amina: FlaskClient, cast: Cast) -> None:
    for _ in range(3):
        assert amina.post(SLOT, data={"answer": "taken"}, headers=HTMX).status_code == 200

    assert len(answers(cast)) == 2


def test_answering_withdraws_the_reminder_in_the_same_step(amina: FlaskClient, cast: Cast) -> None:
    amina.post(SLOT, data={"answer": "taken"})

    with cast.database.session() as session:
        today = session.scalars(select(Notice).where(Notice.occurrence == "2026-11-26").order_by(Notice.due_at))
        left = [notice.state for notice in today]
    assert left == [State.WITHDRAWN, State.WAITING]


def test_htmx_gets_the_card_the_toast_and_the_week(amina: FlaskClient) -> None:
    piece = amina.post(SLOT, data={"answer": "taken"}, headers=HTMX).text

    assert 'id="slot-2026-11-26T0900"' in piece
    assert 'hx-swap-oob="innerHTML:#toast"' in piece
    assert 'id="week"' in piece
    assert "<html" not in piece


def test_today_is_never_told_a_name(amina: FlaskClient) -> None:
    today = amina.get("/").text
    piece = amina.post(SLOT, data={"answer": "taken", "from": "today"}, headers=HTMX).text
    back = amina.post(SLOT, data={"answer": "taken", "from": "today"})

    assert "Morning medicines" in today
    assert "2 to take" in today
    assert "Morning medicines" in piece
    assert back.location == "/?answered=2026-11-26T0900"
    for text in (today, piece, amina.get(back.location).text, amina.get("/more").text):
        assert "Metformin" not in text
        assert "Sertraline" not in text


def test_i_will_not_take_it_is_recorded_as_that(amina: FlaskClient, cast: Cast) -> None:
    amina.post(SLOT, data={"answer": "skipped"})

    assert answers(cast) == ["26 09 skipped", "26 09 skipped"]


def test_why_may_be_said_and_need_not_be(amina: FlaskClient, cast: Cast) -> None:
    assert amina.get(f"{SLOT}/why").status_code == 404
    page = amina.get(amina.post(SLOT, data={"answer": "skipped"}).location).text
    assert f"{SLOT}/why" in page

    assert "You can leave this out" in amina.get(f"{SLOT}/why").text
    assert amina.post(f"{SLOT}/why", data={"reason": "because"}).status_code == 422
    sent = amina.post(f"{SLOT}/why", data={"reason": "unwell", "words": "sick & tired", "from": "today"})
    assert sent.location == "/"
    shown = amina.get(SLOT).text
    assert "I felt unwell" in shown
    assert "sick &amp; tired" in shown
    assert "sick" not in amina.get("/").text
    assert amina.post(f"{SLOT}/why", data={"reason": "", "words": ""}).status_code == 303
    assert "I felt unwell" not in amina.get(SLOT).text


def test_a_reason_goes_with_the_answer_it_was_given_for(amina: FlaskClient, cast: Cast) -> None:
    amina.post(SLOT, data={"answer": "skipped"})
    amina.post(f"{SLOT}/why", data={"reason": "asleep"})
    amina.post(SLOT, data={"answer": "taken"})

    with cast.database.session() as session:
        assert {dose.reason for dose in session.scalars(select(Dose))} == {None}


def test_answers_that_make_no_sense_change_nothing(amina: FlaskClient, cast: Cast) -> None:
    for address, data, status in (
        ("/medicines/slots/2026-11-27/0900", {"answer": "taken"}, 400),
        ("/medicines/slots/2026-11-27/0900", {"answer": "later", "minutes": "10"}, 400),
        ("/medicines/slots/2026-11-18/0900", {"answer": "taken"}, 400),
        (SLOT, {"answer": "perhaps"}, 400),
        (SLOT, {}, 400),
        (SLOT, {"answer": "later", "minutes": "5"}, 400),
        (SLOT, {"answer": "taken", "at": "25:61"}, 422),
        (SLOT, {"answer": "taken", "at": "09:01"}, 422),
        ("/medicines/slots/2026-11-26/0901", {"answer": "taken"}, 404),
        ("/medicines/slots/2026-13-26/0900", {"answer": "taken"}, 404),
        ("/medicines/slots/9999-12-31/0900", {"answer": "taken"}, 404),
        ("/medicines/slots/today/0900", {"answer": "taken"}, 404),
    ):
        assert amina.post(address, data=data).status_code == status, (address, data)
    assert answers(cast) == []


def test_a_time_still_to_come_is_asked_for_again_with_what_was_typed(amina: FlaskClient) -> None:
    page = amina.post(SLOT, data={"answer": "taken", "at": "23:40"}).text

    assert "Choose a time that has passed" in page
    assert 'value="23:40"' in page


def test_a_gap_can_be_filled_in_with_its_time(amina: FlaskClient, cast: Cast) -> None:
    assert "Tuesday 24 November" in amina.get("/medicines/fill-in").text

    sent = amina.post("/medicines/slots/2026-11-24/2100", data={"answer": "taken", "at": "21:40", "from": "gaps"})

    assert sent.location == "/medicines/fill-in?answered=2026-11-24T2100"
    assert answers(cast) == ["24 21 taken"]
    with cast.database.session() as session:
        assert session.scalars(select(Dose.taken_at)).one() == datetime(2026, 11, 24, 21, 40, tzinfo=UTC)
    assert "Taken, " in amina.get("/medicines/slots/2026-11-24/2100").text


def test_somebody_elses_medicine_does_not_exist(amina: FlaskClient, tenant_door: Flask, cast: Cast) -> None:
    tomasz, metformin = cast.at(tenant_door, cast.tomasz), medicines(cast)[0]

    assert amina.get(f"/medicines/{metformin.id}").status_code == 200
    assert tomasz.get(f"/medicines/{metformin.id}").status_code == 404
    for page in ("label", "days", "times"):
        assert tomasz.get(f"/medicines/{metformin.id}/{page}").status_code == 404
        assert tomasz.post(f"/medicines/{metformin.id}/{page}", data={"name": "Mine", "times": "09:00"}).status_code == 404
    assert tomasz.post(f"/medicines/{metformin.id}/stop").status_code == 404
    assert tomasz.get(SLOT).status_code == 404
    assert tomasz.post(SLOT, data={"answer": "taken"}).status_code == 404
    assert medicines(cast)[0].stopped_at is None
    assert answers(cast) == []


def test_a_stopped_medicine_can_still_be_looked_at(amina: FlaskClient, cast: Cast) -> None:
    metformin = medicines(cast)[0]

    page = amina.post(f"/medicines/{metformin.id}/stop", follow_redirects=True).text

    assert "No longer taken" in page
    assert "No longer taken since" in amina.get(f"/medicines/{metformin.id}").text
    for page in ("label", "days", "times"):
        assert amina.get(f"/medicines/{metformin.id}/{page}").status_code == 404


def test_a_tap_on_a_notification_is_recorded_at_its_moment(amina: FlaskClient, cast: Cast) -> None:
    moments = {}
    for said in ("2026-11-26T09:04:00.123Z", "2026-11-26T09:04:00", "yesterday", "", "0001-01-01T00:00:00+23:59"):
        with clock.stopped_at(datetime(2026, 11, 26, 9, 30, tzinfo=UTC)):
            assert amina.post(SLOT, data={"answer": "taken", "tapped_at": said}).status_code == 303
        with cast.database.session() as session:
            moments[said] = {dose.taken_at for dose in session.scalars(select(Dose))}
        amina.post(SLOT, data={"answer": "undo"})

    good = moments.pop("2026-11-26T09:04:00.123Z")
    assert good == {datetime(2026, 11, 26, 9, 4, 0, 123000, tzinfo=UTC)}
    assert set(map(frozenset, moments.values())) == {frozenset({None})}
