"""One repair at the desk."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.repairs_desk.forms import ChangeForm
from staff_portal.repairs_desk.showing import in_templates, kept_words, opened_repair, refused, show
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.repairs.models import Repair, RepairPhoto, State
from tenant_app.repairs.rules import change_state, not_fixed
from tenant_app.web import photos
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

room = Blueprint("repairs_desk", __name__, template_folder="templates")

room.context_processor(in_templates)


@room.get("/repairs/<uuid:repair_id>")
@open_to(*MENDERS)
def repair(repair_id: UUID) -> str:
    """One repair: what the tenant says and shows, how long there is, its story, and what happens next."""
    return show(opened_repair(repair_id))


@room.post("/repairs/<uuid:repair_id>/state")
@open_to(*MENDERS)
def change(repair_id: UUID) -> tuple[str, int] | AnyResponse:
    """What became of it; the tenant is told. A page that is out of date is shown anew, with what was typed."""
    found = opened_repair(repair_id)
    form = ChangeForm.asked().offer(found)
    if form.version.data != str(found.version):
        return _refused(found, form, stale=True), 409
    if not form.valid():
        return _refused(found, form), 422
    if form.says_nothing(found):
        form.blame("words", gettext("Write what is new"))
        return _refused(found, form), 422
    said, spoken = form.words.data or "", language().code
    if form.chosen is State.REPORTED:
        not_fixed(session(), found, said, language=spoken, worker=worker())
    else:
        visit_on, visit_window = form.visit
        change_state(
            session(), worker(), found, form.chosen, said, zone=house().settings.zone, visit_on=visit_on,
            visit_window=visit_window, language=spoken,
        )  # fmt: skip
    flash(kept_words(found))
    return redirect(url_for("repairs_desk.repair", repair_id=repair_id), 303)


@room.get("/repairs/<uuid:repair_id>/photos/<uuid:photo_id>")
@open_to(*MENDERS)
def photo(repair_id: UUID, photo_id: UUID) -> Response:
    """One picture of a repair. Reading the repair's page is what is written down, of which this is a part."""
    seen = Repair.desk_of(worker()).where(Repair.id == repair_id)
    picture = find(RepairPhoto.among(seen), photo_id)
    return photos.photo_answer(picture.file, picture.digest)


def _refused(repair: Repair, form: ChangeForm, *, stale: bool = False) -> str:
    form.version.data = str(repair.version)
    return refused(show(repair, change=form, stale=stale))
