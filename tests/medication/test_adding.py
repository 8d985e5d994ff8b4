"""Writing a medicine down, one question a page, and changing it: nothing typed is lost, nothing half is kept."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app.medication.models import Food, Medicine, MedicineForm
from tenant_app.medication.patterns import Pattern, on_weekdays
from tenant_app.medication.rules import Phase, Regimen
from tenant_app.medication.writing.drafts import MedicineDraft
from tests.cast import Cast

LABEL = {"name": "Canary 7", "comes_as": "tablet", "amount": "one & a half", "food": "with", "purpose": "for sleep"}
TIMES: dict[str, Any] = {"times": ["09:00", "21:30"], "starts_on": "2026-11-26", "ends_on": "", "quantity": ""}
NEW = "/medicines/new"


@pytest.fixture
def tomasz(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """At the tenants' door, with nothing written down."""
    return cast.at(tenant_door, cast.tomasz)


def medicines(cast: Cast) -> list[Medicine]:
    with cast.database.session() as session:
        found = list(session.scalars(select(Medicine).order_by(Medicine.name)))
        for each in found:
            assert each.times is not None
            assert each.phases is not None
    return found


def begin(client: FlaskClient, kind: str, **label: str) -> None:
    assert client.post(NEW, data=LABEL | label).location == f"{NEW}/when"
    assert client.post(f"{NEW}/when", data={"kind": kind}).location == f"{NEW}/times"


def test_three_short_questions_write_a_medicine_down(tomasz: FlaskClient, cast: Cast) -> None:
    begin(tomasz, "day")
    sent = tomasz.post(f"{NEW}/times", data=TIMES | {"times": ["08:30", "", "20:00"], "quantity": "1,5"})

    [medicine] = medicines(cast)
    assert sent.location == f"/medicines/{medicine.id}"
    assert (medicine.name, medicine.form, medicine.food) == ("Canary 7", MedicineForm.TABLET, Food.WITH)
    assert Regimen.of(medicine) == Regimen((time(8, 30), time(20)), quantity=Decimal("1.5"))
    page = tomasz.get(sent.location).text
    for words in ("Tablet", "one &amp; a half", "With food", "for sleep", "Every day"):
        assert words in page
    assert "one &amp; a half" in tomasz.get("/medicines").text


@pytest.mark.parametrize(("kind", "plan", "regimen"), [
    ("weekdays", TIMES | {"weekdays": ["0", "3"]}, Regimen((time(9), time(21, 30)), on_weekdays([0, 3]))),
    ("interval", TIMES | {"every_days": "14"}, Regimen((time(9), time(21, 30)), Pattern(every_days=14, anchor=date(2026, 11, 26)))),
    ("taper", {"times": ["09:00"], "phases_day": ["2026-11-26", "2026-11-30", ""], "phases_amount": ["4", "2", ""],
               "phases_quantity": ["4", "", ""]},
     Regimen((time(9),), phases=(Phase(date(2026, 11, 26), "4", Decimal(4)), Phase(date(2026, 11, 30), "2")))),
])  # fmt: skip
def test_each_kind_of_days_has_its_own_question(
    tomasz: FlaskClient, cast: Cast, kind: str, plan: dict[str, Any], regimen: Regimen
) -> None:
    begin(tomasz, kind)
    assert tomasz.get(f"{NEW}/times").status_code == 200
    tomasz.post(f"{NEW}/times", data=plan)

    [medicine] = medicines(cast)
    assert Regimen.of(medicine) == regimen
    assert tomasz.get(f"/medicines/{medicine.id}").status_code == 200


def test_one_that_is_taken_as_needed_has_no_times(tomasz: FlaskClient, cast: Cast) -> None:
    begin(tomasz, "needed")
    sent = tomasz.post(f"{NEW}/times", data={"gap_hours": "4", "gap_rest": "30", "most": "4", "quantity": "2"})

    [medicine] = medicines(cast)
    assert (medicine.as_needed, medicine.gap_minutes, medicine.most_in_24h, medicine.quantity) == (True, 270, 4, 2)
    page = tomasz.get(sent.location).text
    assert "At least 4 h 30 min between two" in page
    assert "At most 4 in 24 hours" in page
    assert "When you need it" in tomasz.get("/medicines").text


