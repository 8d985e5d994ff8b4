"""Chats at the desk: who waits for a time, what is agreed, one of them, and the times kept open."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from staff_portal.chats.forms import OffForm, OpenTimesForm, ProposeForm
from staff_portal.roles import CHATTERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.chats import words
from tenant_app.chats.models import Chat, OpenTime, State
from tenant_app.chats.open_times import Taken, close_time, keep_open
from tenant_app.chats.rules import Clash, TooLate, call_off, note_held, propose
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language_of

room = Blueprint("chat_desk", __name__, template_folder="templates")
room.context_processor(lambda: {**words.in_templates(), "language_of": language_of})

MOST_ROWS = 100
"""Of one list. Who waits longest stands first."""


@room.get("/chats")
@open_to(*CHATTERS)
def index() -> str:
    """Who waits for a time, and what is agreed. What they want to talk about stands on the page of each."""
    mine = Chat.with_worker(worker()).options(joinedload(Chat.tenant))
    ahead = mine.where(Chat.state.in_((State.AGREED, State.PROPOSED)), Chat.ends_at > clock.now())
    unnoted = mine.where(Chat.state == State.AGREED, Chat.ends_at <= clock.now(), Chat.held.is_(None))
    return render_template(
        "chat_desk/index.html",
        waiting=session().scalars(mine.where(Chat.state == State.ASKED).order_by(Chat.asked_at).limit(MOST_ROWS)).all(),
        ahead=session().scalars(ahead.order_by(Chat.starts_at).limit(MOST_ROWS)).all(),
        unnoted=session().scalars(unnoted.order_by(Chat.starts_at.desc()).limit(MOST_ROWS)).all(),
    )


@room.get("/chats/<uuid:chat_id>")
@open_to(*CHATTERS)
def show(chat_id: UUID) -> str:
    """One chat, with what it is to be about."""
    return _one(find(Chat.with_worker(worker()), chat_id), ProposeForm.asked())


@room.post("/chats/<uuid:chat_id>/time")
@open_to(*CHATTERS)
def suggest(chat_id: UUID) -> Response | tuple[str, int]:
    """Suggest a time; the tenant is asked."""
    chat = find(Chat.with_worker(worker()), chat_id)
    form = ProposeForm.asked()
    if form.valid():
        zone = house().settings.zone
        try:
            starts_at = clock.at(form.day.data, form.begins.data, zone)
            propose(session(), chat, starts_at, form.minutes.data, zone, place=form.place.data or "")
        except Clash:
            form.blame("begins", gettext("You have another chat at that time"))
        except ValueError:
            form.blame("day", gettext("Choose a time to come, within half a year"))
        except TooLate:
            return _too_late(chat)
        else:
            flash(gettext("%(name)s is asked whether it suits them.", name=chat.tenant.known_as))
            return redirect(url_for("chat_desk.show", chat_id=chat.id), 303)
    return _kept(chat, form), 422


@room.post("/chats/<uuid:chat_id>/off")
@open_to(*CHATTERS)
def off(chat_id: UUID) -> Response | tuple[str, int]:
    """Call it off; the tenant is told, and reads why."""
    chat = find(Chat.with_worker(worker()), chat_id)
    form = OffForm.asked()
    if not form.valid():
        return _kept(chat, ProposeForm(), form), 422
    try:
        call_off(session(), chat, by_tenant=False, why=form.why.data or "")
    except TooLate:
        return _too_late(chat)
    flash(gettext("%(name)s is told that it is called off.", name=chat.tenant.known_as))
    return redirect(url_for("chat_desk.index"), 303)


@room.post("/chats/<uuid:chat_id>/held")
@open_to(*CHATTERS)
def held(chat_id: UUID) -> Response | tuple[str, int]:
    """Note that they talked (`held=1`), or that it did not come to it."""
    chat = find(Chat.with_worker(worker()), chat_id)
    try:
        note_held(session(), chat, held=stated("held"))
    except TooLate:
        return _too_late(chat)
    return redirect(url_for("chat_desk.index"), 303)


@room.route("/chats/times", methods=["GET", "POST"])
@open_to(*CHATTERS)
def times() -> str | tuple[str, int] | Response:
    """The times that this worker keeps open, and a form for more."""
    form = OpenTimesForm.asked()
    if request.method == "POST" and form.valid():
        try:
            made = keep_open(
                session(), worker(), form.day.data, form.begins.data, form.ends.data, form.minutes.data,
                house().settings.zone, weeks=form.weeks.data,
            )  # fmt: skip
        except ValueError:
            form.blame("ends", gettext("Nothing fits between these times, or there would be more than 200"))
        else:
            if made:
                flash(ngettext("%(num)s open time more.", "%(num)s open times more.", len(made)))
            else:
                flash(gettext("Nothing was added: those times are past, taken, or on a bank holiday."))
            return redirect(url_for("chat_desk.times"), 303)
    mine = session().scalars(OpenTime.of(worker())).all()
    taken = set(session().scalars(select(Chat.open_time_id).where(Chat.open_time_id.in_([each.id for each in mine]))))
    days = [(day, list(found)) for day, found in groupby(mine, key=lambda each: each.day)]
    page = render_template("chat_desk/times.html", form=form, days=days, taken=taken)
    return (page, 422) if form.problems else page


@room.post("/chats/times/<uuid:time_id>")
@open_to(*CHATTERS)
def close(time_id: UUID) -> Response:
    """Keep a time open no longer (`open=0`)."""
    if stated("open"):
        abort(400)
    try:
        close_time(session(), find(OpenTime.of(worker()), time_id))
    except Taken:
        abort(409)
    return redirect(url_for("chat_desk.times"), 303)


def _one(chat: Chat, form: ProposeForm, off_form: OffForm | None = None) -> str:
    look_at(session(), worker(), chat.tenant, "chat")
    return render_template(
        "chat_desk/show.html", chat=chat, form=form, off_form=off_form or OffForm(),
        begun=chat.starts_at is not None and chat.starts_at <= clock.now(),
    )  # fmt: skip


def _kept(chat: Chat, form: ProposeForm, off_form: OffForm | None = None) -> str:
    page = _one(chat, form, off_form)
    keep_now()  # they read it all the same, and a refusal would undo the note of it
    return page


def _too_late(chat: Chat) -> tuple[str, int]:
    flash(gettext("That could not be done: this is how it stands now."))
    return _kept(chat, ProposeForm()), 409
