"""House meetings: what is to be done, running one, its minutes, and "you said, we did"."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from staff_portal.meetings import acting, writing
from staff_portal.meetings.lists import MINE, kept_by, meetings_of, sessions_kept, todo
from staff_portal.meetings.room import meeting_of, room
from staff_portal.roles import ACTION_OWNERS, REGISTER_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.groups.meetings.minutes import MeetingAction
from tenant_app.groups.meetings.minuting import NotOpen, actions_of, minutes_of, open_meeting, publish
from tenant_app.groups.meetings.models import MeetingRecord
from tenant_app.groups.meetings.rules import agenda_of, wants_of
from tenant_app.groups.meetings.said import answers
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import house, session

__all__ = ["acting", "room", "writing"]


@room.get("/meetings")
@open_to(*ACTION_OWNERS)
def index() -> str:
    """What is to be done by the reader, or (`show`) at a home; and the meetings that they run."""
    kept = kept_by(session(), worker())
    show = request.args.get("show", MINE)
    try:
        found = todo(
            session(), worker(), show, kept, request.args.get("page", 1, type=int), clock.today(house().settings.zone)
        )
    except LookupError:
        abort(404)
    return render_template(
        "house_meetings/index.html", todo=found, show=show, kept=kept, meetings=meetings_of(session(), worker()),
        just=_just_settled(), to_page=lambda page: url_for("house_meetings.index", show=show, page=page),
    )  # fmt: skip


@room.get("/meetings/<uuid:session_id>")
@open_to(*REGISTER_KEEPERS)
def show(session_id: UUID) -> str:
    """One meeting: its agenda, and once it is opened its minutes."""
    it = meeting_of(session_id)
    items = agenda_of(session(), it)
    minutes = minutes_of(session(), it)
    return render_template(
        "house_meetings/show.html", it=it, record=session().get(MeetingRecord, it.id), items=items,
        wants=wants_of(session(), items), minutes={minute.item_id: minute for minute in minutes},
        actions=actions_of(session(), it),
    )  # fmt: skip


@room.post("/meetings/<uuid:session_id>/open")
@open_to(*REGISTER_KEEPERS)
def begin(session_id: UUID) -> Response:
    """Open the meeting: from now on its items take minutes."""
    it = meeting_of(session_id)
    if stated("opened"):
        try:
            open_meeting(session(), worker(), it)
        except NotOpen:
            abort(409)
    return redirect(url_for("house_meetings.show", session_id=it.id), 303)


@room.route("/meetings/<uuid:session_id>/publish", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def make_public(session_id: UUID) -> str | Response:
    """Look at what publishing does, and do it. Done twice, nothing more happens."""
    it = meeting_of(session_id)
    record = session().get(MeetingRecord, it.id)
    if record is None:
        abort(409)
    if request.method == "GET":
        minutes = minutes_of(session(), it)
        dealt = sum(minute.dealt for minute in minutes)
        going_on = len(agenda_of(session(), it)) - dealt
        return render_template("house_meetings/publish.html", it=it, record=record, dealt=dealt, going_on=going_on)
    if stated("published") and not record.published:
        publish(session(), worker(), it)
        flash(gettext("The minutes are published. Everyone in the house can read them."))
    return redirect(url_for("house_meetings.show", session_id=it.id), 303)


@room.get("/meetings/said")
@open_to(*REGISTER_KEEPERS)
def said() -> str:
    """You said, we did, of one home (`home`); `open=1`: what is still to do."""
    kept = kept_by(session(), worker())
    key = request.args.get("home", "")
    if not key and kept.any:
        key = str(kept.homes[0].id) if kept.homes else "everybody"
    still_open = request.args.get("open") == "1"
    if not kept.any and not key:
        return render_template("house_meetings/said.html", answers=None, kept=kept, key=key, still_open=still_open)
    try:
        found = answers(
            session(), kept.home(key), page=request.args.get("page", 1, type=int), still_open=still_open
        )
    except LookupError:
        abort(404)
    return render_template(
        "house_meetings/said.html", answers=found, kept=kept, key=key, still_open=still_open,
        kept_sessions=sessions_kept(session(), worker(), [action for one in found.said for action in one.actions]),
        to_page=lambda page: url_for("house_meetings.said", home=key, open=1 if still_open else None, page=page),
    )  # fmt: skip


def _just_settled() -> MeetingAction | None:
    """The action that a tap without script settled just now, so that it can be undone."""
    try:
        asked = UUID(request.args.get("done", ""))
    except ValueError:
        return None
    found = MeetingAction.seen_by(worker()).where(MeetingAction.id == asked).options(selectinload(MeetingAction.item))
    action = session().scalars(found).one_or_none()
    return action if action is not None and action.done else None