@pytest.mark.parametrize(("kind", "changes", "problem"), [
    ("day", {"times": []}, "Choose at least one time"),
    ("day", {"times": ["09:00", "09:00"]}, "The same time is there twice"),
    ("day", {"times": ["half past"]}, "Write each time like 09:00"),
    ("day", {"times": [f"{hour}:00" for hour in range(9)]}, "Choose at most 8 times"),
    ("day", {"ends_on": "2026-11-25"}, "Choose a last day that is not before the first"),
    ("day", {"starts_on": "soon"}, "Choose a day from the calendar"),
    ("day", {"starts_on": "2099-12-31"}, "Choose a day that is nearer"),
    ("day", {"ends_on": "2026-11-26", "times": ["08:00"]}, "All its times are over by then. Choose a later day."),
    ("day", {"quantity": "-1"}, "Write a number above 0, and at most 1000"),
    ("day", {"quantity": "2000"}, "Write a number above 0, and at most 1000"),
    ("day", {"quantity": "some"}, "Write a number, like 1 or 0.5"),
    ("day", {"most": "1"}, "There are more times above than that. Look at the label again."),
    ("day", {"most": "0"}, "Write a number from 1 to 24"),
    ("day", {"most": "many"}, "Write a number from 1 to 24"),
    ("weekdays", {"weekdays": ["0"], "most": "1"}, "There are more times above than that."),
    ("weekdays", {}, "Choose at least one day"),
    ("weekdays", {"weekdays": ["9"]}, "Choose at least one day"),
    ("weekdays", {"weekdays": ["0"], "ends_on": "2026-11-28"}, "None of these days comes before it ends"),
    ("interval", {"every_days": "3", "most": "1"}, "There are more times above than that."),
    ("taper", {"phases_day": ["2026-11-26", "2026-11-28"], "phases_amount": ["4", "2"], "phases_quantity": ["", ""],
               "most": "1"}, "There are more times above than that."),
    ("interval", {"every_days": "1"}, "Write a number from 2 to 366"),
    ("interval", {"every_days": ""}, "Write a number from 2 to 366"),
    ("interval", {"every_days": "often"}, "Write a number from 2 to 366"),
    ("taper", {"phases_day": ["2026-11-26"], "phases_amount": ["4"], "phases_quantity": [""]}, "Write at least two amounts"),
    ("taper", {"phases_day": ["2026-11-26", "2026-11-25"], "phases_amount": ["4", "2"], "phases_quantity": ["", ""]},
     "Write the days in the order they come"),
    ("taper", {"phases_day": ["2026-11-26", "2026-11-28"], "phases_amount": ["4", ""], "phases_quantity": ["", ""]},
     "Write how much it is from each day on"),
    ("taper", {"phases_day": ["2026-11-26", "2026-11-28"], "phases_amount": ["4", "2"], "phases_quantity": ["", ""],
               "ends_on": "2026-11-27"}, "Each amount begins between the first and the last day"),
    ("taper", {"phases_day": ["2026-11-26", ""], "phases_amount": ["4", "2"], "phases_quantity": ["", ""]},
     "Choose a day for each amount"),
    ("taper", {"phases_day": ["2026-11-26", "2026-11-28"], "phases_amount": ["4", "2"], "phases_quantity": ["", "-2"]},
     "Write a number above 0, and at most 1000"),
    ("needed", {"gap_hours": "-2"}, "Write the hours as a number, like 4"),
    ("needed", {"gap_rest": "75"}, "Write the minutes as a number, like 30"),
    ("needed", {"gap_hours": "168", "gap_rest": "30"}, "Write a time between two of at most 7 days"),
    ("needed", {"most": "25"}, "Write a number from 1 to 24"),
    ("needed", {"most": "many"}, "Write a number from 1 to 24"),
    ("needed", {"quantity": "0"}, "Write a number above 0, and at most 1000"),
])  # fmt: skip
def test_what_cannot_be_kept_is_said_with_everything_that_was_typed(
    tomasz: FlaskClient, cast: Cast, kind: str, changes: dict[str, Any], problem: str
) -> None:
    begin(tomasz, kind)
    form = ({} if kind == "needed" else TIMES) | changes
    answer = tomasz.post(f"{NEW}/times", data=form)

    assert answer.status_code == 422
    assert answer.text.count(problem) >= 2, problem
    assert 'id="errors"' in answer.text
    typed = [value for name, each in form.items() if name != "weekdays"
             for value in (each[:8] if isinstance(each, list) else [each])]  # fmt: skip
    for value in typed:
        assert value in answer.text, value
    assert medicines(cast) == []
    assert "Canary 7" in tomasz.get(NEW).text


@pytest.mark.parametrize("kind", ["interval", "needed"])
def test_a_number_is_refused_in_our_words_and_never_in_a_browsers(tomasz: FlaskClient, kind: str) -> None:
    begin(tomasz, kind)
    page = tomasz.get(f"{NEW}/times").text

    assert 'inputmode="numeric"' in page
    for attribute in ('type="number"', " min=", " max=", " required"):
        assert attribute not in page


@pytest.mark.parametrize(("changes", "problem"), [
    ({"name": " "}, "Write what it is called"), ({"comes_as": "pie"}, "Choose what it comes as"),
    ({"food": "cake"}, "Choose one of these"), ({"amount": "x" * 121}, "Use at most 120 letters"),
])  # fmt: skip
def test_a_label_that_needs_another_look_keeps_everything(
    tomasz: FlaskClient, cast: Cast, changes: dict[str, str], problem: str
) -> None:
    answer = tomasz.post(NEW, data=LABEL | changes)

    assert answer.status_code == 422
    assert answer.text.count(problem) == 2
    assert "for sleep" in answer.text
    with cast.database.session() as session:
        assert session.scalars(select(MedicineDraft)).all() == []


