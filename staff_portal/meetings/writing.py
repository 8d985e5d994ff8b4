"""Writing: items of staff's own, minutes, and corrections. Of two who write at once, both texts are shown."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.meetings.forms import CorrectionForm, MinutesForm, StaffItemForm
from staff_portal.meetings.room import item_of, meeting_of, room
from staff_portal.roles import REGISTER_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.groups.meetings.minuting import NotOpen, Published, correct, minute_of, write_minutes
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord
from tenant_app.groups.meetings.rules import Spoken, Stale, add_item
from tenant_app.groups.models import GroupSession
from tenant_app.web.audience import open_to
from tenant_app.web.house import session
from tenant_app.web.locale import language


@room.route("/meetings/<uuid:session_id>/items/new", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def new_item(session_id: UUID) -> str | tuple[str, int] | Response:
    """Put an item of staff's own on the agenda, before the meeting or while it is on."""
    it = meeting_of(session_id)
    form = StaffItemForm.asked()
    if request.method == "GET" or not form.valid():
        page = render_template("house_meetings/new_item.html", it=it, form=form, key=uuid4().hex)
        return page if request.method == "GET" else (page, 422)
    try:
        item = add_item(
            session(), worker(), it, form.title.data, form.detail.data or "", language=language().code
        )
    except Spoken:
        abort(409)
    return _back(it, item)


@room.route("/meetings/<uuid:session_id>/items/<uuid:item_id>", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def minutes(session_id: UUID, item_id: UUID) -> str | tuple[str, int] | Response:
    """What was said and decided about one item."""
    it = meeting_of(session_id)
    item = item_of(it, item_id)
    record, minute = session().get(MeetingRecord, it.id), minute_of(session(), it, item)
    if record is None:
        abort(409)
    form = MinutesForm.asked(
        words=minute.words if minute else "", seen=str(minute.version if minute else 0),
        outcome=(minute.outcome or "") if minute else "",
    )  # fmt: skip
    form.offer()
    if request.method == "GET":
        if record.published:
            return redirect(url_for("house_meetings.right", session_id=it.id, item_id=item.id), 303)
        return _ask(it, item, form)
    if not form.makes_sense():
        return _ask(it, item, form), 422
    try:
        write_minutes(
            session(), worker(), it, item, form.words.data or "", form.chosen, seen=form.version,
            language=language().code,
        )  # fmt: skip
    except Published:
        return _ask(it, item, form, published=True), 409
    except Stale:
        return _ask(it, item, form, stale=True), 409
    except LookupError:
        abort(404)
    flash(gettext("Kept. It is a draft until you publish the minutes."))
    return _back(it, item)


@room.route("/meetings/<uuid:session_id>/items/<uuid:item_id>/correct", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def right(session_id: UUID, item_id: UUID) -> str | tuple[str, int] | Response:
    """Put published minutes right, for everyone to see."""
    it = meeting_of(session_id)
    item = item_of(it, item_id)
    minute = minute_of(session(), it, item)
    form = CorrectionForm.asked()
    if minute is None:
        abort(409)
    if request.method == "GET" or not form.valid():
        page = render_template(
            "house_meetings/correct.html", it=it, item=item, minute=minute, form=form, key=uuid4().hex
        )
        return page if request.method == "GET" else (page, 422)
    try:
        correct(session(), worker(), minute, form.words.data, language=language().code)
    except NotOpen:
        abort(409)
    flash(gettext("The correction stands below the minutes."))
    return _back(it, item)


def _ask(
    it: GroupSession, item: AgendaItem, form: MinutesForm, *, stale: bool = False, published: bool = False
) -> str:
    now = minute_of(session(), it, item)
    if stale:
        # Who sends it once more has read what stands now.
        form.seen.data = str(now.version if now else 0)
        form.seen.raw_data = None
    return render_template(
        "house_meetings/minutes.html", it=it, item=item, form=form, now=now, stale=stale, published=published
    )


def _back(it: GroupSession, item: AgendaItem) -> Response:
    return redirect(url_for("house_meetings.show", session_id=it.id, _anchor=f"item-{item.id}"), 303)
