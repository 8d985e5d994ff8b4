"""What a note named: damp or mould. Raise a repair, point at one, or say why it is none; until then it waits."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from staff_portal.key_work.forms import NotHereForm, RaiseForm
from staff_portal.key_work.raising import HAZARD, open_repairs_of, point_at, raise_repair
from staff_portal.key_work.room import refused, room, supports
from staff_portal.roles import SUPPORTERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.key_work.awareness import HazardMention, Outcome, awareness_open
from tenant_app.key_work.hazard_words import terms
from tenant_app.key_work.mentions import named, sentences_naming
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.repairs import words
from tenant_app.repairs.hazards import HazardClock, count
from tenant_app.repairs.models import Repair
from tenant_app.repairs.tree import are_shared
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language


@room.get("/awareness")
@open_to(*SUPPORTERS)
def awareness_index() -> str:
    """Everything that was named and waits for an answer. No words of any note."""
    waiting = awareness_open(session(), worker())
    return render_template("record/awareness_index.html", waiting=waiting, clock_of=clock_of)


@room.get("/awareness/<uuid:mention_id>")
@open_to(*SUPPORTERS)
def awareness(mention_id: UUID) -> str:
    """The offer, filled in as far as the note says."""
    mention = _mention(mention_id)
    return _ask(mention, _filled_in(mention), NotHereForm.asked())


@room.post("/awareness/<uuid:mention_id>")
@open_to(*SUPPORTERS)
def settle(mention_id: UUID) -> Response | tuple[str, int]:
    """Say what it was (`outcome`). What was said first stands."""
    mention = _mention(mention_id)
    try:
        outcome = Outcome(request.form.get("outcome", ""))
    except ValueError:
        abort(400)
    if not mention.waits:
        return redirect(url_for("record.awareness", mention_id=mention.id), 303)
    if outcome is Outcome.RAISED:
        form = RaiseForm.asked()
        if not form.valid():
            return refused(_ask(mention, form, NotHereForm()), 422)
        raise_repair(
            session(), worker(), mention, form.rooms.data, form.words.data or "", language().code,
            shared=are_shared(form.rooms.data),
        )  # fmt: skip
        flash(gettext("The repair is with the repairs desk. %(name)s is told.", name=mention.tenant.known_as))
    elif outcome is Outcome.REPORTED:
        point_at(session(), worker(), mention, find(open_repairs_of(mention), _repair_asked()))
        flash(gettext("Kept. The clock of that repair counts from the earlier day."))
    else:
        why = NotHereForm.asked()
        if not why.valid():
            return refused(_ask(mention, _filled_in(mention), why), 422)
        mention.settle(worker(), Outcome.NOT_HERE, reason=why.reason.data)
        flash(gettext("Kept, with your reason."))
    if supports(mention.tenant_id):
        return redirect(url_for("caseload.tenant", tenant_id=mention.tenant_id), 303)
    return redirect(url_for("record.awareness", mention_id=mention.id), 303)


def clock_of(mention: HazardMention) -> HazardClock:
    """How long there is to look into it, as it stands today."""
    zone = house().settings.zone
    return count(mention.aware_at.astimezone(zone).date(), words.limits().investigate, clock.today(zone))


def _mention(mention_id: UUID) -> HazardMention:
    """One that this worker may settle; held for a POST until it is answered, so that of two taps the second sees what
    the first did."""
    seen = HazardMention.seen_by(worker())
    if request.method == "POST":
        seen = seen.with_for_update(of=HazardMention)
    mention = find(seen.options(joinedload(HazardMention.note, innerjoin=True)), mention_id)
    look_at(session(), worker(), mention.tenant, "notes")
    return mention


def _filled_in(mention: HazardMention) -> RaiseForm:
    """What the note says of it: only its sentences of fact that name damp or mould, and rooms that they name. Nothing
    for a coordinator who does not support the tenant: the note is not theirs to read."""
    said = sentences_naming(mention.note.happened, terms()) if supports(mention.tenant_id) else ""
    here = [each.slug for each in words.rooms() if named(said, [each.name])]
    return RaiseForm(rooms=here or ["other"], words=said[:1000])


def _repair_asked() -> UUID:
    try:
        return UUID(request.form.get("repair", ""))
    except ValueError:
        abort(404)


def _ask(mention: HazardMention, form: RaiseForm, why: NotHereForm) -> str:
    theirs = supports(mention.tenant_id)
    note = session().get(KeyWorkNote, mention.note_id) if theirs else None
    repair = session().scalar(Repair.desk_of(worker()).where(Repair.id == mention.repair_id))
    return render_template(
        "record/awareness.html", mention=mention, tenant=mention.tenant, note=note, form=form, why=why, repair=repair,
        open_repairs=session().scalars(open_repairs_of(mention)).all(), hazard=clock_of(mention), kind=words.kind_of,
        kind_here=words.kind_of(HAZARD), rooms=words.rooms(), rooms_of=words.rooms_of, limits=words.limits(),
    )  # fmt: skip
