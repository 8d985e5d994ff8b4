"""Actions: agreed, changed, done with one tap, dropped with a reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.meetings.forms import ActionForm, DropForm
from staff_portal.meetings.lists import sessions_kept
from staff_portal.meetings.room import action_of, item_of, meeting_of, owners, room
from staff_portal.roles import ACTION_OWNERS, REGISTER_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.groups.meetings.doing import settle_action
from tenant_app.groups.meetings.minutes import ActionState, MeetingAction
from tenant_app.groups.meetings.minuting import NotOpen, add_action, change_action
from tenant_app.groups.meetings.models import MeetingRecord
from tenant_app.groups.meetings.rules import Stale
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import session
from tenant_app.web.locale import language


@room.route("/meetings/<uuid:session_id>/items/<uuid:item_id>/actions/new", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def new_action(session_id: UUID, item_id: UUID) -> str | tuple[str, int] | Response:
    """Say what is to be done about an item, by whom and by when."""
    it = meeting_of(session_id)
    item, workers = item_of(it, item_id), owners()
    form = ActionForm.asked()
    form.offer(workers)
    status = 200
    if request.method == "POST":
        if _makes_sense(form, it.day):
            try:
                add_action(
                    session(), worker(), it, item, form.what.data, form.due_on.data,
                    owner=workers.get(form.owner.data or ""), language=language().code,
                )  # fmt: skip
            except NotOpen:
                status = 409
            else:
                return redirect(url_for("house_meetings.show", session_id=it.id, _anchor=f"item-{item.id}"), 303)
        else:
            status = 422
    return render_template(
        "house_meetings/action.html", it=it, item=item, form=form, action=None, key=uuid4().hex, closed=status == 409
    ), status


@room.route("/meetings/actions/<uuid:action_id>", methods=["GET", "POST"])
@open_to(*ACTION_OWNERS)
def change(action_id: UUID) -> str | tuple[str, int] | Response:
    """Another day, another owner; other words as long as the minutes are a draft."""
    action = action_of(action_id)
    workers = owners(action)
    form = ActionForm.asked(
        what=action.what, due_on=action.due_on, owner=str(action.worker_id or ""), seen=str(action.version)
    )
    form.offer(workers)
    if request.method == "GET":
        return _ask(action, form)
    if _published(action):
        form.what.data, form.what.raw_data = action.what, [action.what]
    if not _makes_sense(form, action.group_session.day):
        return _ask(action, form), 422
    try:
        change_action(
            session(), worker(), action, form.what.data, form.due_on.data, owner=workers.get(form.owner.data or ""),
            seen=form.version, language=language().code,
        )  # fmt: skip
    except Stale:
        form.seen.data = str(action.version)
        return _ask(action, form, stale=True), 409
    flash(gettext("Changed."))
    return _back(action)


@room.post("/meetings/actions/<uuid:action_id>/state")
@open_to(*ACTION_OWNERS)
def settle(action_id: UUID) -> str | Response:
    """One tap: it is done, or is not after all (`done`)."""
    action = action_of(action_id)
    done = stated("done")
    settle_action(session(), action, ActionState.DONE if done else ActionState.OPEN)
    if request.htmx:  # type: ignore[attr-defined]
        return render_template(
            "house_meetings/_action.html", action=action, at=request.form.get("at", ""),
            kept=sessions_kept(session(), worker(), [action]),
        )  # fmt: skip
    return _back(action, done=action.id if done else None)


@room.route("/meetings/actions/<uuid:action_id>/drop", methods=["GET", "POST"])
@open_to(*ACTION_OWNERS)
def drop(action_id: UUID) -> str | tuple[str, int] | Response:
    """It will not be done; say why."""
    action = action_of(action_id)
    form = DropForm.asked(reason=action.reason)
    if request.method == "GET" or not form.valid():
        page = render_template("house_meetings/drop.html", action=action, form=form, at=request.values.get("at", ""))
        return page if request.method == "GET" else (page, 422)
    settle_action(
        session(), action, ActionState.DROPPED, reason=form.reason.data, language=language().code
    )
    flash(gettext("It is said that this will not be done, and why."))
    return _back(action)


def _makes_sense(form: ActionForm, earliest: date) -> bool:
    if not form.valid() or form.due_on.data is None:
        return False
    if form.due_on.data < earliest:
        form.blame("due_on", gettext("Choose a day after the meeting"))
        return False
    return True


def _published(action: MeetingAction) -> bool:
    record = session().get(MeetingRecord, action.session_id)
    return record is not None and record.published


def _ask(action: MeetingAction, form: ActionForm, *, stale: bool = False) -> str:
    return render_template(
        "house_meetings/action.html", it=action.group_session, item=action.item, form=form, action=action, key="",
        stale=stale, closed=False, published=_published(action), at=request.values.get("at", ""),
    )  # fmt: skip


def _back(action: MeetingAction, *, done: UUID | None = None) -> Response:
    """To the meeting's page if one came from there and may, else to the list that `at` names."""
    at = request.values.get("at", "")
    kept = action.session_id in sessions_kept(session(), worker(), [action])
    if at == "meeting" and kept:
        address = url_for("house_meetings.show", session_id=action.session_id, _anchor=f"action-{action.id}")
    elif at == "said" and kept:
        home = action.group_session.building_id or "everybody"
        address = url_for("house_meetings.said", home=home, _anchor=f"item-{action.item_id}")
    else:
        address = url_for("house_meetings.index", show=at if kept and at not in ("meeting", "said") and at else None,
                          done=done)  # fmt: skip
    return redirect(address, 303)
