"""The page of one repair at the desk, whichever of its forms was sent."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import func, select

from staff_portal.repairs_desk.forms import ChangeForm, ReplyForm
from staff_portal.roles import CONTRACTOR_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.repairs import words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.contractors.jobs import job_of
from tenant_app.repairs.contractors.words import trade_words
from tenant_app.repairs.models import Repair
from tenant_app.repairs.told_words import told
from tenant_app.repairs.visits import words as visit_words
from tenant_app.repairs.visits.desk import cost_of
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.rules import rating_of
from tenant_app.repairs.visits.waiting import new_photos
from tenant_app.web.house import find, keep_now, session
from tenant_app.web.locale import isolate, say


def in_templates() -> dict[str, object]:
    """What repairs are called, and what happened, in sentences."""
    return {
        "repair_kind": words.kind_of, "repair_rooms": words.rooms_of, "repair_standing": words.standing,
        "repair_visit": words.tell_visit,
        "repair_check": words.check_of, "clock_words": clock_words,
        "whose": words.whose, "save_words": save_words, "sentence": words.sentence, "tell_hours": words.tell_hours,
        "repair_told": told, "trade_words": trade_words, "keeps_contractors": _keeps_contractors,
        **visit_words.in_templates(),
    }  # fmt: skip


def _keeps_contractors() -> bool:
    return worker().role in CONTRACTOR_KEEPERS


def opened_repair(repair_id: UUID) -> Repair:
    """One that this worker may see, held for a POST; that it was read is written down."""
    query = Repair.whole(Repair.desk_of(worker()))
    found = find(query if request.method == "GET" else query.with_for_update(of=Repair), repair_id)
    note_reading(found)
    return found


def opened_report(repair_id: UUID) -> Repair:
    """The same, of a tenant; 404 for what is of a house, where nobody chooses a time or reads an answer."""
    found = opened_repair(repair_id)
    return found if found.tenant is not None else abort(404)


def note_reading(repair: Repair) -> None:
    """That it was read is written down in the record of its tenant, if it is somebody's."""
    if repair.tenant is not None:
        look_at(session(), worker(), repair.tenant, "repair")


def kept_words(repair: Repair) -> str:
    """What is said once something is kept that a tenant is told of."""
    return gettext("%(name)s is told.", name=repair.tenant.known_as) if repair.tenant else gettext("Kept.")


def save_words(repair: Repair) -> Markup:
    """What is on the button that keeps what a tenant is then told of."""
    if repair.tenant is None:
        return say("Save")
    return say("Save and tell %(name)s", name=isolate(repair.tenant.known_as))


def show(
    repair: Repair, *, change: ChangeForm | None = None, reply: ReplyForm | None = None, stale: bool = False
) -> str:
    """What the tenant says and shows, its story, what happens next, and what else belongs to it."""
    if change is None:
        hours = repair.visit_hours or (None, None)
        change = ChangeForm(version=str(repair.version), visit_on=repair.visit_on, visit_from=hours[0],
                            visit_to=hours[1]).offer(repair)  # fmt: skip
    desk, together = Repair.desk_of(worker()), Repair.leads_id == (repair.leads_id or repair.id)
    lead = session().scalar(desk.where(Repair.id == repair.leads_id)) if repair.leads_id else None
    led = session().scalar(select(func.count()).select_from(Repair).where(together)) or 0
    return render_template(
        "repairs_desk/repair.html", repair=repair, form=change, reply=reply or ReplyForm(prefix="reply"), stale=stale,
        slots=session().scalars(VisitSlot.open_of(repair)).all() if repair.may_choose else [],
        rating=rating_of(session(), repair), job=job_of(session(), repair), cost=cost_of(session(), repair),
        lead=lead, led=led, photos_wait=repair.id in new_photos(session(), [repair]),
    )  # fmt: skip


def refused(page: str) -> str:
    """A page that answers a form with a refusal: that the record was read is kept all the same."""
    keep_now()
    return page
