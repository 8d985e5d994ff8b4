"""What a tenant does about places: book, bring a supporter, give back, wait, answer an offer; once or for a series."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.once import say_done, say_refused
from tenant_app.groups.booking import (
    Series,
    book_place,
    book_series,
    bring_supporter,
    cancel_place,
    cancel_series,
)
from tenant_app.groups.filters import Choice, Options, choose, lines_ahead
from tenant_app.groups.models import GroupSession
from tenant_app.groups.outcomes import done_words, plain, refused_words
from tenant_app.groups.pages import lit, shown_one
from tenant_app.groups.places import NoPlace
from tenant_app.groups.waiting import join_waiting_list, leave_waiting_list
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import say_number

room = Blueprint("group_places", __name__, template_folder="templates")


@room.post("/groups/<uuid:session_id>/place")
@open_to(TENANT)
def change(session_id: UUID) -> str | tuple[str, int] | Response:
    """Book a place or give it back (`booked`, `supported` for a second one), wait or no longer (`waiting`), bring a
    supporter or come alone (`supporter`). A place that is offered is taken with `booked=1`, declined with `waiting=0`.
    """
    group_session = find(GroupSession.of(tenant()), session_id)
    refusal, why = "", Markup()
    given_back = request.form.get("booked") == "0"
    try:
        asked = _change_place(group_session)
        say_done(done_words(shown_one(group_session).booking, asked=asked))
    except NoPlace as error:
        refusal = type(error).__name__.lower()
        why = refused_words(error, group_session, gives_back=given_back)
        say_refused(plain(why), url_for("groups.show", session_id=session_id))
    if request.htmx:  # type: ignore[attr-defined]
        # A refusal too is a card: htmx swaps in only answers below 400, and nothing was changed.
        return render_template(
            "groups/_card.html", offer=shown_one(group_session), lit=lit(), whole=_from_whole(),
            choice=_choice(), refusal=refusal, why=why, given_back=given_back,
        )  # fmt: skip
    if refusal:
        return render_template("groups/refused.html", offer=shown_one(group_session), refusal=refusal, why=why), 409
    if given_back:
        flash(gettext("Somebody else can have your place now."))
    if _from_whole():
        return redirect(url_for("groups.show", session_id=session_id), 303)
    return redirect(url_for("groups.index", **_choice().query(), _anchor=f"session-{session_id}"), 303)


@room.post("/groups/series/<uuid:series_id>/place")
@open_to(TENANT)
def change_series(series_id: UUID) -> Response:
    """Book a place in every session of a series that is still to come, or give all of them back (`booked`)."""
    try:
        if stated("booked"):
            said = _say_series(book_series(session(), tenant(), series_id))
        else:
            given_back = cancel_series(session(), tenant(), series_id)
            said = [say_number("%(num)s place given back. You can book again.",
                               "%(num)s places given back. You can book again.", len(given_back))]  # fmt: skip
    except LookupError:
        abort(404)
    say_done(" ".join(plain(words) for words in said))
    for words in said:
        flash(words)
    return redirect(url_for("groups.index", show="booked"), 303)


def _say_series(series: Series) -> list[Markup]:
    said = []
    if series.booked:
        said.append(say_number("You have a place in %(num)s session.", "You have a place in %(num)s sessions.",
                               len(series.booked)))  # fmt: skip
    if series.full:
        said.append(say_number("%(num)s session is full. You can join its waiting list.",
                               "%(num)s sessions are full. You can join their waiting lists.",
                               len(series.full)))  # fmt: skip
    return said


def _change_place(group_session: GroupSession) -> str:
    """Do what the form states. Returns what that is about."""
    asked = next((name for name in ("booked", "waiting", "supporter") if name in request.form), "")
    if not asked:
        abort(400)
    yes = stated(asked)
    if asked == "supporter":
        bring_supporter(session(), tenant(), group_session, comes=yes)
    elif asked == "waiting":
        (join_waiting_list if yes else leave_waiting_list)(session(), tenant(), group_session)
    elif yes:
        book_place(session(), tenant(), group_session, supporter=request.form.get("supported") == "1")
    else:
        cancel_place(session(), tenant(), group_session)
    return asked


def _from_whole() -> bool:
    """Whether the button stood on the session's own page."""
    return request.form.get("from") == "session"


def _choice() -> Choice:
    """Which list the button stood in, so that one comes back to it with everything that was chosen there."""
    asked = {name.removeprefix("list_"): value for name, value in request.form.items() if name.startswith("list_")}
    if not asked:
        return Choice(show="week")
    return choose(asked, Options.of(lines_ahead(session(), tenant())))
