"""The staff door: which rooms it has, and who finds which of them in the sidebar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, redirect, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from staff_portal.administration import pages as administration
from staff_portal.break_glass import pages as break_glass
from staff_portal.caseload import pages as caseload
from staff_portal.chats import pages as chat_desk
from staff_portal.handover import pages as handover
from staff_portal.inspections import pages as inspection_desk
from staff_portal.key_work import pages as record
from staff_portal.medication_audit import pages as medication_audit
from staff_portal.meetings import pages as house_meetings
from staff_portal.messages import pages as threads
from staff_portal.programme import pages as programme
from staff_portal.read_alerts import pages as read_alerts
from staff_portal.record_requests import pages as record_requests
from staff_portal.registers import needs_pages as register_needs
from staff_portal.registers import pages as registers
from staff_portal.rent_desk import desk as rent_desk
from staff_portal.repairs_desk import contractor_pages as contractors_desk
from staff_portal.repairs_desk import desk as repairs_desk
from staff_portal.repairs_desk import raising_pages as repair_raising
from staff_portal.repairs_desk import shared_pages as repair_sharing
from staff_portal.repairs_desk import visit_pages as visits_desk
from staff_portal.reviews import pages as reviews
from staff_portal.roles import (
    ACTION_OWNERS,
    CHATTERS,
    GLASS_BREAKERS,
    MENDERS,
    REGISTER_KEEPERS,
    RENT_KEEPERS,
    SUPPORTERS,
    WATCHERS,
    WELCOMERS,
    role_words,
)
from staff_portal.signin import joining, own
from staff_portal.signin import pages as signin
from staff_portal.supervision import own as own_supervision
from staff_portal.supervision import pages as supervision
from staff_portal.support_plan import pages as plan_reviews
from staff_portal.today import pages as today
from staff_portal.training import pages as training
from tenant_app import clock, tables
from tenant_app.accounts import gate
from tenant_app.accounts.models import Role, Worker
from tenant_app.chats.rules import chats_waiting
from tenant_app.handover.rules import count_unread
from tenant_app.messages.rules import waiting_threads
from tenant_app.reminders.rules import workers_silent
from tenant_app.repairs.visits.rules import words_waiting
from tenant_app.settings import Settings
from tenant_app.supervision.rules import notes_unread
from tenant_app.support.record.rules import how_many_wait
from tenant_app.support_plan.rules import waiting_reviews
from tenant_app.web.audience import open_to
from tenant_app.web.face import open_face
from tenant_app.web.house import session


@dataclass(frozen=True)
class Place:
    """One entry of the sidebar."""

    endpoint: str
    icon: str
    words: object
    roles: frozenset[Role]
    count: Callable[[Session, Worker], int] | None = None
    """How many things wait there for whoever is here."""
    group: int = 0
    """Places that belong together: people, the house, the office, oneself. A line parts them."""

    @property
    def waiting(self) -> int:
        """The number beside its name; 0 shows none."""
        here = gate.visitor()
        return self.count(session(), here) if self.count and isinstance(here, Worker) else 0


PLACES = (
    Place("today.index", "today", _("Today"), frozenset(SUPPORTERS)),
    Place("caseload.index", "people", _("Caseload"), frozenset({Role.KEYWORKER, Role.COORDINATOR})),
    Place("threads.index", "message", _("Messages"), frozenset(SUPPORTERS), waiting_threads),
    Place("chat_desk.index", "talk", _("Chats"), frozenset(CHATTERS), chats_waiting),
    Place("plan_reviews.index", "goal", _("Reviews"), frozenset(SUPPORTERS), waiting_reviews),
    Place("handover.index", "walk", _("Handover"), frozenset(SUPPORTERS), count_unread),
    Place("registers.index", "register", _("Registers"), frozenset(REGISTER_KEEPERS), group=1),
    Place("programme.index", "calendar", _("Programme"), frozenset(REGISTER_KEEPERS), group=1),
    Place("medication_audit.index", "glass", _("Medicines"), frozenset(SUPPORTERS), group=1),
    Place("repairs_desk.index", "wrench", _("Repairs desk"), frozenset(MENDERS), words_waiting, group=1),
    Place("inspection_desk.index", "shield", _("Inspections"), frozenset(MENDERS), group=1),
    Place("house_meetings.index", "talk", _("House meetings"), frozenset(ACTION_OWNERS), group=1),
    Place("rent_desk.index", "pound", _("Rent desk"), frozenset(RENT_KEEPERS), group=1),
    Place("record_requests.index", "lock", _("Record requests"), frozenset(WELCOMERS), how_many_wait, group=2),
    Place("administration.tenants", "user", _("Tenants"), frozenset(WELCOMERS), group=2),
    Place("administration.staff", "shield", _("Staff"), frozenset({Role.ADMINISTRATOR}), group=2),
    Place("administration.status", "bell", _("Reminders"), frozenset({Role.ADMINISTRATOR}), group=2),
    Place("break_glass.index", "umbrella", _("Safety"), frozenset(GLASS_BREAKERS), group=2),
    Place("read_alerts.index", "eye", _("Alerts"), frozenset(WATCHERS), read_alerts.waiting_alerts, group=2),
    Place("supervision.index", "briefcase", _("Supervision"), frozenset({Role.COORDINATOR}), group=2),
    Place("training.index", "book", _("Training"), frozenset(Role), group=3),
    Place(
        "own_supervision.index", "briefcase", _("My supervision"), frozenset(Role) - {Role.COORDINATOR}, notes_unread,
        group=3,
    ),
    Place("own.show", "key", _("Your sign-in"), frozenset(Role), group=3),
)
"""In the order of the sidebar."""

STARTS = ("today.index", "registers.index", "repairs_desk.index", "administration.tenants")
"""Where one starts: the first of these that one may enter."""

start = Blueprint("start", __name__)


@start.get("/")
@open_to(*Role)
def show() -> Response:
    """To where whoever is here starts."""
    own = {place.endpoint for place in places()}
    return redirect(url_for(next(start for start in STARTS if start in own)), 303)


def places() -> list[Place]:
    """The sidebar of whoever is here; empty for someone who has not come all the way in."""
    here = gate.visitor()
    return [place for place in PLACES if isinstance(here, Worker) and here.role in place.roles]


def reminders_rest() -> bool:
    """Whether whoever is here should be told that no reminder goes out: no worker has been heard of."""
    return isinstance(gate.visitor(), Worker) and workers_silent(session())


ROOMS = (
    start, signin.room, joining.room, own.room, administration.room, caseload.room, reviews.room, registers.room,
    register_needs.room, programme.room, house_meetings.room, repairs_desk.room, visits_desk.room, repair_sharing.room,
    contractors_desk.room, repair_raising.room, inspection_desk.room, rent_desk.room, medication_audit.room,
    training.room, threads.room, chat_desk.room, plan_reviews.room, supervision.room, own_supervision.room,
    handover.room, record.room, today.room, record_requests.room, break_glass.room, read_alerts.room,
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """The staff door as a WSGI app. Without `settings`, they are read from the environment."""
    assert tables.metadata.tables
    app = open_face(
        "staff_portal",
        ROOMS,
        settings=settings,
        gate=gate.gate_of("staff"),
        cookie_key=lambda keys: keys.staff_cookies,
        # Reading a record is itself written down, so a GET here may write.
        reads_only_gets=False,
        templates=Path(__file__).parent / "templates",
        layout="desk.html",
        home="start.show",
    )
    app.jinja_env.globals.update(
        visitor=gate.visitor, chosen_scheme=gate.chosen_scheme, places=places, role_words=role_words,
        reminders_rest=reminders_rest, clock_now=clock.now,
    )  # fmt: skip
    return app
