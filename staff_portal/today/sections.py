"""Every part of Today, in the order of the page. A new kind of thing is one more function in `SECTIONS`: it is given
the session and whoever is here, and asks a fixed number of questions, however much waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import func
from sqlalchemy.orm import Session

from staff_portal.messages.overview import threads
from staff_portal.today import waiting
from staff_portal.today.looking import look_once_a_day
from staff_portal.today.section import SHOWN, Entry, Section
from staff_portal.today.signs import read_signs
from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.bulk import among
from tenant_app.groups.models import GroupSession
from tenant_app.groups.register.care import chased_by, told_to
from tenant_app.groups.register.records import Missed
from tenant_app.groups.titles import programme
from tenant_app.messages.rules import waiting_threads
from tenant_app.reminders.reach import dead_channels
from tenant_app.rent.hardship import Hardship, HardshipState
from tenant_app.rent.models import RentAccount
from tenant_app.web.house import house
from tenant_app.web.locale import isolate, say, tell_short_day, tell_time


def early_signs(session: Session, worker: Worker) -> Section:
    """Whom a hello may help, and why."""
    count, signs = read_signs(session, worker)
    return Section("signs", gettext("Ask how they are"), "talk", count, {"signs": signs},
                   template="today/_signs.html", address=url_for("caseload.index", show="sign"),
                   address_words=gettext("All of them in the caseload"))  # fmt: skip


def messages(session: Session, worker: Worker) -> Section:
    """Who wrote and waits for an answer; never what."""
    count = waiting_threads(session, worker)
    unanswered = [row for row in threads(session, worker, 1).rows if row.waits_since] if count else []
    entries = [
        Entry(_name(row.tenant), url_for("threads.show", tenant_id=row.tenant.id, _anchor="newest"), row.waits_since,
              person=row.tenant)
        for row in unanswered[:SHOWN]
    ]  # fmt: skip
    return Section.of_entries("messages", gettext("Messages to answer"), "message", entries, count=count,
                              address=url_for("threads.index"), address_words=gettext("All messages"),
                              always=True)  # fmt: skip


def requests(session: Session, worker: Worker) -> Section:
    """Who would like a call, and who told us that they cannot pay and wanted their keyworker to know."""
    asking = told_to(worker).where(Missed.wants_call_at.is_not(None))
    calls = session.scalars(asking.limit(SHOWN)).all()
    count = session.scalar(asking.order_by(None).with_only_columns(func.count())) or 0
    told = Hardship.told_to(worker).join(RentAccount, RentAccount.id == Hardship.account_id).with_only_columns(
        RentAccount.tenant_id, Hardship.told_at, Hardship.state
    )  # fmt: skip
    since = {key: at for key, at, state in reversed(session.execute(told).all()) if state is HardshipState.OPEN}
    first = list(since)[: SHOWN - len(calls)]
    named = {tenant.id: tenant for tenant in session.scalars(worker.caseload.where(among(Tenant.id, first)))}
    cannot_pay = [(named[key], since[key]) for key in first if key in named]
    # Only what stands on the page has been read.
    look_once_a_day(session, worker, [each.tenant for each in calls], "missed")
    look_once_a_day(session, worker, [tenant for tenant, _ in cannot_pay], "requests")
    return Section(
        "requests", gettext("Asked of you"), "phone", count + len(since),
        {"calls": calls, "cannot_pay": cannot_pay}, template="today/_requests.html",
        address=url_for("caseload.index"), address_words=gettext("Caseload"),
    )  # fmt: skip


def registers(session: Session, worker: Worker) -> Section:
    """Registers of this worker that were asked for and are still not finished, and those of today."""
    now = clock.now()
    late = chased_by(worker)
    asked_for = late.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    count = session.scalar(asked_for) or 0
    zone = house().settings.zone
    midnight = clock.at(clock.today(zone) + timedelta(days=1), time(), zone)
    own = GroupSession.run_by(worker).where(
        GroupSession.facilitator_id == worker.id, GroupSession.cancelled_at.is_(None), GroupSession.ends_at >= now,
        GroupSession.starts_at < midnight,
    )  # fmt: skip
    today = session.scalars(own).all()
    entries = [
        *(_register(each, gettext("Today at %(time)s", time=tell_time(each.starts_at))) for each in today),
        *(_register(each, gettext("Still to be finished")) for each in session.scalars(late.limit(SHOWN))),
    ]
    return Section.of_entries("registers", gettext("Registers"), "register", entries, count=count + len(today),
                              address=url_for("registers.index"), address_words=gettext("All registers"),
                              always=True)  # fmt: skip


def unreached(session: Session, worker: Worker) -> Section:
    """Whose phone reminders no longer reach, though they let them; never what those are about."""
    people = worker.caseload.with_only_columns(Tenant.id, maintain_column_froms=True).order_by(None)
    dead = dead_channels(session, session.scalars(people).all())
    first = sorted(dead, key=lambda key: dead[key])[:SHOWN]
    named = {tenant.id: tenant for tenant in session.scalars(worker.caseload.where(among(Tenant.id, first)))}
    entries = [
        Entry(_name(named[key]), url_for("caseload.tenant", tenant_id=key), person=named[key],
              meta=say("Reminders have not reached %(name)s’s phone since %(day)s.", name=named[key].known_as,
                       day=tell_short_day(dead[key])))
        for key in first if key in named
    ]  # fmt: skip
    return Section.of_entries("unreached", gettext("Phones that reminders do not reach"), "bell", entries,
                              count=len(dead), address=url_for("caseload.index"),
                              address_words=gettext("Caseload"))  # fmt: skip


def _name(tenant: Tenant) -> Markup:
    return isolate(tenant.name)


def _register(it: GroupSession, meta: str) -> Entry:
    page = programme(it.kind)
    words = Markup('<bdi lang="{}">{}</bdi>').format(page.language.code, page["title"])
    return Entry(words, url_for("registers.show", session_id=it.id), it.day, meta)


SECTIONS: tuple[Callable[[Session, Worker], Section], ...] = (
    waiting.hazards, waiting.handovers, waiting.without, early_signs, messages, requests, waiting.chats,
    waiting.reviews, waiting.tasks, waiting.inspections, waiting.answers, waiting.reached, registers,
    waiting.records, waiting.held, unreached,
)  # fmt: skip
