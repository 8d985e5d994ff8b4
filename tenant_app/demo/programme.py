"""Six weeks of groups behind us and three ahead: who booked, who came, who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.demo.people import ALMA, GRACE, JOANA, MARE, RESIDENTS, Colleague, Home
from tenant_app.demo.town import WEEKS, Town
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.attendance import mark_attendance
from tenant_app.groups.rules import Full, book_place, join_waiting_list, plan_weekly

AHEAD = 3
"""Weeks of the programme that tenants can book already."""


@dataclass(frozen=True)
class Group:
    """One line of the weekly programme; `day` counts from today."""

    kind: str
    day: int
    starts: time
    ends: time
    place: str
    capacity: int
    facilitator: Colleague = JOANA
    home: Home = ALMA
    step_free: bool = True
    languages: tuple[str, ...] = ("en",)


PROGRAMME = (
    Group("cooking-together", 0, time(18, 0), time(19, 30), "Kitchen, ground floor", 8, languages=("en", "ar", "tr")),
    Group("mindfulness", 1, time(10, 30), time(11, 15), "Quiet room, first floor", 4, step_free=False),
    Group("budgeting", 2, time(14, 0), time(15, 0), "Lounge", 8, home=MARE),
    Group("cv-writing", 3, time(11, 0), time(12, 30), "Office, by the window", 5, home=MARE),
    Group("walk-and-talk", 4, time(9, 30), time(10, 30), "Meet at the front door", 10, facilitator=GRACE),
)


def run_groups(town: Town) -> None:
    """Plan each group, let those who like it book, and take the registers of what is over."""
    for group in PROGRAMME:
        with town.at(-7 * WEEKS, 9):
            sessions = plan_weekly(
                town.session, group.kind, first=town.today + timedelta(days=group.day - 7 * WEEKS), starts=group.starts,
                ends=group.ends, weeks=WEEKS + AHEAD, zone=town.settings.zone, place=group.place,
                facilitator=town.staff[group.facilitator.name], capacity=group.capacity,
                building=town.homes[group.home.name], step_free=group.step_free, languages=group.languages,
            )  # fmt: skip
        fond = [town.tenants[resident.name] for resident in RESIDENTS if group.kind in resident.groups]
        for week, planned in enumerate(sessions[: WEEKS + 1]):
            _book(town, planned, fond, week)
            if planned.ends_at < town.now:
                _take_register(town, planned, week)


def _book(town: Town, planned: GroupSession, fond: list[Tenant], week: int) -> None:
    with clock.stopped_at(min(planned.starts_at - timedelta(days=3, hours=2), town.now)):
        for number, tenant in enumerate(fond):
            if (number + week) % 5 == 4:
                continue  # nobody comes every week
            try:
                book_place(town.session, tenant, planned)
            except Full:
                join_waiting_list(town.session, tenant, planned)


def _take_register(town: Town, planned: GroupSession, week: int) -> None:
    with clock.stopped_at(planned.starts_at + timedelta(minutes=10)):
        expected = town.session.scalars(Booking.expected_at(planned)).all()
        for number, booking in enumerate(expected):
            came = Attendance.SENT_WORD if (number * 2 + week) % 7 == 6 else Attendance.HERE
            mark_attendance(town.session, planned.facilitator, planned, booking.tenant_id, came)
