"""Around the groups of the demo: what people need there, who brings somebody, who waits, and who is offered a place."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tenant_app.accounts.models import Tenant
from tenant_app.demo.people import ALMA, RESIDENTS
from tenant_app.demo.town import Town
from tenant_app.groups.booking import book_place, bring_supporter, cancel_place
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.needs import GroupNeeds
from tenant_app.groups.places import NoPlace
from tenant_app.groups.waiting import join_waiting_list

NEEDS = (("A chair with arms", "so", "No pork"), ("", "", "Vegetarian"), ("Big letters on paper", "", ""))


def take_part(town: Town) -> None:
    """Two full sessions of mindfulness ahead: in one a place came free for the first resident, in the other they are
    second on the list."""
    people = [town.tenants[resident.name] for resident in RESIDENTS if resident.home == ALMA]
    guest, others = people[0], people[1:]
    for tenant, (access, interpreter, food) in zip(people, NEEDS, strict=False):
        with town.at(-5, 17):
            GroupNeeds.of(town.session, tenant).say(
                town.session, access=access, interpreter=interpreter, food=food
            )
    mine = Booking.of(others[0]).where(GroupSession.starts_at > town.now).limit(1)
    booked = town.session.scalars(mine).first()
    with town.at(-1, 20):
        if booked is not None and booked.has_place and not booked.group_session.full:
            bring_supporter(town.session, others[0], booked.group_session, comes=True)
    quiet = town.session.scalars(
        select(GroupSession)
        .where(
            GroupSession.kind == "mindfulness",
            GroupSession.building == town.homes[ALMA.name],
            GroupSession.starts_at > town.now + timedelta(days=3),
        )
        .order_by(GroupSession.starts_at)
    ).all()
    for planned in quiet[:2]:
        holding = _fill(town, planned, others)
        waiting = [tenant for tenant in others if tenant not in holding]
        with town.at(-1, 18):
            if planned is not quiet[0] and waiting:
                join_waiting_list(town.session, waiting[0], planned)
        with town.at(-1, 19):
            join_waiting_list(town.session, guest, planned)
        if planned is quiet[0]:
            with town.at_moment(town.now - timedelta(hours=1)):
                cancel_place(town.session, holding[0], planned)


def _fill(town: Town, planned: GroupSession, people: list[Tenant]) -> list[Tenant]:
    """Neighbours book until it is full. Returns those who did."""
    holding = []
    with town.at(-2, 12):
        for tenant in people:
            try:
                book_place(town.session, tenant, planned)
            except NoPlace:
                break
            holding.append(tenant)
    return holding
