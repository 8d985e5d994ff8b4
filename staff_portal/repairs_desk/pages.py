"""One repair at the desk."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.repairs_desk.forms import ChangeForm
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.repairs import words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.models import Repair, RepairPhoto
from tenant_app.repairs.rules import change_state
from tenant_app.web import photos
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("repairs_desk", __name__, template_folder="templates")

@room.context_processor
def sentences() -> dict[str, object]:
    """What repairs are called, and what happened, in sentences."""
    return {
        "clock_words": clock_words,
        "repair_kind": words.kind_of, "repair_rooms": words.rooms_of, "repair_standing": words.standing,
        "repair_visit": words.tell_visit, "repair_clock": clock_words.clock_of, "repair_check": words.check_of,
        "sentence": words.sentence,
    }  # fmt: skip


@room.get("/repairs/<uuid:repair_id>")
@open_to(*MENDERS)
def repair(repair_id: UUID) -> str:
    """One repair: what the tenant says and shows, how long there is, its story, and what happens next."""
    found = find(Repair.whole(Repair.desk_of(worker())), repair_id)
    look_at(session(), worker(), found.tenant, "repair")
    hours = found.visit_hours or (None, None)
    form = ChangeForm.asked(version=str(found.version), visit_on=found.visit_on, visit_from=hours[0], visit_to=hours[1])
    return _page(found, form.offer(found))


@room.post("/repairs/<uuid:repair_id>/state")
@open_to(*MENDERS)
def change(repair_id: UUID) -> tuple[str, int] | AnyResponse:
    """What became of it; the tenant is told. A page that is out of date is shown anew, with what was typed."""
    found = find(Repair.whole(Repair.desk_of(worker())).with_for_update(of=Repair), repair_id)
    look_at(session(), worker(), found.tenant, "repair")
    form = ChangeForm.asked().offer(found)
    if form.version.data != str(found.version):
        return _refused(found, form, stale=True), 409
    if not form.valid():
        return _refused(found, form), 422
    if form.says_nothing(found):
        form.blame("words", gettext("Write what is new"))
        return _refused(found, form), 422
    visit_on, visit_window = form.visit
    change_state(
        session(), worker(), found, form.chosen, form.words.data or "", zone=house().settings.zone, visit_on=visit_on,
        visit_window=visit_window, investigated_on=form.investigated_on.data, aware_on=form.aware_on.data,
        language=language().code,
    )  # fmt: skip
    flash(gettext("%(name)s is told.", name=found.tenant.known_as))
    return redirect(url_for("repairs_desk.repair", repair_id=repair_id), 303)


@room.get("/repairs/<uuid:repair_id>/photos/<uuid:photo_id>")
@open_to(*MENDERS)
def photo(repair_id: UUID, photo_id: UUID) -> Response:
    """One picture of a repair. Reading the repair's page is what is written down, of which this is a part."""
    seen = Repair.desk_of(worker()).where(Repair.id == repair_id)
    picture = find(RepairPhoto.among(seen), photo_id)
    return photos.photo_answer(picture.file, picture.digest)


def _page(repair: Repair, form: ChangeForm, *, stale: bool = False) -> str:
    return render_template("repairs_desk/repair.html", repair=repair, form=form, stale=stale)


def _refused(repair: Repair, form: ChangeForm, *, stale: bool = False) -> str:
    """The page again, of which the reading is kept although the answer is a refusal."""
    keep_now()
    form.version.data = str(repair.version)
    return _page(repair, form, stale=stale)
