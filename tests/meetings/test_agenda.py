"""What is on the agenda of which meeting, whose it is, and until when it may be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.broken import sounds_broken
from tenant_app.groups.meetings.minuting import open_meeting, publish
from tenant_app.groups.meetings.models import AgendaItem, AgendaSupport, meetings_for
from tenant_app.groups.meetings.rules import (
    Spoken,
    Stale,
    add_item,
    agenda_of,
    change_item,
    listed,
    next_meeting,
    put_on,
    take_off,
    waiting_items,
    want,
)
from tenant_app.groups.rules import call_off
from tests.cast import Cast
from tests.meetings.house import AFTER, DURING, NEXT, bins, meeting, spoken_of


def test_an_item_is_on_the_agenda_of_the_next_meeting_of_its_home(
    session: Session, cast: Cast, amina: Tenant, salma: Tenant
) -> None:
    first, _later = meeting(session, cast), meeting(session, cast, AFTER)
    elsewhere = meeting(session, cast, NEXT - timedelta(hours=1), building=salma.building)
    item = bins(session, amina)

    assert next_meeting(session, amina.property_id) is first
    assert agenda_of(session, first) == [item]
    assert agenda_of(session, elsewhere) == []


def test_a_meeting_that_is_called_off_is_not_the_next(session: Session, cast: Cast, amina: Tenant) -> None:
    first, later = meeting(session, cast), meeting(session, cast, AFTER)
    call_off(session, first)

    assert next_meeting(session, amina.property_id) is later


def test_nobody_puts_an_item_on_the_agenda_of_another_home(session: Session, cast: Cast, salma: Tenant) -> None:
    with pytest.raises(LookupError):
        put_on(session, salma, cast.alma_road.id, "Let me in")


def test_items_that_no_meeting_settled_go_on_to_the_next_by_themselves(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    first, later = meeting(session, cast), meeting(session, cast, AFTER)
    left, settled = bins(session, amina), put_on(session, amina, amina.property_id, "The lamp in the hall")
    spoken_of(session, joana, first, settled)
    with clock.stopped_at(first.ends_at):
        publish(session, joana, first)

        assert next_meeting(session, amina.property_id) is later
        assert waiting_items(session, amina.property_id) == [left]
        assert agenda_of(session, later) == [left]


def test_a_meeting_that_nobody_opened_keeps_nothing(session: Session, cast: Cast, amina: Tenant) -> None:
    first, later = meeting(session, cast), meeting(session, cast, AFTER)
    item = bins(session, amina)
    with clock.stopped_at(first.ends_at + timedelta(days=1)):
        assert agenda_of(session, later) == [item]
        assert listed(session, amina, [item])[0].changeable


def test_what_is_put_on_while_a_meeting_is_on_waits_for_the_next(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    first, later = meeting(session, cast), meeting(session, cast, AFTER)
    with clock.stopped_at(DURING):
        late, staffs = bins(session, amina), add_item(session, joana, first, "Fire drill")

        assert agenda_of(session, first) == [staffs]
        assert set(agenda_of(session, later)) == {late, staffs}
        assert listed(session, amina, [late])[0].changeable


def test_without_a_name_nothing_stands_beside_an_item(session: Session, amina: Tenant) -> None:
    silent, named = bins(session, amina), bins(session, amina, named=True)

    assert silent.said_by == ""
    assert named.said_by == "Amina"


def test_an_items_identifier_does_not_tell_when_it_was_made(session: Session, amina: Tenant) -> None:
    assert {bins(session, amina).id.version for _ in range(4)} == {4}


def test_the_order_of_an_agenda_does_not_follow_who_or_when(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant
) -> None:
    it = meeting(session, cast)
    for tenant, title in ((tomasz, "c"), (amina, "a"), (tomasz, "B")):
        put_on(session, tenant, tenant.property_id, title)
    wanted = put_on(session, amina, amina.property_id, "z")
    want(session, tomasz, wanted, wanted=True)

    assert [item.title for item in agenda_of(session, it)] == ["z", "a", "B", "c"]


def test_its_writer_changes_an_item_until_the_meeting_starts(session: Session, cast: Cast, amina: Tenant) -> None:
    meeting(session, cast)
    item = bins(session, amina)
    change_item(session, amina, item, "More bins", "", named=True, language="en", seen=1)
    assert (item.title, item.named, item.version) == ("More bins", True, 2)

    with clock.stopped_at(DURING):
        with pytest.raises(Spoken):
            change_item(session, amina, item, "Fewer bins", "", named=False, language="en", seen=2)
        with pytest.raises(Spoken):
            take_off(session, amina, item)


def test_two_phones_that_change_an_item_do_not_overwrite_each_other(session: Session, amina: Tenant) -> None:
    item = bins(session, amina)
    change_item(session, amina, item, "More bins", "", named=False, language="en", seen=1)

    with pytest.raises(Stale):
        change_item(session, amina, item, "Fewer bins", "", named=False, language="en", seen=1)
    assert item.title == "More bins"


def test_an_item_taken_off_before_any_meeting_leaves_nothing(session: Session, amina: Tenant, tomasz: Tenant) -> None:
    item = bins(session, amina)
    want(session, tomasz, item, wanted=True)
    take_off(session, amina, item)

    assert session.scalar(select(func.count()).select_from(AgendaItem)) == 0
    assert session.scalar(select(func.count()).select_from(AgendaSupport)) == 0


def test_an_item_that_was_carried_on_can_be_taken_off_and_its_minutes_stay(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    first, later = meeting(session, cast), meeting(session, cast, AFTER)
    item = bins(session, amina)
    with clock.stopped_at(DURING):
        open_meeting(session, joana, first)
        publish(session, joana, first)
    with clock.stopped_at(first.ends_at):
        with pytest.raises(Spoken):
            change_item(session, amina, item, "Other words", "", named=False, language="en", seen=1)
        take_off(session, amina, item)

        assert agenda_of(session, later) == []
        assert agenda_of(session, first) == [item]


def test_wanting_an_item_too_counts_once_and_never_ones_own(session: Session, amina: Tenant, tomasz: Tenant) -> None:
    item = bins(session, amina)
    for _twice in range(2):
        want(session, tomasz, item, wanted=True)
    want(session, amina, item, wanted=True)

    shown = listed(session, tomasz, [item])[0]
    assert (shown.wants, shown.wanted, shown.mine, shown.changeable) == (1, True, False, False)
    want(session, tomasz, item, wanted=False)
    assert listed(session, amina, [item])[0].wants == 0


def test_deleting_a_tenant_keeps_the_item_without_the_person(session: Session, amina: Tenant, tomasz: Tenant) -> None:
    item = bins(session, amina, named=True)
    wanted = bins(session, tomasz)
    want(session, amina, wanted, wanted=True)
    session.flush()
    session.delete(amina)
    session.flush()
    session.expire_all()

    assert (item.title, item.tenant_id, item.said_by) == ("The bins", None, "")
    assert listed(session, tomasz, [wanted])[0].wants == 0


def test_everybodys_meeting_has_everybodys_agenda(
    session: Session, cast: Cast, amina: Tenant, salma: Tenant
) -> None:
    own, everybodys = meeting(session, cast), meeting(session, cast, AFTER, building=None)
    item = put_on(session, salma, None, "A summer party")

    assert agenda_of(session, everybodys) == [item]
    assert agenda_of(session, own) == []
    assert session.scalars(AgendaItem.of(amina)).all() == [item]
    assert session.scalars(meetings_for(salma)).all() == [everybodys]
    assert session.scalars(meetings_for(amina)).all() == [own, everybodys]


@pytest.mark.parametrize("words", ["The tap is leaking", "No HEATING again", "Kombi bozuk", "الغاز في المطبخ"])
def test_an_item_about_something_broken_sounds_like_a_repair(words: str) -> None:
    assert sounds_broken(words)


@pytest.mark.parametrize("words", ["A film evening", "Quiet after ten", "Bahçe", "حفلة صيفية", ""])
def test_an_item_about_anything_else_does_not(words: str) -> None:
    assert not sounds_broken(words)
