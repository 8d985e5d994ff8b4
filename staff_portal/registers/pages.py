"""The registers of the groups a worker runs: names, who came, and nothing else about anyone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.registers.chasing import add_chasing
from staff_portal.registers.door_pages import add_door_pages
from staff_portal.registers.notes import add_notes
from staff_portal.registers.offline import add_offline, keep_on_phone
from staff_portal.registers.overview import UNFINISHED, register_of, registers_of
from staff_portal.registers.sheets import changed_since, sheet_of
from staff_portal.registers.tapping import MARK, a_mark, changed_marks, made_at, seen_at
from staff_portal.roles import GROUP_PLANNERS, REGISTER_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.attendance import RegisterClosed, mark_attendance, put_away
from tenant_app.groups.register.records import OvertakenMark
from tenant_app.groups.titles import programme, spoken_at, title, where
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import say_number

room = Blueprint("registers", __name__, template_folder="templates")
add_door_pages(room)
add_notes(room)
add_offline(room)
add_chasing(room)


@room.context_processor
def words() -> dict[str, object]:
    """What sessions are called, and in which languages they are held."""
    return {"programme": programme, "spoken_at": spoken_at, "where": where, "Attendance": Attendance}


@room.get("/registers")
@open_to(*REGISTER_KEEPERS)
def index() -> str:
    """Sessions of today, those to come, and registers that wait to be finished."""
    keep_on_phone()
    registers = registers_of(session(), worker(), clock.today(house().settings.zone))
    return render_template(
        "registers/index.html", registers=registers, me=worker(), may_plan=worker().role in GROUP_PLANNERS,
        days=UNFINISHED.days,
    )  # fmt: skip


@room.get("/registers/<uuid:session_id>")
@open_to(*REGISTER_KEEPERS)
def show(session_id: UUID) -> str:
    """One register: who is expected, by name, and who came."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    if group_session.day == clock.today(house().settings.zone):
        keep_on_phone()
    return render_template(
        "registers/show.html", it=group_session, sheet=sheet_of(session(), worker(), group_session), since=clock.now()
    )


@room.post("/registers/<uuid:session_id>")
@open_to(*REGISTER_KEEPERS)
def mark(session_id: UUID) -> AnyResponse:
    """Keep all marks that are chosen on the page and were not before: the button, and all there is without script."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    for tenant_id, mark in changed_marks():
        _mark_one(group_session, tenant_id, mark)
    register = register_of(session(), group_session)
    if not register.finished:
        flash(say_number("Saved. %(num)s person is not marked yet.", "Saved. %(num)s people are not marked yet.",
                         register.expected - register.marked))  # fmt: skip
        return redirect(url_for("registers.show", session_id=session_id), 303)
    flash(say_number("%(title)s is finished. %(num)s person came.", "%(title)s is finished. %(num)s people came.",
                     register.here, title=title(group_session.kind)))  # fmt: skip
    return redirect(url_for("registers.index"), 303)


@room.post("/registers/<uuid:session_id>/people/<uuid:tenant_id>")
@open_to(*REGISTER_KEEPERS)
def mark_person(session_id: UUID, tenant_id: UUID) -> str | AnyResponse:
    """One tap: say of one person whether they came, or take it back. With htmx the answer is every line that
    is not as the page shows it: where a later mark counts, and where somebody else has marked meanwhile."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    # The button that takes a mark back stands among the radios, and counts before them.
    said = request.form.get("mark") or request.form.get(f"{MARK}{tenant_id}")
    mark = a_mark(said)
    booking = _mark_one(group_session, tenant_id, mark)
    if not request.htmx:  # type: ignore[attr-defined]
        for other_id, other in changed_marks():  # without script the whole page comes along, and none of it is lost
            if other_id != tenant_id:
                _mark_one(group_session, other_id, other)
        return redirect(url_for("registers.show", session_id=session_id, _anchor=f"person-{tenant_id}"), 303)
    if booking is None:
        return Response(headers={"HX-Refresh": "true"})
    changed = list(changed_since(session(), worker(), group_session, seen_at()))
    if booking.listed and booking.attendance is not mark and booking not in changed:
        changed.append(booking)
    return render_template(
        "registers/_person_marked.html", it=group_session, booking=booking, others=changed, since=clock.now(),
        register=register_of(session(), group_session),
        overtaken=session().scalars(OvertakenMark.told_to(worker(), group_session)).all(),
    )  # fmt: skip


@room.post("/registers/<uuid:session_id>/changes")
@open_to(*REGISTER_KEEPERS)
def changes(session_id: UUID) -> AnyResponse:
    """It was read that somebody else's later mark took the place of the reader's."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    if stated("read"):
        put_away(session(), worker(), group_session)
    return redirect(url_for("registers.show", session_id=session_id), 303)


def _mark_one(group_session: GroupSession, tenant_id: UUID, mark: Attendance | None) -> Booking | None:
    """The booking as it is now; None where someone gave their place back while the register lay open."""
    try:
        return mark_attendance(session(), worker(), group_session, tenant_id, mark, made_at=made_at())
    except LookupError:
        if not request.htmx and made_at() is not None:  # type: ignore[attr-defined]
            abort(404)  # it waited on a phone, where nobody would see that it came to nothing
        return None
    except RegisterClosed:
        abort(409)
