"""The tenant's pages about check-ins. One short page asks it all: six taps in place are quicker than six pages, and
without signal it waits on the phone as one thing."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from dateutil.relativedelta import relativedelta
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.once import say_done
from tenant_app.accounts.with_keyworker import let_keyworker_see, shared_with_keyworker
from tenant_app.check_ins.forms import MONDAY, ReminderForm, WordsForm
from tenant_app.check_ins.models import CheckIn
from tenant_app.check_ins.reminding import Weekly, remind, stop, weekly
from tenant_app.check_ins.rules import SUNDAY, NothingSaid, check_in, day_meant, on_day, span_of
from tenant_app.check_ins.statements import answers_in, sets
from tenant_app.check_ins.telling import answers_of, asked_month, reaches_out, span_until, told
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language, tell_weekday

room = Blueprint("check_ins", __name__, template_folder="templates")
EVENING = time(18)
"""What the form of the reminder starts from, together with Sunday."""


@room.get("/check-ins")
@open_to(TENANT)
def index() -> str:
    """Over time: each statement as a picture and a table, and what they wanted to remember."""
    span = span_of(session(), CheckIn.of(tenant()), asked_month())
    return render_template(
        "check_ins/index.html", span=span, told=told(span) if span else [],
        today=on_day(session(), tenant(), clock.today(house().settings.zone)), reminder=_reminder(),
        **shared_with_keyworker(Category.CHECK_INS),
        to_span=lambda day, begins: url_for("check_ins.index", until=span_until(day, begins=begins)),
        to_one=lambda it: url_for("check_ins.show", check_in_id=it.id),
    )  # fmt: skip


@room.route("/check-ins/today", methods=["GET", "POST"])
@open_to(TENANT)
def today() -> str | tuple[str, int] | Response:
    """The day's check-in: made, or changed. Nothing is doubled, however often it is sent."""
    zone = house().settings.zone
    day = day_meant(request.form.get("tapped_at"), zone)
    kept = on_day(session(), tenant(), day)
    form = WordsForm.asked(words=kept.words if kept else "")
    if request.method == "GET":
        chosen = {(it.asked_in, it.statement, it.version): it.choice for it in kept.answers} if kept else {}
        return _asks(form, chosen, kept.edition if kept else 0)
    try:
        answers = answers_in(request.form.items())
        seen = int(request.form.get("seen", "0")[:6])
    except ValueError:
        abort(400)
    problem = ""
    if form.valid():
        try:
            said = check_in(
                session(), tenant(), day, answers, form.words.data or "", language=language().code, seen=seen
            )
        except NothingSaid:
            problem = gettext("Tap one answer, or write a sentence")
        else:
            say_done(gettext("Your check-in is saved."))
            return redirect(url_for("check_ins.show", check_in_id=said.id), 303)
    if problem:
        form.blame("words", problem)
    chosen = {(it.asked_in, it.statement, it.version): choice for it, choice in answers.items() if choice}
    return _asks(form, chosen, seen), 422


@room.get("/check-ins/<uuid:check_in_id>")
@open_to(TENANT)
def show(check_in_id: UUID) -> str:
    """What they said on one day; and, where that is hard, where help is."""
    it = find(CheckIn.of(tenant()), check_in_id)
    return render_template(
        "check_ins/show.html", it=it, answers=answers_of(it), reaches_out=reaches_out(it),
        is_today=it.day == clock.today(house().settings.zone), **shared_with_keyworker(Category.CHECK_INS),
    )  # fmt: skip


@room.post("/check-ins/<uuid:check_in_id>")
@open_to(TENANT)
def take_away(check_in_id: UUID) -> Response:
    """`kept=0`: as if it had never been said."""
    it = find(CheckIn.of(tenant()), check_in_id)
    if stated("kept"):
        abort(400)
    session().delete(it)
    flash(gettext("That check-in is gone."))
    return redirect(url_for("check_ins.index"), 303)


@room.route("/check-ins/reminder", methods=["GET", "POST"])
@open_to(TENANT)
def reminder() -> str | tuple[str, int] | Response:
    """A gentle reminder, which nobody gets who did not ask for it."""
    now = weekly(session(), tenant())
    offered = {"weekday": str(now.weekday if now else SUNDAY), "at": now.at if now else EVENING}
    # A field that was not sent is not what stood there before.
    form = ReminderForm.asked(**(offered if request.method == "GET" else {}))
    if request.method == "GET" or not form.valid():
        page = render_template("check_ins/reminder.html", form=form, reminder=_reminder())
        return (page, 422) if form.problems else page
    remind(session(), tenant(), Weekly(int(form.weekday.data), form.at.data), house().settings.zone)
    flash(gettext("We remind you on that day."))
    return redirect(url_for("check_ins.index", _anchor="reminder"), 303)


@room.post("/check-ins/reminder/end")
@open_to(TENANT)
def end_reminder() -> Response:
    """No reminder any more."""
    stop(session(), tenant())
    flash(gettext("We no longer remind you."))
    return redirect(url_for("check_ins.index", _anchor="reminder"), 303)


@room.post("/check-ins/sharing")
@open_to(TENANT)
def share() -> Response:
    """Let the keyworker see check-ins and moods around groups from now on (`shared=1`), or no longer (`shared=0`)."""
    let_keyworker_see(Category.CHECK_INS, sees=stated("shared"))
    flash(gettext("Saved. You can change this at any time."))
    return redirect(url_for("check_ins.index", _anchor="seen"), 303)


def _asks(form: WordsForm, chosen: dict[tuple[str, str, int], int], seen: int) -> str:
    return render_template(
        "check_ins/today.html", form=form, sets=sets(), chosen=chosen, seen=seen,
        **shared_with_keyworker(Category.CHECK_INS),
    )  # fmt: skip



def _reminder() -> tuple[str, time] | None:
    """The weekday by name and the time; None while there is none."""
    now = weekly(session(), tenant())
    return (tell_weekday(MONDAY + relativedelta(days=now.weekday), "wide"), now.at) if now else None
