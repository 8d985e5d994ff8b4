"""The tenant's pages about chats: ask for one, answer, move it, call it off, take it into a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.models import Worker
from tenant_app.chats import words
from tenant_app.chats.forms import NONE_SUITS, AnotherTimeForm, AskForm, OffForm, TimeForm
from tenant_app.chats.models import Chat, OpenTime, State, Way
from tenant_app.chats.open_times import Taken
from tenant_app.chats.rules import SOONEST, Enough, NotToBeAsked, TooLate, answer, ask, call_off, may_be_asked, move
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.calendars import Entry, calendar_file, calendar_of
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import isolate, language, say

room = Blueprint("chats", __name__, template_folder="templates")
room.context_processor(words.in_templates)

MOST_TIMES = 40
"""Of one list to choose from."""
MOST_EARLIER = 20


@room.get("/chats")
@open_to(TENANT)
def index() -> str:
    """What is agreed, what waits, whom one may ask, and what was."""
    newest = session().scalars(Chat.of(tenant()).limit(100)).all()
    ahead = sorted((chat for chat in newest if chat.open), key=lambda chat: (chat.starts_at is None, chat.starts_at))
    return render_template(
        "chats/index.html", ahead=ahead, earlier=[chat for chat in newest if not chat.open][:MOST_EARLIER],
        people=session().scalars(may_be_asked(tenant())).all(), tenant=tenant(),
    )  # fmt: skip


@room.route("/chats/with/<uuid:worker_id>", methods=["GET", "POST"])
@open_to(TENANT)
def new(worker_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Ask one person for a chat: at an open time, or at one that they are to find."""
    worker = find(may_be_asked(tenant()), worker_id)
    times = _times(worker)
    form = AskForm.asked(time=None if times else NONE_SUITS)
    form.offer([str(time.id) for time in times], otherwise=True)
    if not times and not form.time.data:
        form.time.data = NONE_SUITS
    if request.method == "POST" and form.valid():
        try:
            chat = ask(
                session(), tenant(), worker, Way(form.way.data), open_time=form.chosen, about=form.about.data or "",
                suits=form.suits.data or "", interpreter=form.interpreter.data, language=language().code,
            )  # fmt: skip
        except Taken:
            form.blame("time", gettext("Somebody was quicker. Choose another time"))
        except Enough:
            form.blame("time", gettext("You have three chats ahead. Call one off, or talk about it then"))
        except NotToBeAsked:
            abort(404)
        else:
            name = worker.known_as
            flash(gettext("Agreed with %(name)s.", name=name) if chat.agreed
                  else gettext("%(name)s will suggest a time.", name=name))  # fmt: skip
            return redirect(url_for("chats.show", chat_id=chat.id), 303)
    page = render_template("chats/new.html", form=form, worker=worker, days=by_day(times), none_suits=NONE_SUITS)
    return (page, 422) if form.problems else page


@room.get("/chats/<uuid:chat_id>")
@open_to(TENANT)
def show(chat_id: UUID) -> str:
    """One chat, and what can be done about it."""
    return _one(find(Chat.of(tenant()), chat_id), AnotherTimeForm.asked())


@room.post("/chats/<uuid:chat_id>/answer")
@open_to(TENANT)
def reply(chat_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take the time that was suggested (`accepted=1`), or ask for another."""
    chat = find(Chat.of(tenant()), chat_id)
    form = AnotherTimeForm.asked()
    if not form.valid():
        return _one(chat, form), 422
    try:
        answer(session(), chat, accepted=stated("accepted"), suits=form.suits.data or "")
    except TooLate:
        return _too_late(chat)
    return redirect(url_for("chats.show", chat_id=chat.id), 303)


@room.route("/chats/<uuid:chat_id>/time", methods=["GET", "POST"])
@open_to(TENANT)
def other_time(chat_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Move it to another open time of the same person."""
    chat = find(Chat.of(tenant()), chat_id)
    times = _times(chat.worker)
    form: TimeForm = TimeForm.asked().offer([str(time.id) for time in times], otherwise=False)
    if request.method == "POST" and form.valid() and form.chosen is not None:
        try:
            move(session(), chat, form.chosen)
        except Taken:
            form.blame("time", gettext("Somebody was quicker. Choose another time"))
        except TooLate:
            return _too_late(chat)
        else:
            flash(gettext("Moved."))
            return redirect(url_for("chats.show", chat_id=chat.id), 303)
    elif request.method == "POST" and not form.problems:
        form.blame("time", gettext("Choose a time"))
    page = render_template("chats/time.html", chat=chat, form=form, days=by_day(times))
    return (page, 422) if form.problems else page


@room.route("/chats/<uuid:chat_id>/off", methods=["GET", "POST"])
@open_to(TENANT)
def off(chat_id: UUID) -> str | tuple[str, int] | AnyResponse:
    """Call it off, perhaps with a word why."""
    chat = find(Chat.of(tenant()), chat_id)
    form = OffForm.asked()
    if request.method == "GET" or not form.valid():
        page = render_template("chats/off.html", chat=chat, form=form)
        return (page, 422) if form.problems else page
    try:
        call_off(session(), chat, by_tenant=True, why=form.why.data or "")
    except TooLate:
        return _too_late(chat)
    flash(gettext("Called off. %(name)s can see it.", name=chat.worker.known_as))
    return redirect(url_for("chats.index"), 303)


@room.get("/chats/<uuid:chat_id>/chat.ics")
@open_to(TENANT)
def calendar(chat_id: UUID) -> Response:
    """The chat as a file for a calendar; it names the person if the tenant's locked phone may."""
    chat = find(Chat.of(tenant()), chat_id)
    if chat.starts_at is None or chat.ends_at is None:
        abort(404)
    address, named = house().settings.tenant_url, tenant().named_on_lock_screen
    entry = Entry(
        uid=f"{chat.id}@{address.partition('://')[2]}", sequence=chat.revision, starts_at=chat.starts_at,
        ends_at=chat.ends_at, zone=chat.zone, off=chat.state is State.OFF,
        summary=gettext("A chat with %(name)s", name=chat.worker.known_as) if named
        else gettext("Something is planned"),
        url=f"{address}/chats/{chat.id}" if named else f"{address}/", location=chat.place if named else "",
    )  # fmt: skip
    return calendar_file(calendar_of([entry], name=house().settings.app_name), "chat.ics")


def by_day(times: Sequence[OpenTime]) -> list[tuple[date, list[OpenTime]]]:
    """Open times under their days."""
    return [(day, list(found)) for day, found in groupby(times, key=lambda time: time.day)]


def _times(worker: Worker) -> Sequence[OpenTime]:
    return session().scalars(OpenTime.free_of(worker, clock.now() + SOONEST).limit(MOST_TIMES)).all()


def _one(chat: Chat, form: AnotherTimeForm) -> str:
    return render_template("chats/show.html", chat=chat, form=form)


def _too_late(chat: Chat) -> tuple[str, int]:
    flash(str(say("That could not be done: look at how it stands with %(name)s now.",
                  name=isolate(chat.worker.known_as))))  # fmt: skip
    return _one(chat, AnotherTimeForm()), 409
