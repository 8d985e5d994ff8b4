"""The tenant's pages about groups. Who else comes is nobody's business: they count people and name none."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request
from sqlalchemy.orm import selectinload

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.groups.booking import booked_between
from tenant_app.groups.filters import (
    ONLINE,
    Options,
    choose,
    lines_ahead,
    page_of,
    series_ahead,
    sessions_of,
    weekday_like,
)
from tenant_app.groups.meetings.models import HOUSE_MEETING
from tenant_app.groups.models import GroupSession
from tenant_app.groups.needs import GroupNeeds
from tenant_app.groups.needs_words import need_lines
from tenant_app.groups.outcomes import done_words
from tenant_app.groups.showing import Shown, shown
from tenant_app.groups.titles import own_name, programme, spoken_at, title, where
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session

room = Blueprint("groups", __name__, template_folder="templates")


@room.app_context_processor
def words() -> dict[str, object]:
    """What sessions are called, and in which languages they are held."""
    return {
        "programme": programme, "spoken_at": spoken_at, "own_name": own_name, "where": where,
        "standing_words": standing_words,
    }  # fmt: skip


@room.get("/groups")
@open_to(TENANT)
def index() -> str:
    """What is on in seven days, what is coming, or where this tenant has a place; all of it or what was chosen."""
    lines = lines_ahead(session(), tenant())
    options = Options.of(lines)
    choice = choose(request.args, options)
    page = page_of(lines, choice, clock.today(house().settings.zone))
    return render_template(
        "groups/index.html", choice=choice, options=options, page=page, lit=lit(), title_of=title, own_name=own_name,
        weekday_like=weekday_like, online=ONLINE, booked=sum(line.booked for line in lines),
        offers=shown(session(), tenant(), sessions_of(session(), page.lines)),
    )  # fmt: skip


@room.get("/groups/<uuid:session_id>")
@open_to(TENANT)
def show(session_id: UUID) -> str:
    """One session: when, where, what happens there, how to get there, and the tenant's place in it."""
    found = find(GroupSession.of(tenant()).options(selectinload(GroupSession.building)), session_id)
    return render_template(
        "groups/show.html", offer=shown_one(found), lit=lit(),
        series=shown(session(), tenant(), series_ahead(session(), tenant(), found)),
        needs=need_lines(GroupNeeds.of(session(), tenant())), at_home=found.building_id == tenant().property_id,
        has_agenda=found.kind == HOUSE_MEETING and found.building_id in (None, tenant().property_id),
    )  # fmt: skip


def standing_words(offer: Shown) -> str:
    """What a card says of its own accord of the tenant's place, in the words that a phone is told; else nothing."""
    known = offer.has_place or offer.waits or offer.offered_until
    return done_words(offer.booking, asked="booked") if known else ""


def shown_one(group_session: GroupSession) -> Shown:
    """One session as this tenant sees it."""
    return shown(session(), tenant(), [group_session])[0]


def lit() -> UUID | None:
    """The one session that is lit: the next today in which the tenant has a place."""
    zone = house().settings.zone
    today = clock.today(zone)
    morning, midnight = (clock.at(day, time(), zone) for day in (today, today + timedelta(days=1)))
    booked = [each for each in booked_between(session(), tenant(), morning, midnight) if not each.group_session.over]
    return booked[0].session_id if booked else None
