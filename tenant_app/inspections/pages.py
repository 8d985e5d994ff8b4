"""Inspections of the tenant's room: when somebody comes, and what was found."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.inspections import kinds, words
from tenant_app.inspections.models import Inspection, ItemPhoto
from tenant_app.web import photos
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session

room = Blueprint("inspections", __name__, template_folder="templates")


@room.context_processor
def sentences() -> dict[str, object]:
    """What inspections are called."""
    return {
        "inspection_title": kinds.title_of, "inspection_icon": kinds.icon_of,
        "inspection_items": kinds.asked, "outcome_words": words.outcome_words,
        "today_is": clock.today(house().settings.zone),
    }  # fmt: skip


@room.get("/inspections")
@open_to(TENANT)
def index() -> str:
    """What is planned, and what was done."""
    every = session().scalars(Inspection.of(tenant())).all()
    return render_template(
        "inspections/index.html", coming=[each for each in reversed(every) if not each.finished],
        done=[each for each in every if each.finished],
    )  # fmt: skip


@room.get("/inspections/<uuid:inspection_id>")
@open_to(TENANT)
def show(inspection_id: UUID) -> str:
    """One of them: the day, or what was found. What is still being done is nobody's last word."""
    it = find(Inspection.whole(Inspection.of(tenant())), inspection_id)
    return render_template("inspections/show.html", it=it)


@room.get("/inspections/<uuid:inspection_id>/photos/<uuid:photo_id>")
@open_to(TENANT)
def photo(inspection_id: UUID, photo_id: UUID) -> Response:
    """One picture of the tenant's own room, once it was signed off."""
    its = Inspection.of(tenant()).where(Inspection.id == inspection_id, Inspection.done_on.is_not(None))
    picture = find(ItemPhoto.among(its), photo_id)
    return photos.photo_answer(picture.file, picture.digest)
