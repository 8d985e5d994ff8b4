"""Parts of Today that are plain lists of names: each leads to the page on which the thing is done."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from staff_portal.today.section import SHOWN, Entry, Section
from tenant_app import clock
from tenant_app.accounts.models import Person, Role, Worker
from tenant_app.chats.models import Chat
from tenant_app.chats.rules import chats_ahead, chats_without_time
from tenant_app.goals.rules import reached_unsaid
from tenant_app.handover.rules import handovers_unread
from tenant_app.handover.shifts import shift_name
from tenant_app.inspections.kinds import title_of as inspection_title
from tenant_app.inspections.rules import inspections_overdue
from tenant_app.key_work.awareness import awareness_open
from tenant_app.key_work.rules import answers_unread, notes_held
from tenant_app.key_work.tasks import tasks_due
from tenant_app.move_on.reviewing import move_on_reviews_due
from tenant_app.supervision.reassigning import without_keyworker
from tenant_app.support.record.rules import requests_waiting
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.rules import awaiting_worker, reviews_due
from tenant_app.web.house import house
from tenant_app.web.locale import isolate, say, tell_short_day, tell_time


def handovers(session: Session, worker: Worker) -> Section:
    """What earlier shifts left to read."""
    entries = [
        Entry(isolate(each.building.name), url_for("handover.show", handover_id=each.id), each.day,
              shift_name(each))
        for each in handovers_unread(session, worker)
    ]  # fmt: skip
    return Section.of_entries("handovers", gettext("Handovers to read"), "walk", entries,
                              address=url_for("handover.index"), address_words=gettext("All handovers"))  # fmt: skip


def hazards(session: Session, worker: Worker) -> Section:
    """Damp or mould that a note names: the legal clock runs from there, whether or not a repair is raised."""
    entries = [
        Entry(_name(each.tenant), url_for("record.awareness", mention_id=each.id), each.aware_at,
              gettext("A note names damp or mould. The clock is running."), each.tenant)
        for each in awareness_open(session, worker)
    ]  # fmt: skip
    return Section.of_entries("hazards", gettext("Damp or mould in a note"), "drop", entries,
                              address=url_for("record.awareness_index"),
                              address_words=gettext("All of them"))  # fmt: skip


def inspections(session: Session, worker: Worker) -> Section:
    """Inspections that are overdue, and this worker's own of today. Of a room it says which, and not whose."""
    today = clock.today(house().settings.zone)
    due = inspections_overdue(session, worker, today)
    entries = [
        Entry(isolate(each.place), url_for("inspection_desk.show", inspection_id=each.id), each.due_on,
              inspection_title(each.kind))
        for each in due[:SHOWN]
    ]  # fmt: skip
    return Section.of_entries("inspections", gettext("Inspections that are due"), "shield", entries, count=len(due),
                              address=url_for("inspection_desk.index"),
                              address_words=gettext("All inspections"))  # fmt: skip


def reviews(session: Session, worker: Worker) -> Section:
    """Reviews of support plans and of move-on plans: to sign or answer first, then what is due."""
    today = clock.today(house().settings.zone)
    entries = [
        *(_review(each.tenant, url_for("plan_reviews.show", review_id=each.id), None,
                  gettext("Waits for your signature or answer")) for each in awaiting_worker(session, worker)),
        *(_review(each.tenant, url_for("plan_reviews.show", review_id=each.id), each.due_on, gettext("Support plan"))
          for each in reviews_due(session, worker, today, Policy.of(house().settings))),
        *(_review(each.tenant, url_for("caseload.move_on", tenant_id=each.tenant_id), each.review_on,
                  gettext("Move-on plan")) for each in move_on_reviews_due(session, worker, today)),
    ]  # fmt: skip
    return Section.of_entries("reviews", gettext("Reviews"), "goal", entries,
                              address=url_for("plan_reviews.index"), address_words=gettext("All reviews"))  # fmt: skip


