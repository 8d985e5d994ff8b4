"""Series that a coordinator planned this week: one about money, with a session moved and one called off; one every
fortnight; and one that is online only."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from tenant_app.demo.people import JOANA, NASRIN, RUTH, TARIQ
from tenant_app.demo.town import Town
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Arrangement
from tenant_app.groups.programme.changing import call_off_sessions, change_sessions
from tenant_app.groups.programme.foreseeing import Change
from tenant_app.groups.programme.planning import SeriesPlan, plan_series
from tenant_app.groups.programme.series import BankHolidays, Part
from tenant_app.groups.rules import book_place

WEEKS_LONG, FORTNIGHTS_LONG, ONLINE_LONG = 10, 12, 6
"""Weeks."""
AMINA, SELAM = "Amina Warsame", "Selam Tesfaye"
GUESTS = ("Tomasz Wójcik", "Yusuf Demir", "Linh Trần")


def run_series(town: Town) -> None:
    """Plan it, let three people book, then move its second session by half an hour and call the fourth off."""
    with town.at(-3, 10):
        sessions, circle, online = (
            plan_series(town.session, town.staff[NASRIN.name], plan)
            for plan in (_evenings(town), _circle(town), _online(town))
        )
    with town.at(-2, 18):
        for name in GUESTS:
            for each in sessions[:4]:
                book_place(town.session, town.tenants[name], each)
        for name, booked in ((AMINA, online[:2]), (SELAM, circle[:2])):
            for each in booked:
                book_place(town.session, town.tenants[name], each)
    with town.at(-1, 11):
        _move(town, sessions[1])
        call_off_sessions(
            town.session, town.staff[NASRIN.name], sessions[3], rest=False, seen=sessions[3].edition
        )


def _evenings(town: Town) -> SeriesPlan:
    return SeriesPlan(
        kind="budgeting", first_on=town.today + timedelta(days=5), weeks=WEEKS_LONG, starts=time(16), ends=time(17),
        zone=town.settings.zone, bank_holidays=BankHolidays.MOVE,
        arrangement=Arrangement(
            place="Common room, second floor", lead=town.staff[TARIQ.name], capacity=6,
            link="https://meet.wrenfield.org.uk/money",
            beside=((town.staff[JOANA.name], Part.CO), (town.staff[RUTH.name], Part.PEER)), step_free=True,
            access_note="Lift to the second floor", languages=("tr",), interpreter=("ar",),
        ),
    )  # fmt: skip


def _circle(town: Town) -> SeriesPlan:
    return SeriesPlan(
        kind="peer-support", first_on=town.today + timedelta(days=8), weeks=FORTNIGHTS_LONG, every=2, starts=time(18),
        ends=time(19, 15), zone=town.settings.zone, bank_holidays=BankHolidays.SKIP,
        arrangement=Arrangement(
            place="Quiet room, first floor", lead=town.staff[JOANA.name], capacity=8,
            beside=((town.staff[RUTH.name], Part.PEER),), access_note="Tell us if stairs are hard: we meet downstairs",
        ),
    )  # fmt: skip


def _online(town: Town) -> SeriesPlan:
    return SeriesPlan(
        kind="stress-management", first_on=town.today + timedelta(days=4), weeks=ONLINE_LONG, starts=time(19),
        ends=time(19, 45), zone=town.settings.zone, bank_holidays=BankHolidays.SKIP,
        arrangement=Arrangement(
            place="", lead=town.staff[JOANA.name], capacity=12, link="https://meet.wrenfield.org.uk/calm",
            languages=("ar",),
        ),
    )  # fmt: skip


def _move(town: Town, group_session: GroupSession) -> None:
    zone = ZoneInfo(group_session.zone)
    starts, ends = (
        (moment + timedelta(minutes=30)).astimezone(zone).time()
        for moment in (group_session.starts_at, group_session.ends_at)
    )
    change = Change(group_session.day, starts, ends, Arrangement.of(group_session))
    change_sessions(
        town.session, town.staff[TARIQ.name], group_session, change, rest=False, seen=group_session.edition
    )
