"""The tenant's repairs: all of them, and one of them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.gate import tenant
from tenant_app.repairs import words
from tenant_app.repairs.asking import go_on
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.contractors.words import trade_words
from tenant_app.repairs.forms import NotFixedForm
from tenant_app.repairs.models import Repair, RepairPhoto, State
from tenant_app.repairs.rules import delete_draft, in_house_of, not_fixed
from tenant_app.repairs.showing import show_repair
from tenant_app.repairs.told_words import told
from tenant_app.repairs.visits import words as visit_words
from tenant_app.web import photos
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("repairs", __name__, template_folder="templates")

# For the whole door: Today and Home show rows of repairs too.
room.add_app_template_global(words.kind_of, "repair_kind")
room.add_app_template_global(words.rooms_of, "repair_rooms")
room.add_app_template_global(words.standing, "repair_standing")
room.add_app_template_global(words.tell_visit, "repair_visit")
room.add_app_template_global(words.gas_number, "gas_number")
room.add_app_template_global(told, "repair_told")


@room.app_context_processor
def clocks() -> dict[str, object]:
    """How clocks are told, on rows of repairs wherever they stand."""
    return {"clock_words": clock_words}


@room.context_processor
def sentences() -> dict[str, object]:
    """What happened, in sentences."""
    return {
        "sentence": words.sentence, "tell_hours": words.tell_hours, "trade_words": trade_words,
        **visit_words.in_templates(),
    }  # fmt: skip


@room.get("/repairs")
@open_to(TENANT)
def index() -> str:
    """Everything the tenant reported: what is still to do, then what is done; and what we found in their house."""
    every = session().scalars(Repair.of(tenant())).all()
    return render_template(
        "repairs/index.html", house=in_house_of(session(), tenant()),
        drafts=[each for each in every if each.draft], open=[each for each in every if each.open],
        done=[each for each in every if each.state in (State.FIXED, State.CLOSED)],
    )  # fmt: skip


@room.get("/repairs/<uuid:repair_id>")
@open_to(TENANT)
def show(repair_id: UUID) -> str | AnyResponse:
    """One repair: how it stands, and its story. A draft goes on where it was left. What is of the house is for reading
    alone."""
    repair = find(Repair.whole(Repair.read_by(tenant())), repair_id)
    if repair.tenant is None:
        return render_template("repairs/of_house.html", repair=repair)
    if repair.draft:
        return go_on(repair)
    return show_repair(repair)


@room.post("/repairs/<uuid:repair_id>/not-fixed")
@open_to(TENANT)
def say_not_fixed(repair_id: UUID) -> tuple[str, int] | AnyResponse:
    """It is not mended after all."""
    repair = find(Repair.whole(Repair.of(tenant())).with_for_update(of=Repair), repair_id)
    form = NotFixedForm.asked()
    if not form.valid():
        return show_repair(repair, not_fixed=form), 422
    not_fixed(session(), repair, form.words.data or "", language=language().code)
    flash(gettext("We have it. It is open again."))
    return redirect(url_for("repairs.show", repair_id=repair.id), 303)


@room.post("/repairs/<uuid:repair_id>/leave-out")
@open_to(TENANT)
def leave_out(repair_id: UUID) -> AnyResponse:
    """Throw a draft away, photos and all. What was sent stays."""
    repair = find(Repair.of(tenant()).with_for_update(of=Repair), repair_id)
    if repair.draft:
        files = delete_draft(session(), repair)
        keep_now()
        photos.remove(house().settings.photos, *files)
        flash(gettext("Nothing was sent."))
    return redirect(url_for("repairs.index"), 303)


@room.get("/repairs/<uuid:repair_id>/photos/<uuid:photo_id>")
@open_to(TENANT)
def photo(repair_id: UUID, photo_id: UUID) -> Response:
    """One picture of the tenant's own."""
    photo = find(RepairPhoto.among(Repair.of(tenant()).where(Repair.id == repair_id)), photo_id)
    return photos.photo_answer(photo.file, photo.digest)
