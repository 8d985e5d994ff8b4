"""The tenant's pages about house meetings: what is talked about next, minutes, and "you said, we did".

Of neighbours they name only who agreed to it.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.groups.meetings.broken import sounds_broken
from tenant_app.groups.meetings.doing import Taken, offer, settle_action
from tenant_app.groups.meetings.minutes import ActionState, MeetingAction
from tenant_app.groups.meetings.models import MeetingRecord, meetings_for
from tenant_app.groups.meetings.rules import agenda_of, listed, next_meeting
from tenant_app.groups.meetings.said import answers, said_of
from tenant_app.groups.meetings.showing import agendas, direction_of, earlier, has_everybodys, home_asked
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session

room = Blueprint("meetings", __name__, template_folder="templates")


@room.app_context_processor
def words() -> dict[str, object]:
    """How what people wrote runs, and what sounds like a repair."""
    return {"direction_of": direction_of, "sounds_broken": sounds_broken}


@room.get("/meetings")
@open_to(TENANT)
def index() -> str:
    """What is talked about next at home, and the minutes of what was talked about before."""
    return render_template(
        "meetings/index.html", agendas=agendas(session(), tenant()),
        earlier=earlier(session(), tenant(), request.args.get("page", 1, type=int)),
        to_page=lambda page: url_for("meetings.index", page=page, _anchor="earlier"),
    )  # fmt: skip


@room.get("/meetings/<uuid:session_id>")
@open_to(TENANT)
def show(session_id: UUID) -> str:
    """One meeting: its agenda, and once they are published its minutes."""
    it = find(meetings_for(tenant()), session_id)
    record = session().get(MeetingRecord, it.id)
    if record is not None and record.published:
        said = said_of(session(), agenda_of(session(), it), meeting=it)
        return render_template("meetings/minutes.html", it=it, record=record, said=said, today=today())
    first = next_meeting(session(), it.building_id)
    turn = record is not None or it.started or (first is not None and first.id == it.id)
    return render_template(
        "meetings/show.html", it=it, opened=record is not None, turn=turn, first=first,
        items=listed(session(), tenant(), agenda_of(session(), it)) if turn and not it.cancelled else [],
    )  # fmt: skip


@room.get("/meetings/said")
@open_to(TENANT)
def said() -> str:
    """You said, we did: of the tenant's home, or (`of=everybody`) of everybody's list; `open=1`: what is to do."""
    key = "everybody" if request.args.get("of") == "everybody" else "home"
    still_open = request.args.get("open") == "1"
    found = answers(
        session(), home_asked(tenant(), key), page=request.args.get("page", 1, type=int), still_open=still_open
    )
    return render_template(
        "meetings/said.html", answers=found, key=key, home=tenant().building, today=today(),
        still_open=still_open, more=has_everybodys(session()),
        to_page=lambda page: url_for("meetings.said", of=key, open=1 if still_open else None, page=page),
    )  # fmt: skip


@room.post("/meetings/actions/<uuid:action_id>")
@open_to(TENANT)
def act(action_id: UUID) -> str | Response:
    """One tap on what was left to the house: do it oneself (`mine`), and say that it is done (`done`)."""
    action = find(MeetingAction.of(tenant()), action_id)
    taken = False
    if "mine" in request.form:
        try:
            offer(session(), tenant(), action, offered=stated("mine"))
        except Taken:
            taken = True
    else:
        done = stated("done")
        if action.tenant_id != tenant().id or action.dropped:
            abort(404)
        settle_action(session(), action, ActionState.DONE if done else ActionState.OPEN)
    if request.htmx:  # type: ignore[attr-defined]
        return render_template("meetings/_action.html", action=action, taken=taken, today=today())
    if taken:
        flash(gettext("Somebody else does it already."))
    return redirect(url_for("meetings.show", session_id=action.session_id, _anchor=f"action-{action.id}"), 303)


def today() -> object:
    """The day at home."""
    return clock.today(house().settings.zone)
