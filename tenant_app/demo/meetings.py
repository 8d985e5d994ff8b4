"""House meetings in the demo: one with minutes and what came of it, and an agenda for the next."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tenant_app.accounts.models import Property
from tenant_app.demo.people import ALMA, GRACE, JOANA, MARE, TARIQ
from tenant_app.demo.town import Town
from tenant_app.groups.meetings.doing import offer, settle_action
from tenant_app.groups.meetings.minutes import ActionState, Outcome
from tenant_app.groups.meetings.minuting import (
    add_action,
    correct,
    minute_of,
    open_meeting,
    publish,
    write_minutes,
)
from tenant_app.groups.meetings.models import HOUSE_MEETING, AgendaItem
from tenant_app.groups.meetings.rules import add_item, put_on, want
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import plan_session

LAST, NEXT, BOTH_HOMES = -23, 5, 16
"""Days from today."""
AMINA, TOMASZ, SALMA, SELAM, MARY = "Amina Warsame", "Tomasz Wójcik", "Salma Haddad", "Selam Tesfaye", "Mary Doyle"


def meet(town: Town) -> None:
    """Live through Alma Road's last meeting and the weeks after it, and fill the agenda of the next."""
    with town.at(LAST - 14, 9):
        alma, mare = town.homes[ALMA.name], town.homes[MARE.name]
        last, coming = _plan(town, LAST, alma), _plan(town, NEXT, alma)
        _plan(town, NEXT + 2, mare)
        _plan(town, BOTH_HOMES, None)
    with town.at(LAST - 4, 19):
        bins = _say(town, AMINA, "The bins are full by Friday", "Could we have a second one?")
        quiet = _say(town, TOMASZ, "Quiet after eleven at night", "Some of us have early shifts.", named=True)
        lamp = _say(town, SELAM, "A light by the back door")
        for name in (TOMASZ, SELAM):
            want(town.session, town.tenants[name], bins, wanted=True)
    _hold(town, last, bins, quiet, lamp)
    with town.at(-3, 18):
        _say(town, SELAM, "Times for the washing machine", "On Sundays there is always someone before me.")
        _say(town, MARY, "A bench by the front door", named=True)
        film = _say(town, AMINA, "A film evening once a month", named=True)
        want(town.session, town.tenants[TOMASZ], film, wanted=True)
        _say(town, SALMA, "حفلة صيفية في الحديقة", "كل واحد يحضر طبقًا من بلده.", home=None, language="ar")
    with town.at(-2, 11):
        add_item(town.session, town.staff[JOANA.name], coming, "What to do when the fire alarm rings")


def _plan(town: Town, day: int, building: Property | None) -> GroupSession:
    starts, joana = town.moment(day, 17), town.staff[JOANA.name]
    return plan_session(
        town.session, HOUSE_MEETING, starts_at=starts, ends_at=starts + timedelta(hours=1), zone=town.settings.zone,
        place="Lounge, ground floor", facilitator=joana, capacity=20, building=building, step_free=True,
    )  # fmt: skip


def _say(
    town: Town, name: str, title: str, detail: str = "", *, home: str | None = "own", named: bool = False,
    language: str = "en",
) -> AgendaItem:  # fmt: skip
    tenant = town.tenants[name]
    where: UUID | None = tenant.property_id if home else None
    return put_on(town.session, tenant, where, title, detail, named=named, language=language)


def _hold(town: Town, last: GroupSession, bins: AgendaItem, quiet: AgendaItem, lamp: AgendaItem) -> None:
    session, joana = town.session, town.staff[JOANA.name]
    due = town.today + timedelta(days=LAST)
    with town.at(LAST, 17, 10):
        open_meeting(session, joana, last)
        for item, words, outcome in (
            (bins, "Everyone agreed. We ask the council for a second bin, and take turns.", Outcome.DEALT),
            (quiet, "We try quiet from eleven for a month, and talk about it again.", Outcome.CARRIED),
            (lamp, "It is dark there. We have a light put up that comes on by itself.", Outcome.DEALT),
        ):
            write_minutes(session, joana, last, item, words, outcome, seen=0)
        bin_asked = add_action(
            session, joana, last, bins, "Ask the council for a second bin", due + timedelta(days=7),
            owner=town.staff[GRACE.name],
        )  # fmt: skip
        rota = add_action(
            session, joana, last, bins, "Put up a list of who brings the bins out", due + timedelta(days=40)
        )
        light = add_action(
            session, joana, last, lamp, "Have a light put up by the back door", due + timedelta(days=14),
            owner=town.staff[TARIQ.name],
        )  # fmt: skip
        twice = add_action(
            session, joana, last, bins, "Ask if the bins can be emptied twice a week", due + timedelta(days=7),
            owner=town.staff[GRACE.name],
        )  # fmt: skip
    with town.at(LAST + 1, 10):
        publish(session, joana, last)
    with town.at(LAST + 2, 12):
        minute = minute_of(session, last, quiet)
        assert minute is not None
        correct(session, joana, minute, "On Fridays and Saturdays it is quiet from midnight.")
        offer(session, town.tenants[AMINA], rota, offered=True)
    with town.at(LAST + 6, 15):
        settle_action(session, bin_asked, ActionState.DONE)
        settle_action(
            session, twice, ActionState.DROPPED, reason="The council empties bins once a week only.", language="en"
        )
    assert light.open
