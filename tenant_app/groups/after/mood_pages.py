"""The tenant's pages about moods: two taps on a session's page, all of them in a picture, and who may see them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.consent import (
    Category,
)
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.with_keyworker import let_keyworker_see, shared_with_keyworker
from tenant_app.groups.after.been import page_of
from tenant_app.groups.after.models import Moment, Mood
from tenant_app.groups.after.moods import Felt, NotNow, felt, say_mood, take_back, told_by
from tenant_app.groups.after.paging import asked_page
from tenant_app.groups.after.words import DRAWN, draw, in_templates
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session

room = Blueprint("group_moods", __name__, template_folder="templates")


@room.app_context_processor
def words() -> dict[str, object]:
    """For a session's own page: what was said around it, and what moods are called."""
    return {
        **in_templates(), "felt_around": felt_around,
        "moods_seen_by": lambda: shared_with_keyworker(Category.CHECK_INS)["consent"],
    }  # fmt: skip


def felt_around(booking: Booking | None) -> Felt | None:
    """What the tenant said around a booking of theirs; None where there is nothing to say or to show."""
    if booking is None:
        return None
    [found] = felt(session(), [booking])
    return found if found.open or found.before or found.after else None


@room.post("/groups/<uuid:session_id>/mood")
@open_to(TENANT)
def say(session_id: UUID) -> str | Response:
    """How they feel: `moment` is `before` or `after`, `mood` one of the five; an empty one takes it back."""
    group_session = find(GroupSession.of(tenant()), session_id)
    booking = session().scalar(Booking.of(tenant()).where(Booking.session_id == group_session.id))
    if booking is None:
        abort(404)
    try:
        moment = Moment(request.form.get("moment", ""))
        mood = Mood(request.form["mood"]) if request.form.get("mood") else None
    except ValueError:
        abort(400)
    if "mood" not in request.form:
        abort(400)
    if mood is None:
        take_back(session(), booking, moment)
    else:
        try:
            say_mood(session(), booking, moment, mood)
        except NotNow:
            abort(409)
    if request.htmx:  # type: ignore[attr-defined]
        return render_template("groups/_moods.html", booking=booking, still=True)
    if request.form.get("from") == "moods":
        return redirect(url_for("group_moods.index"), 303)
    return redirect(url_for("groups.show", session_id=session_id, _anchor="moods"), 303)


@room.get("/groups/moods")
@open_to(TENANT)
def index() -> str:
    """All that they said, newest first: the last sessions as a picture, and the table."""
    try:
        page = page_of(session(), told_by(tenant()), asked_page())
    except LookupError:
        abort(404)
    shown = felt(session(), page.rows)
    drawn = shown if page.number == 1 else felt(session(), session().scalars(told_by(tenant()).limit(DRAWN)).all())
    return render_template(
        "groups/moods.html", page=page, shown=shown, drawn=draw(drawn), **shared_with_keyworker(Category.CHECK_INS),
        to_page=lambda number: url_for("group_moods.index", page=number),
        to_session=lambda it: url_for("groups.show", session_id=it.id, _anchor="moods"),
    )  # fmt: skip


@room.post("/groups/moods/sharing")
@open_to(TENANT)
def share() -> Response:
    """Let the keyworker see them from now on (`shared=1`), or no longer (`shared=0`)."""
    let_keyworker_see(Category.CHECK_INS, sees=stated("shared"))
    flash(gettext("Saved. You can change this at any time."))
    return redirect(url_for("group_moods.index", _anchor="seen"), 303)