def test_what_was_begun_waits_where_it_was_left(tomasz: FlaskClient, cast: Cast) -> None:
    begin(tomasz, "needed")

    assert "Go on with" in tomasz.get("/medicines").text
    page = tomasz.get(NEW).text
    assert 'value="Canary 7"' in page
    assert "You began this before" in page
    assert tomasz.get(f"{NEW}/times").status_code == 200
    assert tomasz.post(f"{NEW}/leave").status_code == 303
    assert "Canary 7" not in tomasz.get(NEW).text
    assert tomasz.get(f"{NEW}/times").location == NEW
    assert tomasz.get(f"{NEW}/when").location == NEW


def test_a_second_tap_on_the_last_question_writes_one_medicine(tomasz: FlaskClient, cast: Cast) -> None:
    begin(tomasz, "day")
    for _ in range(2):
        assert tomasz.post(f"{NEW}/times", data=TIMES).status_code == 303

    assert len(medicines(cast)) == 1


def test_another_persons_beginning_is_not_shown(tomasz: FlaskClient, tenant_door: Flask, cast: Cast) -> None:
    begin(tomasz, "day")

    assert "Canary 7" not in cast.at(tenant_door, cast.amina).get(NEW).text


@pytest.fixture
def written(tomasz: FlaskClient, cast: Cast) -> str:
    """The address of a medicine that is taken every day at nine and half past nine in the evening."""
    begin(tomasz, "day")
    return str(tomasz.post(f"{NEW}/times", data=TIMES | {"times": ["10:00", "21:30"]}).location)


def test_what_the_label_allows_in_24_hours_is_kept_and_holds_for_later_changes(
    tomasz: FlaskClient, cast: Cast, written: str
) -> None:
    changed = {"times": ["10:00", "21:30"], "most": "2"}
    assert tomasz.post(f"{written}/times", data=changed).status_code == 303
    assert "At most 2 in 24 hours" in tomasz.get(written).text
    assert 'name="most" type="text" value="2"' in tomasz.get(f"{written}/times").text
    before = Regimen.of(medicines(cast)[0])

    refused = tomasz.post(f"{written}/times", data=changed | {"times": ["08:00", "14:00", "21:30"]})

    assert refused.status_code == 422
    assert refused.text.count("There are more times above than that.") == 2
    assert 'value="14:00"' in refused.text
    assert before == Regimen.of(medicines(cast)[0]) == Regimen((time(10), time(21, 30)), most=2)
    assert tomasz.post(f"{written}/times", data=changed | {"times": ["08:00", "14:00", "21:30"], "most": "3"}).status_code == 303


def test_the_label_can_be_changed(tomasz: FlaskClient, cast: Cast, written: str) -> None:
    assert 'value="Canary 7"' in tomasz.get(f"{written}/label").text
    tomasz.post(f"{written}/label", data=LABEL | {"name": "Canary 8", "comes_as": "drops"})

    assert [(each.name, each.form) for each in medicines(cast)] == [("Canary 8", MedicineForm.DROPS)]
    assert tomasz.post(f"{written}/label", data=LABEL | {"name": ""}).status_code == 422


def test_changed_times_say_when_they_begin(tomasz: FlaskClient, written: str) -> None:
    assert 'value="10:00"' in tomasz.get(f"{written}/times").text
    page = tomasz.post(f"{written}/times", data={"times": ["08:00", "21:30"]}, follow_redirects=True).text

    assert "The new times begin on Friday 27 November" in page
    assert tomasz.post(f"{written}/times", data={"times": []}).status_code == 422


def test_how_often_can_be_changed_and_the_times_are_asked_again(tomasz: FlaskClient, cast: Cast, written: str) -> None:
    asked = tomasz.post(f"{written}/days", data={"kind": "weekdays"})
    assert asked.location == f"{written}/times?kind=weekdays"
    assert Regimen.of(medicines(cast)[0]).pattern.weekdays == 127

    assert tomasz.get(asked.location).status_code == 200
    tomasz.post(asked.location, data={"times": ["10:00"], "weekdays": ["1", "5"], "quantity": "2"})

    [medicine] = medicines(cast)
    assert Regimen.of(medicine) == Regimen((time(10),), on_weekdays([1, 5]), Decimal(2))
    assert "Tuesday and Saturday" in tomasz.get(written).text
    assert tomasz.post(f"{written}/days", data={"kind": "needed"}).status_code == 422
    assert tomasz.get(f"{written}/times?kind=needed").status_code == 404
    assert tomasz.get(f"{written}/times?kind=never").status_code == 404


def test_an_amount_that_begins_to_change_keeps_its_first_day(tomasz: FlaskClient, cast: Cast, written: str) -> None:
    plan = {"times": ["10:00"], "phases_day": ["2026-11-26", "2026-12-03"], "phases_amount": ["2", "1"],
            "phases_quantity": ["", ""]}  # fmt: skip
    wrong = tomasz.post(f"{written}/times?kind=taper", data=plan | {"phases_day": ["2026-11-27", "2026-12-03"]})
    assert wrong.status_code == 422
    assert "Keep its first day" in wrong.text

    tomasz.post(f"{written}/times?kind=taper", data=plan)
    assert [phase.amount for phase in medicines(cast)[0].phases] == ["2", "1"]
    assert "From Thursday 3 December" in tomasz.get(written).text