def chats(session: Session, worker: Worker) -> Section:
    """Who asked for a chat and has no time yet, and with whom one is agreed today."""
    entries = [
        *(_chat(each, gettext("Wants a time from you")) for each in chats_without_time(session, worker)),
        *(_chat(each, say("Today at %(time)s", time=tell_time(each.starts_at)))
          for each in chats_ahead(session, worker, clock.today(house().settings.zone), house().settings.zone)
          if each.starts_at),
    ]  # fmt: skip
    return Section.of_entries("chats", gettext("Chats"), "talk", entries,
                              address=url_for("chat_desk.index"), address_words=gettext("All chats"))  # fmt: skip


def tasks(session: Session, worker: Worker) -> Section:
    """What this worker promised by today. The words stand on the page of tasks."""
    entries = [
        Entry(_name(each.tenant), url_for("record.tasks", tenant_id=each.tenant_id), meta=_by(each.due_on),
              person=each.tenant)
        for each in tasks_due(session, worker, clock.today(house().settings.zone))
    ]  # fmt: skip
    return Section.of_entries("tasks", gettext("What you promised by today"), "check", entries,
                              address=url_for("record.my_tasks"), address_words=gettext("All your tasks"))  # fmt: skip


def answers(session: Session, worker: Worker) -> Section:
    """Who answered a note of key work."""
    entries = [
        Entry(_name(each.note.tenant), url_for("record.note", note_id=each.note_id), each.said_at,
              person=each.note.tenant)
        for each in answers_unread(session, worker)
    ]  # fmt: skip
    return Section.of_entries("answers", gettext("Answers to your notes"), "edit", entries)


def records(session: Session, worker: Worker) -> Section:
    """Who asked to have something put right or erased. The law gives a month."""
    entries = [
        Entry(_name(each.tenant), url_for("record_requests.one", request_id=each.id), meta=_by(each.due_on),
              person=each.tenant)
        for each in requests_waiting(session, worker)
    ]  # fmt: skip
    return Section.of_entries("records", gettext("Requests about records"), "lock", entries,
                              address=url_for("record_requests.index"),
                              address_words=gettext("All requests"))  # fmt: skip


def reached(session: Session, worker: Worker) -> Section:
    """Who came to the end of a goal and has heard no word about it yet; which goal, its page says."""
    entries = [
        Entry(_name(each.tenant), url_for("reviews.goal", goal_id=each.id), each.reached_at,
              gettext("Reached a goal. A word from you is still to come."), each.tenant)
        for each in reached_unsaid(session, worker)
    ]  # fmt: skip
    return Section.of_entries("reached", gettext("Goals reached"), "goal", entries,
                              address=url_for("caseload.index"), address_words=gettext("Caseload"))  # fmt: skip


def held(session: Session, worker: Worker) -> Section:
    """For coordinators: notes that tenants cannot read yet."""
    entries = [
        Entry(_name(each.tenant), url_for("record.held_back"),
              meta=say("Held back until %(day)s", day=tell_short_day(each.hold.until)) if each.hold else "",
              person=each.tenant)
        for each in notes_held(session, worker)
    ]  # fmt: skip
    return Section.of_entries("held", gettext("Held back from tenants"), "lock", entries,
                              address=url_for("record.held_back"), address_words=gettext("All of them"))  # fmt: skip


def without(session: Session, worker: Worker) -> Section:
    """For coordinators: tenants who have nobody."""
    theirs = without_keyworker(session, worker) if worker.role is Role.COORDINATOR else []
    entries = [
        Entry(_name(each), url_for("supervision.move"), person=each,
              meta=say("Before: %(name)s", name=isolate(each.keyworker.name)) if each.keyworker else each.home)
        for each in theirs
    ]  # fmt: skip
    return Section.of_entries("without", gettext("No keyworker who is here"), "people", entries,
                              address=url_for("supervision.move"),
                              address_words=gettext("Find them a keyworker"), always=True)  # fmt: skip


def _name(person: Person) -> Markup:
    return isolate(person.name)


def _by(day: date) -> Markup:
    return say("by %(day)s", day=tell_short_day(day))


def _review(person: Person, address: str, day: date | None, what: str) -> Entry:
    meta = say("%(what)s, by %(day)s", what=what, day=tell_short_day(day)) if day else what
    return Entry(_name(person), address, meta=meta, person=person)


def _chat(chat: Chat, meta: str | Markup) -> Entry:
    return Entry(_name(chat.tenant), url_for("chat_desk.show", chat_id=chat.id), meta=meta, person=chat.tenant)
